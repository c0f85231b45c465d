"""What was measured, as JSON, tables and a chart.

As a program it publishes the results of a run: copies them into this folder, and puts their table
into the README.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Mapping
from html import escape
from importlib.metadata import distributions
from pathlib import Path
from statistics import median
from typing import Any

from bench.cases import CASES
from bench.contestants import CONTESTANTS, ROOT

README = ROOT / "README.md"
OPEN, CLOSE = "<!-- bench -->\n", "<!-- /bench -->"
PACKAGES = {
    "claimbase": ("claimbase", "granian"),
    "prepared": ("fastapi", "uvicorn"),
    "relational": ("fastapi", "sqlalchemy", "pydantic", "uvicorn"),
    "datasette": ("datasette", "uvicorn"),
    "datasette-1": ("datasette", "uvicorn"),
}
# what the chart shows
CHARTED = ("page", "two", "single", "deep", "total-two", "facet-actor")

FIRST = {"total": "a busy actor", "total-two": "a busy actor on a big topic"}

Results = Mapping[str, Any]


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
    """The packages that make each contestant, of those that are installed."""
    found = {}
    for name, packages in PACKAGES.items():
        folders = CONTESTANTS[name].virtualenv.glob("lib/*/site-packages")
        there = {one.name.lower(): one.version for one in distributions(path=[*map(str, folders)])}
        found[name] = {package: there[package] for package in packages if package in there}
    return found


def table(results: Results) -> str:
    """Everything, for a terminal."""
    rows: list[tuple[str, ...]] = [("", "requests/s", "× Claimbase", "p50 ms", "p99 ms")]
    for case, figures in results["cases"].items():
        rows.append((CASES[case].title, "", "", "", ""))
        for name, one in figures.items():
            rows.append(
                (
                    f"  {CONTESTANTS[name].title}",
                    shown_rate(one),
                    times(figures, name),
                    f"{one['p50']:.2f}",
                    f"{one['p99']:.2f}",
                )
            )
    rows += [("", *[""] * 4), ("memory, MB", "resident", "own", "", "")]
    for name, one in results["memory"].items():
        rows.append(
            (
                f"  {CONTESTANTS[name].title}",
                f"{one['resident']:,.0f}",
                f"{one['own']:,.0f}",
                "",
                "",
            )
        )
    load = results["load"]
    rows += [("", *[""] * 4), ("loading", "seconds", "MB at most", "claims/s", "")]
    for name in ("first", "unchanged", "one file"):
        rate = f"{load[name]['rate']:,.0f}" if "rate" in load[name] else ""
        rows.append(
            (f"  {name}", f"{load[name]['seconds']:,.1f}", f"{load[name]['peak']:,.0f}", rate, "")
        )
    once = results["once"]
    counts = {f"total of {one}": once["first"][case] for case, one in FIRST.items()}
    rows += [("", *[""] * 4), ("counted the first time", "median ms", "most ms", "", "")]
    rows += [
        (f"  {name}", f"{one['median']:.1f}", f"{one['most']:.1f}", "", "")
        for name, one in counts.items()
    ]
    rows += [("  lists with their totals", "ms", "", "", "")]
    rows += [
        (f"    {name}", f"{one:.1f}", "", "", "") for name, one in once["first"]["lists"].items()
    ]
    rows += [("  facets, ms", "of all", "of one*", "", "")]
    rows += [
        (f"    {name}", f"{one['all']:.1f}", f"{one['busiest']:.1f}", "", "")
        for name, one in once["first"]["facets"].items()
    ]
    grown, renamed = once["growth"], once["rename"]
    rows += [
        ("", *[""] * 4),
        ("pages/s of 10,000 claims", f"{grown['small']:,.0f}", "", "", ""),
        ("  of all, in turns", f"{grown['large']:,.0f}", "", "", ""),
        ("  a page takes longer by", f"{grown['ratio']:.2f}", "", "", ""),
        ("another name for one*, s", f"{renamed['seconds']:.1f}", "", "", ""),
        ("  p99 of pages, ms", f"{renamed['idle']:.2f}", "", "", ""),
        ("  meanwhile, ms", f"{renamed['meanwhile']:.2f}", "", "", ""),
        ("start to first answer, s", f"{once['start']:.2f}", "", "", ""),
        ("claimbase --help, s", f"{once['help']:.2f}", "", "", ""),
        ("* the busiest actor", "", "", "", ""),
    ]
    own = results["cases"]["page"]["static"]["client"]
    rows += [("", *[""] * 4), ("the client's own time", f"{own * 1000:.0f} µs", "", "", "")]
    rows.append(("  so that it measures at most", f"{1000 / own:,.0f}", "", "", ""))
    return aligned(rows)


def aligned(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first.ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def shown_rate(one: Mapping[str, float]) -> str:
    return f"{one['rate']:,.{0 if one['rate'] >= 10 else 1}f}"


def times(figures: Mapping[str, Any], name: str) -> str:
    if "claimbase" not in figures:
        return ""
    return f"{figures[name]['rate'] / figures['claimbase']['rate']:.2f}"


def figures_table(results: Results) -> str:
    """The README's table: requests a second, a line for each case."""
    names = [name for name in CONTESTANTS if name in results["memory"]]
    settings, system = results["settings"], results["machine"]
    lines = [
        f"Requests a second on {settings['size']:,} claims: {settings['workers']} process each,"
        f" {settings['connections']} connections, {system['cpu']}, {system['cores']} cores,"
        f" Python {system['python']}, {results['date']}.",
        "",
        f"| | {' | '.join(CONTESTANTS[name].title for name in names)} |",
        f"| --- |{' ---: |' * len(names)}",
    ]
    for case, figures in results["cases"].items():
        cells = [shown_rate(figures[name]) if name in figures else "-" for name in names]
        lines.append(f"| {CASES[case].title} | {' | '.join(cells)} |")
    cells = [f"{results['memory'][name]['own']:,.0f}" for name in names]
    lines.append(f"| memory in MB, without mapped files | {' | '.join(cells)} |")
    first, again, one = (results["load"][name] for name in ("first", "unchanged", "one file"))
    lines += [
        "",
        f"`claimbase load` takes {first['seconds']:,.0f} s for all of it"
        f" ({first['rate']:,.0f} claims a second, {first['peak']:,.0f} MB at most),"
        f" {again['seconds']:,.0f} s where nothing changed, {one['seconds']:,.0f} s where one file"
        " of 200 did.",
        "",
        *told_once(results["once"]),
    ]
    return "\n".join(lines)


def told_once(once: Results) -> list[str]:
    """The README's sentences on what rates do not tell."""
    first, grown, renamed = once["first"], once["growth"], once["rename"]
    facets, lists = first["facets"].values(), first["lists"].values()
    return [
        f"A page by an actor's name takes {grown['ratio']:.2f} times as long as of 10,000 claims.",
        f"What is counted for the first time takes {first['total']['median']:,.0f} ms for a busy"
        f" actor's total, {first['total-two']['median']:,.0f} on a big topic (medians; at most"
        f" {first['total']['most']:,.0f} and {first['total-two']['most']:,.0f}), up to"
        f" {max(one['all'] for one in facets):,.0f} for a facet of all claims, and up to"
        f" {max(one['busiest'] for one in facets):,.0f} within the busiest actor's. Lists by other"
        f" filters and in other orders take {median(lists):,.0f} ms with their total (the median of"
        f" {len(lists)}; at most {max(lists):,.0f}).",
        f"Another name for that actor is in all of its claims after {renamed['seconds']:.1f} s;"
        f" meanwhile the p99 of pages is {renamed['meanwhile']:.1f} ms, before"
        f" {renamed['idle']:.1f}.",
        f"`claimbase serve` answers {once['start']:.1f} s after its start.",
    ]


def with_figures(page: str, results: Results) -> str:
    """A page with the table between its two marks."""
    before, rest = page.split(OPEN)
    _, after = rest.split(CLOSE)
    return f"{before}{OPEN}{figures_table(results)}\n{CLOSE}{after}"


ROW, GAP, LEFT, WIDTH, LINE = 18, 26, 210, 760, 430
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.case { font-weight: 600 }
.bar { fill: #9aa4ae }
.own { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .bar { fill: #6e7781 }
  .own { fill: #4493f8 }
}
"""


def chart(results: Results) -> str:
    """Bars of requests a second, as ratios to Claimbase."""
    shown = {case: results["cases"][case] for case in CHARTED}
    ratios = {
        (case, name): one["rate"] / figures["claimbase"]["rate"]
        for case, figures in shown.items()
        for name, one in figures.items()
    }
    scale = LINE / max(ratios.values())
    title = f"Requests a second beside Claimbase's, on {results['settings']['size']:,} claims"
    drawn, y = [f'<text x="8" y="18">{escape(title)}</text>'], 24
    for case, figures in shown.items():
        y += GAP
        drawn.append(f'<text class="case" x="8" y="{y - 6}">{escape(CASES[case].title)}</text>')
        for name, one in figures.items():
            ratio = ratios[case, name]
            length = max(1, ratio * scale)
            kind = "own" if name == "claimbase" else "bar"
            middle = y + ROW / 2 + 3
            drawn += [
                f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">'
                f"{escape(CONTESTANTS[name].title)}</text>",
                f'<rect class="{kind}" x="{LEFT}" y="{y + 2}" width="{length:.1f}"'
                f' height="{ROW - 5}" rx="2"/>',
                f'<text x="{LEFT + length + 6:.1f}" y="{middle}">'
                f"{ratio:.2f} ({shown_rate(one)}/s)</text>",
            ]
            y += ROW
    height = y + 12
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{escape(title)}">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n" + "\n".join(drawn) + "\n</svg>\n"
    )


def write(results: Results, path: Path) -> None:
    """The results as JSON, and their chart beside them."""
    path.write_text(json.dumps(results, indent=1) + "\n")
    path.with_suffix(".svg").write_text(chart(results))


def publish(path: Path) -> None:
    results = json.loads(path.read_text())
    write(results, ROOT / "bench" / "results.json")
    README.write_text(with_figures(README.read_text(), results))


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
