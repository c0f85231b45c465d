"""Large JSON Lines files are read in pieces, by several processes, and nobody can tell."""

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

from models.database.connection import fetch_all
from seeds import reader, staging
from seeds.parallel import chunks as pieces
from seeds.problems import Problems
from tests.engines import EXAMPLES, on_sqlite
from tests.seeds.test_kill import claims, write_lines

# so small that a few records fill several pieces, and that lines can be too long
PIECE = 150
LINE = 400
LINES = st.one_of(
    st.integers(0, 5).map(lambda n: json.dumps({"type": "topic", "id": f"t{n}", "name": "T"})),
    st.sampled_from([
        "", "  ", "{", "7", '{"type": "topic"}', '{"type": "topic", "id": "a", "id": "b"}',
        '{"type": "topic", "id": "x", "name": 5}', '{"type": "claim", "id": "no-claimant"}',
        "\N{ZERO WIDTH NO-BREAK SPACE}",
    ]),
    st.integers(LINE - 30, LINE + 500).map(lambda n: "x" * n),
    st.integers(LINE - 2, LINE + 2).map(lambda n: json.dumps({"type": "topic"}).ljust(n)),
)  # fmt: skip
ENDS = st.sampled_from([b"", b"\n", b"\r\n", b"\xff\n", b"\n\n\n"])


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", PIECE)
    monkeypatch.setattr(pieces, "LINE", LINE)
    monkeypatch.setattr(reader, "LINE", LINE)


def told(problems: Problems) -> tuple:
    return [str(one) for one in problems.kept], problems.count, problems.lost


@settings(max_examples=int(150 * EXAMPLES))
@given(lines=st.lists(LINES, max_size=12), end=ENDS, start=st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_pieces_of_a_file_hold_what_the_file_does(lines: list[str], end: bytes, start: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_bytes(start + "\n".join(lines).encode() + end)
        problems, read = Problems(), []
        whole = [*staging.prepared(reader.read(path, problems, read.append), problems)]
        cut = [*pieces.pieces(path)]
        in_pieces, sizes = Problems(), []
        parts = map(staging.part, cut)
        assert [*staging.joined(parts, in_pieces, sizes.append)] == whole
        assert told(in_pieces) == told(problems)
        assert sum(sizes) == sum(read) == path.stat().st_size
        assert all(len(piece.lines or b"") <= PIECE + LINE + 1 for piece in cut)


def topic(id: str) -> str:
    return json.dumps({"type": "topic", "id": id, "name": id}) + "\n"


@pytest.fixture
def staged(dataset: str) -> Callable[[Path], tuple]:
    def staged(folder: Path) -> tuple:
        """All that comes of staging a folder."""
        problems, progress = Problems(), []
        found = staging.stage([folder], problems, lambda *now: progress.append(now), {})
        table = [
            [bytes(x) if isinstance(x, memoryview) else x for x in row]
            for row in fetch_all(
                "SELECT seq, type, id, hash, body, place, state, file FROM staged ORDER BY seq"
            )
        ]
        formers = fetch_all("SELECT type, former, id FROM staged_former ORDER BY type, former, id")
        return table, formers, told(problems), found, progress[-1]

    return staged


def test_processes_read_what_one_does(
    write: Callable, staged: Callable, monkeypatch: pytest.MonkeyPatch
):
    write("a.jsonl", "".join(topic(f"a{n}") for n in range(200)))
    write("b.yaml", "topics:\n- {id: b, name: B, former_ids: [old-b]}\n- {id: c}\n")
    write("c.jsonl", "")
    write("d.jsonl", topic("d") + "{\n" + topic("a7") + topic("d").replace("}", ', "x": 1}'))
    folder = write("e.jsonl", "".join(topic(f"e{n}") for n in range(200))).parent
    (folder / "f.jsonl").symlink_to("nowhere")
    alone = staged(folder)
    assert len(alone[0]) == 405
    assert alone[2][1] == 6
    monkeypatch.setattr(staging, "processes", lambda paths: 3)
    assert staged(folder) == alone


MAIN = """
import os
from api.cli import main
from seeds.parallel import chunks as pieces
from seeds.parallel import processes
pieces.MANY = pieces.PIECE = 1_000
os.cpu_count = lambda: 2
{}
main()
"""
STOPPABLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
GONE = {
    "before it has a part": """
import multiprocessing
plain = processes.by_turns
def by_turns(pipes, parts):
    for one in multiprocessing.active_children():
        one.kill()
        one.join()
    return plain(pipes, parts)
processes.by_turns = by_turns
""",
    "with a part": """
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
def test_the_processes_end_with_the_load(tmp_path: Path, status: signal.Signals):
    process = start(tmp_path, STOPPABLE)
    assert process.stderr
    assert process.stderr.readline()
    if status == signal.SIGINT:
        # as a terminal does: to all of them
        os.killpg(process.pid, status)
    else:
        process.send_signal(status)
    # comes back when the last of them has closed its end
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == (130 if status == signal.SIGINT else -status)


@on_sqlite
@pytest.mark.parametrize("code", GONE.values(), ids=GONE)
def test_a_process_that_is_stopped_stops_the_load(tmp_path: Path, code: str):
    process = start(tmp_path, code)
    _, errors = process.communicate(timeout=60)
    assert errors.splitlines()[-1] == ("a process of the load was stopped; nothing was changed")
    assert process.returncode == 1
