"""Real data: the API agrees with the public files about legislators of the United States."""

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

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT.parent / "shared" / "data" / "congress-legislators"
CHAMBERS = {"rep": "house", "sen": "senate", "house": "house", "senate": "senate"}
ROLES = {"rep": "representative", "sen": "senator"}
PARTIES = {"Democrat": "democratic-party", "Republican": "republican-party"}
# chambers and parties, of which there are no files
BODIES = [
    {"id": "congress", "name": "United States Congress", "kind": "government"},
    {"id": "house", "name": "House of Representatives", "kind": "government", "parent": "congress"},
    {"id": "senate", "name": "Senate", "kind": "government", "parent": "congress"},
    {"id": "democratic-party", "name": "Democratic Party", "kind": "party"},
    {"id": "republican-party", "name": "Republican Party", "kind": "party"},
]
# forms of a name; the first that a legislator has is the name, all others are aliases
NAME_FORMS = ("{official_full}", "{first} {last}", "{nickname} {last}", "{first} {middle} {last}")


class Files(NamedTuple):
    """The content of the files, by the ids of the records: the files' own codes in lower case."""

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
    for committee in read("committees-current"):
        code = committee["thomas_id"]
        parent = CHAMBERS.get(committee["type"], "congress")
        committees[code.lower()] = committee | {"parent": parent}
        for subcommittee in committee.get("subcommittees", ()):
            full_code = code + subcommittee["thomas_id"]
            committees[full_code.lower()] = subcommittee | {
                "thomas_id": full_code,
                "parent": code.lower(),
            }
    seats = {
        code.lower(): {seat["bioguide"].lower(): seat for seat in committee_seats}
        for code, committee_seats in read("committee-membership-current").items()
    }
    legislators = {
        legislator["id"]["bioguide"].lower(): legislator
        for legislator in read("legislators-current")
    }
    return Files(legislators, committees, seats)


def seed_records(files: Files) -> Iterator[tuple[str, dict]]:
    """The records of the files in seed form, each with its section."""
    for body in BODIES:
        yield "organizations", body
    for id, committee in files.committees.items():
        identifiers = [{"scheme": "thomas", "identifier": committee["thomas_id"]}]
        yield (
            "organizations",
            {
                "id": id,
                "name": committee["name"],
                "kind": "committee",
                "description": committee.get("jurisdiction"),
                "url": committee.get("url"),
                "parent": committee["parent"],
                "identifiers": identifiers,
            },
        )
    for id, legislator in files.legislators.items():
        name, *aliases = names(legislator)
        identifiers = [{"scheme": scheme, "identifier": code} for scheme, code in codes(legislator)]
        yield (
            "actors",
            {
                "id": id,
                "name": name,
                "aliases": aliases,
                "identifiers": identifiers,
                "memberships": [*memberships(files, id)],
                "attributes": legislator["bio"],
                "url": legislator["terms"][-1].get("url"),
            },
        )


def names(legislator: dict) -> list[str]:
    """The name of a legislator and its aliases."""
    names = []
    for form in NAME_FORMS:
        with suppress(KeyError):
            names.append(form.format(**legislator["name"]))
    return list(dict.fromkeys(names))


def codes(legislator: dict) -> Iterator[tuple[str, str]]:
    """The identifiers of a legislator as (scheme, code)."""
    for scheme, value in legislator["id"].items():
        for code in value if isinstance(value, list) else [value]:
            yield scheme.replace("_", "-"), str(code)


def parties(legislator: dict) -> Iterator[tuple[str, dict]]:
    """The parties of a legislator with the period in each; an Independent has none."""
    for term in legislator["terms"]:
        for period in term.get("party_affiliations", [term]):
            if period["party"] != "Independent":
                yield PARTIES[period["party"]], period


def memberships(files: Files, id: str) -> Iterator[dict]:
    """Terms, offices and parties, and seats on the current committees, which have no dates."""
    legislator = files.legislators[id]
    terms = legislator["terms"]
    offices = legislator.get("leadership_roles", ())
    for organization, role, period in (
        *((CHAMBERS[term["type"]], ROLES[term["type"]], term) for term in terms),
        *((CHAMBERS[office["chamber"]], office["title"], office) for office in offices),
        *((party, None, period) for party, period in parties(legislator)),
        *((code, seats[id].get("title"), {}) for code, seats in files.seats.items() if id in seats),
    ):
        dates = {"start_date": period.get("start"), "end_date": period.get("end")}
        yield {"organization": organization, "role": role} | dates


@cache
def plain(name: str) -> str:
    """A name in lower case, without diacritics and punctuation."""
    decomposed = unicodedata.normalize("NFD", name)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub("[^a-z0-9]+", " ", re.sub("['’.]", "", letters.lower())).strip()


def words(name: str) -> set[str]:
    return set(plain(name).split())


def by_name(files: Files, ids: Iterable[str]) -> list[str]:
    """Legislators in the order of their names, without duplicates."""
    return sorted(set(ids), key=lambda id: plain(names(files.legislators[id])[0]))


def members(files: Files) -> dict[str, set[str]]:
    """The past and present members of each chamber and party, and the present of each committee."""
    members_of = defaultdict(
        set, {committee: set(seats) for committee, seats in files.seats.items()}
    )
    for id, legislator in files.legislators.items():
        for term in legislator["terms"]:
            members_of[CHAMBERS[term["type"]]].add(id)
        for party, _ in parties(legislator):
            members_of[party].add(id)
    return members_of


@pytest.fixture(scope="session")
def congress_url(app: Flask, files: Files, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("congress") / "congress.jsonl"
    lines = [
        json.dumps({"type": section.removesuffix("s"), **record})
        for section, record in seed_records(files)
    ]
    path.write_text("\n".join(lines))
    url = new_url(path.parent, "congress")
    open_dataset(url)
    load([path])
    database.close()
    return url


@pytest.fixture
def congress(app: Flask, congress_url: str) -> Iterator[FlaskClient]:
    """A client of the dataset of legislators."""
    open_dataset(congress_url)
    yield app.test_client()
    database.close()


def meta(client: FlaskClient, url: str, **query: Any) -> dict:
    response = client.get(url, query_string={**query, "limit": 1})
    assert response.status_code == 200, response.text
    return response.json["meta"]


def list_ids(client: FlaskClient, url: str, limit: int = 200, **query: str) -> list[str]:
    """The ids of all records of a list."""
    fetched = pages(client, f"{url}?{urlencode({**query, 'fields': 'id'})}", limit)
    assert {page["meta"]["total"] for page in fetched} == {len(ids_of(*fetched))}
    return ids_of(*fetched)


def resolved(client: FlaskClient, filter: str, names: Iterable[str]) -> dict[str, tuple]:
    """For each name its tier and the ids of its matches."""
    values = sorted(names)
    resolved_values = []
    for start in range(0, len(values), 50):
        query = {filter: values[start : start + 50]}
        resolved_values += meta(client, "/v1/claims", **query)["resolved"][filter]
    return {
        value["asked"]: (value["tier"], [match["id"] for match in value["matches"]])
        for value in resolved_values
    }


def test_same_records_in_yaml_change_nothing(congress: FlaskClient, files: Files, tmp_path: Path):
    counts = [meta(congress, f"/v1/{type}")["total"] for type in ("actors", "organizations")]
    assert counts == [537, 235]
    sections = defaultdict(list)
    for section, record in seed_records(files):
        sections[section].append(record)
    path = tmp_path / "congress.yaml"
    path.write_text(yaml.dump(dict(sections), Dumper=yaml.CSafeDumper))
    plan = load([path])
    assert (plan.changes, plan.unchanged) == (0, 772)


def test_every_identifier_names_its_legislator(congress: FlaskClient, files: Files):
    expected = {
        f"{scheme}:{code}": id
        for id, legislator in files.legislators.items()
        for scheme, code in codes(legislator)
    }
    matches = resolved(congress, "actor", expected)
    assert matches == {identifier: ("id", [id]) for identifier, id in expected.items()}
    for identifier in (value for value in expected if value.startswith("bioguide:")):
        assert list_ids(congress, "/v1/actors", identifier=identifier) == [expected[identifier]]


def test_names_in_the_committees_file_find_their_legislators(congress: FlaskClient, files: Files):
    """The committees' file has spellings of its own, and the code beside each name."""
    names_and_ids = {
        (seat["name"], id) for seats in files.seats.values() for id, seat in seats.items()
    }
    names_by_id = {id: names(legislator) for id, legislator in files.legislators.items()}
    spellings = {name for name, _ in names_and_ids}
    spellings |= {legislator["name"]["last"] for legislator in files.legislators.values()}
    matches = resolved(congress, "actor", spellings)
    for spelling in spellings:
        by_whole_name = [
            id for id, names in names_by_id.items() if plain(spelling) in map(plain, names)
        ]
        by_words = [
            id
            for id, names in names_by_id.items()
            if any(words(spelling) <= words(name) for name in names)
        ]
        expected = ("name", by_whole_name) if by_whole_name else ("words", by_words)
        assert matches[spelling] == expected, spelling
    assert [(name, id) for name, id in names_and_ids if id not in matches[name][1]] == []


@pytest.mark.parametrize(
    ("name", "tier", "ids"),
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
def test_name_finds_its_legislators(congress: FlaskClient, name: str, tier: str, ids: str):
    assert resolved(congress, "actor", [name]) == {name: (tier, ids.split())}


def test_name_of_two_committees_finds_the_members_of_both(congress: FlaskClient, files: Files):
    ids_by_name = defaultdict(list)
    for id, committee in files.committees.items():
        ids_by_name[committee["name"]].append(id)
    matches = resolved(congress, "organization", ids_by_name)
    assert matches == {name: ("name", ids) for name, ids in ids_by_name.items()}
    for name, ids in ids_by_name.items():
        expected = by_name(files, (member for id in ids for member in files.seats[id]))
        assert list_ids(congress, "/v1/actors", organization=name) == expected, name


def test_members_of_each_organization(congress: FlaskClient, files: Files):
    for id, expected in members(files).items():
        ids = list_ids(congress, f"/v1/organizations/{id}/actors", limit=20)
        assert ids == by_name(files, expected), id


def test_organizations_of_each_legislator(congress: FlaskClient, files: Files):
    members_of = members(files)
    for id in files.legislators:
        ids = list_ids(congress, f"/v1/actors/{id}/organizations")
        expected = [organization for organization in members_of if id in members_of[organization]]
        assert sorted(ids) == sorted(expected), id


def test_offices_of_each_committee(congress: FlaskClient, files: Files):
    for committee, seats in files.seats.items():
        titles = {id: seat["title"] for id, seat in seats.items() if "title" in seat}
        for role in set(titles.values()):
            holders = [id for id, title in titles.items() if words(role) <= words(title)]
            ids = list_ids(congress, f"/v1/organizations/{committee}/actors", role=role)
            assert ids == by_name(files, holders), (committee, role)


def test_subcommittees_of_each_committee(congress: FlaskClient, files: Files):
    for id in files.committees:
        ids = list_ids(congress, f"/v1/organizations/{id}/suborganizations")
        expected = [
            code for code, committee in files.committees.items() if committee["parent"] == id
        ]
        assert sorted(ids) == sorted(expected), id


def test_terms_of_each_legislator(congress: FlaskClient, files: Files):
    terms = {
        actor["id"]: [
            (
                membership["organization"]["id"],
                membership["role"],
                membership["start_date"],
                membership["end_date"],
            )
            for membership in actor["memberships"]
            if membership["role"] in ROLES.values()
        ]
        for page in pages(congress, "/v1/actors?sort=id", 200)
        for actor in page["data"]
    }
    for id, legislator in files.legislators.items():
        assert terms[id] == [
            (CHAMBERS[term["type"]], ROLES[term["type"]], term["start"], term["end"])
            for term in legislator["terms"]
        ], id


@pytest.mark.parametrize("type", ROLES)
def test_members_of_a_chamber_at_a_date(congress: FlaskClient, files: Files, type: str):
    """Dates are the first and last days of terms, with their months and years."""
    terms = [
        (id, term["start"], term["end"])
        for id, legislator in files.legislators.items()
        for term in legislator["terms"]
        if term["type"] == type
    ]
    bounds = {day for _, start, end in terms for day in (start, end)}
    dates = sorted({day[:length] for day in bounds for length in (4, 7, 10)})
    for date in Random(type).sample(dates, 60):
        members_at_date = [id for id, start, end in terms if start <= f"{date}~" and date <= end]
        url = f"/v1/organizations/{CHAMBERS[type]}/actors"
        ids = list_ids(congress, url, role=ROLES[type], as_of=date)
        assert ids == by_name(files, members_at_date), date


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        # v000133 changed parties within a term, k000401 left a party
        ("organization=Democratic Party&as_of=2019-12-18&id=v000133", "v000133"),
        ("organization=Democratic Party&as_of=2019-12-19&id=v000133", ""),
        ("organization=Republican Party&as_of=2019-12-19&id=v000133", "v000133"),
        ("organization=Republican Party&as_of=2026-03-08&id=k000401", "k000401"),
        ("organization=Republican Party&as_of=2026-03-09&id=k000401", ""),
        # the assistant leader's title contains all words of the leader's
        ("role=Speaker of the House&as_of=2024", "j000299"),
        ("role=Speaker of the House&as_of=2020", "l000570 p000197"),
        ("role=Senate Majority Leader&as_of=2016", "m000355"),
        ("role=Senate Majority Leader&as_of=2022", "s000148 m001111"),
        # an office without an end date
        ("role=Senate Majority Leader&as_of=2040", "t000250"),
        # organization and role must hold of the same membership
        ("organization=senate&role=representative", ""),
    ],
)
def test_parties_and_offices_at_a_date(congress: FlaskClient, query: str, ids: str):
    assert ids_of(*pages(congress, f"/v1/actors?{query}", 50)) == ids.split()


def test_facet_counts_the_organizations_of_the_members(congress: FlaskClient, files: Files):
    members_of = members(files)
    lists = {f"organizations/{id}/actors": actors for id, actors in members_of.items()}
    for path, actors in {"actors": set(files.legislators), **lists}.items():
        counts = {
            id: len(actors & members) for id, members in members_of.items() if actors & members
        }
        facet = meta(congress, f"/v1/{path}", facet="organization")["facets"]["organization"]
        values = [(value["id"], value["count"]) for value in facet["values"]]
        assert values == sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:20], path
        assert (facet["groups"], facet["missing"]) == (len(counts), 0), path
