"""Previews, the graph and the search of a site, in a real Chromium and from disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.course import site_with
from tests.browser.test_site import chromium, opened  # noqa: F401

MORE = r"""
# More means

By {prf:ref}`thm-mean` and {eq}`eq-mean`, see {cite:t}`euler1748introductio`
and {numref}`fig-line`. Nothing of {ref}`ch-means` is shown.

:::{figure} /line.*
:name: fig-line
:alt: A line.

A line in $\R$.
:::

::::{prf:definition} The set of $\ell_1$ means
:label: def-means
A {index}`mean <mean!definition>` is meant.

:::{notation} $\R$
The real numbers.
:::

::::

:::{prf:lemma} Massart's lemma
:label: lem-massart
By {prf:ref}`def-means` and {prf:ref}`thm-mean`.
:::

:::{prf:proof}
A secret step.
:::

:::{prf:theorem}
By {prf:ref}`lem-massart`.
:::

:::{prf:exercise}
:label: ex-alone
Nobody uses this.
:::
"""

LINE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
    '<path d="M0 0 200 60" stroke="black"/></svg>'
)
CHAPTER = "chapters/basics/more.html"
NEW_PAGES = ("graph.html", "results.html", "notation.html", "genindex.html", CHAPTER)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    files = {"notes/line.svg": LINE}
    return site_with(tmp_path_factory.mktemp("reading"), "more", MORE, files)


@pytest.fixture
def reader(chromium, site):  # noqa: F811
    """Opens pages of the site, and closes them again."""
    pages: list[tuple[Page, list[str]]] = []

    def open_page(name: str, **options: object) -> Page:
        pages.append(opened(chromium, site / name, **options))
        return pages[-1][0]

    yield open_page
    for page, foreign in pages:
        assert foreign == []
        page.context.close()


def reference(page: Page, words: str):
    return page.locator("article a.reference.internal", has_text=words).first


def overlap(page: Page, link) -> bool:
    box, own = page.locator("#nb-preview").bounding_box(), link.bounding_box()
    assert box and own
    return not (
        box["y"] >= own["y"] + own["height"] - 1
        or box["y"] + box["height"] <= own["y"] + 1
        or box["x"] >= own["x"] + own["width"]
        or box["x"] + box["width"] <= own["x"]
    )


SHOWN = {
    "Theorem 1.1": ".result .katex-display",
    "(1.1)": ".eqno",
    "Eul48": ".citation, [role='doc-biblioentry']",
    "Figure 2.1": "figure img",
    "Definition 2.1": ".result.definition",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_a_reference_shows_what_it_points_to(reader, scheme, size):
    page = reader(CHAPTER, color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    for words, inside in SHOWN.items():
        link = reference(page, words)
        link.scroll_into_view_if_needed()
        link.hover()
        expect(link).to_have_attribute("aria-describedby", "nb-preview")
        box = page.locator("#nb-preview")
        expect(box.locator(inside).first).to_be_visible()
        assert box.get_attribute("role") == "tooltip"
        assert not overlap(page, link), words
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        shown = box.bounding_box()
        assert shown and shown["x"] >= 0 and shown["x"] + shown["width"] <= size[0]
        if words.startswith("Figure"):
            page.wait_for_function("document.querySelector('#nb-preview img').naturalWidth > 0")
        page.mouse.move(1, 1)
        expect(box).to_be_hidden()


def test_a_preview_is_as_dark_as_its_page(reader):
    page = reader(CHAPTER, color_scheme="dark")
    reference(page, "Theorem 1.1").hover()
    box = page.locator("#nb-preview")
    expect(box).to_be_visible()
    colour = box.evaluate("box => getComputedStyle(box).backgroundColor")
    assert all(int(part) < 80 for part in re.findall(r"\d+", colour)[:3]), colour


def test_no_proof_and_no_id_is_in_a_preview(reader):
    page = reader(CHAPTER)
    reference(page, "Lemma 2.2").hover()
    box = page.locator("#nb-preview")
    expect(box).to_contain_text("Massart")
    assert "secret" not in box.inner_text() and "Uses" not in box.inner_text()
    assert box.locator("[id]").count() == 0


def test_a_reference_to_a_section_shows_nothing(reader):
    page = reader(CHAPTER)
    reference(page, "Means").hover()
    page.wait_for_timeout(600)
    expect(page.locator("#nb-preview")).to_be_hidden()


def test_a_preview_stays_while_the_pointer_is_on_it(reader):
    page = reader(CHAPTER)
    reference(page, "Theorem 1.1").hover()
    box = page.locator("#nb-preview")
    expect(box).to_be_visible()
    box.hover()
    page.wait_for_timeout(600)
    expect(box).to_be_visible()
    page.mouse.move(1, 1)
    expect(box).to_be_hidden()


def test_the_keyboard_opens_and_escape_closes(reader):
    page = reader(CHAPTER)
    link = reference(page, "Theorem 1.1")
    page.locator("article h1 a, article h1").first.click()
    for _ in range(12):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    box = page.locator("#nb-preview")
    expect(box).to_contain_text("Minimizing property")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert link.get_attribute("aria-describedby") is None
    page.wait_for_timeout(300)
    expect(box).to_be_hidden()
    page.keyboard.press("Tab")
    expect(box).to_be_visible()


def test_a_tap_follows_the_link(reader):
    page = reader(CHAPTER, has_touch=True, viewport={"width": 360, "height": 740})
    reference(page, "Theorem 1.1").tap()
    page.wait_for_url("**/means.html#thm-mean")


def test_a_preview_without_motion(reader):
    page = reader(CHAPTER, reduced_motion="reduce")
    reference(page, "Theorem 1.1").hover()
    box = page.locator("#nb-preview")
    expect(box).to_be_visible()
    assert box.evaluate("box => getComputedStyle(box).animationName") == "none"


@pytest.mark.parametrize("name", NEW_PAGES)
def test_new_pages_fit_a_phone_and_stay_at_home(reader, name):
    page = reader(name, viewport={"width": 360, "height": 740})
    assert page.locator("h1:visible").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_pages_to_look_things_up_are_in_the_sidebar(reader):
    page = reader("index.html")
    words = page.locator(".bd-sidebar-primary nav").first.inner_text()
    group = words[words.index("Reference") :].split("\n")
    shown = [line for line in group if line.strip()]
    assert shown == ["Reference", "Results", "Graph of results", "Notation", "Index", "References"]


def test_without_scripts_the_graph_is_there_with_its_links(reader):
    page = reader("graph.html", java_script_enabled=False)
    node = page.locator("a.nb-node", has_text="Lemma 2.2")
    expect(node).to_be_visible()
    assert node.get_attribute("href") == "chapters/basics/more.html#lem-massart"
    page.locator(".nb-graph-list summary").click()
    expect(page.locator(".nb-graph-list li", has_text="Uses Definition 2.1")).to_be_visible()
    node.click()
    assert page.url.endswith("more.html#lem-massart")


def test_a_node_shows_what_it_rests_on_and_carries(reader):
    page = reader("graph.html")
    page.locator("a.nb-node", has_text="Lemma 2.2").focus()

    def marked(name: str) -> list[str]:
        return page.locator(f"a.nb-node.{name} text").all_text_contents()

    assert marked("is-above") == ["Theorem 1.1", "Definition 2.1"]
    assert marked("is-below") == ["Theorem 2.3"]
    page.locator("h1:visible").click()
    assert marked("is-above") == []
    page.locator("a.nb-node", has_text="Theorem 2.3").hover()
    assert "Lemma 2.2" in marked("is-above")
    expect(page.locator("#nb-preview")).to_contain_text("Theorem 2.3")


def test_the_graph_can_be_made_larger_and_folded(reader):
    page = reader("graph.html")
    svg = page.locator(".nb-graph-svg")

    def width() -> float:
        box = svg.bounding_box()
        assert box
        return box["width"]

    before = width()
    page.get_by_role("button", name="Larger").click()
    assert width() > before * 1.1
    page.locator(".nb-graph-view").focus()
    page.keyboard.press("-")
    assert abs(width() - before) < 2
    page.keyboard.press("+")
    page.keyboard.press("0")
    assert abs(width() - before) < 2
    page.locator("a.nb-node").first.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(
        "before => document.querySelector('.nb-graph-svg').getBoundingClientRect().width"
        " > before * 1.2",
        arg=before,
    )
    page.get_by_role("button", name="Fold all chapters", exact=True).click()
    assert page.locator("a.nb-node:visible").count() == 0
    assert page.locator(".nb-edge:visible").count() == 1, "an arc for the chapters"
    page.locator(".nb-fold").nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator("a.nb-node:visible").count() == 4
    page.get_by_role("button", name="Fold all chapters", exact=True).click()
    page.get_by_role("button", name="Unfold all chapters", exact=True).click()
    assert page.locator("a.nb-node:visible").count() == 5


def test_the_graph_can_be_filtered(reader):
    page = reader("graph.html")
    nodes = page.locator("a.nb-node:visible")
    assert nodes.count() == 5
    page.get_by_label("Hide results without connections").check()
    assert nodes.count() == 4
    page.get_by_role("button", name="Lemma").click()
    assert "Lemma 2.2" not in nodes.locator("text").all_text_contents()
    page.get_by_role("button", name="Lemma").click()
    page.get_by_label("Chapter", exact=True).select_option("0")
    assert set(nodes.locator("text").all_text_contents()) == {"Theorem 1.1", "Lemma 2.2"}


def test_the_graph_is_moved_by_dragging(reader):
    page = reader("graph.html", viewport={"width": 900, "height": 500})
    for _ in range(6):
        page.get_by_role("button", name="Larger").click()
    view = page.locator(".nb-graph-view")
    box = view.bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 60)
    start = view.evaluate("view => view.scrollLeft")
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 60, steps=4)
    page.mouse.up()
    assert view.evaluate("view => view.scrollLeft") > start + 80
    assert page.url.endswith("graph.html")


@pytest.mark.parametrize(
    ("query", "first", "anchor"),
    [
        ("Massart's lemma", "Lemma 2.2 (Massart’s lemma)", "more.html#lem-massart"),
        ("massart", "Lemma 2.2 (Massart’s lemma)", "more.html#lem-massart"),
        ("Theorem 1.1", "Theorem 1.1 (Minimizing property)", "means.html#thm-mean"),
        ("theorem 2.3", "Theorem 2.3", "more.html#theorem-chapters-basics-more-0"),
        ("means", "Definition 2.1 (The set of ℓ₁ means)", "more.html#def-means"),
    ],
)
def test_the_search_leads_to_results(reader, site, query, first, anchor):
    page = reader("search.html")
    page.goto((site / "search.html").as_uri() + "?q=" + query.replace(" ", "+"))
    page.wait_for_selector("#search-results li a")
    hit = page.locator("#search-results li a").first
    assert hit.inner_text() == first
    assert (hit.get_attribute("href") or "").endswith(anchor)
    assert "\\ell" not in page.locator("#search-results").inner_text()


def test_summaries_of_hits_have_no_formula_twice(reader):
    page = reader("search.html")
    html = Path(page.url.removeprefix("file://")).parent / "chapters/basics/means.html"
    text = page.evaluate("html => Search.htmlToText(html, '')", html.read_text("utf-8"))
    assert "mathbb" not in text and text.count("∑") == 1
