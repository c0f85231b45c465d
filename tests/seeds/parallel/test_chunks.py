"""Several processes read large JSON Lines files in chunks, with the same result as one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.database.connection import database, fetch_all
from seeds import staging
from seeds.formats import jsonl
from seeds.parallel import chunks
from seeds.problems import SeedProblems
from seeds.reader import read_file
from tests.engines import EXAMPLES, on_sqlite
from tests.seeds.test_interrupted_loads import claims, write_lines

# a few records fill several chunks, and lines can be too long
CHUNK_BYTES = 150
MAX_LINE_BYTES = 400
LINES = st.one_of(
    st.integers(0, 5).map(lambda n: json.dumps({"type": "topic", "id": f"t{n}", "name": "T"})),
    st.sampled_from([
        "", "  ", "{", "7", '{"type": "topic"}', '{"type": "topic", "id": "a", "id": "b"}',
        '{"type": "topic", "id": "x", "name": 5}', '{"type": "claim", "id": "no-claimant"}',
        "\N{ZERO WIDTH NO-BREAK SPACE}", '{"type": "end", "records": "1"}',
    ]),
    st.integers(0, 4).map(lambda n: json.dumps({"type": "end", "records": n})),
    st.integers(MAX_LINE_BYTES - 30, MAX_LINE_BYTES + 500).map(lambda n: "x" * n),
    st.integers(MAX_LINE_BYTES - 2, MAX_LINE_BYTES + 2).map('{"type": "topic"}'.ljust),
)  # fmt: skip
ENDS = st.sampled_from([b"", b"\n", b"\r\n", b"\xff\n", b"\n\n\n"])


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", CHUNK_BYTES)
    monkeypatch.setattr(chunks, "MAX_LINE_BYTES", MAX_LINE_BYTES)
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", MAX_LINE_BYTES)


def content_of(problems: SeedProblems) -> tuple:
    # end lines are counted after all chunks
    return sorted(map(str, problems.kept)), problems.counts, problems.records_lost


@settings(max_examples=int(150 * EXAMPLES))
@given(lines=st.lists(LINES, max_size=12), end=ENDS, start=st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_chunks_have_the_records_of_the_file(lines: list[str], end: bytes, start: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_bytes(start + "\n".join(lines).encode() + end)
        problems, sizes = SeedProblems(), []
        records = [*staging.prepare(read_file(path, problems, sizes.append), problems)]
        file_chunks = [*chunks.split_file(path)]
        chunk_problems, chunk_sizes = SeedProblems(), []
        results = map(staging.read_chunk, file_chunks)
        joined = staging.join_chunks(results, chunk_problems, chunk_sizes.append)
        assert [*joined] == records
        assert content_of(chunk_problems) == content_of(problems)
        assert sum(chunk_sizes) == sum(sizes) == path.stat().st_size
        most = CHUNK_BYTES + MAX_LINE_BYTES + 1
        assert all(len(chunk.lines or b"") <= most for chunk in file_chunks)


END_LINE = '{"type":"end","records":201}'


def topic(id: str) -> str:
    return json.dumps({"type": "topic", "id": id, "name": id}) + "\n"


@pytest.fixture
def staged(dataset: str) -> Callable[[Path], tuple]:
    def staged(folder: Path) -> tuple:
        """The result of staging a folder."""
        problems, progress = SeedProblems(), []
        with database.one_connection():
            files = staging.stage([folder], problems, lambda *now: progress.append(now), {})
            table = [
                [bytes(value) if isinstance(value, memoryview) else value for value in row]
                for row in fetch_all(
                    "SELECT seq, type, id, hash, body, place, state, file FROM staged ORDER BY seq"
                )
            ]
            formers = fetch_all(
                "SELECT type, former, id FROM staged_former ORDER BY type, former, id"
            )
        return table, formers, content_of(problems), files, progress[-1]

    return staged


def test_processes_read_the_same_records_as_one(
    write: Callable, staged: Callable, monkeypatch: pytest.MonkeyPatch
):
    write("a.jsonl", "".join(topic(f"a{n}") for n in range(200)))
    write("b.yaml", "topics:\n- {id: b, name: B, former_ids: [old-b]}\n- {id: c}\n")
    write("c.jsonl", "")
    write("a-end.jsonl", "".join(topic(f"x{n}") for n in range(200)) + END_LINE)
    write("d.jsonl", topic("d") + "{\n" + topic("a7") + topic("d").replace("}", ', "x": 1}'))
    folder = write("e.jsonl", "".join(topic(f"e{n}") for n in range(200))).parent
    (folder / "f.jsonl").symlink_to("nowhere")
    alone = staged(folder)
    assert len(alone[0]) == 605
    assert alone[2][1].total() == 7
    assert any("before this end line: 200, but it says 201" in p for p in alone[2][0])
    monkeypatch.setattr(staging, "reader_count", lambda paths: 3)
    assert staged(folder) == alone


@pytest.mark.parametrize("processes", [0, 3])
def test_all_problems_are_reported_in_order(
    dataset: str, write: Callable, monkeypatch: pytest.MonkeyPatch, processes: int
):
    names = [f"a{n:03}" for n in range(200)]
    write("a.jsonl", "".join(topic(name).replace("}", ', "x": 1}') for name in names))
    folder = write("b.jsonl", "{\n").parent
    monkeypatch.setattr(staging, "reader_count", lambda paths: processes)
    reported: list[tuple[str, str]] = []
    problems = SeedProblems(lambda label, each: reported.append((label, each.place.record)))
    with database.one_connection():
        staging.stage([folder], problems, lambda done, total: None, {})
    assert reported == [*(("error", f"topic {name}") for name in names), ("error", "")]
    assert problems.count == 201


MAIN = """
import os
from api.cli import main
from seeds.parallel import chunks
from seeds.parallel import processes
chunks.MIN_PARALLEL_BYTES = chunks.CHUNK_BYTES = 1_000
os.cpu_count = lambda: 2
{}
main()
"""
STOPPABLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
GONE = {
    "before it has a chunk": """
import multiprocessing
distribute = processes.distribute
def distribute_among_killed(pipes, parts):
    for process in multiprocessing.active_children():
        process.kill()
        process.join()
    return distribute(pipes, parts)
processes.distribute = distribute_among_killed
""",
    "with a chunk": """
def gone(pipe):
    raise EOFError
processes.Connection.recv = gone
""",
}


def start(tmp_path: Path, code: str) -> subprocess.Popen:
    seeds = write_lines(tmp_path / "claims.jsonl", claims(20_000))
    url = f"sqlite:///{tmp_path / 'x.db'}"
    return subprocess.Popen(
        [sys.executable, "-c", MAIN.format(code), "load", seeds, "--database", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@on_sqlite
@pytest.mark.parametrize("status", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=str)
def test_worker_processes_end_with_the_load(tmp_path: Path, status: signal.Signals):
    process = start(tmp_path, STOPPABLE)
    assert process.stderr
    assert process.stderr.readline()
    if status == signal.SIGINT:
        # a terminal sends it to all of them
        os.killpg(process.pid, status)
    else:
        process.send_signal(status)
    # returns when the last process has closed its end of the pipe
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == (130 if status == signal.SIGINT else -status)


@on_sqlite
@pytest.mark.parametrize("code", GONE.values(), ids=GONE)
def test_a_stopped_worker_process_stops_the_load(tmp_path: Path, code: str):
    process = start(tmp_path, code)
    _, errors = process.communicate(timeout=60)
    assert (
        errors.splitlines()[-1] == "a worker process of the load was stopped; nothing was changed"
    )
    assert process.returncode == 1
