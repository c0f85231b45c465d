"""Pages in Chromium: accessibility, widths, the console, and the search box by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from models.database.connection import disconnect
from models.opening import open_dataset

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is absent")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is absent")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is absent"),
]

PAGES = (
    "/",
    "/claims?actor=Rutte&limit=8",
    "/claims?topic=ukrane",
    "/claims/rutte-antalya-no-membership-promise",
    "/claims/rutte-antalya-no-membership-promise?embed=true",
    "/actors",
    "/actors/mark-rutte",
    "/organizations/nato",
    "/events/hague-summit-2025",
    "/sources/defensehere-2025-rutte-antalya-interview",
    "/topics/defence",
    "/positions/ukraine-will-join-nato",
    "/stances?actor=Rutte",
    "/positions/ukraine-will-join-nato/stances",
    "/compare?actor=mark-rutte&actor=volodymyr-zelenskyy&actor=vladimir-putin",
    "/reversals",
    "/contradictions?actor=Rutte&limit=5",
    "/search?q=ukraine",
    "/search?q=ukrane",
    "/problems/not-found",
    "/networks/one-mode?nodes=organization&method=subtract&normalization=average",
    "/networks/one-mode?window=P1Y&topic=ukrane",
    "/networks/one-mode?method=subtract&embed=true",
    "/networks/two-mode?rows=organization&method=subtract",
    "/networks/one-mode/edge?nodes=organization&a=nato&b=organization:united-states",
    "/networks/statements?nodes=organization&limit=8",
    "/graph?around=actor:mark-rutte",
)
PROBLEMS = ("/claims?topik=x", "/compare", "/contradictions")
# the sum of the layout shifts of a loaded page
LAYOUT_SHIFT = """() => new Promise((resolve) => new PerformanceObserver((list) =>
  resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => resolve(0), 200))"""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def root(app: Flask, shipped_url: str) -> Iterator[str]:
    """The address of a server of the shipped dataset."""
    open_dataset(shipped_url)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    disconnect()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


# contrast depends on the scheme alone, and places on the width alone
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_pages_are_accessible_and_fit(browser: Any, root: str, scheme: str, width: int):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    findings = []
    for path in (*PAGES, *PROBLEMS):
        page.goto(root + path)
        results = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
        findings += [
            (path, violation["id"], violation["nodes"][0]["html"])
            for violation in results.response["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            findings.append((path, "sideways scrolling", ""))
    context.close()
    assert findings == []


def test_pages_are_quiet_and_ask_no_other_host(browser: Any, root: str):
    page = browser.new_page()
    messages: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    for path in (*PAGES, "/v1/docs"):
        requests.clear()
        page.goto(root + path)
        assert [url for url in requests if not url.startswith((root, "data:"))] == []
        assert path == "/v1/docs" or len(requests) <= 4
    assert messages == []
    page.close()


def test_the_documentation_shows_the_routes(browser: Any, root: str):
    page = browser.new_page()
    page.goto(f"{root}/v1/docs")
    page.wait_for_selector("#operations-claims-list_claims")
    page.close()


def test_nothing_moves_while_a_page_loads(browser: Any, root: str):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    for path in PAGES:
        page.goto(root + path)
        assert page.evaluate(LAYOUT_SHIFT) == 0, path
    page.close()


def test_the_search_box_works_by_keyboard_and_back_shows_a_page(browser: Any, root: str):
    page = browser.new_page()
    page.goto(root)
    page.locator("#q").press_sequentially("mark rut")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true] bdi").text_content() == "Mark Rutte"
    page.keyboard.press("Enter")
    page.wait_for_url("**/actors/mark-rutte")
    page.go_back()
    assert page.locator("h1").text_content() == "Who claimed what"
    page.locator("#q").fill("antalya")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=antalya")
    assert page.locator("h1").text_content() == "Results for “antalya”"
    page.close()


def test_everything_works_without_javascript(browser: Any, root: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(root)
    page.locator("#q").fill("rutte ukraine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=rutte+ukraine")
    page.locator("h2:has-text('Claims') a").click()
    assert page.locator("h1").text_content() == "9 claims matching “rutte ukraine”, newest first"
    page.locator("#narrow a", has_text="Ukraine's NATO membership").first.click()
    assert page.locator("h1").text_content().startswith("8 claims on Ukraine's NATO membership")
    page.goto(f"{root}/claims")
    page.locator("a", has_text="Next page").click()
    assert page.locator("article").count() == 39
    page.locator("nav a", has_text="Networks").click()
    page.locator("summary", has_text="Change the question").click()
    page.locator("select[name=normalization]").select_option("none")
    page.locator("input[name=topic]").fill("ukraine-membership")
    page.locator(".choices button").click()
    page.locator("summary", has_text="more edges").click()
    page.locator("td a[href*='a=organization%3Anato&b=organization%3Aunited-states&']").click()
    assert page.locator("h1").text_content() == (
        "NATO and United States: shared positions, "
        "in claims on Ukraine's NATO membership or narrower"
    )
    page.locator("a", has_text="8 claims").click()
    assert page.locator("tbody tr").count() == 8
    page.goto(root)
    form = page.locator("main form").first
    form.locator("input").first.fill("Rutte")
    form.locator("input").last.fill("Putin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?*")
    assert page.locator("h1").text_content() == "Vladimir Putin and Mark Rutte on 11 positions"
    page.goto(f"{root}/contradictions")
    page.locator("main input[name=position]").fill("ukraine-will-join-nato")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contradictions?*")
    assert page.locator("h1").text_content().startswith("24 contradictions in claims ")
    context.close()


def test_a_form_completes_names_by_keyboard(browser: Any, root: str):
    page = browser.new_page()
    page.goto(f"{root}/actors/mark-rutte")
    name = page.locator("main input[role=combobox]")
    name.press_sequentially("zelen")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert name.input_value() == "volodymyr-zelenskyy"
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?actor=mark-rutte&actor=volodymyr-zelenskyy")
    assert page.locator("h1").text_content() == "Mark Rutte and Volodymyr Zelenskyy on 11 positions"
    page.close()


@pytest.mark.parametrize("leave", ["pointer", "focus"])
def test_a_node_lights_its_edges(browser: Any, root: str, leave: str):
    page = browser.new_page()
    page.goto(f"{root}/networks/one-mode?method=subtract")
    node = page.locator("a[href='/actors/vladimir-putin']:has(circle)")
    if leave == "pointer":
        node.locator("circle").hover()
    else:
        node.focus()
    number = node.get_attribute("data-node")
    lit = page.locator(".network a.lit").evaluate_all("all => all.map((a) => a.dataset.ends)")
    ends = page.locator("[data-ends]").evaluate_all("all => all.map((a) => a.dataset.ends)")
    assert sorted(lit) == sorted(pair for pair in ends if number in pair.split())
    assert len(lit) > 3
    if leave == "pointer":
        page.locator("h1").hover()
    else:
        page.locator("#q").focus()
    assert page.locator(".lit").count() == 0
    page.close()
