"""`make torture`: run all attacks, one after the other, within 15 minutes.

Each attack is a module: `python -m torture.NAME` writes build/torture/NAME.json, and ends with 1 if
it found faults. `python -m torture NAME…` runs some of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ATTACKS = ("malformed", "connections", "kills", "costly", "failover")
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
    failed = [name for name in options.attacks or ATTACKS if not run(name, end - time.monotonic())]
    if failed:
        sys.exit(f"faults: {', '.join(failed)}")


def run(name: str, seconds: float) -> bool:
    """Run an attack; whether it found no fault within the time."""
    print(f"--- {name}", flush=True)
    command = [sys.executable, "-m", f"torture.{name}"]
    with subprocess.Popen(command, cwd=ROOT) as attack:
        try:
            return attack.wait(max(0.0, seconds)) == 0
        except subprocess.TimeoutExpired:
            print(f"{name} did not end in time", flush=True)
            # it then ends its servers
            attack.terminate()
            return False


if __name__ == "__main__":
    main()
