"""Lanes: claims as marks on strips of time, with a line for each change of stance."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from api.pages.time_scale import time_scale
from tests.api.pages.html import HTMLPage, get_page

# (dates, labels of the ticks, places of the dates)
SCALES = [
    (["2025-05-14"], ["May 2025", "Jun 2025"], ["43.5%"]),
    (["2025-05-01", "2025-07-31"], ["May 2025", "Jun 2025", "Jul 2025", "Aug 2025"],
     ["0.5%", "99.5%"]),
    (["2024-12-12", "2025-12-11"], ["Jan 2025", "Jul 2025", "Jan 2026"], ["2.9%", "94.9%"]),
    (["2025", "2025-07"], ["Jul 2025", "Aug 2025"], ["0.0%", "50.0%"]),
    (["2023-02", "2025-03"], ["Jul 2023", "Jan 2024", "Jul 2024", "Jan 2025"], ["1.9%", "98.1%"]),
    (["2022-12", "2025-03"], ["2023", "2024", "2025"], ["1.8%", "98.2%"]),
    (["2008-04-03", "2025-12-11"], ["2010", "2015", "2020", "2025"], ["0.0%", "99.7%"]),
    (["0001", "9999-12-31"], ["2500", "5000", "7500", "10000"], ["0.0%", "100.0%"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "labels", "places"), SCALES, ids=[" ".join(dates) for dates, *_ in SCALES]
)
def test_a_scale_has_few_ticks(dates: list[str], labels: list[str], places: list[str]):
    scale = time_scale(dates)
    assert [tick.label for tick in scale.ticks()] == labels
    assert [scale.place(date) for date in dates] == places


def marks(page: HTMLPage) -> list[tuple[str, str]]:
    """The claim and the stance of each mark."""
    ids = [
        attributes["href"].rpartition("/")[2]
        for tag, attributes in page.elements
        if tag == "a" and attributes.get("tabindex") == "-1"
    ]
    stances = [attributes["class"] for tag, attributes in page.elements if tag == "use"]
    return list(zip(ids, stances, strict=True))


def changes(page: HTMLPage) -> int:
    lines = [attributes.get("class") for tag, attributes in page.elements if tag == "line"]
    return lines.count("change")


def rows(page: HTMLPage) -> int:
    """The claims in the table of lanes, which have dates as links."""
    table = page.source.partition("These claims as a table")[2].partition("</table>")[0]
    return table.count("<time ")


ANN = [("a1", "support"), ("a2", "oppose"), ("a3", "support"), ("a4", "neutral"), ("a5", "oppose")]
BOB = [("b1", "support"), ("b2", "oppose"), ("b3", "support")]
OFFICIAL = [("u1", "support"), ("u2", "oppose")]
# (page, marks, lines, names of the lanes)
LANES = [
    ("/actors/ann", ANN, 2, ["We should join"]),
    # his claim on another position has no date
    ("/actors/bob", BOB, 0, ["We should join"]),
    ("/organizations/acme", [*ANN[:3], *BOB, ("o1", "oppose")], 2, ["We should join"]),
    ("/positions/join", [*ANN, *BOB, *OFFICIAL, ("o1", "oppose")], 2,
     ["Ann", "Bob", "An official", "Acme"]),
    ("/positions/close", [], 0, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "claims", "lines", "names"), LANES, ids=[path for path, *_ in LANES]
)
def test_a_page_has_a_mark_for_each_claim(
    debate: FlaskClient, path: str, claims: list, lines: int, names: list[str]
):
    page = get_page(debate, path)
    assert sorted(marks(page)) == sorted(claims)
    assert changes(page) == lines
    assert rows(page) == len(claims)
    headings = [text for level, text in page.headings if level == 3]
    assert [text for text in headings if text in names][: len(names)] == names
    assert ("Over time" in page.text) == bool(claims)


def test_undated_claims_are_told(debate: FlaskClient):
    assert "Not shown: 1 undated claim." in get_page(debate, "/actors/bob").text
    assert "Not shown" not in get_page(debate, "/actors/ann").text


def load_stances(load: Callable, *claims: tuple[str, str]) -> None:
    """Load claims of one actor, each with a position and a date."""
    load(
        actors=[{"id": "a", "name": "A"}],
        positions=[{"id": id, "text": id} for id in sorted({position for position, _ in claims})],
        claims=[
            {"id": f"c{n}", "text": "C", "actor": "a", "date": date,
             "positions": [{"position": position, "stance": "support"}]}
            for n, (position, date) in enumerate(claims)
        ],
    )  # fmt: skip


def test_the_newest_of_many_claims_are_shown(load: Callable, client: FlaskClient):
    load_stances(load, *(("p", f"{1950 + n}") for n in range(43)))
    for path in ("/actors/a", "/positions/p"):
        page = get_page(client, path)
        assert [id for id, _ in marks(page)] == [f"c{n}" for n in range(3, 43)]
        assert "Not shown: 3 earlier claims." in page.text


def test_the_most_frequent_positions_have_lanes(load: Callable, client: FlaskClient):
    claims = [(f"p{n}", "2025") for n in range(7) for _ in range(n + 1)]
    load_stances(load, *claims)
    page = get_page(client, "/actors/a")
    headings = [text for level, text in page.headings if level == 3]
    assert headings[:5] == ["p6", "p5", "p4", "p3", "p2"]
    assert len(marks(page)) == 7 + 6 + 5 + 4 + 3


def test_marks_of_one_day_stand_beside_each_other(load: Callable, client: FlaskClient):
    load_stances(load, *[("p", "2025-05-14")] * 8, ("p", "2025-05-31"))
    page = get_page(client, "/actors/a")
    shifts = [attributes.get("transform", "") for tag, attributes in page.elements if tag == "use"]
    beside = [f"translate({pixels})" for pixels in (6, 12, 18, 24, 30, 30, 30)]
    assert shifts == ["", *beside, ""]
