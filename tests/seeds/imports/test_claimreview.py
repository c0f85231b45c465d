"""ClaimReview: fact-checks become claims with reviews."""

from __future__ import annotations

import json
import os

import pytest

from models.dataset import read_dataset
from seeds.imports.claimreview import ClaimReviewImport
from seeds.imports.run import run_import
from seeds.problems import Refused
from tests.seeds.build import exported

CLAIM = {
    "@type": "Claim",
    "author": {"@type": "Person", "name": "Jonas Berg"},
    "datePublished": "2025-05-14",
    "firstAppearance": {
        "@type": "NewsArticle", "url": "https://example.org/tram", "headline": "Tram divides",
        "datePublished": "2025-05-13", "publisher": {"name": "The Post"},
    },
}  # fmt: skip
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "The tram costs 9 billion",
    "url": "https://check.example/1",
    "datePublished": "2025-05-15",
    "author": {"@type": "Organization", "name": "Checkers"},
    "itemReviewed": CLAIM,
    "reviewRating": {
        "@type": "Rating", "ratingValue": 2, "bestRating": 5, "worstRating": 1,
        "alternateName": "Mostly False",
    },
}  # fmt: skip
IMPORTED_CLAIM = {
    "type": "claim", "id": "jonas-berg-2025-05-14-5ea57fd9", "text": "The tram costs 9 billion",
    "actor": "jonas-berg", "date": "2025-05-14", "status": "coded",
    "reports": [{"source": "tram-divides"}],
    "reviews": [
        {
            "organization": "checkers", "rating": "Mostly False", "verdict": "mostly-false",
            "url": "https://check.example/1", "date": "2025-05-15",
        }
    ],
}  # fmt: skip
IMPORTED = [
    {
        "type": "source", "id": "tram-divides", "title": "Tram divides", "kind": "article",
        "publisher": "the-post", "date": "2025-05-13", "url": "https://example.org/tram",
    },
    {"type": "actor", "id": "jonas-berg", "name": "Jonas Berg", "kind": "person"},
    {"type": "organization", "id": "the-post", "name": "The Post", "kind": "other"},
    {"type": "organization", "id": "checkers", "name": "Checkers", "kind": "other"},
    IMPORTED_CLAIM,
]  # fmt: skip


@pytest.fixture
def import_reviews(dataset, tmp_path):
    """Load a document, or text as it is; gives the report."""

    def import_reviews(content, name="f.json", **options):
        path = tmp_path / name
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return run_import(ClaimReviewImport().read, path, **options)

    return import_reviews


def warnings(report):
    return [str(warning).partition("f.json: ")[2] for warning in report.warnings.kept]


def prefixed(value, prefix):
    """A document with long names of types and properties."""
    if isinstance(value, dict):
        return {
            name if name[0] == "@" else prefix + name: prefixed(inner, prefix)
            if name != "@type"
            else [prefix + inner]
            for name, inner in value.items()
        }
    return value


def listed_values(value):
    """A document whose values are all in lists."""
    if isinstance(value, dict):
        return {name: [listed_values(inner)] for name, inner in value.items()}
    return value


NODE = {name: value for name, value in REVIEW.items() if name != "@context"}
FEED = {"@context": "http://schema.org", "@type": "DataFeed"}
DOCUMENTS = {
    "object": REVIEW,
    "list": [REVIEW],
    "graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, NODE]},
    "references": {
        "@graph": [
            NODE | {"itemReviewed": {"@id": "#c"}, "author": {"@id": "#o"}},
            {"@id": "#o", "@type": "NewsMediaOrganization", "name": "Checkers"},
            {"@id": "#c", **CLAIM},
            {"review": {"@id": "#r", "@type": "ClaimReview"}},
        ]
    },
    "feed": {**FEED, "dataFeedElement": [{"@type": "DataFeedItem", "item": [NODE]}]},
    "feed of one": {**FEED, "dataFeedElement": {"item": NODE}},
    "page": {"@type": "WebPage", "mainEntity": {"@type": "Article", "review": [NODE]}},
    "lines": f"{json.dumps(REVIEW)}\n\n{json.dumps({'@graph': [NODE]})}\n",
    "byte order mark": f"\ufeff{json.dumps(REVIEW)}",
    "https": prefixed(NODE, "https://schema.org/"),
    "http": prefixed(NODE, "http://schema.org/"),
    "prefix": prefixed(NODE, "schema:"),
    "aliases": json.dumps(NODE).replace('"@type"', '"type"'),
    "types": {**NODE, "@type": ["Review", "ClaimReview"]},
    "arrays": listed_values(NODE),
    "values": {**NODE, "claimReviewed": {"@value": "The tram costs 9 billion", "@language": "en"}},
    "list object": {**NODE, "author": {"@list": [NODE["author"]]}},
    "twice": [REVIEW, REVIEW],
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_fact_check_makes_a_claim_with_a_review(import_reviews, document):
    report = import_reviews(document)
    assert (exported(), warnings(report)) == (IMPORTED, [])


def test_our_own_json_ld_is_read(import_reviews, client):
    import_reviews(REVIEW)
    document = client.get("/v1/claims?format=jsonld").json
    report = import_reviews(document)
    assert report.drafted == {("claim", "unchanged"): 1}


def test_reviews_of_one_claim_are_joined(import_reviews):
    other = {**REVIEW, "url": "https://other.example/1", "author": {"name": "Others"}}
    import_reviews([REVIEW, other])
    (claim,) = [record for record in exported() if record["type"] == "claim"]
    assert [review["organization"] for review in claim["reviews"]] == ["checkers", "others"]
    third = {**other, "author": {"name": "Third"}}
    changed = {**REVIEW, "reviewRating": {"alternateName": "True"}}
    for document in (third, changed, [REVIEW, third], changed):
        import_reviews(document)
    (claim,) = [record for record in exported() if record["type"] == "claim"]
    assert [(review["organization"], review.get("verdict")) for review in claim["reviews"]] == [
        ("checkers", "true"), ("others", "mostly-false"), ("third", "mostly-false"),
    ]  # fmt: skip
    assert import_reviews([REVIEW, other, third]).drafted == {("claim", "changed"): 1}
    assert import_reviews([REVIEW, other, third]).drafted == {("claim", "unchanged"): 1}


# changes to the review → changes to the claim, and the warnings
UNNAMED = {"actor": "unnamed-author-of-an-article"}
CHANGES = [
    ({"claimReviewed": "<p>The <b>tr</b>am costs 9&nbsp;billion</p><script>x</script>"}, {}, []),
    ({"claimReviewed": "a &lt; b &amp;amp; c<br/>d < e"}, {"text": "a < b & c d < e"}, []),
    ({"claimReviewed": "x" * 20_001}, {"text": "x" * 19_999 + "…"}, []),
    ({"claimReviewed": None, "itemReviewed.text": "From the item"}, {"text": "From the item"}, []),
    ({"itemReviewed.author": "Jonas Berg"}, {}, []),
    ({"itemReviewed.author": ["", {"name": "Jonas Berg"}, "Ada Lund"]}, {}, []),
    (
        {"itemReviewed.author": {"@type": "PoliticalParty", "name": "Berg"}},
        {"actor": "berg"},
        [],
    ),
    (
        {"itemReviewed.author": {"@type": "NGOOrganization", "name": "Berg"}},
        {"actor": None, "organization": "berg"},
        [],
    ),
    ({"itemReviewed.author": None}, UNNAMED, []),
    ({"itemReviewed.author": {"@type": "Person", "name": "—"}}, UNNAMED, []),
    (
        {"itemReviewed.author": None, "itemReviewed.firstAppearance": "https://m.facebook.com/1"},
        {
            "actor": "unnamed-author-of-a-post",
            "reports": [{"source": "https-mfacebookcom-1"}],
        },
        [],
    ),
    (
        {"itemReviewed": None},
        {"actor": "unnamed-claimant", "date": None, "reports": None},
        [],
    ),
    (
        {"itemReviewed": {"@type": "VideoObject", "sameAs": "https://example.org/v", "name": "V"}},
        {
            "actor": "unnamed-speaker-in-a-broadcast", "date": None,
            "reports": [{"source": "v"}],
        },
        [],
    ),
    ({"itemReviewed.datePublished": "2025-05-14T23:30:00-05:00"}, {}, []),
    ({"itemReviewed.datePublished": "2025-05-14 10:00"}, {}, []),
    ({"itemReviewed.datePublished": "20250514"}, {}, []),
    ({"itemReviewed.datePublished": {"@type": "Date", "@value": "2025-05-14"}}, {}, []),
    ({"itemReviewed.datePublished": "2025"}, {"date": "2025"}, []),
    ({"itemReviewed.datePublished": None}, {"date": "2025-05-13"}, []),
    *(
        (
            {"itemReviewed.datePublished": date},
            {"date": "2025-05-13"},
            [
                f"ClaimReview 1: itemReviewed.datePublished: '{date}': is no date in ISO 8601,"
                " such as 2025-05-14: left out"
            ],
        )
        for date in ("May 14, 2025", "14/05/2025", "1747224000", "0000-00-00", "2025-02-30")
    ),
    (
        {"itemReviewed.appearance": ["https://example.org/tram", {"name": "A leaflet"}]},
        {"reports": [{"source": "tram-divides"}, {"source": "a-leaflet"}]},
        [],
    ),
    (
        {"itemReviewed.appearance": "https://example.org/a b"},
        {},
        [
            "ClaimReview 1: appearance: 'https://example.org/a b': invalid URL: it must start with"
            " http:// or https://: left out"
        ],
    ),
    ({"author": {"@type": "Person", "name": "Eva"}, "publisher": {"name": "Checkers"}},
     {"reviews.author": "Eva"}, []),
    ({"author": None}, {"reviews.organization": "checkexample"}, []),
    ({"author": {"@type": "Person", "name": "Eva"}},
     {"reviews.organization": "checkexample", "reviews.author": "Eva"}, []),
    ({"author": None, "url": None}, {"reviews": None},
     ["ClaimReview 1: publisher: is missing, and so is the author's: the claim has no review"]),
    ({"reviewRating": None, "url": None}, {"reviews": None},
     ["ClaimReview 1: reviewRating: is missing: the claim has no review"]),
    ({"reviewRating": None}, {"reviews.rating": None, "reviews.verdict": None}, []),
    ({"reviewRating": "Faux"}, {"reviews.rating": "Faux", "reviews.verdict": "false"}, []),
    ({"reviewRating.alternateName": None},
     {"reviews.rating": "2 of 5", "reviews.verdict": "mostly-false"}, []),
    ({"reviewRating.alternateName": "Four Llamas"}, {"reviews.rating": "Four Llamas"}, []),
    ({"reviewRating": {"alternateName": "Four Llamas"}},
     {"reviews.rating": "Four Llamas", "reviews.verdict": "other"},
     ["ClaimReview 1: reviewRating: 'Four Llamas': is no rating that the table of verdicts knows:"
      " the verdict is other"]),
    ({"headline": "No, it <i>does</i> not", "reviewBody": "It costs 3."},
     {"reviews.title": "No, it does not", "reviews.summary": "It costs 3."}, []),
]  # fmt: skip


def changed(value, changes):
    """A value with other values at some paths; those that are None are removed."""
    value = json.loads(json.dumps(value))
    for path, new in changes.items():
        *names, last = path.split(".")
        inner = value
        for name in names:
            inner = inner[name]
            inner = inner[0] if isinstance(inner, list) else inner
        inner[last] = new
        if new is None:
            del inner[last]
    return value


@pytest.mark.parametrize(
    ("changes", "expected", "told"), CHANGES, ids=lambda value: str(value)[:60]
)
def test_a_fact_check_is_read_as_people_write_it(import_reviews, changes, expected, told):
    report = import_reviews(changed(REVIEW, changes))
    (claim,) = [record for record in exported() if record["type"] == "claim"]
    assert {**claim, "id": ""} == {**changed(IMPORTED_CLAIM, expected), "id": ""}
    assert warnings(report) == told


def test_wikidata_tells_namesakes_apart(import_reviews, load):
    load(
        actors=[
            {"id": "jb", "name": "JB", "identifiers": [{"scheme": "wikidata", "identifier": "Q5"}]}
        ]
    )
    documents = [
        changed(REVIEW, {"claimReviewed": item, "itemReviewed.author.sameAs": [f"https://www.wikidata.org/wiki/{item}"]})
        for item in ("Q5", "Q6", "Q7")
    ]  # fmt: skip
    import_reviews(documents)
    claimants = {record["text"]: record["actor"] for record in exported() if "text" in record}
    assert claimants == {
        "Q5": "jb",
        "Q6": "jonas-berg-356d565b",
        "Q7": "jonas-berg-79351a43",
    }


def test_what_is_left_out_is_counted(import_reviews):
    document = [
        REVIEW,
        changed(REVIEW, {"claimReviewed": None}),
        changed(REVIEW, {"itemReviewed": None, "datePublished": "2025-05-15T10:00:00Z"}),
    ]
    report = import_reviews(document)
    assert report.told == {
        "fact-checks": 3,
        "claims without a claimant, given to 'Unnamed claimant'": 1,
        "dates whose time of day is left out": 1,
    }
    assert warnings(report) == [
        "ClaimReview 2: claimReviewed: is missing: the fact-check is left out"
    ]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "f.json: is empty: give a JSON file"),
        (" \n", "f.json: is empty: give a JSON file"),
        ("{", "f.json:1: invalid JSON: Expecting property name enclosed in double quotes,"
         " column 2"),
        ('{"a": 1}\n{"a": \n', "f.json:2: invalid JSON: Expecting value, column 7"),
        ("\n\n<html></html>", "f.json:1: is HTML or XML, not JSON: take the JSON out of it"),
        (json.dumps(REVIEW).encode("utf-16"), "f.json:1: is not UTF-8 text: save it as UTF-8"),
        (b'{"a": \n"\xe9"}', "f.json:2: is not UTF-8 text: save it as UTF-8"),
        ("[" * 100_000, "f.json: nested too deeply"),
        *(
            (content, "f.json: has no ClaimReview: give JSON-LD of schema.org with an @type"
             " ClaimReview")
            for content in ("[]", "7", "null", '{"@type": "Claim"}', '{"claims": []}\n[1]')
        ),
    ],
    ids=range(13),
)  # fmt: skip
def test_other_files_are_refused(import_reviews, content, error):
    with pytest.raises(Refused) as refused:
        import_reviews(content)
    assert [str(problem).rpartition("/")[2] for problem in refused.value.problems] == [error]
    assert read_dataset().version == 0


def test_a_pipe_is_refused(dataset, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused) as refused:
        run_import(ClaimReviewImport().read, tmp_path / "pipe")
    (problem,) = refused.value.problems
    assert problem.message == "is no regular file, which is read twice: save it first"
