# Everything runs in .venv, which is made on first use.
HOST ?= 127.0.0.1
PORT ?= 8000
DATABASE_URL ?= sqlite:///claimbase.db
PYTHON ?= python3
BIN := .venv/bin

export HOST PORT DATABASE_URL

.DEFAULT_GOAL := help
.PHONY: help run load test test-fast lint format openapi lock clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed ## load the shipped seeds and serve them (HOST, PORT, DATABASE_URL)
	@$(BIN)/claimbase load --quiet seeds/data
	@$(BIN)/claimbase serve

load: .venv/installed ## load seed files: make load FILES='a.yaml folder'
	$(BIN)/claimbase load $(or $(FILES),seeds/data)

test: .venv/developing lint ## lint, and run every test
	$(BIN)/python -m pytest -n auto

test-fast: .venv/developing ## run the tests that take no minutes
	$(BIN)/python -m pytest -n auto -m "not slow"

lint: .venv/developing ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/developing ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: .venv/installed ## write openapi.yaml
	$(BIN)/claimbase openapi > openapi.yaml.part
	mv openapi.yaml.part openapi.yaml

lock: .venv/developing ## pin what is installed, for the next installation
	$(BIN)/pip freeze --exclude-editable | grep -v '^claimbase' > requirements.lock

clean: ## remove .venv and the database
	rm -rf .venv claimbase.db claimbase.db-wal claimbase.db-shm

.venv/installed: setup.cfg requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	@touch $@

.venv/developing: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@
