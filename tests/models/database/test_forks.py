"""Forked processes, as servers with preloaded applications have them, share no connection."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.serving import ROOT

# opens the dataset, forks, and sends different statements from all processes at once; each process
# ends with the number of wrong answers
FORK = """
import ctypes, os, sys
from models.database.connection import database, fetch_all
from models.reading import reading
from models.opening import open_dataset

fork = {"Python": os.fork, "C": ctypes.PyDLL(None).fork}[sys.argv[3]]

open_dataset(sys.argv[1])
if sys.argv[2] == "in use":
    fetch_all("SELECT 1")
else:
    database.close()
engine = database.obj

def wrong_answers(number):
    sql = f"SELECT {number} + {database.param}"
    wrong = 0
    for n in range(300):
        with reading():
            wrong += fetch_all(sql, n) != [(number + n,)]
    return wrong

children = []
for number in range(4):
    child = fork()
    if not child:
        status = 255
        try:
            status = wrong_answers(1000 * number) + 100 * (database.obj is engine)
        finally:
            os._exit(status)
    children.append(child)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
print(fetch_all("SELECT 7"))
"""


@pytest.mark.parametrize("connection", ["in use", "idle"])
@pytest.mark.parametrize("language", ["Python", "C"])
def test_a_forked_process_uses_no_connection_of_its_parent(
    url: str, connection: str, language: str
) -> None:
    """Python does not know of a fork in C, as uWSGI has it."""
    forking = subprocess.run(
        [sys.executable, "-c", FORK, url, connection, language],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert forking.stdout.splitlines() == ["[0, 0, 0, 0]", "[(7,)]"], forking.stderr
