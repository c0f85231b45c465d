"""Popolo: a parliament becomes actors, organizations, events and dated roles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from models.dataset import read_dataset
from seeds.imports.popolo import PopoloImport, organization_kind
from seeds.imports.run import run_import
from seeds.problems import Refused
from tests.seeds.build import exported

CONGRESS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "congress-legislators"
EVERY_FIELD = {
    "persons": [
        {
            "id": "p1", "name": "Ada  Lund", "given_name": "Ada", "family_name": "Lund",
            "other_names": [
                {"name": "A. Lund", "note": "short"}, {"given_name": "Ada", "family_name": "Berg"},
                {"name": "Ada Lund"}, {"name": "A. Lund"},
            ],
            "identifiers": [
                {"scheme": "Wikidata", "identifier": "Q1"}, {"scheme": "my id", "identifier": 7},
            ],
            "summary": "Mayor of the harbour", "biography": "Born at sea", "gender": "female",
            "birth_date": "1980-02", "death_date": "", "honorific_prefix": "Dr",
            "honorific_suffix": "MP", "national_identity": "Coastal",
            "image": "https://example.org/lund.jpg", "email": "lund@example.org",
            "contact_details": [{"type": "phone", "value": "1"}],
            "links": [{"url": "https://example.org/lund", "note": "home"}],
            "sources": [{"url": "https://example.org/s"}],
            "memberships": [{"organization_id": "o3", "role": "chair"}],
        },
        {"id": 2, "given_name": "Jonas", "family_name": "Berg"},
        {"id": "p3", "other_names": [{"note": "Main", "given_name": "Eva", "family_name": "Ek"}]},
    ],
    "organizations": [
        {
            "id": "o1", "name": "Council", "classification": "legislature",
            "founding_date": "1900", "dissolution_date": "2100", "area_id": "a1",
            "abstract": "The council", "image": "https://example.org/c.png",
            "other_names": [{"name": "City Council"}],
            "identifiers": [{"scheme": "wikidata", "identifier": "Q2"}],
            "links": [{"url": "https://example.org/council"}],
            "posts": [{"id": "t2", "label": "Clerk"}],
        },
        {"id": "o2", "name": "Harbour Party", "classification": "Party"},
        {"id": "o3", "name": "Tram Committee", "classification": "committee", "parent_id": "o1"},
    ],
    "areas": [{"id": "a1", "name": "Old Town"}, {"id": "a2", "name": "Docks"}],
    "posts": [
        {"id": "t1", "label": "Member for Docks", "role": "Member", "organization_id": "o1",
         "area_id": "a2"},
    ],
    "memberships": [
        {"person_id": "p1", "post_id": "t1", "on_behalf_of_id": "o2",
         "start_date": "2021-01-01T00:00:00", "end_date": "2022"},
        {"person_id": "2", "organization_id": "o1", "legislative_period_id": "e1",
         "label": "Whip", "area": {"name": "Hills"}},
        {"person": {"id": "p3"}, "organization": {"id": "o2"}},
        {"person": {"id": "p3"}, "organization": {"id": "o2"}},
    ],
    "events": [
        {"id": "e1", "name": "Term of 2020", "classification": "legislative period",
         "start_date": "2020-01-01", "end_date": "2024-12-31", "organization_id": "o1"},
        {"id": "e2", "name": "Tram hearing", "classification": "Hearing",
         "start_date": "2021-05-14", "location": "Town hall", "parent_id": "e1",
         "description": "On the tram", "attendees": [{"id": "p1", "role": "speaker"}, {"id": 2}],
         "identifiers": [{"scheme": "agenda", "identifier": "5"}]},
    ],
}  # fmt: skip
IMPORTED = [
    {
        "type": "organization", "id": "council", "name": "Council", "kind": "parliament",
        "aliases": ["City Council"], "description": "The council",
        "url": "https://example.org/council",
        "identifiers": [{"scheme": "wikidata", "identifier": "Q2"}],
        "attributes": {
            "classification": "legislature", "founding_date": "1900", "dissolution_date": "2100",
            "image": "https://example.org/c.png", "area": "Old Town",
        },
    },
    {
        "type": "organization", "id": "harbour-party", "name": "Harbour Party", "kind": "party",
        "attributes": {"classification": "Party"},
    },
    {
        "type": "organization", "id": "tram-committee", "name": "Tram Committee",
        "kind": "committee", "parent": "council", "attributes": {"classification": "committee"},
    },
    {
        "type": "actor", "id": "ada-lund", "name": "Ada Lund", "kind": "person",
        "aliases": ["A. Lund", "Ada Berg"], "description": "Born at sea",
        "url": "https://example.org/lund",
        "memberships": [
            {
                "organization": "council", "role": "Member", "on_behalf_of": "harbour-party",
                "area": "Docks", "start_date": "2021-01-01", "end_date": "2022",
            },
            {"organization": "tram-committee", "role": "chair"},
        ],
        "identifiers": [
            {"scheme": "wikidata", "identifier": "Q1"}, {"scheme": "my-id", "identifier": "7"},
        ],
        "attributes": {
            "gender": "female", "birth_date": "1980-02", "honorific_prefix": "Dr",
            "honorific_suffix": "MP", "national_identity": "Coastal",
            "image": "https://example.org/lund.jpg",
        },
    },
    {
        "type": "actor", "id": "jonas-berg", "name": "Jonas Berg", "kind": "person",
        "memberships": [
            {
                "organization": "council", "role": "Whip", "area": "Hills",
                "start_date": "2020-01-01", "end_date": "2024-12-31",
            }
        ],
    },
    {
        "type": "actor", "id": "eva-ek", "name": "Eva Ek", "kind": "person",
        "memberships": [{"organization": "harbour-party"}],
    },
    {
        "type": "event", "id": "term-of-2020", "name": "Term of 2020", "kind": "other",
        "start_date": "2020-01-01", "end_date": "2024-12-31", "organizers": ["council"],
        "attributes": {"classification": "legislative period"},
    },
    {
        "type": "event", "id": "tram-hearing", "name": "Tram hearing", "kind": "hearing",
        "start_date": "2021-05-14", "place": "Town hall", "parent": "term-of-2020",
        "participants": [{"actor": "ada-lund", "role": "speaker"}, {"actor": "jonas-berg"}],
        "description": "On the tram", "identifiers": [{"scheme": "agenda", "identifier": "5"}],
        "attributes": {"classification": "Hearing"},
    },
]  # fmt: skip


@pytest.fixture
def import_popolo(dataset, tmp_path):
    """Load a document, or text as it is; gives the report."""

    def import_popolo(document, *, scheme="", **options):
        path = tmp_path / "f.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return run_import(PopoloImport(scheme).read, path, **options)

    return import_popolo


def warnings(report):
    return [str(warning).partition("f.json: ")[2] for warning in report.warnings.kept]


def names():
    return {record["id"]: record["name"] for record in exported()}


def test_every_field_has_a_place(import_popolo):
    report = import_popolo(EVERY_FIELD)
    assert exported() == IMPORTED
    assert report.told == {
        "persons": 3,
        "organizations": 3,
        "memberships": 5,
        "posts": 2,
        "events": 2,
        "areas": 2,
        "dates whose time of day is left out": 1,
        "posts without a membership, left out": 1,
        "contact details, left out": 2,
        "sources, left out": 1,
    }
    assert warnings(report) == []
    again = import_popolo(EVERY_FIELD)
    assert {state for _, state in again.drafted} == {"unchanged"}


def test_a_later_file_adds_to_what_the_dataset_has(import_popolo, load):
    load(
        organizations=[{"id": "council", "name": "Council", "kind": "government"}],
        actors=[
            {
                "id": "lund", "name": "Lund", "aliases": ["Mayor Lund"],
                "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
                "memberships": [
                    {"organization": "council", "role": "mayor", "start_date": "2020"},
                    {"organization": "council", "role": "guest"},
                ],
                "attributes": {"wing": "left"},
            }
        ],
    )  # fmt: skip
    import_popolo(
        {
            "persons": [
                {
                    "id": "p1", "name": "Ada Lund", "gender": "female",
                    "other_names": [{"name": "A. Lund"}],
                    "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
                }
            ],
            "organizations": [{"id": "o1", "name": "Council", "classification": "legislature"}],
            "memberships": [
                {"person_id": "p1", "organization_id": "o1", "role": "mayor",
                 "start_date": "2020", "end_date": "2024"},
                {"person_id": "p1", "organization_id": "o1", "role": "member"},
            ],
        },
        scheme="city",
    )  # fmt: skip
    council, lund = exported()
    assert (council["kind"], council["identifiers"]) == (
        "government",
        [{"scheme": "city", "identifier": "o1"}],
    )
    assert lund == {
        "type": "actor", "id": "lund", "name": "Lund", "kind": "person",
        "aliases": ["Mayor Lund", "Ada Lund", "A. Lund"],
        "memberships": [
            {"organization": "council", "role": "mayor", "start_date": "2020", "end_date": "2024"},
            {"organization": "council", "role": "guest"},
            {"organization": "council", "role": "member"},
        ],
        "identifiers": [
            {"scheme": "wikidata", "identifier": "Q1"}, {"scheme": "city", "identifier": "p1"},
        ],
        "attributes": {"wing": "left", "gender": "female"},
    }  # fmt: skip


def test_namesakes_stay_apart(import_popolo):
    namesakes = {"persons": [{"id": id, "name": "Jo Smith"} for id in ("1", "2")]}
    for _ in range(2):
        import_popolo(namesakes)
        assert names() == {"jo-smith-693ada0b": "Jo Smith", "jo-smith-a733588d": "Jo Smith"}


def test_a_scheme_keeps_a_later_namesake_apart(import_popolo):
    import_popolo({"persons": [{"id": "1", "name": "Jo Smith"}]}, scheme="city")
    import_popolo({"persons": [{"id": id, "name": "Jo Smith"} for id in "12"]}, scheme="city")
    assert list(names().values()) == ["Jo Smith"] * 2
    import_popolo({"persons": [{"id": "1", "name": "Jo Smith-Berg"}]}, scheme="city")
    aliases = {record["id"]: record.get("aliases") for record in exported()}
    assert aliases["jo-smith"] == ["Jo Smith-Berg"]


PERSON = {"persons": [{"id": "p", "name": "Ada Lund"}]}
COUNCIL = {"organizations": [{"id": "o", "name": "Council"}]}
FAULTS = [
    ({"memberships": [{"person_id": "x", "organization_id": "o"}]},
     "membership 1: person_id: 'x': no person of the file has this id: the membership is left"
     " out"),
    ({"memberships": [{"person_id": "p", "organization_id": "x"}]},
     "membership 1: organization_id: 'x': no organization of the file has this id: the membership"
     " is left out"),
    ({"memberships": [{"organization_id": "o"}]},
     "membership 1: person_id: is missing: the membership is left out"),
    ({"memberships": [{"person_id": "p"}]},
     "membership 1: organization_id: is missing: the membership is left out"),
    ({"memberships": [{"person_id": "p", "organization_id": "o", "post_id": "x"}]},
     "membership 1: post_id: 'x': no post of the file has this id: the post is left out"),
    ({"memberships": [{"person_id": "p", "organization_id": "o", "on_behalf_of_id": "x"}]},
     "membership 1: on_behalf_of_id: 'x': no organization of the file has this id: it is left"
     " out"),
    ({"memberships": [{"person_id": "p", "organization_id": "o", "area_id": "x"}]},
     "membership 1: area_id: 'x': no area of the file has this id: it is left out"),
    ({"memberships": [{"person_id": "p", "organization_id": "o", "start_date": "May"}]},
     "membership 1: start_date: 'May': not a date: write 2025, 2025-05 or 2025-05-14; it is left"
     " out"),
    ({"persons": [{"id": "q"}, *PERSON["persons"]]},
     "person 1: name: 'q': is missing: the person is left out"),
    ({"events": [{"id": "e", "name": "Vote"}]},
     "event 1: start_date: 'Vote': is missing: the event is left out"),
    ({"organizations": [{"id": "o", "name": "Council", "parent_id": "x"}]},
     "organization 1: parent_id: 'x': no organization of the file has this id: it is left out"),
    ({"persons": [{"id": "p", "name": "Ada Lund", "identifiers": [{"identifier": "1"}]}]},
     "person 1: identifiers: \"{'identifier': '1'}\": needs a scheme and an identifier: it is"
     " left out"),
    ({"persons": [{"id": "p", "name": "Ada Lund", "links": [{"url": "lund.example"}]}]},
     "person 1: links: 'lund.example': invalid URL: it must start with http:// or https://; it is"
     " left out"),
    ({"events": [{"id": "e", "name": "Vote", "start_date": "2025", "attendees": [{"id": "x"}]}]},
     "event 1: person_id: 'x': no person of the file has this id: the attendee is left out"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "warning"), FAULTS)
def test_what_leads_nowhere_is_told_and_left_out(import_popolo, changes, warning):
    report = import_popolo(PERSON | COUNCIL | changes)
    assert warnings(report) == [warning]
    assert {"ada-lund", "council"} <= names().keys()


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("", ": is empty: give a JSON file"),
        ("<xml/>", ":1: is HTML or XML, not JSON: take the JSON out of it"),
        ("[]", ": is no Popolo file: give one JSON object with a list of persons"),
        ("{}\n{}", ": is no Popolo file: give one JSON object with a list of persons"),
        ({"people": []}, ": is no Popolo file: it has none of the lists persons, organizations,"
         " memberships, posts, events, areas"),
        ({"persons": {"id": "p"}}, ": persons: must be a list"),
        ({"persons": ["Ada"]}, ": person 1: 'Ada': must be an object with fields"),
        ({**PERSON, "memberships": [7]},
         ": membership 1: '7': must be an object with fields"),
        ({"persons": PERSON["persons"] * 2},
         ": person 2: id: 'p': is the id of an earlier person: give each its own"),
        (
            {**PERSON, **COUNCIL, "memberships": [{"person_id": "p", "organization_id": "o",
             "start_date": "2025", "end_date": "2024"}]},
            ": person 1: actor ada-lund: memberships.0.end_date: '2024': is before start_date"
            " 2025",
        ),
    ],
    ids=range(10),
)  # fmt: skip
def test_other_files_are_refused(import_popolo, document, error):
    with pytest.raises(Refused) as refused:
        import_popolo(document)
    assert [str(problem).rpartition("f.json")[2] for problem in refused.value.problems] == [error]
    assert read_dataset().version == 0


@pytest.mark.parametrize(
    ("classification", "kind"),
    [
        ("party", "party"), ("Parliamentary group", "party"), ("chamber", "parliament"),
        ("upper house", "parliament"), ("Select Committee", "committee"),
        ("ministry", "government"), ("media", "media"), ("", "other"), ("club", "other"),
    ],
)  # fmt: skip
def test_a_classification_gives_the_kind(classification, kind):
    assert organization_kind(classification) == kind


def read_congress(name: str):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((CONGRESS / f"{name}.yaml").read_text(), loader)  # noqa: S506


def congress() -> dict:
    """The members of the Congress of the United States, their terms and committees, as Popolo."""
    chambers = {"rep": "House of Representatives", "sen": "Senate"}
    persons, memberships = [], []
    organizations = [
        {"id": type, "name": name, "classification": "chamber"} for type, name in chambers.items()
    ]
    parties = {}
    for legislator in read_congress("legislators-current"):
        id = legislator["id"]["bioguide"]
        name = legislator["name"]
        persons.append(
            {
                "id": id,
                "name": name.get("official_full") or f"{name['first']} {name['last']}",
                "birth_date": legislator["bio"].get("birthday"),
                "gender": legislator["bio"]["gender"],
                "other_names": [{"name": f"{name['first']} {name['last']}"}],
                "identifiers": [
                    {"scheme": scheme, "identifier": legislator["id"].get(scheme)}
                    for scheme in ("wikidata", "govtrack", "bioguide")
                    if legislator["id"].get(scheme)
                ],
            }
        )
        for term in legislator["terms"]:
            party = parties.setdefault(term.get("party"), f"party-{term.get('party')}")
            memberships.append(
                {
                    "person_id": id, "organization_id": term["type"], "role": term["type"],
                    "on_behalf_of_id": party if term.get("party") else None,
                    "area": {"name": f"{term['state']} {term.get('district', '')}".strip()},
                    "start_date": term["start"], "end_date": term["end"],
                }
            )  # fmt: skip
    organizations += [
        {"id": id, "name": f"{name} Party", "classification": "party"}
        for name, id in parties.items()
        if name
    ]
    for committee in read_congress("committees-current"):
        id = committee["thomas_id"]
        organizations.append({"id": id, "name": committee["name"], "classification": "committee"})
        organizations += [
            {"id": id + sub["thomas_id"], "name": sub["name"], "classification": "committee",
             "parent_id": id}
            for sub in committee.get("subcommittees", ())
        ]  # fmt: skip
    for id, members in read_congress("committee-membership-current").items():
        memberships += [
            {"person_id": member["bioguide"], "organization_id": id,
             "role": member.get("title", "Member")}
            for member in members
        ]  # fmt: skip
    return {"persons": persons, "organizations": organizations, "memberships": memberships}


def test_the_congress_is_imported(import_popolo):
    if not CONGRESS.is_dir():
        pytest.skip("the data of the Congress is not shipped with the project")
    report = import_popolo(congress(), scheme="bioguide")
    actors = {record["name"]: record for record in exported() if record["type"] == "actor"}
    roles = sum(len(actor["memberships"]) for actor in actors.values())
    assert (len(actors), report.told["memberships"], roles) == (537, 2792 + 3879, 6671)
    cantwell = actors["Maria Cantwell"]
    assert cantwell["memberships"][0] == {
        "organization": "house-of-representatives", "role": "rep",
        "on_behalf_of": "democrat-party", "area": "WA 1",
        "start_date": "1993-01-05", "end_date": "1995-01-03",
    }  # fmt: skip
    assert warnings(report) == []
