"""`python -m torture.patroni`: a failover by Patroni, with the files of docs/scaling.md.

Clients read all the time, and loads follow each other. The connection from the primary to its
standby hangs, and then the primary's machine fails: Patroni and PostgreSQL are killed, or frozen.
Patroni promotes the standby by itself. Claimbase is not restarted. At last the machine returns.
The standby's machine may fail instead.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping

from torture.clients import READERS, Loader, clients_at_work, over_bounds, rounded
from torture.cluster import Cluster, ClusterError, Node, lacking_packages, patroni_cluster
from torture.servers import publish, serving, skip, stop_servers_on_sigterm

# seconds
WARM_UP = 5.0
STALL = 2.0
AFTERWARDS = 3.0
# until a standby shows what it has received
SETTLE = 1.0
BOUNDS = {
    "seconds without reads": 5.0,
    # the lock of a failed primary is free after 20 s
    "seconds without loads": 30.0,
    "acknowledged loads lost": 0,
    "reads of an older dataset": 0,
}
# a frozen machine ends no connection: haproxy does, after two checks without an answer
FROZEN_BOUNDS = {**BOUNDS, "seconds without reads": 10.0}


def bounds(*, frozen: bool) -> Mapping[str, float]:
    return FROZEN_BOUNDS if frozen else BOUNDS


def fail(node: Node, *, frozen: bool) -> None:
    if frozen:
        node.freeze()
    else:
        node.kill()


def bring_back(node: Node, *, frozen: bool) -> None:
    if frozen:
        node.thaw()
    else:
        node.start()


def measure(cluster: Cluster, machine: str, stall: float, *, frozen: bool) -> dict:
    """The figures of one failure: of the primary's machine, or the standby's."""
    failing, living = cluster.db1, cluster.db2
    if machine == "standby":
        failing, living = living, failing
    environment = cluster.files.claimbase()
    database_url = environment["CLAIMBASE_DATABASE_URL"]
    loader = Loader(database_url, cluster.files.folder)
    if not loader.load():
        sys.exit("the first load failed")
    options = ("--workers=1", f"--threads={READERS}")
    with serving(database_url, *options, **environment) as port:
        with clients_at_work(port, loader) as clients:
            time.sleep(WARM_UP)
            clients.loads.wait_for_success()
            if stall:
                cluster.db1.stop_replication()
                time.sleep(stall)
            fail(failing, frozen=frozen)
            failed = time.monotonic()
            clients.loads.wait_for_success()
            time.sleep(AFTERWARDS)
            bring_back(failing, frozen=frozen)
            returned = time.monotonic()
            failing.wait_until(lambda: failing.follows(living))
            until_standby = time.monotonic() - returned
            clients.loads.wait_for_success()
            time.sleep(AFTERWARDS)
        time.sleep(SETTLE)
        lost = loader.lost(port)
    return {
        **clients.figures(failed),
        "acknowledged loads lost": len(lost),
        "seconds from its return to a standby": until_standby,
    }


def main() -> None:
    stop_servers_on_sigterm()
    parser = argparse.ArgumentParser(prog="python -m torture.patroni", description=__doc__)
    parser.add_argument(
        "--asynchronous", action="store_true", help="commits do not wait for the standby"
    )
    parser.add_argument("--freeze", action="store_true", help="freeze the machine, do not kill it")
    parser.add_argument("--machine", choices=("primary", "standby"), default="primary")
    parser.add_argument(
        "--stall",
        type=float,
        default=STALL,
        help="the seconds without replication before the failure",
    )
    options = parser.parse_args()
    if packages := lacking_packages():
        skip(f"apt-get install --no-install-recommends {' '.join(packages)}")
    try:
        with patroni_cluster(synchronous=not options.asynchronous) as cluster:
            figures = rounded(
                measure(cluster, options.machine, options.stall, frozen=options.freeze)
            )
    except ClusterError as error:
        sys.exit(str(error))
    publish(
        "patroni",
        {
            "synchronous": not options.asynchronous,
            "machine": options.machine,
            "failure": "freeze" if options.freeze else "kill",
            "seconds without replication before the failure": options.stall,
            **figures,
            "faults": over_bounds(figures, bounds(frozen=options.freeze)),
        },
    )


if __name__ == "__main__":
    main()
