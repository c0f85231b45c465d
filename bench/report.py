"""The results as JSON, as tables and as figures in the docs.

As a program, this module publishes the results of a run: it copies them and their chart into this
folder, and writes the figures into README.md and docs/performance.md.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import Path
from statistics import median
from typing import Any

from bench.cases import CASES
from bench.chart import draw_chart, format_rate
from bench.contestants import CONTESTANTS, ROOT

README = ROOT / "README.md"
PERFORMANCE = ROOT / "docs" / "performance.md"
# the marks around the figures in the docs
BLOCK_START, BLOCK_END = "<!-- bench -->\n", "<!-- /bench -->"
# the packages whose versions the results tell
PACKAGES = {
    "claimbase": ("claimbase", "granian"),
    "prepared": ("fastapi", "uvicorn"),
    "relational": ("fastapi", "sqlalchemy", "pydantic", "uvicorn"),
    "datasette": ("datasette", "uvicorn"),
    "datasette-1": ("datasette", "uvicorn"),
}
TOTALS = {"total": "total of a busy actor", "total-two": "total of a busy actor on a big topic"}
LOADS = {
    "first": "first load",
    "unchanged": "the same files again",
    "one file": "one of 200 files changed",
}
# in the README's summary: the servers that Claimbase is compared with
COMPARED = {
    "datasette": "Datasette 0.65",
    "relational": "FastAPI with SQLAlchemy",
    "floor": "the floor (bare WSGI on the same database)",
}

Results = Mapping[str, Any]
# (label, cells …)
Row = tuple[str, ...]


def machine() -> dict[str, Any]:
    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": cpu[1] if cpu else platform.machine(),
        "cores": os.cpu_count(),
        "memory": memory >> 30,
        "system": platform.system(),
        "python": platform.python_version(),
    }


def versions() -> dict[str, dict[str, str]]:
    """The installed versions of each contestant's packages."""
    by_contestant = {}
    for name, packages in PACKAGES.items():
        folders = CONTESTANTS[name].virtualenv.glob("lib/*/site-packages")
        installed = {
            distribution.name.lower(): distribution.version
            for distribution in distributions(path=[*map(str, folders)])
        }
        by_contestant[name] = {
            package: installed[package] for package in packages if package in installed
        }
    return by_contestant


def terminal_table(results: Results) -> str:
    """All figures, as aligned text."""
    sections = (
        case_rows(results),
        memory_rows(results),
        load_rows(results),
        first_count_rows(results["once"]["first"]),
        single_event_rows(results["once"]),
        stream_rows(results["once"]["streams"]),
        relation_rows(results["once"]["relations"]),
        client_rows(results),
    )
    rows: list[Row] = []
    for section in sections:
        rows += [("",), *section] if rows else section
    return aligned(rows)


def case_rows(results: Results) -> list[Row]:
    rows: list[Row] = [("", "requests/s", "× Claimbase", "p50 ms", "p99 ms")]
    for case, contestants in results["cases"].items():
        rows.append((CASES[case].title,))
        rows += [
            (
                f"  {CONTESTANTS[name].title}",
                format_rate(figures),
                ratio_to_claimbase(contestants, name),
                f"{figures['p50']:.2f}",
                f"{figures['p99']:.2f}",
            )
            for name, figures in contestants.items()
        ]
    return rows


def ratio_to_claimbase(contestants: Mapping[str, Any], name: str) -> str:
    if "claimbase" not in contestants:
        return ""
    return f"{contestants[name]['rate'] / contestants['claimbase']['rate']:.2f}"


def memory_rows(results: Results) -> list[Row]:
    return [
        ("memory, MB", "resident", "own"),
        *(
            (f"  {CONTESTANTS[name].title}", f"{memory['resident']:,.0f}", f"{memory['own']:,.0f}")
            for name, memory in results["memory"].items()
        ),
    ]


def load_rows(results: Results) -> list[Row]:
    loads = results["load"]
    return [
        ("loading", "seconds", "peak MB", "claims/s"),
        *(
            (
                f"  {title}",
                f"{loads[name]['seconds']:,.1f}",
                f"{loads[name]['peak']:,.0f}",
                f"{loads[name]['rate']:,.0f}" if "rate" in loads[name] else "",
            )
            for name, title in LOADS.items()
        ),
    ]


def first_count_rows(first: Results) -> list[Row]:
    return [
        ("counted for the first time", "median ms", "maximum ms"),
        *(
            (f"  {title}", f"{first[case]['median']:.1f}", f"{first[case]['most']:.1f}")
            for case, title in TOTALS.items()
        ),
        ("  lists with their totals", "ms"),
        *((f"    {query}", f"{time:.1f}") for query, time in first["lists"].items()),
        ("  facets, ms", "all claims", "busiest actor"),
        *(
            (f"    {name}", f"{times['all']:.1f}", f"{times['busiest']:.1f}")
            for name, times in first["facets"].items()
        ),
    ]


def stream_rows(streams: Mapping[str, float]) -> list[Row]:
    return [
        ("all claims as a stream", "rows/s"),
        *((f"  {title}", f"{rate:,.0f}") for title, rate in streams.items()),
    ]


def relation_rows(relations: Mapping[str, float]) -> list[Row]:
    return [
        ("relations", "ms"),
        *((f"  {title}", f"{time:,.1f}") for title, time in relations.items()),
    ]


def single_event_rows(once: Results) -> list[Row]:
    growth, rename = once["growth"], once["rename"]
    return [
        ("pages/s with 10,000 claims", f"{growth['small']:,.0f}"),
        ("  with all claims, in turns", f"{growth['large']:,.0f}"),
        ("  ratio of the times of a page", f"{growth['ratio']:.2f}"),
        ("new name for the busiest actor, s", f"{rename['seconds']:.1f}"),
        ("  p99 of pages before, ms", f"{rename['idle']:.2f}"),
        ("  p99 of pages during the load, ms", f"{rename['meanwhile']:.2f}"),
        ("start to first response, s", f"{once['start']:.2f}"),
        ("claimbase --help, s", f"{once['help']:.2f}"),
    ]


def client_rows(results: Results) -> list[Row]:
    milliseconds = results["cases"]["page"]["static"]["client"]
    return [
        ("the client's time for a request", f"{milliseconds * 1000:.0f} µs"),
        ("  highest rate that it measures", f"{1000 / milliseconds:,.0f}"),
    ]


def aligned(rows: Iterable[Row]) -> str:
    """Rows as lines: labels on the left, cells in columns on the right."""
    count = max(map(len, rows))
    full_rows = [(*row, *[""] * (count - len(row))) for row in rows]
    widths = [max(map(len, column)) for column in zip(*full_rows, strict=True)]
    lines = []
    for label, *cells in full_rows:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        lines.append("  ".join([label.ljust(widths[0]), *padded]).rstrip())
    return "\n".join(lines)


def summary(results: Results) -> str:
    """The README's figures: a few lines."""
    cases = results["cases"]
    page = cases["page"]
    ratios = [
        f"{format_ratio(page['claimbase']['rate'] / page[name]['rate'])} times {title}"
        for name, title in COMPARED.items()
        if name in page
    ]
    lines = [
        f"- **Page of 50 claims by an actor's name:** {format_rate(page['claimbase'])} requests/s;"
        f" {', '.join(ratios)}",
        f"- **One claim by its id:** {format_rate(cases['single']['claimbase'])} requests/s",
    ]
    if "cached" in cases.get("cached", {}):
        rate = format_rate(cases["cached"]["cached"])
        lines.append(f"- **Page by name from the response cache:** {rate} requests/s")
    lines += [
        f"- **Loading:** {results['load']['first']['rate']:,.0f} claims/s",
        f"- **Measured** {conditions(results)}",
    ]
    return "\n".join(lines)


def format_ratio(ratio: float) -> str:
    return f"{ratio:.{0 if ratio >= 10 else 1 if ratio >= 1 else 2}f}"


def conditions(results: Results) -> str:
    settings, system = results["settings"], results["machine"]
    processes = "1 process" if settings["workers"] == 1 else f"{settings['workers']} processes"
    return (
        f"on {results['date']} with {settings['size']:,} claims: {system['cpu']},"
        f" {system['cores']} cores, Python {system['python']}, {processes} per server,"
        f" {settings['connections']} connections"
    )


def published_tables(results: Results) -> str:
    """The figures of docs/performance.md: tables of rates, loads and single events."""
    names = [name for name in CONTESTANTS if name in results["memory"]]
    rates = [
        (
            CASES[case].title,
            *(format_rate(figures[name]) if name in figures else "-" for name in names),
        )
        for case, figures in results["cases"].items()
    ]
    memory = (f"{results['memory'][name]['own']:,.0f}" for name in names)
    loads = results["load"]
    return "\n\n".join(
        [
            f"`make bench` measured these figures {conditions(results)}.",
            "Requests per second, and memory without mapped files in MB:",
            markdown_table(
                ("case", *(CONTESTANTS[name].title for name in names)),
                [*rates, ("memory, MB", *memory)],
            ),
            "Loads of all claims:",
            markdown_table(
                ("load", "seconds", "claims per second", "peak memory, MB"),
                [
                    (
                        title,
                        f"{loads[name]['seconds']:,.1f}",
                        f"{loads[name]['rate']:,.0f}" if "rate" in loads[name] else "-",
                        f"{loads[name]['peak']:,.0f}",
                    )
                    for name, title in LOADS.items()
                ],
            ),
            "Responses that count something for the first time, in milliseconds:",
            markdown_table(
                ("response", "median", "maximum"), published_first_counts(results["once"]["first"])
            ),
            "Single events:",
            markdown_table(("event", "figure"), published_events(results["once"])),
        ]
    )


def published_first_counts(first: Results) -> list[Row]:
    times = {title: (first[case]["median"], first[case]["most"]) for case, title in TOTALS.items()}
    series = {
        "list by another filter or in another order, with its total": first["lists"].values(),
        "facet of all claims": [facet["all"] for facet in first["facets"].values()],
        "facet of the busiest actor's claims": [
            facet["busiest"] for facet in first["facets"].values()
        ],
    }
    times |= {title: (median(values), max(values)) for title, values in series.items()}
    return [(title, f"{middle:,.0f}", f"{most:,.0f}") for title, (middle, most) in times.items()]


def published_events(once: Results) -> list[Row]:
    growth, rename = once["growth"], once["rename"]
    return [
        ("time of a page by name, as a ratio to 10,000 claims", f"{growth['ratio']:.2f}"),
        ("load of a new name for the busiest actor", f"{rename['seconds']:.1f} s"),
        ("p99 of pages before that load", f"{rename['idle']:.1f} ms"),
        ("p99 of pages during that load", f"{rename['meanwhile']:.1f} ms"),
        *(
            (f"all claims as a stream: {title}", f"{rate:,.0f} rows/s")
            # results that were published before lack them
            for title, rate in once.get("streams", {}).items()
        ),
        *(
            (f"relations: {title.strip()}", f"{time:,.0f} ms")
            for title, time in once.get("relations", {}).items()
        ),
        ("start of `claimbase serve` until its first response", f"{once['start']:.2f} s"),
        ("`claimbase --help`", f"{once['help']:.2f} s"),
    ]


def markdown_table(header: Row, rows: Iterable[Row]) -> str:
    lines = [header, ("---", *["---:"] * (len(header) - 1)), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def with_block(page: str, block: str) -> str:
    """A page with this text between its marks."""
    before, rest = page.split(BLOCK_START)
    _, after = rest.split(BLOCK_END)
    return f"{before}{BLOCK_START}{block}\n{BLOCK_END}{after}"


def write_results(results: Results, path: Path) -> None:
    """Write the results as JSON, and the chart with the same name."""
    path.write_text(json.dumps(results, indent=1) + "\n")
    path.with_suffix(".svg").write_text(draw_chart(results))


def publish(path: Path) -> None:
    results = json.loads(path.read_text())
    write_results(results, ROOT / "bench" / "results.json")
    README.write_text(with_block(README.read_text(), summary(results)))
    PERFORMANCE.write_text(with_block(PERFORMANCE.read_text(), published_tables(results)))


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
