"""Pages show what the JSON holds, with the headers and the caching of every answer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.pages.assets import STATIC, STATIC_HASHES
from models.opening import open_dataset
from tests.api.pages.html import HTMLPage, get_page
from tests.api.world import FULL
from tests.serving import ROOT

HTML = {"Accept": "text/html"}
BROWSER = {"Accept": "text/html, */*;q=0.8"}
RECORDS = [f"/{name}/{id}" for name, id in FULL.items()]
PAGES = [
    *("/", "/claims?actor=rutte", "/search?q=rutte", "/problems/not-found"),
    *RECORDS,
    "/topics/defence/claims?actor=rutte",
    *("/networks/one-mode?method=subtract", "/networks/two-mode?rows=organization"),
    "/networks/one-mode/edge?a=rutte&b=kaya&via=topic",
    *("/networks/statements?nodes=actor", "/graph?around=actor:rutte"),
]
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

# (page, texts that it shows, in their order)
SHOWN = [
    ("/", ["Who claimed what", "8 claims", "6 sources", "Newest claims", "O’Brien votes.", "Topics",
           "By year", "For and against", "The 5% goal"]),
    ("/claims?actor=rutte&topic=defence",
     ["2 claims by Mark Rutte, on Defence or narrower, newest first", "actor: Mark Rutte",
      "topic: Defence", "Rutte asks for five percent.", "14 May 2025", "Mark Rutte", "As data"]),
    ("/claims?actor=ruttte", ["No claims by “ruttte” (unknown)", "No actor is named “ruttte”.",
                              "Did you mean", "Mark Rutte", "Nothing matches."]),
    ("/claims/spend",
     ["Rutte asks for five percent.", "14 May 2025", "Mark Rutte", "Secretary General",
      "five percent, now - or never & ever", "On behalf of", "NATO", "Antalya Interview",
      "supports", "The 5% goal", "is neutral on", "Ukraine will join.",
      "Reported by 1 independent publisher.", "Reprint of the talk", "repeats", "Anadolu Agency",
      "indirect speech", "We must spend five percent, now - or never & ever,” he",
      "Open at these words", "responds to", "They march.", "is contradicted by",
      "Rutte turns round.", "Half true!", "C. Hecker", "mixed", "Some do.", "Cite"]),
    ("/claims/draft", ["Draft.", "Rutte is being coded."]),
    ("/claims/gone", ["Withdrawn.", "An official took it back."]),
    ("/actors/rutte",
     ["Mark Rutte", "A Dutch politician.", "2 claims", "Secretary General", "NATO",
      "for Unity Party", "Brussels", "since 1 October 2024", "31 May 2006 to August 2023",
      "The Secretary", "born", "1967", "Q57792", "Positions", "against",
      "Allies should spend five percent of GDP", "latest 14 May 2025", "Ukraine will join.",
      "Newest claims", "Topics", "By year"]),
    ("/organizations/nato", ["NATO", "alliance", "on its behalf", "Members", "Who speaks"]),
    ("/events/summit", ["The Summit", "24 June 2025", "25 June 2025", "The Hague", "NL",
                        "Organized by", "NATO", "With", "Chair", "Parts",
                        "Opening Session", "Sources"]),
    ("/sources/aa", ["Interview with Rutte", "14 May 2025", "Anadolu Agency", "A. Writer",
                     "https://archive.example.org/aa", "20 May 2025", "3 claims in it",
                     "five percent, now - or never & ever", "Open at these words"]),
    ("/topics/defence", ["Defence", "Armies and arms.", "Positions", "Newest claims", "Narrower",
                         "Defence Spending", "Who speaks most"]),
    ("/positions/five-percent", ["Allies should spend five percent of GDP on defence.",
                                 "The 5% goal", "for", "2 claims", "against", "1 claim"]),
    ("/search?q=rutte", ["Results for “rutte”", "Actors", "Mark Rutte",
                         "Secretary General, NATO, 2024–", "Claims",
                         "Rutte asks for five percent.", "Mark Rutte, 2025-05-14"]),
    ("/search?q=ruttte", ["Nothing has these words.", "Did you mean", "Mark Rutte"]),
    ("/problems/too-broad", ["Too broad", "HTTP status 422"]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "texts"), SHOWN, ids=[path for path, _ in SHOWN])
def test_a_page_shows_what_the_json_holds(world: FlaskClient, path: str, texts: list[str]):
    shown = " ".join(get_page(world, path).text.split())
    # the header has the names of lists
    start = shown.index("Sources ")
    for text in texts:
        position = shown.find(text, start)
        assert position >= 0, f"{text!r} is not in {shown[start:]!r}"
        start = position


# (request, status, link of the suggestion)
PROBLEMS = [
    ("/claims?acotr=rutte", 400, "/claims?actor=rutte"),
    ("/claims?stance=suport", 422, "/claims?stance=support"),
    ("/actors/ruttee", 404, "/actors/rutte"),
    ("/v1/actors/ruttee", 404, "/actors/rutte"),
    ("/actors/ruttee/claims?topic=defence", 404, "/actors/rutte/claims?topic=defence"),
    ("/problems/not-fund", 404, "/problems/not-found"),
    ("/claims?facet=topc,stance", 422, "/claims?facet=topic%2Cstance"),
    ("/claims?stanse=support&acotr=rutte", 400, "/claims?stance=support&actor=rutte"),
    (
        "/claims?stance=suport&status=verifid&actor=x",
        422,
        "/claims?stance=support&status=verified&actor=x",
    ),
    ("/clams?actor=rutte", 404, "/claims?actor=rutte"),
    ("/qqq", 404, None),
    ("/claims?cursor=x&topic=defence", 400, "/claims?topic=defence"),
    ("/claims?format=xlsx", 422, None),
    ("/v1/export?x=1", 406, None),
]


@pytest.mark.parametrize(("path", "status", "suggestion"), PROBLEMS)
def test_a_problem_is_a_page_for_who_asks_html(
    world: FlaskClient, path: str, status: int, suggestion: str | None
):
    page = get_page(world, path, status)
    hrefs = [anchor.href for anchor in page.anchors]
    assert suggestion is None or suggestion in hrefs
    as_json = world.get(path, headers={"Accept": "application/json"})
    if as_json.status_code == status:
        assert as_json.json["title"] == page.headings[0][1]


@pytest.mark.parametrize(("path", "status", "suggestion"), PROBLEMS)
def test_no_link_of_a_problem_leads_back_to_it(
    world: FlaskClient, path: str, status: int, suggestion: str | None
):
    text = world.get(path, headers=HTML).text
    main = HTMLPage(f"{text[text.index('<main') :].partition('</main>')[0]}</main>")
    hrefs = [anchor.href for anchor in main.anchors]
    assert [world.get(href, headers=HTML).status_code for href in hrefs] == [200] * len(hrefs)


# (request, the page's text on the problem)
PROBLEM_TEXTS = [
    ("/actors/ruttee", "Not found There is no actor with the id 'ruttee'. id: “ruttee”. "
                       "Did you mean rutte?"),
    ("/claims?match=al", "Invalid value match must be one of any, all. match: “al”. "
                         "Did you mean all?"),
    ("/claims?sort=date&sort=-date",
     "Repeated parameter The parameter 'sort' takes one value, and was given more than once. "
     "sort: “-date”"),
    ("/clams", "Not found There is nothing at '/clams'. “/clams”. Did you mean /v1/claims?"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), PROBLEM_TEXTS)
def test_a_problem_says_each_sentence_once(world: FlaskClient, path: str, text: str):
    page = HTMLPage(world.get(path, headers=HTML).text)
    shown = " ".join(page.text.split())
    start = shown.index("Networks ") + len("Networks ")
    assert shown[start:].startswith(f"{text} ")


@pytest.mark.parametrize("path", PAGES)
def test_a_cached_page_equals_a_new_one(world: FlaskClient, caching_world: FlaskClient, path: str):
    new = world.get(path, headers=HTML)
    for _ in range(3):
        cached = caching_world.get(path, headers=HTML)
        assert cached.data == new.data
        assert cached.headers["ETag"] == new.headers["ETag"]
        assert cached.headers["Content-Security-Policy"] == POLICY
    assert cached.headers["Cache-Status"] == "claimbase; hit"
    conditional = {**HTML, "If-None-Match": new.headers["ETag"]}
    assert caching_world.get(path, headers=conditional).status_code == 304
    as_json = world.get(path, headers={"Accept": "application/json"})
    assert as_json.headers["ETag"] != new.headers["ETag"]


@pytest.mark.parametrize("path", [*PAGES, "/actors/nobody"])
def test_a_page_has_the_headers_of_pages(world: FlaskClient, path: str):
    headers = world.get(path, headers=HTML).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Vary"] == "Accept, Accept-Encoding"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_the_foot_of_a_page_links_to_data(world: FlaskClient, path: str):
    text = world.get(path, headers=HTML).text
    foot = HTMLPage(
        text.partition("<summary>Data of this page</summary>")[2].partition("</ul>")[0] + "</ul>"
    )
    assert foot.anchors
    for anchor in foot.anchors:
        assert world.get(anchor.href, headers=BROWSER).content_type == "application/json"


def test_the_parameters_of_documents_change_no_page(world: FlaskClient):
    page = world.get("/claims/spend", headers=HTML)
    same = world.get("/claims/spend?fields=id&include=actor", headers=HTML)
    assert same.data == page.data
    assert get_page(world, "/claims/spend?fields=nothing", 422).headings[0] == (1, "Invalid value")


def test_fields_of_a_form_that_are_left_empty_count_as_not_given(world: FlaskClient):
    page = world.get("/claims?topic=defence", headers=HTML)
    assert world.get("/claims?topic=defence&topic=&actor=+&limit=", headers=HTML).data == page.data
    for query in ("topic=defence&actor=", "limit="):
        assert world.get(f"/claims?{query}").json["errors"][0]["message"] == "is empty"
    assert world.get("/claims?acotr=", headers=HTML).status_code == 400


def test_a_page_below_a_mount_point_links_below_it(world: FlaskClient):
    response = world.get("/claims", headers=HTML, environ_overrides={"SCRIPT_NAME": "/kb"})
    hrefs = re.findall('(?:href|src|action)="(/[^"]*)"', response.text)
    assert len(hrefs) > 50
    assert all(href.startswith("/kb/") for href in hrefs)


class TestFrames:
    def test_a_claim_in_a_frame_has_no_header(self, caching_world: FlaskClient):
        for _ in range(2):
            framed = caching_world.get("/claims/spend?embed=true", headers=HTML)
            assert framed.headers["Content-Security-Policy"] == POLICY.replace(
                "frame-ancestors 'self'", "frame-ancestors *"
            )
            assert "X-Frame-Options" not in framed.headers
            page = HTMLPage(framed.text)
            assert {"header", "nav", "form"}.isdisjoint(tag for tag, _ in page.elements)
            assert ("/claims/spend?format=html", "Claimbase") in [
                (anchor.href, anchor.text) for anchor in page.anchors
            ]
            unframed = caching_world.get("/claims/spend?embed=false", headers=HTML)
            assert unframed.headers["Content-Security-Policy"] == POLICY
            assert unframed.headers["X-Frame-Options"] == "SAMEORIGIN"
            assert unframed.data == caching_world.get("/claims/spend", headers=HTML).data
            assert unframed.headers["ETag"] != framed.headers["ETag"]

    def test_a_missing_claim_is_a_problem_in_its_frame(self, world: FlaskClient):
        for path in ("/claims/spent?embed=true", "/claims/spend?embed=true&x=1"):
            response = world.get(path, headers=HTML)
            assert response.status_code in (400, 404)
            policy = response.headers["Content-Security-Policy"]
            assert policy == POLICY.replace("frame-ancestors 'self'", "frame-ancestors *")
            page = HTMLPage(response.text)
            assert {"header", "nav", "form"}.isdisjoint(tag for tag, _ in page.elements)
            assert "Search above" not in page.text
        unframed = world.get("/claims/spent?embed=false", headers=HTML)
        assert unframed.headers["Content-Security-Policy"] == POLICY

    def test_a_claim_in_a_frame_has_one_source_and_no_details(self, world: FlaskClient):
        page = get_page(world, "/claims/spend?embed=true")
        assert "dl" not in [tag for tag, _ in page.elements]
        assert page.headings == [
            (1, "Rutte asks for five percent."), (2, "Positions"), (2, "Sources"),
            (3, "Reprint of the talk"), (2, "Reviews"), (3, "Half true!"),
        ]  # fmt: skip

    @pytest.mark.parametrize("format", ["json", "jsonld"])
    def test_other_formats_have_no_frames(self, world: FlaskClient, format: str):
        response = world.get(f"/claims/spend?format={format}&embed=true")
        (error,) = response.json["errors"]
        assert error["message"] == f"cannot be used with format={format}"

    def test_other_records_have_no_frames(self, world: FlaskClient):
        assert world.get("/actors/rutte?embed=true", headers=HTML).status_code == 400


class TestStaticFiles:
    @pytest.mark.parametrize("name", sorted(STATIC_HASHES))
    def test_a_file_with_its_hash_is_immutable(self, world: FlaskClient, name: str):
        url = f"/static/{name}?v={STATIC_HASHES[name]}"
        with world.get(url, headers={"Accept": "text/css"}) as file:
            assert file.status_code == 200
            assert file.data == (STATIC / name).read_bytes()
            assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"

    def test_a_file_under_another_hash_is_asked_for_again(self, world: FlaskClient):
        with world.get("/static/claimbase.css?v=0") as file:
            assert file.headers["Cache-Control"] == "no-cache"

    @pytest.mark.parametrize("name", ["nothing.css", "..%2F__init__.py", "templates", "a%00b"])
    def test_there_are_no_other_files(self, world: FlaskClient, name: str):
        assert world.get(f"/static/{name}").status_code in (400, 404)

    def test_files_are_small(self):
        sizes = {path.name: path.stat().st_size for path in STATIC.iterdir()}
        assert sizes["claimbase.css"] <= 12_000
        assert sizes["claimbase.js"] <= 8_000


def test_the_operator_names_the_site(world_url: str):
    settings = {
        "TITLE": "Harbour & Sons",
        "FEEDBACK_URL": "https://example.org/report",
        "LICENSE_URL": "https://example.org/license",
        "PUBLIC_URL": "https://claims.example/kb/",
    }
    client = create_app(DATABASE_URL=world_url, CACHE_MB=0, **settings).test_client()
    open_dataset(world_url)
    page = get_page(client, "/claims/spend")
    assert "Harbour & Sons" in page.text
    hrefs = [anchor.href for anchor in page.anchors]
    assert "https://example.org/license" in hrefs
    public_url = "https://claims.example/kb/claims/spend?format=html"
    assert f"https://example.org/report?url={quote(public_url)}" in hrefs
    assert f"“Rutte asks for five percent.”, {public_url}, dataset " in page.text
    links = [attributes for tag, attributes in page.elements if tag == "link"]
    assert {"rel": "canonical", "href": public_url} in links
    assert {"property": "og:url", "content": public_url} in [
        attributes for tag, attributes in page.elements if tag == "meta"
    ]
    root = client.get("/v1").json
    assert root["title"] == "Harbour & Sons"
    assert root["license"] == "https://example.org/license"
    assert "Sitemap: https://claims.example/kb/sitemap.xml\n" in client.get("/robots.txt").text
    assert get_page(client, "/nothing", 404).text.count("Harbour & Sons") == 2


@pytest.mark.parametrize("path", [*PAGES, "/claims/spend?embed=true"])
def test_a_page_without_public_url_does_not_depend_on_the_host(world: FlaskClient, path: str):
    here = world.get(path, headers={**HTML, "Host": "a.example"})
    there = world.get(path, headers={**HTML, "Host": "b.example"})
    assert here.data == there.data
    assert "og:url" not in here.text


def test_a_build_has_the_templates_and_the_static_files(tmp_path: Path):
    # what a wheel packs
    build = "import setuptools; setuptools.setup()"
    command = [sys.executable, "-c", build, "-q", "build_py", "--build-lib", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert files_of(tmp_path / "api" / "pages") == files_of(ROOT / "api" / "pages")
    assert len(files_of(tmp_path / "api" / "pages")) > 20


def files_of(folder: Path) -> set[str]:
    paths = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {str(path) for path in paths if path.suffix != ".pyc"}
