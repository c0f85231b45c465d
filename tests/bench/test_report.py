"""The published figures are those of the results."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import report
from bench.chart import CHARTED, draw_chart, format_rate

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
        **dict.fromkeys(("page", *CHARTED), FIGURES),
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
        "streams": {"CSV": 25000.4, "sqlite3 -csv": 24000.0},
        "relations": {"a page of stances": 70.04, "  the same groups in SQL": 61.0},
        "rename": {"seconds": 2.94, "idle": 1.75, "meanwhile": 4.42},
        "start": 0.62,
        "help": 0.214,
    },
}


def test_the_readme_shows_the_results():
    readme = (ROOT / "README.md").read_text()
    assert "<!-- bench -->" in readme
    assert report.with_block(readme, report.summary(PUBLISHED)) == readme


def test_the_docs_show_the_results():
    page = (ROOT / "docs" / "performance.md").read_text()
    assert "<!-- bench -->" in page
    assert report.with_block(page, report.published_tables(PUBLISHED)) == page


def test_the_chart_shows_the_results():
    assert (ROOT / "bench" / "results.svg").read_text() == draw_chart(PUBLISHED)


def test_a_block_replaces_the_text_between_the_marks():
    page = "Before\n<!-- bench -->\nold\n<!-- /bench -->\nAfter\n"
    assert report.with_block(page, "new\nlines") == (
        "Before\n<!-- bench -->\nnew\nlines\n<!-- /bench -->\nAfter\n"
    )


def test_the_summary():
    cached = {"cached": {**FIGURES["claimbase"], "rate": 8000.0}}
    floor = {**FIGURES["claimbase"], "rate": 2500.5}
    relational = {**FIGURES["claimbase"], "rate": 20.004}
    page = {**FIGURES, "relational": relational, "floor": floor}
    results = {**RESULTS, "cases": {**RESULTS["cases"], "page": page, "cached": cached}}
    assert (
        report.summary(results)
        == """\
- **Page of 50 claims by an actor's name:** 2,000 requests/s; 4.0 times Datasette 0.65, 100 times \
FastAPI with SQLAlchemy, 0.80 times the floor (bare WSGI on the same database)
- **One claim by its id:** 2,000 requests/s
- **Page by name from the response cache:** 8,000 requests/s
- **Loading:** 1,961 claims/s
- **Measured** on 2025-05-14 with 20,000 claims: Abacus, 2 cores, Python 3.11.7, 1 process per \
server, 4 connections"""
    )


def test_the_summary_without_peers_and_cache():
    page = {"claimbase": FIGURES["claimbase"], "datasette": FIGURES["datasette"]}
    results = {**RESULTS, "cases": {"page": page, "single": page, "cached": {}}}
    assert report.summary(results).splitlines() == [
        "- **Page of 50 claims by an actor's name:** 2,000 requests/s; 4.0 times Datasette 0.65",
        "- **One claim by its id:** 2,000 requests/s",
        "- **Loading:** 1,961 claims/s",
        "- **Measured** on 2025-05-14 with 20,000 claims: Abacus, 2 cores, Python 3.11.7,"
        " 1 process per server, 4 connections",
    ]


def test_the_published_tables():
    results = {**RESULTS, "cases": {name: RESULTS["cases"][name] for name in ("page", "bare")}}
    assert (
        report.published_tables(results)
        == """\
`make bench` measured these figures on 2025-05-14 with 20,000 claims: Abacus, 2 cores, Python \
3.11.7, 1 process per server, 4 connections.

Requests per second, and memory without mapped files in MB:

| case | Claimbase | Datasette 0.65 |
| --- | ---: | ---: |
| page of 50, by an actor's name | 2,000 | 500 |
| the same without its total | 2,000 | - |
| memory, MB | 79 | 41 |

Loads of all claims:

| load | seconds | claims per second | peak memory, MB |
| --- | ---: | ---: | ---: |
| first load | 10.2 | 1,961 | 105 |
| the same files again | 5.0 | - | 78 |
| one of 200 files changed | 6.4 | - | 116 |

Responses that count something for the first time, in milliseconds:

| response | median | maximum |
| --- | ---: | ---: |
| total of a busy actor | 2 | 10 |
| total of a busy actor on a big topic | 15 | 71 |
| list by another filter or in another order, with its total | 10 | 25 |
| facet of all claims | 57 | 74 |
| facet of the busiest actor's claims | 166 | 263 |

Single events:

| event | figure |
| --- | ---: |
| time of a page by name, as a ratio to 10,000 claims | 1.19 |
| load of a new name for the busiest actor | 2.9 s |
| p99 of pages before that load | 1.8 ms |
| p99 of pages during that load | 4.4 ms |
| all claims as a stream: CSV | 25,000 rows/s |
| all claims as a stream: sqlite3 -csv | 24,000 rows/s |
| relations: a page of stances | 70 ms |
| relations: the same groups in SQL | 61 ms |
| start of `claimbase serve` until its first response | 0.62 s |
| `claimbase --help` | 0.21 s |"""
    )


def test_the_table_on_the_terminal():
    static = {"rate": 8000.0, "p50": 0.2, "p99": 0.75, "client": 0.05}
    results = {**RESULTS, "cases": {"page": {**FIGURES, "static": static}}}
    assert (
        report.terminal_table(results)
        == """\
                                        requests/s    × Claimbase    p50 ms  p99 ms
page of 50, by an actor's name
  Claimbase                                  2,000           1.00      0.50    1.25
  Datasette 0.65                               500           0.25      2.00    4.00
  static bytes                               8,000           4.00      0.20    0.75

memory, MB                                resident            own
  Claimbase                                    103             79
  Datasette 0.65                                44             41

loading                                    seconds        peak MB  claims/s
  first load                                  10.2            105     1,961
  the same files again                         5.0             78
  one of 200 files changed                     6.4            116

counted for the first time               median ms     maximum ms
  total of a busy actor                        2.4            9.6
  total of a busy actor on a big topic        14.6           71.2
  lists with their totals                       ms
    has=event                                 24.6
    sort=date                                  3.2
    form=interview                             9.5
  facets, ms                            all claims  busiest actor
    topic                                     74.1          263.0
    form                                      40.0           68.2

pages/s with 10,000 claims                   6,491
  with all claims, in turns                  5,622
  ratio of the times of a page                1.19
new name for the busiest actor, s              2.9
  p99 of pages before, ms                     1.75
  p99 of pages during the load, ms            4.42
start to first response, s                    0.62
claimbase --help, s                           0.21

all claims as a stream                      rows/s
  CSV                                       25,000
  sqlite3 -csv                              24,000

relations                                       ms
  a page of stances                           70.0
    the same groups in SQL                    61.0

the client's time for a request              50 µs
  highest rate that it measures             20,000"""
    )


@pytest.mark.parametrize(
    ("rate", "shown"), [(2000.4, "2,000"), (10.2, "10"), (9.94, "9.9"), (0.25, "0.2")]
)
def test_a_low_rate_has_a_decimal(rate, shown):
    assert format_rate({"rate": rate}) == shown


def test_bars_are_as_long_as_their_ratios():
    chart = ET.fromstring(draw_chart(RESULTS))
    bars = [float(bar.get("width")) for bar in chart.iter("{http://www.w3.org/2000/svg}rect")]
    assert len(bars) == 2 * len(CHARTED)
    for own, other in zip(bars[::2], bars[1::2], strict=True):
        assert other / own == pytest.approx(500.2 / 2000.4, rel=0.01)
