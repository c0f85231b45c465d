"""`python -m torture.failover`: how long reads and loads fail after the primary is killed.

A server reads the primary, and its standby if that fails. Clients read all the time, and loads
follow each other. Then the primary is killed, and the standby is promoted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from torture.clients import READERS, Loader, clients_at_work, over_bounds, rounded
from torture.postgres import postgres_pair, programs, several_hosts
from torture.servers import publish, serving, skip, stop_servers_on_sigterm

# seconds
WARM_UP = 3.0
UNTIL_PROMOTION = 3.0
AFTERWARDS = 3.0
BOUNDS = {
    "seconds without reads": 5.0,
    "seconds from promotion to the next load": 5.0,
    "reads of an older dataset": 0,
}


def measure() -> dict:
    """The figures of one failover."""
    with tempfile.TemporaryDirectory() as folder, postgres_pair() as (primary, standby):
        database_url = several_hosts(primary, standby, attributes="read-write")
        read_url = several_hosts(primary, standby, attributes="any")
        loader = Loader(database_url, Path(folder))
        if not loader.load():
            sys.exit("the first load failed")
        options = ("--workers=1", f"--threads={READERS}")
        with serving(database_url, *options, CLAIMBASE_READ_URL=read_url) as port:
            with clients_at_work(port, loader) as clients:
                time.sleep(WARM_UP)
                clients.loads.wait_for_success()
                primary.kill()
                killed = time.monotonic()
                time.sleep(UNTIL_PROMOTION)
                standby.execute("SELECT pg_promote()::text")
                promoted = time.monotonic()
                clients.loads.wait_for_success()
                time.sleep(AFTERWARDS)
            figures = clients.figures(killed)
            until_promotion = promoted - killed
            return {
                **figures,
                "acknowledged loads lost": len(loader.lost(port)),
                "seconds from kill to promotion": until_promotion,
                "seconds from promotion to the next load": (
                    figures["seconds without loads"] - until_promotion
                ),
            }


def main() -> None:
    stop_servers_on_sigterm()
    if programs() is None:
        skip("PostgreSQL is not installed")
    figures = rounded(measure())
    publish("failover", {**figures, "faults": over_bounds(figures, BOUNDS)})


if __name__ == "__main__":
    main()
