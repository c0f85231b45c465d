"""Forked processes, as servers with preloaded applications have them, share no connection."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.serving import ROOT

# opens the dataset, forks, and sends different statements from all processes at once; each process
# ends with the number of wrong answers
FORK = """
import os, sys
from models.database.connection import database, fetch_all
from models.opening import open_dataset

open_dataset(sys.argv[1])
if sys.argv[2] == "in use":
    fetch_all("SELECT 1")
else:
    database.close()
engine = database.obj

def wrong_answers(number):
    sums = range(300)
    sql = f"SELECT {number} + {database.param}"
    return sum(fetch_all(sql, n) != [(number + n,)] for n in sums)

children = []
for number in range(4):
    child = os.fork()
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
def test_a_forked_process_uses_no_connection_of_its_parent(url: str, connection: str) -> None:
    forking = subprocess.run(
        [sys.executable, "-c", FORK, url, connection],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert forking.stdout.splitlines() == ["[0, 0, 0, 0]", "[(7,)]"], forking.stderr
