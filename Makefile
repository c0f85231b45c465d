# Everything runs in .venv, which is made on first use.
HOST ?= 127.0.0.1
PORT ?= 8000
DATABASE_URL ?= sqlite:///claimbase.db
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
# of the tools that pin and audit, which Claimbase does not import
TOOLS := build/tools/bin
# for all platforms and Pythons; setuptools installs Claimbase itself
COMPILE := echo 'setuptools>=68' | $(TOOLS)/uv pip compile setup.cfg - --universal --quiet \
	--python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	$(if $(UPGRADE),--upgrade)
NODE := $(shell command -v npm >/dev/null 2>&1 && command -v node 2>/dev/null)
NODE_BIN := node_modules/.bin
SDK := build/sdk
SIZE ?= 1000000
SQLITE_TESTS ?= tests
POSTGRES_TESTS ?= tests/api tests/models tests/seeds
PEERS := $(patsubst bench/requirements-%.txt,build/bench/%/installed,$(wildcard bench/requirements-*.txt))

export HOST PORT DATABASE_URL
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true

.DEFAULT_GOAL := help
.PHONY: help run load test test-fast test-postgres lint lint-openapi format openapi sdk sdk-python \
	sdk-typescript bench torture lock audit clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed ## load the shipped seeds and serve them (HOST, PORT, DATABASE_URL)
	@$(BIN)/claimbase load --quiet seeds/data
	@$(BIN)/claimbase serve

load: .venv/installed ## load seed files: make load FILES='a.yaml folder'
	$(BIN)/claimbase load $(or $(FILES),seeds/data)

test: .venv/developing $(PEERS) lint ## lint, and run every test, on both engines
	$(BIN)/python -m pytest -n auto --durations=10 $(SQLITE_TESTS)
	@$(MAKE) --no-print-directory test-postgres

test-postgres: .venv/developing ## run the tests on PostgreSQL, which they start
	CLAIMBASE_TEST_ENGINE=postgres $(BIN)/python -m pytest -n auto --durations=10 -m "not engines" $(POSTGRES_TESTS)

test-fast: .venv/developing ## run the tests that take no minutes, on SQLite
	$(BIN)/python -m pytest -n auto -m "not slow"

lint: .venv/developing lint-openapi ## ruff and mypy; spectral and redocly, where node is
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

ifdef NODE
lint-openapi: node_modules/.installed
	$(NODE_BIN)/spectral lint openapi.yaml --fail-severity=hint
	$(NODE_BIN)/redocly lint openapi.yaml
else
lint-openapi:
	@echo "node is absent: spectral and redocly are skipped"
endif

format: .venv/developing ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: .venv/installed ## write openapi.yaml
	$(BIN)/claimbase openapi > openapi.yaml.part
	mv openapi.yaml.part openapi.yaml

sdk: sdk-python sdk-typescript ## generate clients into build/sdk: Python, and TypeScript where node is

sdk-python: .venv/developing
	rm -rf $(SDK)/python
	mkdir -p $(SDK)
	PATH="$(abspath $(BIN)):$$PATH" openapi-python-client generate --path openapi.yaml --meta setup \
		--config .openapi-python-client.yaml --fail-on-warning --output-path $(SDK)/python

ifdef NODE
sdk-typescript: node_modules/.installed
	$(NODE_BIN)/openapi-typescript openapi.yaml --enum --root-types --root-types-no-schema-prefix \
		--output $(SDK)/typescript/claimbase.ts
else
sdk-typescript:
	@echo "node is absent: the TypeScript client is skipped"
endif

ifeq ($(ENGINE),postgres)
bench: .venv/developing build/bench/fastapi/installed
	$(BIN)/python -m bench.on_postgres --size $(SIZE) $(if $(WORKERS),--workers $(WORKERS)) \
		$(if $(SECONDS),--seconds $(SECONDS))
else
bench: .venv/installed $(PEERS) ## measure beside others (SIZE, ENGINE=postgres, WORKERS, SECONDS, REUSE=1, PUBLISH=1)
	$(BIN)/python -m bench --size $(SIZE) $(if $(WORKERS),--workers $(WORKERS)) \
		$(if $(SECONDS),--seconds $(SECONDS)) $(if $(REUSE),--reuse)
ifneq (,$(or $(PUBLISH),$(filter 1000000,$(SIZE))))
	$(BIN)/python -m bench.report build/bench/results-$(SIZE).json
endif
endif

torture: .venv/developing ## attack servers for at most 15 minutes (ATTACKS='kills failover')
	$(BIN)/python -m torture $(ATTACKS)

build/bench/%/installed: bench/requirements-%.txt
	$(PYTHON) -m venv --clear build/bench/$*
	build/bench/$*/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

lock: build/tools/installed ## pin the dependencies with their hashes (UPGRADE=1: the newest releases)
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --extra postgres --constraint requirements.lock \
		--output-file requirements-dev.lock

audit: build/tools/installed ## look up known vulnerabilities of what is pinned
	@status=0; \
	$(TOOLS)/pip-audit --strict --progress-spinner off --disable-pip --require-hashes \
		-r requirements-dev.lock > build/audit.txt 2>&1 || status=$$?; \
	if [ $$status -eq 0 ] || grep -q '^Found [0-9]* known vulnerabilit' build/audit.txt; then \
		cat build/audit.txt; exit $$status; \
	fi; \
	tail -n 1 build/audit.txt; \
	echo "the database of vulnerabilities is out of reach: nothing was audited"

build/tools/installed:
	$(PYTHON) -m venv --clear build/tools
	$(TOOLS)/pip install --quiet --disable-pip-version-check 'pip-audit>=2.7,<3' 'uv>=0.5,<1'
	@touch $@

clean: ## remove what was installed, built, and the database
	rm -rf .venv node_modules build claimbase.db claimbase.db-wal claimbase.db-shm

.venv/installed: setup.cfg requirements.lock
	$(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/developing: .venv/installed requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc
	npm ci --silent
	@touch $@
