"""The figures that are published are those that were measured."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import report

ROOT = Path(__file__).parents[2]
PUBLISHED = json.loads((ROOT / "bench" / "results.json").read_text())

FIGURES = {
    "claimbase": {"rate": 2000.4, "p50": 0.5, "p99": 1.25, "client": 0.01},
    "datasette": {"rate": 500.2, "p50": 2.0, "p99": 4.0, "client": 0.01},
}
RESULTS = {
    "date": "2025-05-14",
    "machine": {"cpu": "Abacus", "cores": 2, "memory": 8, "system": "Linux", "python": "3.11.7"},
    "settings": {"size": 20_000, "workers": 1, "connections": 4},
    "load": {
        "first": {"seconds": 10.2, "peak": 105.4, "rate": 1960.7},
        "unchanged": {"seconds": 5.0, "peak": 78.0},
        "one file": {"seconds": 6.4, "peak": 116.0},
    },
    "cases": {
        **dict.fromkeys(("page", *report.CHARTED), FIGURES),
        "bare": {"claimbase": FIGURES["claimbase"]},
    },
    "memory": {
        "claimbase": {"resident": 103.2, "own": 79.1},
        "datasette": {"resident": 44.0, "own": 41.4},
    },
    "once": {
        "first": {
            "total": {"median": 2.44, "most": 9.6},
            "total-two": {"median": 14.6, "most": 71.2},
            "lists": {"has=event": 24.6, "sort=date": 3.21, "form=interview": 9.5},
            "facets": {
                "topic": {"all": 74.1, "busiest": 263.0},
                "form": {"all": 40.0, "busiest": 68.2},
            },
        },
        "growth": {"small": 6491.3, "large": 5621.5, "ratio": 1.187},
        "rename": {"seconds": 2.94, "idle": 1.75, "meanwhile": 4.42},
        "start": 0.62,
        "help": 0.214,
    },
}


def test_the_readme_shows_the_results():
    readme = (ROOT / "README.md").read_text()
    assert "<!-- bench -->" in readme
    assert report.with_figures(readme, PUBLISHED) == readme


def test_the_chart_shows_the_results():
    assert (ROOT / "bench" / "results.svg").read_text() == report.chart(PUBLISHED)


def test_the_readmes_table():
    page = "Before\n<!-- bench -->\nold\n<!-- /bench -->\nAfter\n"
    results = {**RESULTS, "cases": {name: RESULTS["cases"][name] for name in ("page", "bare")}}
    assert report.with_figures(page, results) == (
        "Before\n<!-- bench -->\n"
        "Requests a second on 20,000 claims: 1 process each, 4 connections, Abacus, 2 cores,"
        " Python 3.11.7, 2025-05-14.\n\n"
        "| | Claimbase | Datasette 0.65 |\n| --- | ---: | ---: |\n"
        "| page of 50, by an actor's name | 2,000 | 500 |\n"
        "| the same without its total | 2,000 | - |\n"
        "| memory in MB, without mapped files | 79 | 41 |\n\n"
        "`claimbase load` takes 10 s for all of it (1,961 claims a second, 105 MB at most),"
        " 5 s where nothing changed, 6 s where one file of 200 did.\n\n"
        "A page by an actor's name takes 1.19 times as long as of 10,000 claims.\n"
        "What is counted for the first time takes 2 ms for a busy actor's total, 15 on a big topic"
        " (medians; at most 10 and 71), up to 74 for a facet of all claims, and up to 263 within"
        " the busiest actor's. Lists by other filters and in other orders take 10 ms with their"
        " total (the median of 3; at most 25).\n"
        "Another name for that actor is in all of its claims after 2.9 s; meanwhile the p99 of"
        " pages is 4.4 ms, before 1.8.\n"
        "`claimbase serve` answers 0.6 s after its start.\n"
        "<!-- /bench -->\nAfter\n"
    )


def test_the_table_on_the_terminal():
    static = {"rate": 8000.0, "p50": 0.2, "p99": 0.75, "client": 0.05}
    results = {**RESULTS, "cases": {"page": {**FIGURES, "static": static}}}
    assert (
        report.table(results)
        == """\
                                        requests/s  × Claimbase    p50 ms  p99 ms
page of 50, by an actor's name
  Claimbase                                  2,000         1.00      0.50    1.25
  Datasette 0.65                               500         0.25      2.00    4.00
  static bytes                               8,000         4.00      0.20    0.75

memory, MB                                resident          own
  Claimbase                                    103           79
  Datasette 0.65                                44           41

loading                                    seconds   MB at most  claims/s
  first                                       10.2          105     1,961
  unchanged                                    5.0           78
  one file                                     6.4          116

counted the first time                   median ms      most ms
  total of a busy actor                        2.4          9.6
  total of a busy actor on a big topic        14.6         71.2
  lists with their totals                       ms
    has=event                                 24.6
    sort=date                                  3.2
    form=interview                             9.5
  facets, ms                                of all      of one*
    topic                                     74.1        263.0
    form                                      40.0         68.2

pages/s of 10,000 claims                     6,491
  of all, in turns                           5,622
  a page takes longer by                      1.19
another name for one*, s                       2.9
  p99 of pages, ms                            1.75
  meanwhile, ms                               4.42
start to first answer, s                      0.62
claimbase --help, s                           0.21
* the busiest actor

the client's own time                        50 µs
  so that it measures at most               20,000"""
    )


@pytest.mark.parametrize(
    ("rate", "shown"), [(2000.4, "2,000"), (10.2, "10"), (9.94, "9.9"), (0.25, "0.2")]
)
def test_a_low_rate_has_a_decimal(rate, shown):
    assert report.shown_rate({"rate": rate}) == shown


def test_bars_are_as_long_as_their_ratios():
    chart = ET.fromstring(report.chart(RESULTS))  # noqa: S314
    bars = [float(bar.get("width")) for bar in chart.iter("{http://www.w3.org/2000/svg}rect")]
    assert len(bars) == 2 * len(report.CHARTED)
    for own, other in zip(bars[::2], bars[1::2], strict=True):
        assert other / own == pytest.approx(500.2 / 2000.4, rel=0.01)
