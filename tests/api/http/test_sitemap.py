"""robots.txt and the sitemap."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from api.http import sitemap
from tests.api.http.problems import problem_of
from tests.api.world import WORLD


def locations(client: FlaskClient, path: str) -> list[str]:
    response = client.get(path, headers={"Accept": "application/xml"})
    assert (response.status_code, response.content_type) == (200, "application/xml")
    return re.findall("<loc>(.*?)</loc>", response.text)


def test_robots_leave_out_combinations_of_filters(world: FlaskClient):
    assert world.get("/robots.txt", headers={"Accept": "text/plain"}).text == (
        "User-agent: *\n"
        "Disallow: /*?\n"
        "Allow: /*?format=html$\n"
        "Allow: /static/\n"
        "Allow: /sitemap.xml?part=\n"
        "Sitemap: http://localhost/sitemap.xml\n"
    )


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml"])
def test_a_host_that_is_none_leaves_the_addresses_without_host(world: FlaskClient, path: str):
    text = world.get(path, headers={"Host": 'a"><b'}).text
    assert "http" not in text.replace("http://www.sitemaps.org", "")


@pytest.mark.parametrize("part_size", [10_000, 7])
def test_the_parts_have_every_page_once(
    world: FlaskClient, monkeypatch: pytest.MonkeyPatch, part_size: int
):
    monkeypatch.setattr(sitemap, "PART", part_size)
    parts = locations(world, "/sitemap.xml")
    urls = [url for part in parts for url in locations(world, part)]
    hidden = ("draft", "gone")
    expected = {
        f"http://localhost/{name}/{record['id']}?format=html"
        for name, records in WORLD.items()
        for record in records
        if record["id"] not in hidden
    }
    assert set(urls) == {"http://localhost/?format=html", *expected}
    assert len(urls) == len(set(urls))
    assert all(world.get(url).status_code == 200 for url in urls)


@pytest.mark.parametrize("part", ["1", "-1", "x", "", "99999999999999999999", "00"])
def test_there_is_no_other_part(world: FlaskClient, part: str):
    problem_of(world.get(f"/sitemap.xml?part={part}"), "not-found")


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap.xml?part=0"])
def test_a_crawler_that_has_the_sitemap_gets_304(world: FlaskClient, path: str):
    response = world.get(path)
    assert response.headers["Cache-Control"] == "public, no-cache"
    if_none_match = {"If-None-Match": response.headers["ETag"]}
    assert world.get(path, headers=if_none_match).status_code == 304
    assert world.get(path, headers={**if_none_match, "Host": "b.example"}).status_code == 200
    other_path = "/sitemap.xml?part=0" if path == "/sitemap.xml" else "/sitemap.xml"
    assert world.get(other_path, headers=if_none_match).status_code == 200


def test_the_sitemap_has_no_other_parameter(world: FlaskClient):
    problem = problem_of(world.get("/sitemap.xml?prat=0"), "unknown-parameter")
    assert problem["detail"] == "This path has no parameter 'prat'. It takes: part."
    assert problem["errors"][0]["parameter"] == "prat"


def test_an_empty_dataset_has_one_page(client: FlaskClient):
    assert locations(client, "/sitemap.xml?part=0") == ["http://localhost/?format=html"]
