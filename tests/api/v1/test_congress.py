"""The legislators of the United States: what is served of them is what their files say."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from models.database.connection import database
from models.opening import open_dataset
from seeds.loader import load
from tests.api.world import ids_of, pages
from tests.engines import new_url

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "congress-legislators"
CHAMBERS = {"rep": "house", "sen": "senate", "house": "house", "senate": "senate"}
ROLES = {"rep": "representative", "sen": "senator"}
PARTIES = {"Democrat": "democratic-party", "Republican": "republican-party"}
BODIES = [
    {"id": "congress", "name": "United States Congress", "kind": "government"},
    {"id": "house", "name": "House of Representatives", "kind": "government", "parent": "congress"},
    {"id": "senate", "name": "Senate", "kind": "government", "parent": "congress"},
    {"id": "democratic-party", "name": "Democratic Party", "kind": "party"},
    {"id": "republican-party", "name": "Republican Party", "kind": "party"},
]
NAMES = ("{official_full}", "{first} {last}", "{nickname} {last}", "{first} {middle} {last}")


class Files(NamedTuple):
    """What the files say, by their own codes in small letters: the ids of the records."""

    legislators: dict[str, dict]
    committees: dict[str, dict]
    seats: dict[str, dict[str, dict]]


@pytest.fixture(scope="session")
def files() -> Files:
    if not FOLDER.is_dir():
        pytest.skip("the files of the legislators are not shipped with the project")

    def read(name: str) -> Any:
        return yaml.load((FOLDER / f"{name}.yaml").read_bytes(), yaml.CSafeLoader)

    committees = {}
    for whole in read("committees-current"):
        code = whole["thomas_id"]
        committees[code.lower()] = whole | {"above": CHAMBERS.get(whole["type"], "congress")}
        for part in whole.get("subcommittees", ()):
            full = code + part["thomas_id"]
            committees[full.lower()] = part | {"thomas_id": full, "above": code.lower()}
    seats = {
        code.lower(): {one["bioguide"].lower(): one for one in members}
        for code, members in read("committee-membership-current").items()
    }
    legislators = {one["id"]["bioguide"].lower(): one for one in read("legislators-current")}
    return Files(legislators, committees, seats)


def seeds(files: Files) -> Iterator[tuple[str, dict]]:
    """The files' records in seed form, each with its section."""
    for body in BODIES:
        yield "organizations", body
    for id, committee in files.committees.items():
        identifiers = [{"scheme": "thomas", "identifier": committee["thomas_id"]}]
        known = {"description": committee.get("jurisdiction"), "url": committee.get("url")}
        known |= {"parent": committee["above"], "identifiers": identifiers}
        yield "organizations", {"id": id, "name": committee["name"], "kind": "committee"} | known
    for id, legislator in files.legislators.items():
        name, *aliases = names(legislator)
        identifiers = [{"scheme": scheme, "identifier": code} for scheme, code in codes(legislator)]
        known = {"identifiers": identifiers, "memberships": [*memberships(files, id)]}
        known |= {"attributes": legislator["bio"], "url": legislator["terms"][-1].get("url")}
        yield "actors", {"id": id, "name": name, "aliases": aliases} | known


def names(legislator: dict) -> list[str]:
    found = []
    for form in NAMES:
        with suppress(KeyError):
            found.append(form.format(**legislator["name"]))
    return list(dict.fromkeys(found))


def codes(legislator: dict) -> Iterator[tuple[str, str]]:
    """What others call a legislator, with the scheme."""
    for scheme, value in legislator["id"].items():
        for code in value if isinstance(value, list) else [value]:
            yield scheme.replace("_", "-"), str(code)


def parties(legislator: dict) -> Iterator[tuple[str, dict]]:
    """A legislator's parties and when; an Independent has none."""
    for term in legislator["terms"]:
        for period in term.get("party_affiliations", [term]):
            if period["party"] != "Independent":
                yield PARTIES[period["party"]], period


def memberships(files: Files, id: str) -> Iterator[dict]:
    """Terms, offices and parties, and the committees of today, which have no dates."""
    legislator = files.legislators[id]
    terms = legislator["terms"]
    offices = legislator.get("leadership_roles", ())
    for organization, role, period in (
        *((CHAMBERS[term["type"]], ROLES[term["type"]], term) for term in terms),
        *((CHAMBERS[office["chamber"]], office["title"], office) for office in offices),
        *((party, None, period) for party, period in parties(legislator)),
        *((code, own[id].get("title"), {}) for code, own in files.seats.items() if id in own),
    ):
        dates = {"start_date": period.get("start"), "end_date": period.get("end")}
        yield {"organization": organization, "role": role} | dates


@cache
def plain(name: str) -> str:
    """A name's letters and digits, word by word."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return re.sub("[^a-z0-9]+", " ", re.sub("['’.]", "", bare.lower())).strip()


def words(name: str) -> set[str]:
    return set(plain(name).split())


def by_name(files: Files, found: Iterable[str]) -> list[str]:
    return sorted(set(found), key=lambda id: plain(names(files.legislators[id])[0]))


def members(files: Files) -> dict[str, set[str]]:
    """Who ever sat in each chamber, stood for each party, and sits on each committee."""
    found = defaultdict(set, {committee: set(seats) for committee, seats in files.seats.items()})
    for id, legislator in files.legislators.items():
        for term in legislator["terms"]:
            found[CHAMBERS[term["type"]]].add(id)
        for party, _ in parties(legislator):
            found[party].add(id)
    return found


@pytest.fixture(scope="session")
def congress_url(app: Flask, files: Files, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("congress") / "congress.jsonl"
    lines = [json.dumps({"type": section[:-1], **one}) for section, one in seeds(files)]
    path.write_text("\n".join(lines))
    url = new_url(path.parent, "congress")
    open_dataset(url)
    load([path])
    database.close()
    return url


@pytest.fixture
def congress(app: Flask, congress_url: str) -> Iterator[FlaskClient]:
    """A client of the legislators' dataset."""
    open_dataset(congress_url)
    yield app.test_client()
    database.close()


def meta(client: FlaskClient, url: str, **query: Any) -> dict:
    response = client.get(url, query_string={**query, "limit": 1})
    assert response.status_code == 200, response.text
    return response.json["meta"]


def listed(client: FlaskClient, url: str, limit: int = 200, **query: str) -> list[str]:
    """The ids of a list, to its end."""
    answers = pages(client, f"{url}?{urlencode({**query, 'fields': 'id'})}", limit)
    assert {answer["meta"]["total"] for answer in answers} == {len(ids_of(*answers))}
    return ids_of(*answers)


def understood(client: FlaskClient, filter: str, names: Iterable[str]) -> dict[str, tuple]:
    """For each name the tier, and whose claims are asked for."""
    asked = sorted(names)
    found = []
    for start in range(0, len(asked), 50):
        some = {filter: asked[start : start + 50]}
        found += meta(client, "/v1/claims", **some)["resolved"][filter]
    return {one["asked"]: (one["tier"], [match["id"] for match in one["matches"]]) for one in found}


def test_the_same_records_in_yaml(congress: FlaskClient, files: Files, tmp_path: Path):
    counts = [meta(congress, f"/v1/{type}")["total"] for type in ("actors", "organizations")]
    assert counts == [537, 235]
    sections = defaultdict(list)
    for section, record in seeds(files):
        sections[section].append(record)
    path = tmp_path / "congress.yaml"
    path.write_text(yaml.dump(dict(sections), Dumper=yaml.CSafeDumper))
    plan = load([path])
    assert (plan.changes, plan.unchanged) == (0, 772)


def test_every_identifier(congress: FlaskClient, files: Files):
    known = {id: codes(legislator) for id, legislator in files.legislators.items()}
    expected = {f"{scheme}:{code}": id for id, own in known.items() for scheme, code in own}
    found = understood(congress, "actor", expected)
    assert found == {code: ("id", [id]) for code, id in expected.items()}
    for code in (code for code in expected if code.startswith("bioguide:")):
        assert listed(congress, "/v1/actors", identifier=code) == [expected[code]]


def test_names_as_the_committees_write_them(congress: FlaskClient, files: Files):
    """Their file spells names in a way of its own, and has the codes beside them."""
    meant = {(one["name"], id) for seats in files.seats.values() for id, one in seats.items()}
    known = {id: names(legislator) for id, legislator in files.legislators.items()}
    asked = {name for name, _ in meant}
    asked |= {legislator["name"]["last"] for legislator in files.legislators.values()}
    found = understood(congress, "actor", asked)
    for name in asked:
        same = [id for id, own in known.items() if plain(name) in map(plain, own)]
        near = [id for id, own in known.items() if any(words(name) <= words(one) for one in own)]
        assert found[name] == (("name", same) if same else ("words", near)), name
    assert [(name, id) for name, id in meant if id not in found[name][1]] == []


@pytest.mark.parametrize(
    ("asked", "tier", "found"),
    [
        ("Bernie Sanders", "name", "s000033"),
        ("BERNARD SANDERS", "name", "s000033"),
        ("Chuy Garcia", "name", "g000586"),
        ("Alexandria Ocasio Cortez", "name", "o000172"),
        ("DeLauro, Rosa", "words", "d000216"),
        ("Sanchez", "words", "s001156"),
        ("fec:H2WA01054", "id", "c000127"),
        ("google-entity-id:kg:/m/01x68t", "id", "c000127"),
        ("Barack Obama", "none", ""),
    ],
)
def test_names(congress: FlaskClient, asked: str, tier: str, found: str):
    assert understood(congress, "actor", [asked]) == {asked: (tier, found.split())}


def test_committees_of_the_same_name_are_a_union(congress: FlaskClient, files: Files):
    same = defaultdict(list)
    for id, committee in files.committees.items():
        same[committee["name"]].append(id)
    found = understood(congress, "organization", same)
    assert found == {name: ("name", ids) for name, ids in same.items()}
    for name, ids in same.items():
        union = by_name(files, (member for id in ids for member in files.seats[id]))
        assert listed(congress, "/v1/actors", organization=name) == union, name


def test_members_of_each_organization(congress: FlaskClient, files: Files):
    for id, own in members(files).items():
        found = listed(congress, f"/v1/organizations/{id}/actors", limit=20)
        assert found == by_name(files, own), id


def test_organizations_of_each_legislator(congress: FlaskClient, files: Files):
    every = members(files)
    for id in files.legislators:
        found = listed(congress, f"/v1/actors/{id}/organizations")
        assert sorted(found) == sorted(one for one in every if id in every[one]), id


def test_offices_of_each_committee(congress: FlaskClient, files: Files):
    for committee, seats in files.seats.items():
        titles = {id: one["title"] for id, one in seats.items() if "title" in one}
        for asked in set(titles.values()):
            holders = [id for id, title in titles.items() if words(asked) <= words(title)]
            found = listed(congress, f"/v1/organizations/{committee}/actors", role=asked)
            assert found == by_name(files, holders), (committee, asked)


def test_subcommittees_of_each_committee(congress: FlaskClient, files: Files):
    for id in files.committees:
        found = listed(congress, f"/v1/organizations/{id}/suborganizations")
        parts = [one for one, part in files.committees.items() if part["above"] == id]
        assert sorted(found) == sorted(parts), id


def test_terms_of_each_legislator(congress: FlaskClient, files: Files):
    served = {
        actor["id"]: [
            (one["organization"]["id"], one["role"], one["start_date"], one["end_date"])
            for one in actor["memberships"]
            if one["role"] in ROLES.values()
        ]
        for answer in pages(congress, "/v1/actors?sort=id", 200)
        for actor in answer["data"]
    }
    for id, legislator in files.legislators.items():
        assert served[id] == [
            (CHAMBERS[term["type"]], ROLES[term["type"]], term["start"], term["end"])
            for term in legislator["terms"]
        ], id


@pytest.mark.parametrize("type", ROLES)
def test_who_sat_in_a_chamber_at_a_date(congress: FlaskClient, files: Files, type: str):
    """On the first and last days of terms, and in their months and years."""
    every = [(id, term) for id, one in files.legislators.items() for term in one["terms"]]
    terms = [(id, term["start"], term["end"]) for id, term in every if term["type"] == type]
    bounds = {day for _, start, end in terms for day in (start, end)}
    dates = sorted({day[:length] for day in bounds for length in (4, 7, 10)})
    for date in Random(type).sample(dates, 60):
        sat = [id for id, start, end in terms if start <= f"{date}~" and date <= end]
        url = f"/v1/organizations/{CHAMBERS[type]}/actors"
        found = listed(congress, url, role=ROLES[type], as_of=date)
        assert found == by_name(files, sat), date


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # one changed parties within a term, one left his
        ("organization=Democratic Party&as_of=2019-12-18&id=v000133", "v000133"),
        ("organization=Democratic Party&as_of=2019-12-19&id=v000133", ""),
        ("organization=Republican Party&as_of=2019-12-19&id=v000133", "v000133"),
        ("organization=Republican Party&as_of=2026-03-08&id=k000401", "k000401"),
        ("organization=Republican Party&as_of=2026-03-09&id=k000401", ""),
        # an assistant's office has all the words of the leader's
        ("role=Speaker of the House&as_of=2024", "j000299"),
        ("role=Speaker of the House&as_of=2020", "l000570 p000197"),
        ("role=Senate Majority Leader&as_of=2016", "m000355"),
        ("role=Senate Majority Leader&as_of=2022", "s000148 m001111"),
        # an office that has no end
        ("role=Senate Majority Leader&as_of=2040", "t000250"),
        # it is one membership that is asked for
        ("organization=senate&role=representative", ""),
    ],
)
def test_parties_and_offices_at_a_date(congress: FlaskClient, query: str, found: str):
    assert ids_of(*pages(congress, f"/v1/actors?{query}", 50)) == found.split()


def test_where_else_the_members_of_each_organization_sit(congress: FlaskClient, files: Files):
    every = members(files)
    lists = {f"organizations/{id}/actors": own for id, own in every.items()}
    for path, own in {"actors": set(files.legislators), **lists}.items():
        shared = {id: len(own & others) for id, others in every.items() if own & others}
        found = meta(congress, f"/v1/{path}", facet="organization")["facets"]["organization"]
        values = [(one["id"], one["count"]) for one in found["values"]]
        assert values == sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:20], path
        assert (found["groups"], found["missing"]) == (len(shared), 0), path
