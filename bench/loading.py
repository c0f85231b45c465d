"""The databases of the contestants, and the time of Claimbase's loads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.contestants import CONTESTANTS, ROOT, BenchError
from bench.data import FILES, seed_files

CLAIMBASE = Path(sys.executable).parent / "claimbase"


def run_timed(*command: str | Path, **environment: str) -> dict[str, float]:
    """Run a command; return its seconds and its peak resident memory in MB."""
    start = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchError(f"{' '.join(map(str, command))} ends with {process.returncode}")
    return {"seconds": perf_counter() - start, "peak": usage.ru_maxrss / 1024}


def load_databases(folder: Path, size: int, reuse: bool) -> tuple[dict[str, Path], dict[str, Any]]:
    """The databases, and the figures of their loads.

    With `reuse`, the databases of the last run stay if the same release and data made them.
    """
    path, peer = folder / f"claims-{size}.db", folder / f"peer-{size}.db"
    record = folder / f"loaded-{size}.json"
    files = seed_files(folder, size)
    release = subprocess.check_output([CLAIMBASE, "--version"], text=True).strip()
    loads = json.loads(record.read_text()) if reuse and record.exists() else {}
    if loads.get("of") != [release, files.name]:
        record.unlink(missing_ok=True)
        for database in (path, peer):
            remove_database(database)
        loads = {"of": [release, files.name], "load": measure_loads(path, files, size)}
        record.write_text(json.dumps(loads))
    relational = CONTESTANTS["relational"]
    if relational.installed and not peer.exists():
        part = peer.with_suffix(".part")
        remove_database(part)
        python = relational.virtualenv / "bin" / "python"
        run_timed(python, "-m", "bench.relational_loading", files, BENCH_DATABASE=str(part))
        part.rename(peer)
    return {"claims": path, "peer": peer}, loads["load"]


def remove_database(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def measure_loads(path: Path, files: Path, size: int) -> dict[str, Any]:
    """Load the seeds into a new database, again unchanged, and with one of 200 files changed."""
    command = (CLAIMBASE, "load", "--quiet", "--database", f"sqlite:///{path}")
    first = run_timed(*command, files)
    unchanged = run_timed(*command, files)
    changed = files.with_name(f"{files.name}.changed")
    shutil.rmtree(changed, ignore_errors=True)
    (changed / "claims").mkdir(parents=True)
    original = files / "claims" / f"{FILES // 2:03}.jsonl"
    for file in files.rglob("*.jsonl"):
        if file != original:
            (changed / file.relative_to(files)).symlink_to(file)
    text = original.read_text().replace("The speaker said", "The speaker insisted")
    (changed / original.relative_to(files)).write_text(text)
    one_file = run_timed(*command, changed)
    run_timed(*command, original)  # the other servers compare with the original claims
    return {
        "first": {**first, "rate": size / first["seconds"]},
        "unchanged": unchanged,
        "one file": one_file,
        "seeds": sum(file.stat().st_size for file in files.rglob("*.jsonl")) / 1e6,
        "database": path.stat().st_size / 1e6,
    }
