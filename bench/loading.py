"""The dataset in a database: loaded by Claimbase, timed, and by the relational peer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.contestants import CONTESTANTS, ROOT, Failed
from bench.data import FILES, seed_files

CLAIMBASE = Path(sys.executable).parent / "claimbase"


def timed(*command: str | Path, **environment: str) -> dict[str, float]:
    """Run a command: its seconds, and its greatest resident memory in MB."""
    began = perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise Failed(f"{' '.join(map(str, command))} ends with {child.returncode}")
    return {"seconds": perf_counter() - began, "peak": usage.ru_maxrss / 1024}


def loaded(folder: Path, size: int, reuse: bool) -> tuple[dict[str, Path], dict[str, Any]]:
    """The databases, made anew unless those of the same release shall do; and what loading took."""
    path, peer = folder / f"claims-{size}.db", folder / f"peer-{size}.db"
    note = folder / f"loaded-{size}.json"
    files = seed_files(folder, size)
    release = subprocess.check_output([CLAIMBASE, "--version"], text=True).strip()
    made = json.loads(note.read_text()) if reuse and note.exists() else {}
    if made.get("of") != [release, files.name]:
        note.unlink(missing_ok=True)
        for old in (path, peer):
            remove(old)
        made = {"of": [release, files.name], **measured(path, files, size)}
        note.write_text(json.dumps(made))
    relational = CONTESTANTS["relational"]
    if relational.installed and not peer.exists():
        part = peer.with_suffix(".part")
        remove(part)
        python = relational.virtualenv / "bin" / "python"
        timed(python, "-m", "bench.relational", files, BENCH_DATABASE=str(part))
        part.rename(peer)
    return {"claims": path, "peer": peer}, made["load"]


def remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def measured(path: Path, files: Path, size: int) -> dict[str, Any]:
    """Load the seeds into a new database, again, and again with one file of 200 changed."""
    command = (CLAIMBASE, "load", "--quiet", "--database", f"sqlite:///{path}")
    first = timed(*command, files)
    unchanged = timed(*command, files)
    changed = files.with_name(f"{files.name}.changed")
    shutil.rmtree(changed, ignore_errors=True)
    (changed / "claims").mkdir(parents=True)
    original = files / "claims" / f"{FILES // 2:03}.jsonl"
    for one in files.rglob("*.jsonl"):
        if one != original:
            (changed / one.relative_to(files)).symlink_to(one)
    text = original.read_text().replace("The speaker said", "The speaker insisted")
    (changed / original.relative_to(files)).write_text(text)
    one_file = timed(*command, changed)
    timed(*command, original)  # as it was, for the peers
    load = {
        "first": {**first, "rate": size / first["seconds"]},
        "unchanged": unchanged,
        "one file": one_file,
        "seeds": sum(one.stat().st_size for one in files.rglob("*.jsonl")) / 1e6,
        "database": path.stat().st_size / 1e6,
    }
    return {"load": load}
