"""The shipped seeds about NATO: quotations, references, and numbers of claims."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds" / "data" / "nato"
ARTICLE = ROOT.parent / "shared" / "article" / "defensehere-2025-05-14-rutte.txt"

INTERVIEW = "anadolu-agency-interview-rutte-antalya-2025"
ANTALYA_SOURCES = {"defensehere-2025-rutte-antalya-interview", "defensehere-2025-05-14-post"}


def read(name):
    return yaml.safe_load((SEEDS / name).read_text(encoding="utf-8"))


ANTALYA = read("claims-antalya.yaml")["claims"]
PUBLIC_RECORD = read("claims-public-record.yaml")["claims"]
CLAIMS = ANTALYA + PUBLIC_RECORD
FILES = {
    "organizations.yaml": "organizations",
    "actors.yaml": "actors",
    "topics.yaml": "topics",
    "positions.yaml": "positions",
    "events.yaml": "events",
    "sources.yaml": "sources",
}
DATA = {section: read(name)[section] for name, section in FILES.items()} | {"claims": CLAIMS}


@pytest.fixture(scope="module")
def article():
    if not ARTICLE.exists():
        pytest.skip("the text of the Defensehere article is not shipped with the project")
    return ARTICLE.read_text(encoding="utf-8")


def words(text):
    return re.findall(r"\w+", re.sub("[’']", "", text.lower()))


def word_sequences(text, length=8):
    text_words = words(text)
    return {tuple(text_words[i : i + length]) for i in range(len(text_words) - length + 1)}


def quotations(article):
    """The quotations in the article, except lines that are one quotation."""
    for line in article.splitlines():
        if not re.fullmatch("“[^“”]*”", line.strip()):
            yield from re.findall("“([^“”]*)”", line)


def test_each_quote_is_part_of_one_quotation_in_the_article(article):
    article_quotations = list(quotations(article))
    quotes = {claim["quote"] for claim in ANTALYA if "quote" in claim}
    quotes |= {
        report["exact"] for claim in ANTALYA for report in claim["reports"] if "exact" in report
    }
    assert len(article_quotations) == 16
    assert [
        quote for quote in quotes if not any(quote in quotation for quotation in article_quotations)
    ] == []


def test_texts_share_no_eight_consecutive_words_with_the_article(article):
    article_sequences = word_sequences(article)
    assert [
        claim["id"] for claim in ANTALYA if word_sequences(claim["text"]) & article_sequences
    ] == []


def test_quotes_have_at_most_thirty_words():
    assert [claim["id"] for claim in ANTALYA if len(claim.get("quote", "").split()) > 30] == []


QUOTES = [
    (
        "rutte-antalya-summit-leap-forward",
        "I am confident that the NATO Summit in The Hague will be a leap forward "
        "and a major success",
    ),
    (
        "rutte-antalya-summit-shows-unity",
        "It will show, with the support of Türkiye and President Erdoğan, that NATO is united",
    ),
    ("rutte-antalya-summit-shows-readiness", "ready to defend itself"),
    ("rutte-antalya-summit-shows-commitment", "committed to collective security worldwide"),
    ("rutte-antalya-need-turkish-industry", "We need Türkiye’s defense industry"),
    (
        "rutte-antalya-turkish-production-growth",
        "We hope to see its production grow even further",
    ),
    ("rutte-antalya-good-for-turkish-economy", "That’s good for the Turkish economy"),
    ("rutte-antalya-good-for-nato", "it’s good for NATO"),
    (
        "rutte-antalya-raise-defence-budgets",
        "We continue to encourage all member states to raise their defense budgets",
    ),
    ("rutte-antalya-russian-threat-long-term", "The Russian threat remains long-term"),
    (
        "rutte-antalya-china-development-concern",
        "we’re also watching China’s rapid military development with concern",
    ),
    (
        "rutte-antalya-transport-carries-tanks",
        "We must ensure that our railroads and highways — the ones we use for our nice cars — "
        "can also carry our tanks when necessary",
    ),
    (
        "rutte-antalya-allies-acknowledge-reality",
        "My impression is that all allies acknowledge the current reality",
    ),
    (
        "rutte-antalya-summit-breakthrough",
        "I’m confident that the summit will be a breakthrough",
    ),
    (
        "rutte-antalya-peaceful-world-belief",
        "After the fall of the Berlin Wall, many believed we had entered a more peaceful world",
    ),
    ("rutte-antalya-assumption-incorrect", "That assumption was incorrect"),
    ("rutte-antalya-russia-remains-threat", "Russia remains a threat"),
    ("rutte-antalya-china-advances-military", "China is advancing its military"),
    ("rutte-antalya-terrorism-exists", "terrorism still exists"),
    (
        "rutte-antalya-aware-resilient-citizens",
        "Citizens need to be more aware and resilient in the event of crises",
    ),
    ("rutte-antalya-not-warmongering", "I don’t see it as warmongering"),
    (
        "rutte-antalya-realistic-approach",
        "It’s a realistic approach to a threat that clearly exists",
    ),
    (
        "rutte-antalya-devastating-response",
        "the Russians know any attack would provoke a devastating response",
    ),
    (
        "rutte-antalya-irreversible-path",
        "At the Washington Summit, we reiterated that Ukraine’s path to NATO is irreversible",
    ),
    (
        "rutte-antalya-no-membership-promise",
        "we never made a formal promise to Ukraine — or anyone else — as part of any peace "
        "agreement that they would become a member",
    ),
    ("rutte-antalya-promise-did-not-happen", "That simply didn’t happen"),
    ("rutte-antalya-two-tracks", "These are two different tracks"),
    (
        "rutte-antalya-future-applicants",
        "If other countries in Europe seek NATO membership in the future, it will be up to "
        "Türkiye and the rest of the alliance to decide",
    ),
    (
        "nato-2008-04-03-ukraine-georgia-will-join",
        "We agreed today that these countries will become members of NATO.",
    ),
    ("trump-2025-02-26-forget-about-nato", "NATO, you can forget about it"),
    ("rutte-2025-12-11-next-target", "We are Russia's next target."),
]


@pytest.mark.parametrize(("id", "quote"), QUOTES, ids=[id for id, _ in QUOTES])
def test_quotes_are_verbatim(id, quote):
    assert [claim.get("quote") for claim in CLAIMS if claim["id"] == id] == [quote]


INDIRECT = [
    "summit-turning-point",
    "summit-collective-strength",
    "turkiye-critical-role",
    "turkiye-strategic-readiness",
    "turkish-industry-essential",
    "russia-economy-fraction",
    "russia-accelerates-production",
    "nato-industrial-output",
    "manufacturers-capacity",
    "turkiye-model",
    "spending-discussions",
    "budget-discussions-continue",
    "defence-budgets-optimism",
    "changed-environment",
    "not-fearmongering",
    "right-to-express-intent",
    "all-members-decide",
    "separate-membership-and-peace",
]


def test_claims_with_indirect_reports_only():
    ids = [
        claim["id"]
        for claim in ANTALYA
        if {report["attribution"] for report in claim["reports"]} == {"indirect"}
    ]
    assert ids == [f"rutte-antalya-{name}" for name in INDIRECT]


def test_numbers_of_claims():
    assert (len(ANTALYA), len(PUBLIC_RECORD)) == (51, 38)


def test_antalya_claims_were_made_in_the_interview():
    circumstances = {
        (claim["event"], str(claim["date"]), claim["actor"], claim["organization"])
        for claim in ANTALYA
    }
    assert circumstances == {(INTERVIEW, "2025-05-14", "mark-rutte", "nato")}


def test_the_post_reports_two_claims():
    reported = [
        (claim["id"], report["attribution"])
        for claim in ANTALYA
        for report in claim["reports"]
        if report["source"] == "defensehere-2025-05-14-post"
    ]
    assert reported == [
        ("rutte-antalya-turkiye-critical-role", "indirect"),
        ("rutte-antalya-no-membership-promise", "indirect"),
    ]


def test_only_direct_reports_have_exact_words():
    for claim in CLAIMS:
        exact = [report["exact"] for report in claim["reports"] if "exact" in report]
        direct = [report for report in claim["reports"] if report["attribution"] != "indirect"]
        assert len(exact) == len(direct), claim["id"]
        assert claim.get("quote") == (exact[0] if exact else None), claim["id"]
        assert claim.get("language") == ("en" if exact else None), claim["id"]


def values_of(record, field):
    value = record.get(field, [])
    return value if isinstance(value, list) else [value]


# list, field, field of an item, list of the records that it names
REFERENCES = [
    ("organizations", "parent", None, "organizations"),
    ("actors", "memberships", "organization", "organizations"),
    ("topics", "parent", None, "topics"),
    ("positions", "topics", None, "topics"),
    ("events", "parent", None, "events"),
    ("events", "organizers", None, "organizations"),
    ("events", "participants", "actor", "actors"),
    ("events", "participants", "organization", "organizations"),
    ("sources", "publisher", None, "organizations"),
    ("sources", "origin", None, "organizations"),
    ("claims", "actor", None, "actors"),
    ("claims", "organization", None, "organizations"),
    ("claims", "event", None, "events"),
    ("claims", "topics", None, "topics"),
    ("claims", "positions", "position", "positions"),
    ("claims", "addressees", "actor", "actors"),
    ("claims", "addressees", "organization", "organizations"),
    ("claims", "about", "actor", "actors"),
    ("claims", "about", "organization", "organizations"),
    ("claims", "reports", "source", "sources"),
    ("claims", "relations", "claim", "claims"),
]


@pytest.mark.parametrize(("section", "field", "item_field", "target"), REFERENCES)
def test_references_name_existing_records(section, field, item_field, target):
    values = [value for record in DATA[section] for value in values_of(record, field)]
    if item_field:
        values = [value[item_field] for value in values if item_field in value]
    assert set(values) - {record["id"] for record in DATA[target]} == set()


@pytest.mark.parametrize("section", DATA)
def test_ids_are_well_formed_and_unique(section):
    ids = [record["id"] for record in DATA[section]]
    assert [id for id, count in Counter(ids).items() if count > 1] == []
    assert [id for id in ids if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", id)] == []


def test_every_claim_has_a_report():
    assert [claim["id"] for claim in CLAIMS if not claim["reports"]] == []


def test_sources_of_the_public_record_have_urls():
    sources = {source["id"]: source for source in DATA["sources"]}
    used = {report["source"] for claim in PUBLIC_RECORD for report in claim["reports"]}
    assert used == set(sources) - ANTALYA_SOURCES
    assert [id for id in used if not sources[id]["url"].startswith("https://")] == []


STANCES = [
    ("ukraine-will-join-nato", {"support": 11, "oppose": 6, "neutral": 1}),
    ("membership-promised-in-peace-agreement", {"oppose": 4}),
    ("raise-defence-spending", {"support": 8}),
    ("spend-five-percent-of-gdp", {"support": 6, "oppose": 3}),
    ("infrastructure-for-heavy-equipment", {"support": 2}),
    ("russia-is-long-term-threat", {"support": 7, "oppose": 1}),
    ("china-build-up-concerns-nato", {"support": 3, "oppose": 1, "neutral": 1}),
    ("allied-industry-must-produce-more", {"support": 7}),
    ("turkish-industry-essential-to-nato", {"support": 2}),
    ("invite-ukraine-now", {"oppose": 2}),
    ("membership-in-negotiated-settlement", {"oppose": 4}),
    ("turkish-industry-in-european-programmes", {"support": 1, "oppose": 1}),
]


@pytest.mark.parametrize(("position", "counts"), STANCES)
def test_stances_of_positions(position, counts):
    stances = [
        item["stance"]
        for claim in CLAIMS
        for item in claim.get("positions", [])
        if item["position"] == position
    ]
    assert Counter(stances) == counts


def test_interview_has_no_position_on_five_percent():
    positions = {item["position"] for claim in ANTALYA for item in claim.get("positions", [])}
    assert "spend-five-percent-of-gdp" not in positions


ABOUT_OTHERS_THAN_NATO = [
    ("rutte-antalya-summit-turkish-support", ["turkiye", "recep-tayyip-erdogan"]),
    ("rutte-antalya-russia-accelerates-production", ["russia"]),
    ("rutte-antalya-turkish-production-growth", ["turkiye"]),
    ("rutte-antalya-good-for-turkish-economy", ["turkiye"]),
    ("rutte-antalya-manufacturers-capacity", ["rheinmetall", "leonardo", "lockheed-martin"]),
    ("rutte-antalya-turkiye-model", ["turkiye"]),
    ("rutte-antalya-russian-threat-long-term", ["russia"]),
    ("rutte-antalya-transport-carries-tanks", []),
    ("rutte-antalya-budget-discussions-continue", []),
    ("rutte-antalya-summit-turkish-support-again", ["turkiye"]),
    ("rutte-antalya-changed-environment", []),
    ("rutte-antalya-peaceful-world-belief", []),
    ("rutte-antalya-reduced-defence-spending", []),
    ("rutte-antalya-assumption-incorrect", []),
    ("rutte-antalya-russia-remains-threat", ["russia"]),
    ("rutte-antalya-china-advances-military", ["china"]),
    ("rutte-antalya-terrorism-exists", []),
    ("rutte-antalya-aware-resilient-citizens", []),
    ("rutte-antalya-not-fearmongering", []),
    ("rutte-antalya-not-warmongering", []),
    ("rutte-antalya-realistic-approach", []),
    ("rutte-antalya-devastating-response", ["russia"]),
    ("rutte-antalya-recognise-the-era", []),
    ("rutte-antalya-right-to-express-intent", ["ukraine"]),
    ("rutte-antalya-separate-membership-and-peace", ["ukraine"]),
    ("rutte-antalya-two-tracks", ["ukraine"]),
    ("sanchez-2025-06-19-no-five-percent", ["spain"]),
    ("tzitzikostas-2025-07-29-military-mobility", ["european-union"]),
    ("wadephul-2025-05-15-follow-trump-on-five-percent", ["germany", "donald-trump"]),
    ("von-der-leyen-2025-03-04-era-of-rearmament", ["european-union"]),
    ("mitsotakis-2025-09-15-turkiye-in-safe", ["turkiye", "european-union"]),
]


def test_claims_that_do_not_speak_of_nato():
    about = [
        (claim["id"], [id for item in claim.get("about", []) for id in item.values()])
        for claim in CLAIMS
    ]
    assert [(id, ids) for id, ids in about if "nato" not in ids] == ABOUT_OTHERS_THAN_NATO


RELATIONS = [
    ("rutte-antalya-summit-leap-forward", "repeats", "rutte-antalya-summit-turning-point"),
    ("rutte-antalya-need-turkish-industry", "repeats", "rutte-antalya-turkish-industry-essential"),
    ("rutte-antalya-summit-breakthrough", "repeats", "rutte-antalya-summit-leap-forward"),
    (
        "rutte-antalya-summit-strength-determination",
        "repeats",
        "rutte-antalya-summit-collective-strength",
    ),
    (
        "rutte-antalya-summit-turkish-support-again",
        "repeats",
        "rutte-antalya-summit-turkish-support",
    ),
    ("rutte-antalya-russia-remains-threat", "repeats", "rutte-antalya-russian-threat-long-term"),
    ("rutte-antalya-china-advances-military", "repeats", "rutte-antalya-china-development-concern"),
    ("rutte-antalya-not-warmongering", "repeats", "rutte-antalya-not-fearmongering"),
    ("rutte-antalya-all-members-decide", "qualifies", "rutte-antalya-right-to-express-intent"),
    ("rutte-antalya-irreversible-path", "repeats", "nato-2024-07-10-irreversible-path"),
    ("rutte-antalya-no-membership-promise", "repeats", "rutte-2025-02-13-no-promise-in-peace-deal"),
    ("rutte-antalya-no-membership-promise", "qualifies", "rutte-antalya-irreversible-path"),
    ("rutte-antalya-promise-did-not-happen", "repeats", "rutte-antalya-no-membership-promise"),
    ("rutte-antalya-two-tracks", "repeats", "rutte-antalya-separate-membership-and-peace"),
    ("rutte-antalya-future-applicants", "repeats", "rutte-antalya-all-members-decide"),
    (
        "nato-2023-07-11-ukraine-future-in-nato",
        "repeats",
        "nato-2008-04-03-ukraine-georgia-will-join",
    ),
    ("rutte-2025-06-02-long-term-commitment", "repeats", "rutte-antalya-no-membership-promise"),
    (
        "guo-2025-06-26-rejects-military-remarks",
        "contradicts",
        "rutte-2025-06-09-five-percent-and-threats",
    ),
    (
        "wadephul-2025-05-15-follow-trump-on-five-percent",
        "supports",
        "trump-2025-01-23-five-percent",
    ),
    ("rutte-2025-06-25-irreversible-path", "repeats", "nato-2024-07-10-irreversible-path"),
    (
        "erdogan-2025-06-25-close-to-five-percent",
        "supports",
        "nato-2025-06-25-five-percent-commitment",
    ),
]


def test_relations_of_claims():
    relations = [
        (claim["id"], relation["kind"], relation["claim"])
        for claim in CLAIMS
        for relation in claim.get("relations", [])
    ]
    assert relations == RELATIONS


def test_actors_hold_their_offices_when_they_claim():
    offices = {
        (actor["id"], office["organization"]): (
            str(office.get("start_date", "")),
            str(office.get("end_date", "9999")),
        )
        for actor in DATA["actors"]
        for office in actor["memberships"]
    }
    for claim in CLAIMS:
        if "actor" in claim:
            start, end = offices[claim["actor"], claim["organization"]]
            assert start <= str(claim["date"]) <= end, claim["id"]


OFFICES_THAT_ENDED = [
    ("jens-stoltenberg", "nato", "2014-10-01", "2024-10-01"),
    ("olaf-scholz", "germany", "2021-12-08", "2025-05-06"),
]


def test_offices_that_ended():
    ended = [
        (actor["id"], office["organization"], str(office["start_date"]), str(office["end_date"]))
        for actor in DATA["actors"]
        for office in actor["memberships"]
        if "end_date" in office
    ]
    assert ended == OFFICES_THAT_ENDED


def test_kinds_of_sources():
    kinds = Counter(source["kind"] for source in DATA["sources"])
    assert kinds == {"article": 34, "declaration": 2, "transcript": 2, "post": 1}


IDENTIFIERS = {
    "organizations": {
        "nato": "Q7184",
        "turkiye": "Q43",
        "russia": "Q159",
        "china": "Q148",
        "ukraine": "Q212",
        "germany": "Q183",
        "italy": "Q38",
        "united-states": "Q30",
        "slovakia": "Q214",
        "spain": "Q29",
        "hungary": "Q28",
        "greece": "Q41",
        "georgia": "Q230",
        "united-kingdom": "Q145",
        "norway": "Q20",
        "european-union": "Q458",
        "european-commission": "Q8880",
        "us-department-of-defense": "Q11209",
        "lockheed-martin": "Q7240",
        "associated-press": "Q40469",
        "deutsche-welle": "Q153770",
        "politico-europe": "Q991826",
        "reuters": "Q130879",
        "ukrainska-pravda": "Q904463",
        "xinhua": "Q204839",
        "world-economic-forum": "Q170418",
    },
    "actors": {
        "mark-rutte": "Q57792",
        "recep-tayyip-erdogan": "Q39259",
        "volodymyr-zelenskyy": "Q3874799",
        "vladimir-putin": "Q7747",
        "jens-stoltenberg": "Q57665",
        "robert-fico": "Q57606",
        "donald-trump": "Q22686",
        "pedro-sanchez": "Q6070218",
        "johann-wadephul": "Q1696501",
        "sergey-lavrov": "Q58217",
        "olaf-scholz": "Q61053",
        "viktor-orban": "Q57641",
        "ursula-von-der-leyen": "Q60772",
        "kyriakos-mitsotakis": "Q552751",
    },
}


@pytest.mark.parametrize("section", IDENTIFIERS)
def test_identifiers_in_wikidata(section):
    identifiers = {
        record["id"]: record["identifiers"][0]["identifier"]
        for record in DATA[section]
        if "identifiers" in record
    }
    assert identifiers == IDENTIFIERS[section]


def test_each_state_has_an_identifier_of_its_own():
    identifiers = [
        (item["scheme"], item["identifier"])
        for organization in DATA["organizations"]
        if organization["kind"] == "state"
        for item in organization.get("identifiers", [])
    ]
    states = [record for record in DATA["organizations"] if record["kind"] == "state"]
    assert len(set(identifiers)) == len(identifiers) == len(states) == 14
    assert {scheme for scheme, _ in identifiers} == {"wikidata"}
    assert [id for _, id in identifiers if not re.fullmatch("Q[1-9][0-9]*", id)] == []


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("actor=wikidata:Q57792", 60),  # Rutte: 51 claims in Antalya, 9 elsewhere
        ("organization=wikidata:Q43", 2),  # Türkiye, by Erdoğan
        ("about=wikidata:Q458", 4),  # the European Union
    ],
)
def test_claims_are_found_by_identifiers_in_wikidata(shipped, query, total):
    assert shipped.get(f"/v1/claims?{query}").json["meta"]["total"] == total
