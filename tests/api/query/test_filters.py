"""Every filter of every list, as tables of rows: a query string and the ids that match."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.list_parameters import FILTERS
from tests.api.query.claim_filter_rows import CLAIMS, NESTED
from tests.api.world import ids_of, pages

ALL = {
    "actors": "rutte erdogan isik-a isik-b obrien protesters official kaya",
    "organizations": "nato tuerkiye norway turkish-mfa anadolu daily herald unity-party factcheck"
    " acme",
    "events": "summit session interview campaign quiet",
    "sources": "aa reprint herald-report declaration leaf blog",
    "topics": "defence spending procurement energy",
    "positions": "five-percent join pipelines",
}

ACTORS = [
    ("", ALL["actors"]),
    ("q=rutte", "rutte"),
    ("q=secretary", "rutte"),
    ("q=dutch politician", "rutte"),
    ("q=isik -demir", "isik-a"),
    ("q=isik&topic=energy", "isik-b"),
    ("q=-isik", "rutte erdogan obrien protesters official kaya"),
    # organization, role and as_of must hold of the same membership
    ("organization=nato", "rutte obrien kaya"),
    ("organization=Atlantic Alliance", "rutte obrien kaya"),
    ("organization=unity-party", "rutte obrien"),
    ("organization=turkey", "erdogan"),
    ("organization=norway", ""),
    ("organization=nato&organization=TURKIYE", "rutte erdogan obrien kaya"),
    ("organization=!nato", "erdogan isik-a isik-b protesters official"),
    ("organization=!nato&organization=!turkey", "isik-a isik-b protesters official"),
    ("role=Secretary General", "rutte obrien"),
    ("role=general secretary", "rutte obrien"),
    ("role=deputy", "obrien kaya"),
    ("role=DEPUTY general", "obrien"),
    ("role=dep", ""),
    ("role=minister", ""),
    ("role=president&role=leader", "rutte erdogan"),
    ("attribute=born:1967", "rutte"),
    ("attribute=born:1967&attribute=gender:m", "rutte"),
    ("attribute=born:1967&attribute=gender:f", ""),
    ("attribute=gender:m&organization=turkey", ""),
    ("as_of=2025-05-14", "rutte erdogan obrien kaya"),
    ("as_of=2019-06", "rutte erdogan obrien"),
    ("as_of=1999", "obrien"),
    ("as_of=2014-08", "rutte erdogan obrien"),
    ("as_of=2014-08-27", "rutte obrien"),
    ("organization=nato&role=leader", ""),
    ("organization=unity-party&role=leader", "rutte"),
    ("organization=nato&as_of=2019", "obrien"),
    ("organization=nato&as_of=2023", "kaya"),
    ("organization=nato&as_of=2024", "rutte kaya"),
    ("role=leader&as_of=2023-08-31", "rutte"),
    ("role=leader&as_of=2023-09", ""),
    ("role=deputy&as_of=2025-05-31", "kaya"),
    ("role=deputy&as_of=2025-06", ""),
    ("organization=nato&role=secretary general&as_of=2025", "rutte"),
    ("organization=nato&organization=unity-party&role=member&role=envoy", "obrien kaya"),
    ("organization=!unity-party&role=secretary", ""),
    ("organization=!unity-party&role=envoy", "kaya"),
    ("organization=!nato&as_of=2025", "erdogan"),
    ("organization=nato&organization=!unity-party", "kaya"),
    # event: the actor took part, or made a claim there or at a part of it
    ("event=summit", "rutte erdogan protesters"),
    ("event=Hague Summit", "rutte erdogan protesters"),
    ("event=session", "erdogan protesters"),
    ("event=interview", "rutte"),
    ("event=campaign", "obrien"),
    ("event=quiet", ""),
    ("event=summit&event=campaign", "rutte erdogan obrien protesters"),
    ("event=!summit", "isik-a isik-b obrien official kaya"),
    ("event=!summit&event=!session", "isik-a isik-b obrien official kaya"),
    # topic, position, source of the actor's claims
    ("topic=defence", "rutte isik-b"),
    ("topic=procurement", "rutte"),
    ("topic=Power", "erdogan isik-b"),
    ("topic=nonsense", ""),
    ("topic=procurement&topic=energy", "rutte erdogan isik-b"),
    ("topic=!energy", "rutte isik-a obrien protesters official kaya"),
    ("topic=defence&topic=!energy", "rutte"),
    ("position=five-percent", "rutte"),
    ("position=pipelines", "erdogan obrien"),
    ("position=ukraine join", "rutte obrien"),
    ("position=join&position=pipelines", "rutte erdogan obrien"),
    ("position=!join", "erdogan isik-a isik-b protesters official kaya"),
    ("position=!pipelines", "rutte isik-a isik-b protesters official kaya"),
    ("source=aa", "rutte erdogan protesters"),
    ("source=Loose Leaf", "isik-b"),
    ("source=blog", ""),
    ("source=leaf&source=herald-report", "rutte isik-b"),
    ("source=!aa", "isik-a isik-b obrien official kaya"),
    ("source=!declaration", "rutte isik-a isik-b obrien protesters official kaya"),
    # other filters
    ("kind=group", "protesters"),
    ("kind=group&kind=unnamed", "protesters official"),
    ("kind=person&organization=nato", "rutte obrien kaya"),
    ("id=rutte", "rutte"),
    ("id=rutte&id=kaya&id=nobody", "rutte kaya"),
    ("id=nobody", ""),
    ("identifier=wikidata:Q57792", "rutte"),
    ("identifier=viaf:1&identifier=wikidata:Q57792", "rutte"),
    ("identifier=wikidata:Q7184", ""),
    ("updated_since=2026-01-02T03:04:05.123456Z", ALL["actors"]),
    ("updated_since=2026-01-03", "rutte"),
    ("updated_since=2027-01-01", ""),
    # stance, on the same row as position
    ("stance=oppose", "rutte erdogan obrien"),
    ("position=join&stance=oppose", "obrien"),
    ("position=five-percent&stance=oppose", "rutte"),
    # one claim passes all filters by claims; then taking part does not count
    ("organization=nato&topic=defence&event=summit", ""),
    ("event=summit&topic=energy", "erdogan"),
    ("event=summit&topic=defence", ""),
    ("event=interview&topic=procurement", ""),
    ("source=aa&topic=energy", "erdogan"),
    ("source=aa&position=five-percent&stance=oppose", ""),
    # an exclusion removes actors with any such claim, or who took part
    ("event=!summit&topic=defence", "isik-b"),
    ("source=aa&topic=!energy", "rutte protesters"),
    ("match=all&topic=spending&topic=energy", "isik-b"),
    ("match=all&topic=procurement&topic=spending&position=five-percent", "rutte"),
    ("match=all&position=five-percent&position=join&stance=support", ""),
    ("match=all&source=aa&source=reprint", "rutte protesters"),
]

ORGANIZATIONS = [
    ("", ALL["organizations"]),
    ("q=atlantic", "nato"),
    ("q=military", "nato"),
    ("q=the*", "daily herald"),
    ("q=-the -agency", "nato tuerkiye norway turkish-mfa unity-party factcheck acme"),
    ("q=turkey&country=TR", "tuerkiye"),
    ("attribute=founded:1949", "nato"),
    ("attribute=founded:1950", ""),
    ("kind=state", "tuerkiye norway"),
    ("kind=media&kind=ngo", "anadolu daily herald factcheck"),
    ("kind=committee", ""),
    ("country=TR", "tuerkiye turkish-mfa anadolu"),
    ("country=Turkey", "tuerkiye turkish-mfa anadolu"),
    ("country=norway", "norway unity-party"),
    ("country=GB&country=NO", "norway daily unity-party"),
    ("country=FR", ""),
    ("country=!TR", "nato norway daily herald unity-party factcheck acme"),
    ("country=!TR&country=!Norway", "nato daily herald factcheck acme"),
    ("parent=tuerkiye", "turkish-mfa"),
    ("parent=Turkey", "turkish-mfa"),
    ("parent=tuerkiye&parent=norway", "turkish-mfa unity-party"),
    ("parent=nato", ""),
    (
        "parent=!Turkey",
        "nato tuerkiye norway anadolu daily herald unity-party factcheck acme",
    ),
    ("actor=rutte", "nato unity-party"),
    ("actor=Erdogan", "tuerkiye"),
    ("actor=kaya", "nato"),
    ("actor=isik", ""),
    ("actor=kaya&actor=erdogan", "nato tuerkiye"),
    ("actor=!rutte", "tuerkiye norway turkish-mfa anadolu daily herald factcheck acme"),
    # event: the organization held it, took part, or made a claim there
    ("event=summit", "nato tuerkiye"),
    ("event=Hague Summit", "nato tuerkiye"),
    ("event=interview", "nato anadolu"),
    ("event=campaign", "unity-party"),
    ("event=session", ""),
    ("event=quiet", ""),
    ("event=summit&event=campaign", "nato tuerkiye unity-party"),
    (
        "event=!summit",
        "norway turkish-mfa anadolu daily herald unity-party factcheck acme",
    ),
    ("id=nato&id=acme", "nato acme"),
    ("id=rutte", ""),
    ("identifier=wikidata:Q7184", "nato"),
    ("identifier=wikidata:Q57792", ""),
    ("updated_since=2026-01-02", ALL["organizations"]),
    ("updated_since=2026-03-04T05:06:07.000001Z", "nato"),
    ("updated_since=2026-03-05", ""),
    ("kind=media&country=Turkey&event=interview", "anadolu"),
    # claims on behalf of the organization
    ("topic=defence", "nato turkish-mfa"),
    ("topic=!energy", "norway anadolu daily herald unity-party factcheck acme"),
    ("position=five-percent", "nato"),
    ("position=!five-percent&kind=state", "tuerkiye norway"),
    ("stance=oppose", "nato tuerkiye unity-party"),
    ("position=pipelines&stance=oppose", "tuerkiye"),
    ("source=aa", "nato tuerkiye"),
    ("source=aa&topic=energy", "tuerkiye"),
    ("event=interview&topic=spending", "nato"),
    ("match=all&topic=defence&topic=energy", "nato turkish-mfa"),
]

EVENTS = [
    ("", ALL["events"]),
    ("q=hague", "summit"),
    ("q=meeting", "summit quiet"),
    ("q=meeting -heads", "quiet"),
    ("q=meeting&actor=rutte", "summit"),
    ("attribute=level:heads", "summit"),
    ("attribute=level:heads&attribute=security:low", ""),
    ("kind=summit", "summit"),
    ("kind=meeting&kind=election", "session campaign quiet"),
    ("kind=treaty", ""),
    ("country=NL", "summit"),
    ("country=Türkiye", "interview"),
    ("country=NL&country=Norway", "summit campaign"),
    ("country=FR", ""),
    ("country=!NL", "session interview campaign quiet"),
    ("place=The Hague", "summit session"),
    ("place=hague forum", "session"),
    ("place=antalya&place=forum", "session interview"),
    ("place=Paris", ""),
    ("parent=summit", "session"),
    ("parent=Hague Summit", "session"),
    ("parent=session", ""),
    ("parent=!summit", "summit interview campaign quiet"),
    # actor: took part, or made a claim there or at a part of it
    ("actor=rutte", "summit interview"),
    ("actor=Mark Rutte", "summit interview"),
    ("actor=erdogan", "summit session"),
    ("actor=erdogan&actor=obrien", "summit session campaign"),
    ("actor=protesters", "summit session"),
    ("actor=official", ""),
    ("actor=!rutte", "session campaign quiet"),
    ("actor=!rutte&actor=!erdogan", "campaign quiet"),
    # organization: held the event, took part, or made a claim there
    ("organization=nato", "summit interview"),
    ("organization=Turkey", "summit"),
    ("organization=anadolu", "interview"),
    ("organization=unity-party", "campaign"),
    ("organization=anadolu&organization=unity-party", "interview campaign"),
    ("organization=factcheck", ""),
    ("organization=!nato", "session campaign quiet"),
    # topic of the claims made there
    ("topic=defence", "summit interview"),
    ("topic=Defense", "summit interview"),
    ("topic=spending", "interview"),
    ("topic=energy", "summit"),
    ("topic=energy&topic=spending", "summit interview"),
    ("topic=procurement", ""),
    ("topic=!energy", "session interview campaign quiet"),
    # dates
    ("date=2025", "summit session interview"),
    ("date=2025-06", "summit session"),
    ("date=2025-06-24", "session"),
    ("date=2025-05", "interview"),
    ("date=2025-05-14", ""),
    ("date=2023&date=2025-05", "interview quiet"),
    ("date=2024", ""),
    ("from_date=2025-06-25", "summit campaign"),
    ("from_date=2025-05-14", "summit session interview campaign"),
    ("from_date=2026", ""),
    ("to_date=2024", "campaign quiet"),
    ("to_date=2023-12", "quiet"),
    ("to_date=2025-05-01", "interview campaign quiet"),
    ("to_date=2022", ""),
    ("from_date=2025-05-10&to_date=2025-05-20", "interview campaign"),
    ("id=summit&id=quiet", "summit quiet"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q2", "summit"),
    ("identifier=wikidata:Q1", ""),
    ("updated_since=2026-01-02", ALL["events"]),
    ("updated_since=2026-03-04", "summit"),
    ("updated_since=2026-03-05", ""),
    # one claim passes all filters by claims; then taking part does not count
    ("actor=rutte&organization=Turkey&topic=energy&from_date=2025", ""),
    ("actor=erdogan&organization=Turkey&topic=energy&from_date=2025", "summit"),
    ("actor=rutte&organization=nato", "interview"),
    ("actor=rutte&topic=energy", ""),
    ("position=pipelines", "summit campaign"),
    ("position=!pipelines", "session interview quiet"),
    ("stance=oppose", "summit campaign"),
    ("position=pipelines&stance=support", "summit"),
    ("match=all&topic=defence&topic=energy", "summit"),
]

SOURCES = [
    ("", ALL["sources"]),
    ("q=herald", "herald-report"),
    ("q=%22must spend%22", "aa"),
    ("q=rutte&actor=erdogan", "aa"),
    ("q=-herald -rutte -blog", "reprint declaration leaf"),
    ("kind=article", "aa reprint"),
    ("kind=article&kind=post", "aa reprint blog"),
    ("kind=dataset", ""),
    ("publisher=anadolu", "aa"),
    ("publisher=The Daily", "reprint"),
    ("publisher=daily&publisher=nato", "reprint declaration"),
    ("publisher=norway", ""),
    ("publisher=!anadolu", "reprint herald-report declaration leaf blog"),
    ("origin=Anadolu Agency", "reprint"),
    ("origin=daily", ""),
    ("origin=daily&origin=anadolu", "reprint"),
    ("origin=!anadolu", "aa herald-report declaration leaf blog"),
    ("language=en", "aa reprint"),
    ("language=en-GB", "reprint"),
    ("language=en&language=de", "aa reprint herald-report"),
    ("language=fr", ""),
    ("language=!en", "herald-report declaration leaf blog"),
    ("language=!en&language=!de", "declaration leaf blog"),
    ("language=en&language=!en-GB", "aa"),
    ("actor=rutte", "aa reprint herald-report"),
    ("actor=Erdogan", "aa declaration"),
    ("actor=isik-b&actor=erdogan", "aa declaration leaf"),
    ("actor=official", ""),
    ("actor=!rutte", "declaration leaf blog"),
    ("event=summit", "aa reprint declaration"),
    ("event=Hague Summit", "aa reprint declaration"),
    ("event=session", "aa reprint"),
    ("event=quiet", ""),
    ("event=!summit", "herald-report leaf blog"),
    ("topic=defence", "aa reprint herald-report declaration leaf"),
    ("topic=procurement", "herald-report"),
    ("topic=power", "aa declaration leaf"),
    ("topic=procurement&topic=energy", "aa herald-report declaration leaf"),
    ("topic=!energy", "reprint herald-report blog"),
    ("date=2025", "aa reprint herald-report declaration"),
    ("date=2025-05", "aa reprint"),
    ("date=2025-05-14&date=2025-06", "aa declaration"),
    ("date=2024", ""),
    ("from_date=2025-05-15", "reprint herald-report declaration"),
    ("from_date=2026", ""),
    ("to_date=2025-05-14", "aa herald-report"),
    ("to_date=2024", ""),
    ("from_date=2025-06-10&to_date=2025-06-20", "herald-report declaration"),
    ("id=blog&id=aa", "aa blog"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q3", "aa"),
    ("identifier=wikidata:Q1", ""),
    ("updated_since=2026-01-02", ALL["sources"]),
    ("updated_since=2026-03-04", "aa"),
    ("updated_since=2026-03-05", ""),
    ("actor=rutte&topic=procurement&kind=report", "herald-report"),
    ("actor=rutte&topic=energy", ""),
    ("organization=nato", "aa reprint herald-report declaration"),
    ("organization=!nato", "leaf blog"),
    ("position=join", "aa reprint herald-report"),
    ("stance=oppose", "aa herald-report declaration"),
    ("position=five-percent&stance=oppose", "herald-report"),
    ("match=all&topic=spending&topic=energy", "leaf"),
]

TOPICS = [
    ("", ALL["topics"]),
    ("q=defen*", "defence spending"),
    ("q=arms", "defence procurement"),
    ("q=power", "energy"),
    ("q=arms&parent=spending", "procurement"),
    ("parent=defence", "spending"),
    ("parent=Defense", "spending"),
    ("parent=defence&parent=spending", "spending procurement"),
    ("parent=energy", ""),
    ("parent=!defence", "defence procurement energy"),
    ("actor=rutte", "defence spending procurement"),
    ("actor=Mark Rutte", "defence spending procurement"),
    ("actor=erdogan", "energy"),
    ("actor=isik-b", "defence spending energy"),
    ("actor=erdogan&actor=rutte", "defence spending procurement energy"),
    ("actor=official", ""),
    ("actor=!rutte", "energy"),
    ("event=summit", "defence energy"),
    ("event=Hague Summit", "defence energy"),
    ("event=interview", "defence spending"),
    ("event=interview&event=summit", "defence spending energy"),
    ("event=quiet", ""),
    ("event=!summit", "spending procurement"),
    ("id=defence&id=energy", "defence energy"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q1", "defence"),
    ("identifier=wikidata:Q2", ""),
    ("updated_since=2026-01-02", ALL["topics"]),
    ("updated_since=2026-03-04", "defence"),
    ("updated_since=2026-03-05", ""),
    ("parent=defence&actor=rutte&event=interview", "spending"),
    ("organization=nato", "defence spending procurement energy"),
    ("organization=Turkey", "energy"),
    ("organization=unity-party", ""),
    ("organization=!Turkey", "defence spending procurement"),
    ("actor=rutte&organization=nato&event=interview", "defence spending"),
    ("actor=rutte&organization=Turkey", ""),
]

POSITIONS = [
    ("", ALL["positions"]),
    ("q=goal", "five-percent"),
    ("q=%22will join%22", "join"),
    ("q=-closed", "five-percent join"),
    ("q=ukraine&actor=rutte", "join"),
    ("attribute=axis:spending", "five-percent"),
    ("attribute=axis:spending&topic=energy", ""),
    ("topic=defence", "five-percent pipelines"),
    ("topic=Defense", "five-percent pipelines"),
    ("topic=procurement", "pipelines"),
    ("topic=energy", "pipelines"),
    ("topic=energy&topic=spending", "five-percent pipelines"),
    ("topic=nonsense", ""),
    ("topic=!energy", "five-percent join"),
    ("topic=!spending", "join"),
    ("actor=rutte", "five-percent join"),
    ("actor=Erdogan", "pipelines"),
    ("actor=erdogan&actor=obrien", "join pipelines"),
    ("actor=official", ""),
    ("actor=!rutte", "pipelines"),
    ("id=join&id=pipelines", "join pipelines"),
    ("id=nothing", ""),
    ("identifier=wikidata:Q1", "five-percent"),
    ("identifier=wikidata:Q2", ""),
    ("updated_since=2026-01-02", ALL["positions"]),
    ("updated_since=2026-03-04", "five-percent"),
    ("updated_since=2026-03-05", ""),
    ("topic=defence&actor=rutte", "five-percent"),
    ("organization=nato", "five-percent join pipelines"),
    ("organization=Turkey", "pipelines"),
    ("organization=!Turkey", "five-percent join"),
    ("actor=rutte&organization=unity-party", ""),
]

TABLES = {
    "claims": CLAIMS,
    "actors": ACTORS,
    "organizations": ORGANIZATIONS,
    "events": EVENTS,
    "sources": SOURCES,
    "topics": TOPICS,
    "positions": POSITIONS,
}
# URL and ids
ROWS = [
    pytest.param(f"/v1/{path}?{query}".rstrip("?"), ids, id=f"{path}?{query}")
    for path, rows in TABLES.items()
    for query, ids in rows
] + [
    pytest.param(f"/v1/{path}?{query}".rstrip("?"), ids, id=f"{path}?{query}")
    for path, query, ids in NESTED
]


@pytest.mark.parametrize(("url", "ids"), ROWS)
def test_filter(world: FlaskClient, url: str, ids: str):
    separator = "&" if "?" in url else "?"
    page = world.get(f"{url}{separator}limit=200").json
    assert set(ids_of(page)) == set(ids.split())
    assert len(page["data"]) == page["meta"]["total"] == len(ids.split())
    # in pages, and in orders for which the database reads other indexes
    for sort in ("sort=-id", "sort=updated_at", ""):
        fetched = pages(world, f"{url}{separator}{sort}".rstrip("?&"), 2)
        assert sorted(ids_of(*fetched)) == sorted(ids.split())
        assert {page["meta"]["total"] for page in fetched} == {len(ids.split())}


@pytest.mark.parametrize("section", FILTERS)
def test_tables_have_every_filter(section: str):
    rows = TABLES.get(section, [])
    filters = {part.partition("=")[0] for query, _ in rows for part in query.split("&")}
    module = "claim_filter_rows" if section == "claims" else "test_filters"
    assert filters - {"", "match"} == set(FILTERS[section]), (
        f"add rows for the filter to {section.upper()} in tests/api/query/{module}.py"
    )


# parameters that change how a list is shown, or that have a table of their own
OTHER_PARAMETERS = {
    "sort", "limit", "cursor", "count", "include", "fields", "facet", "facet_limit", "format",
    "has", "match", "bom", "highlight",
}  # fmt: skip
REQUIRED_PARAMETERS = {"sort", "limit", "cursor", "count"}
ADD_FILTER = (
    "add the filter to GROUPS in tests/api/list_parameters.py;"
    " add any other parameter to OTHER_PARAMETERS in tests/api/query/test_filters.py"
)


def accepted_filters(client: FlaskClient, path: str) -> set[str]:
    """The filters of a list, as its error about an unknown parameter names them."""
    detail = client.get(f"/v1/{path}?colour=red").json["detail"]
    parameters = {name.strip(" .") for name in detail.partition("It takes:")[2].split(",")}
    assert parameters >= REQUIRED_PARAMETERS
    return parameters - OTHER_PARAMETERS


@pytest.mark.parametrize("section", FILTERS)
def test_list_accepts_the_filters_of_the_table(world: FlaskClient, section: str):
    assert accepted_filters(world, section) == set(FILTERS[section]), ADD_FILTER


@pytest.mark.parametrize(
    ("path", "fixed_filter"),
    [
        ("actors/rutte/claims", "actor"),
        ("organizations/nato/claims", "organization"),
        ("events/summit/claims", "event"),
    ],
)
def test_nested_list_has_no_filter_for_the_record_of_its_path(
    world: FlaskClient, path: str, fixed_filter: str
):
    response = world.get(f"/v1/{path}?{fixed_filter}=rutte")
    assert (response.status_code, response.json["code"]) == (400, "unknown-parameter")
    assert accepted_filters(world, path) == set(FILTERS["claims"]) - {fixed_filter}, ADD_FILTER


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("organizations?parent=!!Acme", ""),
        ("actors?organization=!!Acme", ""),
        ("claims?publisher=!!The Daily", "spend march"),
        ("claims?actor=!!rutte", "spend oppose"),
    ],
)
def test_two_exclamation_marks_stand_for_one_in_the_name(world: FlaskClient, url: str, ids: str):
    page = world.get(f"/v1/{url}").json
    assert set(ids_of(page)) == set(ids.split())
    ((value,),) = page["meta"]["resolved"].values()
    assert value["exclude"] is False
    assert value["asked"].startswith("!")
    assert not value["asked"].startswith("!!")
