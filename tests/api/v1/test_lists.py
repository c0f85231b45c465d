"""Lists are whole: in every order, at every page size, each record comes, and comes once."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.query.cursor import encode_cursor
from models.database.connection import database
from models.opening import open_dataset
from tests.api.world import LISTS, ids_of, load_sections, pages
from tests.engines import new_url

# names, and their folded forms; several fold alike
NAMES = {
    "Émile": "emile",
    "emile": "emile",
    "ÉMILE!": "emile",
    "Emile Z": "emile z",
    "Zoë": "zoe",
    "zoe": "zoe",
    "O’Neill": "oneill",
    "ONEILL": "oneill",
    "o neill": "o neill",
    "Łódź": "lodz",
    "lodz 2": "lodz 2",
    "lodz 10": "lodz 10",
    "Weiß": "weiss",
    "weiss": "weiss",
    "42": "42",
}
DATES = [None, None, "2025", "2025", "2025-05", "2025-05", "2025-05-14", "2025-05-14", "2025-05-31",
         "2025-06", "2024", "2024-12-31", "0999", "1999-01", "9999-12-31"]  # fmt: skip
MOMENTS = [
    "2026-01-01T00:00:00.000000Z",
    "2026-01-02T00:00:00.000000Z",
    "2026-01-02T00:00:00.000001Z",
]
EACH = 40


def crowd() -> dict[str, list[dict]]:
    """About 40 records of each type, the same ones each time, with many equals and nulls."""
    random = Random(7)

    def some(section: str) -> list[str]:
        # ids do not stand in the order of loading
        numbers = list(range(EACH))
        random.shuffle(numbers)
        return [f"{section}-{n:02}" for n in numbers]

    def name() -> str:
        return random.choice(list(NAMES))

    def maybe(value: object) -> object:
        return random.choice([None, value])

    organizations = [{"id": id, "name": name(), "kind": "other"} for id in some("o")]
    actors = [{"id": id, "name": name()} for id in some("a")]
    topics: list[dict] = []
    for id in some("t"):
        parent = maybe(random.choice(topics)["id"]) if topics else None
        topics.append({"id": id, "name": name(), "parent": parent})
    positions = [{"id": id, "text": name()} for id in some("p")]
    events = [
        {"id": id, "name": name(), "kind": "other", "start_date": random.choice(DATES[2:])}
        for id in some("e")
    ]
    sources = [
        {
            "id": id,
            "title": name(),
            "kind": "other",
            "date": random.choice(DATES),
            "publisher": maybe(random.choice(organizations)["id"]),
        }
        for id in some("s")
    ]

    def few(things: list[dict], most: int = 3) -> list[str]:
        return [one["id"] for one in random.sample(things[:12], random.randint(0, most))]

    claims = [
        {
            "id": id,
            "text": "C",
            "actor": random.choice(actors[:15])["id"],
            "organization": maybe(random.choice(organizations[:15])["id"]),
            "event": maybe(random.choice(events[:15])["id"]),
            "date": random.choice(DATES),
            "topics": few(topics),
            "positions": [
                {"position": one, "stance": random.choice(["support", "oppose", "neutral"])}
                for one in few(positions)
            ],
            "about": [{"organization": one} for one in few(organizations)],
            "addressees": [{"actor": one} for one in few(actors)],
            "reports": [
                {"source": one, "attribution": random.choice(["direct", "indirect", None])}
                for one in few(sources)
            ],
            "status": random.choice(["coded", "coded", "coded", "verified", "draft"]),
        }
        for id in [*some("c"), *some("d")]
    ]
    return {
        "organizations": organizations,
        "actors": actors,
        "topics": topics,
        "positions": positions,
        "events": events,
        "sources": sources,
        "claims": claims,
    }


CROWD = crowd()
LISTED = [claim for claim in CROWD["claims"] if claim["status"] != "draft"]


def moment(section: str, n: int) -> str:
    """When the n-th record of a section last changed."""
    return MOMENTS[(n * 7 + len(section)) % 3]


def changed(sections: dict[str, list[dict]], at: int) -> dict[str, list[dict]]:
    """The records that change at a moment, with an identifier that makes the difference."""
    return {
        section: [
            {**one, "identifiers": [{"scheme": "moment", "identifier": one["id"]}]}
            for n, one in enumerate(records)
            if moment(section, n) == MOMENTS[at]
        ]
        for section, records in sections.items()
    }


@pytest.fixture(scope="module")
def crowd_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("crowd")
    url = new_url(folder, "crowd")
    open_dataset(url)
    load_sections(folder, CROWD, MOMENTS[0])
    load_sections(folder, changed(CROWD, 1), MOMENTS[1])
    load_sections(folder, changed(CROWD, 2), MOMENTS[2])
    database.close()
    return url


@pytest.fixture
def crowded(app: Flask, crowd_url: str) -> Iterator[FlaskClient]:
    """A client of the crowd."""
    open_dataset(crowd_url)
    yield app.test_client()
    database.close()


def broader(topics: list[str]) -> set[str]:
    parents = {topic["id"]: topic["parent"] for topic in CROWD["topics"]}
    found = set()
    for topic in topics:
        above: str | None = topic
        while above:
            found.add(above)
            above = parents[above]
    return found


CONCERNS: dict[str, Callable[[dict], set]] = {
    "actors": lambda claim: {claim["actor"]},
    "organizations": lambda claim: {claim["organization"]},
    "events": lambda claim: {claim["event"]},
    "topics": lambda claim: broader(claim["topics"]),
    "positions": lambda claim: {one["position"] for one in claim["positions"]},
    "sources": lambda claim: {one["source"] for one in claim["reports"]},
}


def folded(section: str, record: dict) -> str:
    return NAMES[record.get("name") or record.get("title") or record["text"]]


VALUES: dict[str, Callable[[str, int, dict], object]] = {
    "id": lambda section, n, record: record["id"],
    "name": lambda section, n, record: folded(section, record),
    "date": lambda section, n, record: record.get("start_date") or record["date"],
    "updated_at": lambda section, n, record: moment(section, n),
    "claim_count": lambda section, n, record: sum(
        record["id"] in CONCERNS[section](claim) for claim in LISTED
    ),
}
SORTS = {
    "claims": ("date", "updated_at", "id"),
    "actors": ("name", "claim_count", "updated_at", "id"),
    "organizations": ("name", "claim_count", "updated_at", "id"),
    "topics": ("name", "claim_count", "updated_at", "id"),
    "positions": ("name", "claim_count", "updated_at", "id"),
    "events": ("name", "date", "claim_count", "updated_at", "id"),
    "sources": ("name", "date", "claim_count", "updated_at", "id"),
}
DEFAULT = {"claims": "-date"}


def in_order(section: str, sort: str) -> list[str]:
    """The ids of a section's listed records: sorted, nulls last, equals as they were loaded."""
    key = sort.removeprefix("-")
    placed = [
        (VALUES[key](section, n, record), record["id"])
        for n, record in enumerate(CROWD[section])
        if record.get("status") != "draft"
    ]
    some = [one for one in placed if one[0] is not None]
    none = [one for one in placed if one[0] is None]
    # a stable sort, so equals keep their order in both directions
    some.sort(key=lambda one: one[0], reverse=sort.startswith("-"))
    return [id for _, id in some + none]


ORDERS = [
    (section, sign + key) for section, keys in SORTS.items() for key in keys for sign in ("", "-")
]


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize(("section", "sort"), ORDERS)
def test_lists_are_whole(crowded: FlaskClient, section: str, sort: str, limit: int):
    expected = in_order(section, sort)
    walked = pages(crowded, f"/v1/{section}?sort={sort}", limit)
    assert ids_of(*walked) == expected
    assert {page["meta"]["total"] for page in walked} == {len(expected)}
    assert {len(page["data"]) for page in walked[:-1]} <= {limit}
    assert walked[-1]["data"]


@pytest.mark.parametrize("section", SORTS)
def test_the_default_order(crowded: FlaskClient, section: str):
    default = DEFAULT.get(section, "name")
    expected = in_order(section, default)
    assert ids_of(*pages(crowded, f"/v1/{section}", 7)) == expected
    assert ids_of(crowded.get(f"/v1/{section}?limit=200").json) == expected


def test_the_crowd_has_equals_and_nulls():
    for section, keys in SORTS.items():
        for key in keys:
            values = [VALUES[key](section, n, one) for n, one in enumerate(CROWD[section])]
            if key != "id":
                assert len(set(values)) <= len(values) / 2
    assert sum(claim["date"] is None for claim in LISTED) > 3
    assert sum(source["date"] is None for source in CROWD["sources"]) > 3


@pytest.mark.parametrize("section", SORTS)
def test_there_are_no_other_sorts(crowded: FlaskClient, section: str):
    response = crowded.get(f"/v1/{section}?sort=colour")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    (error,) = response.json["errors"]
    assert (error["parameter"], error["value"]) == ("sort", "colour")
    words = set(error["message"].removeprefix("must be one of ").split(", "))
    assert words == {sign + key for key in SORTS[section] for sign in ("", "-")}


def having(claim: dict, name: str, value: str) -> bool:
    if name in ("actor", "organization", "event", "status"):
        return claim[name] == value
    if name == "stance":
        return any(one["stance"] == value for one in claim["positions"])
    if name == "attribution":
        return any(one["attribution"] == value for one in claim["reports"])
    if name == "about":
        return {"organization": value} in claim["about"]
    if name == "addressee":
        return {"actor": value} in claim["addressees"]
    return value in CONCERNS[f"{name}s"](claim)


def first(section: str, n: int = 0) -> str:
    return CROWD[section][n]["id"]


def busiest(name: str) -> str:
    """The actor, organization or event with the most claims."""
    return Counter(claim[name] for claim in LISTED if claim[name]).most_common(1)[0][0]


# filters whose rows a claim can meet more than once, or in the order of their links
FILTERED = [
    {"topic": [first("topics")]},
    {"topic": [first("topics"), first("topics", 1), first("topics", 2), first("topics", 3)]},
    {"position": [first("positions"), first("positions", 1), first("positions", 2)]},
    {"position": [first("positions")]},
    {"stance": ["support"]},
    {"stance": ["support", "oppose"]},
    {"source": [first("sources"), first("sources", 1), first("sources", 2)]},
    {"attribution": ["direct"]},
    {"attribution": ["direct", "indirect"]},
    {"about": [first("organizations", n) for n in range(5)]},
    {"addressee": [first("actors", n) for n in range(5)]},
    {"actor": [first("actors", n) for n in range(8)]},
    {"organization": [busiest("organization")]},
    {"event": [first("events", n) for n in range(6)], "stance": ["support"]},
    {"topic": [first("topics"), first("topics", 1)], "stance": ["support", "neutral"]},
    {"status": ["coded"]},
    {"status": ["coded"], "topic": [first("topics"), first("topics", 1), first("topics", 2)]},
]


@pytest.mark.parametrize("filters", FILTERED, ids=str)
@pytest.mark.parametrize("sort", ["-date", "date", "-id", "updated_at"])
def test_filtered_lists_are_whole(crowded: FlaskClient, filters: dict, sort: str):
    kept = {
        claim["id"]
        for claim in LISTED
        if all(any(having(claim, name, one) for one in values) for name, values in filters.items())
    }
    expected = [id for id in in_order("claims", sort) if id in kept]
    assert len(expected) > 3
    query = "&".join(f"{name}={value}" for name, values in filters.items() for value in values)
    for limit in (1, 3):
        walked = pages(crowded, f"/v1/claims?{query}&sort={sort}", limit)
        assert ids_of(*walked) == expected
        assert {page["meta"]["total"] for page in walked} == {len(expected)}


ACTOR = busiest("actor")
PATHS = [
    *LISTS,
    f"actors/{ACTOR}/claims",
    f"organizations/{busiest('organization')}/claims",
    f"events/{busiest('event')}/claims",
]


@pytest.mark.parametrize("path", PATHS)
def test_the_shape_of_a_list(crowded: FlaskClient, path: str):
    response = crowded.get(f"/v1/{path}?limit=1")
    assert response.content_type == "application/json"
    answer = response.json
    assert list(answer) == ["data", "included", "meta"]
    assert answer["included"] == {}
    assert list(answer["meta"]) == ["total", "next_cursor", "dataset", "resolved", "facets"]
    assert answer["meta"]["facets"] == answer["meta"]["resolved"] == {}
    assert answer["meta"]["dataset"] == crowded.get("/v1").json["dataset"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prefix", ["/v1/", "/"])
def test_link_is_the_next_page(crowded: FlaskClient, prefix: str, path: str):
    url = f"{prefix}{path}?limit=2&sort=-id&updated_since=2025-01-01"
    seen = 0
    while True:
        response = crowded.get(url)
        seen += len(response.json["data"])
        cursor = response.json["meta"]["next_cursor"]
        if cursor is None:
            assert "Link" not in response.headers
            break
        url, _, rel = response.headers["Link"].partition("; ")
        assert rel == 'rel="next"'
        url = url.removeprefix("<").removesuffix(">")
        where, _, query = url.partition("?")
        assert where == f"/v1/{path}"
        assert sorted(query.split("&")) == [
            f"cursor={cursor}",
            "limit=2",
            "sort=-id",
            "updated_since=2025-01-01",
        ]
    assert seen == response.json["meta"]["total"] > 1


def test_link_keeps_names_as_they_were_asked(world: FlaskClient):
    query = {"actor": ["Mark Rutte", "Erdoğan & Co", "!a=b"], "limit": "1"}
    response = world.get("/v1/claims", query_string=query)
    url = response.headers["Link"].partition(">")[0].removeprefix("<")
    assert url.isascii()
    following = world.get(url).json
    assert [one["asked"] for one in following["meta"]["resolved"]["actor"]] == [
        "a=b",
        "Erdoğan & Co",
        "Mark Rutte",
    ]
    assert len(following["data"]) == 1


@pytest.mark.parametrize("path", PATHS)
def test_count_none_leaves_the_total_null(crowded: FlaskClient, path: str):
    counted = crowded.get(f"/v1/{path}?limit=2").json
    uncounted = crowded.get(f"/v1/{path}?limit=2&count=none").json
    assert uncounted["meta"]["total"] is None
    assert uncounted["data"] == counted["data"]
    assert uncounted["meta"]["next_cursor"] == counted["meta"]["next_cursor"]
    empty = crowded.get(f"/v1/{path}?id=nothing&count=none").json
    assert empty["meta"]["total"] is None
    assert (
        crowded.get(f"/v1/{path}?count=exact&limit=2").data
        == crowded.get(f"/v1/{path}?limit=2").data
    )


@pytest.mark.parametrize("path", PATHS)
def test_an_empty_list(crowded: FlaskClient, path: str):
    response = crowded.get(f"/v1/{path}?id=nothing")
    assert response.json["data"] == []
    assert response.json["meta"]["total"] == 0
    assert response.json["meta"]["next_cursor"] is None
    assert "Link" not in response.headers


def test_the_limit_is_50_where_none_is_given(crowded: FlaskClient):
    assert len(crowded.get("/v1/claims").json["data"]) == 50
    assert len(crowded.get("/v1/claims?limit=200").json["data"]) == len(LISTED) > 50


def cursor_of(client: FlaskClient, url: str) -> str:
    cursor = client.get(url).json["meta"]["next_cursor"]
    assert cursor
    return cursor


def refused(client: FlaskClient, url: str) -> bool:
    response = client.get(url)
    assert response.status_code in (200, 400), response.text
    if response.status_code == 400:
        assert response.json["code"] == "bad-cursor"
        assert response.json["errors"][0]["parameter"] == "cursor"
    return response.status_code == 400


@pytest.mark.parametrize(
    ("made", "used"),
    [
        ("claims?limit=1", "events?limit=1"),
        ("claims?limit=1", "claims?limit=1&status=coded"),
        ("claims?limit=1&status=coded", "claims?limit=1"),
        ("claims?limit=1&status=coded", "claims?limit=1&status=verified"),
        ("claims?limit=1", "claims?limit=1&sort=date"),
        ("claims?limit=1&sort=id", "claims?limit=1&sort=-id"),
        ("claims?limit=1", f"actors/{ACTOR}/claims?limit=1"),
        (f"actors/{ACTOR}/claims?limit=1", f"claims?limit=1&actor={ACTOR}"),
        (f"claims?limit=1&actor={ACTOR}", f"claims?limit=1&actor=actor:{ACTOR}"),
        ("claims?limit=1&from_date=2024", "claims?limit=1&from_date=2024-01"),
        ("actors?limit=1", "actors?limit=1&kind=person"),
        ("sources?limit=1", "sources?limit=1&updated_since=2025-01-01"),
    ],
)
def test_a_cursor_is_bound_to_path_filters_and_sort(crowded: FlaskClient, made: str, used: str):
    cursor = cursor_of(crowded, f"/v1/{made}")
    assert not refused(crowded, f"/v1/{made}&cursor={cursor}")
    assert refused(crowded, f"/v1/{used}&cursor={cursor}")


@pytest.mark.parametrize(
    ("made", "used"),
    [
        ("/v1/claims?limit=1", "/v1/claims?limit=3"),
        ("/v1/claims?limit=1", "/v1/claims"),
        ("/v1/claims?limit=1", "/v1/claims?limit=2&count=none"),
        ("/v1/claims?limit=1&count=none", "/v1/claims?limit=1"),
        ("/v1/claims?limit=1", "/v1/claims?limit=1&sort=-date"),
        ("/v1/claims?limit=1", "/claims?limit=1"),
        ("/claims?limit=1", "/v1/claims?limit=1"),
        (f"/actors/{ACTOR}/claims?limit=1", f"/v1/actors/{ACTOR}/claims?limit=1"),
        (
            "/v1/claims?limit=1&status=coded&status=verified",
            "/v1/claims?status=verified&limit=1&status=coded",
        ),
        (
            "/v1/claims?limit=1&status=coded&from_date=0001",
            "/v1/claims?from_date=0001&status=coded&status=coded",
        ),
    ],
)
def test_a_cursor_goes_on_in_another_way_of_asking(crowded: FlaskClient, made: str, used: str):
    cursor = cursor_of(crowded, made)
    expected = ids_of(crowded.get("/v1/claims?limit=200").json)
    if ACTOR in made:
        expected = ids_of(crowded.get(f"/v1/actors/{ACTOR}/claims?limit=200").json)
    elif "status=coded" in made and "verified" not in made:
        expected = ids_of(crowded.get("/v1/claims?limit=200&status=coded&from_date=0001").json)
    sign = "&" if "?" in used else "?"
    found = ids_of(crowded.get(f"{used}{sign}cursor={cursor}").json)
    assert found == expected[1 : 1 + len(found)]
    assert found


def test_every_page_can_be_asked_for_again(crowded: FlaskClient):
    cursor = cursor_of(crowded, "/v1/claims?limit=5")
    once = crowded.get(f"/v1/claims?limit=5&cursor={cursor}")
    again = crowded.get(f"/v1/claims?cursor={cursor}&limit=5")
    assert (once.data, once.headers["ETag"]) == (again.data, again.headers["ETag"])


def forgeries(cursor: str) -> dict[str, str]:
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    other = "B" if cursor[0] == "A" else "A"
    return {
        "first character": other + cursor[1:],
        "middle character": cursor[:5] + ("B" if cursor[5] == "A" else "A") + cursor[6:],
        "truncated": cursor[:-4],
        "one character": cursor[:1],
        "longer": cursor + "AAAA",
        "doubled": cursor * 2,
        "other place": base64.urlsafe_b64encode(raw[:8] + b"[null,1]").decode().rstrip("="),
        "no place": base64.urlsafe_b64encode(raw[:8]).decode().rstrip("="),
        "no signature": base64.urlsafe_b64encode(raw[8:]).decode().rstrip("="),
        "no base64": "%21%21",
        "not ascii": "%C3%A9" * 8,
        "arabic digits": "%D9%A1" * 12,
        "the number of a page": "2",
        "too long": "A" * 2001,
        "a url": "https://example.org/?cursor=x".replace("?", "%3F"),
    }


@pytest.mark.parametrize("kind", list(forgeries("A" * 40)))
@pytest.mark.parametrize("url", ["/v1/claims?limit=1", "/v1/actors?limit=1&sort=id"])
def test_a_forged_cursor_is_refused(crowded: FlaskClient, url: str, kind: str):
    forged = forgeries(cursor_of(crowded, url))[kind]
    assert refused(crowded, f"{url}&cursor={forged}")


@pytest.mark.parametrize("cursor", ["", "%20"])
def test_an_empty_cursor_is_a_wrong_value(crowded: FlaskClient, cursor: str):
    response = crowded.get(f"/v1/claims?limit=1&cursor={cursor}")
    assert (response.status_code, response.json["code"]) == (422, "invalid-value")
    assert [one["parameter"] for one in response.json["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    "place", [[1], [1, 2, 3], {}, 7, "x", None, [{}, 1], [[], 1], [2**63, 1], [1, None]], ids=str
)
def test_a_cursor_signed_by_a_forger_is_refused(crowded: FlaskClient, place: object):
    id = crowded.get("/v1").json["dataset"].rpartition("-")[0]
    binding = f"{id}\n/v1/claims\n".encode()
    forged = encode_cursor(place, binding)
    assert refused(crowded, f"/v1/claims?limit=1&cursor={forged}")


def test_a_cursor_of_another_database_is_refused(
    app: Flask, crowd_url: str, world_url: str, tmp_path: Path
):
    client = app.test_client()
    open_dataset(crowd_url)
    cursors = {path: cursor_of(client, f"/v1/{path}?limit=1") for path in LISTS}
    database.close()
    open_dataset(world_url)
    assert all(refused(client, f"/v1/{path}?limit=1&cursor={one}") for path, one in cursors.items())
    database.close()


@pytest.mark.parametrize("sort", ["id", "-id", "-date", "date", "updated_at"])
def test_a_cursor_outlives_a_load(load: Callable, client: FlaskClient, sort: str):
    def claims(*ids: str) -> list[dict]:
        return [{"id": id, "text": "C", "actor": "x", "date": f"20{id}"} for id in ids]

    load(actors=[{"id": "x", "name": "X"}], claims=claims("10", "20", "30", "40", "50"))
    whole = ids_of(client.get(f"/v1/claims?sort={sort}").json)
    cursor = cursor_of(client, f"/v1/claims?sort={sort}&limit=2")
    load(claims=claims("05", "25", "35", "60"))
    load(actors=[{"id": "y", "name": "Y"}])
    walked: list[str] = []
    while cursor:
        response = client.get(f"/v1/claims?sort={sort}&limit=2&cursor={cursor}")
        assert response.status_code == 200
        assert response.json["meta"]["total"] == 9
        walked += ids_of(response.json)
        cursor = response.json["meta"]["next_cursor"]
    assert len(walked) == len(set(walked))
    assert [id for id in walked if id in whole] == whole[2:]
    now = ids_of(client.get(f"/v1/claims?sort={sort}").json)
    assert walked == now[now.index(walked[0]) :]


def test_a_cursor_outlives_the_record_that_it_names(load: Callable, client: FlaskClient):
    names = [{"id": one, "name": one} for one in "abcde"]
    load(actors=names)
    cursor = cursor_of(client, "/v1/actors?limit=2")
    load(actors=[one for one in names if one["id"] != "b"], prune=True)
    answer = client.get(f"/v1/actors?limit=2&cursor={cursor}").json
    assert ids_of(answer) == ["c", "d"]
    assert answer["meta"]["total"] == 4


def test_a_page_beyond_the_end_is_empty(load: Callable, client: FlaskClient):
    names = [{"id": one, "name": one} for one in "abcde"]
    load(actors=names)
    cursor = cursor_of(client, "/v1/actors?limit=2")
    load(actors=names[:2], prune=True)
    answer = client.get(f"/v1/actors?limit=2&cursor={cursor}").json
    assert (ids_of(answer), answer["meta"]["total"]) == ([], 2)
    assert answer["meta"]["next_cursor"] is None
    empty = client.get(f"/v1/actors?limit=2&count=none&cursor={cursor}").json
    assert (ids_of(empty), empty["meta"]["total"]) == ([], None)


def test_equals_stay_in_the_order_in_which_they_came(load: Callable, client: FlaskClient):
    load(actors=[{"id": one, "name": "Same"} for one in ("q", "b", "z")])
    load(actors=[{"id": one, "name": "same"} for one in ("m", "a")])
    load(actors=[{"id": "b", "name": "SAME", "description": "changed"}])
    for sort in ("name", "-name", "claim_count", "-claim_count"):
        assert ids_of(client.get(f"/v1/actors?sort={sort}").json) == ["q", "b", "z", "m", "a"]
