"""`make torture`: run all attacks, one after the other, within 15 minutes.

Each attack is a module: `python -m torture.NAME` writes build/torture/NAME.json, and ends with 1 if
it found faults, or with 77 if it lacks a program. `python -m torture NAME…` runs some of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from torture.servers import ROOT, SKIPPED

ATTACKS = ("malformed", "connections", "kills", "costly", "failover", "patroni")
# seconds for all of them
BOUND = 900.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("attacks", nargs="*", metavar="NAME", help=", ".join(ATTACKS))
    parser.add_argument("--seconds", type=float, default=BOUND, help="the bound of all attacks")
    options = parser.parse_args()
    if unknown := [name for name in options.attacks if name not in ATTACKS]:
        parser.error(f"unknown attacks: {', '.join(unknown)}; there are {', '.join(ATTACKS)}")
    end = time.monotonic() + options.seconds
    statuses = {name: run(name, end - time.monotonic()) for name in options.attacks or ATTACKS}
    if skipped := [name for name, status in statuses.items() if status == SKIPPED]:
        print(f"skipped: {', '.join(skipped)}")
    if failed := [name for name, status in statuses.items() if status not in (0, SKIPPED)]:
        sys.exit(f"faults: {', '.join(failed)}")


def run(name: str, seconds: float) -> int:
    """Run an attack; gives its status, and 1 if it does not end within the time."""
    print(f"--- {name}", flush=True)
    command = [sys.executable, "-m", f"torture.{name}"]
    with subprocess.Popen(command, cwd=ROOT) as attack:
        try:
            return attack.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            print(f"{name} did not end in time", flush=True)
            # it then ends its servers
            attack.terminate()
            return 1


if __name__ == "__main__":
    main()
