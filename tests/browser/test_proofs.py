"""Proofs that can be closed, in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.test_site import chromium, opened  # noqa: F401
from tests.sphinxext.built import make

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CHAPTER = """
    # One

    See {eq}`eq-in`.

    :::{prf:theorem}
    :label: thm-a
    Text.
    :::

    :::{prf:proof}
    Words.

    $$ x = 1 $$ (eq-in)

    The end.
    :::

    :::{prf:proof}
    $$ y = 2 $$
    :::
"""


@pytest.fixture(scope="module", params=["basic", "sphinx_book_theme"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"one.md": CHAPTER, "two.md": "# Two\n\nNo proof.\n"}
    conf = f'html_theme = "{request.param}"'
    return make(tmp_path_factory.mktemp("proofs"), files, conf=conf).out


def test_one_button_closes_and_opens_all(chromium, site):  # noqa: F811
    page, foreign = opened(chromium, site / "one.html")
    button = page.get_by_role("button", name="Hide all proofs")
    proofs = page.locator("details.result-proof")
    assert proofs.count() == 2
    assert all(proof.get_attribute("open") is not None for proof in proofs.all())
    button.focus()
    page.keyboard.press("Enter")
    assert all(proof.get_attribute("open") is None for proof in proofs.all())
    assert not page.get_by_text("The end.").is_visible()
    assert page.get_by_text("Proof.").first.is_visible()
    # The next page of the same reader, too.
    page.reload()
    assert page.locator("details.result-proof[open]").count() == 0
    page.get_by_role("button", name="Show all proofs").click()
    assert page.locator("details.result-proof[open]").count() == 2
    assert foreign == []
    page.context.close()


def test_a_link_into_a_closed_proof_opens_it(chromium, site):  # noqa: F811
    page, _ = opened(chromium, site / "one.html")
    page.get_by_role("button", name="Hide all proofs").click()
    for _ in range(2):
        page.get_by_role("link", name="(1.1)").first.click()
        assert page.locator("details.result-proof[open]").count() == 1
        assert page.get_by_text("The end.").is_visible()
        page.locator("details.result-proof summary").first.click()
        assert page.locator("details.result-proof[open]").count() == 0
    page.goto((site / "two.html").as_uri())
    page.goto((site / "one.html").as_uri() + "#equation-eq-in")
    assert page.locator("details.result-proof[open]").count() == 1
    page.context.close()


def test_print_shows_all_proofs(chromium, site):  # noqa: F811
    page, _ = opened(chromium, site / "one.html")
    page.get_by_role("button", name="Hide all proofs").click()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.result-proof[open]").count() == 2
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.result-proof[open]").count() == 0
    page.emulate_media(media="print")
    assert not page.locator(".proof-toggle").is_visible()
    page.context.close()


def test_without_scripts_proofs_are_open(chromium, site):  # noqa: F811
    page, _ = opened(chromium, site / "one.html", java_script_enabled=False)
    assert page.get_by_text("The end.").is_visible()
    assert page.locator(".proof-toggle").count() == 0
    page.context.close()


def test_a_page_without_proofs_has_no_button(chromium, site):  # noqa: F811
    page, _ = opened(chromium, site / "two.html")
    assert page.locator(".proof-toggle").count() == 0
    assert "notesbuild-proofs.js" not in (site / "two.html").read_text("utf-8")
    page.context.close()


@pytest.mark.parametrize("width", [360, 1200])
def test_first_words_run_into_the_proof(chromium, site, width):  # noqa: F811
    size = {"width": width, "height": 800}
    page, _ = opened(chromium, site / "one.html", viewport=size)
    summary = page.locator("details.result-proof summary").first.bounding_box()
    paragraph = page.get_by_text("Words.").bounding_box()
    assert summary is not None and paragraph is not None
    assert abs(summary["y"] - paragraph["y"]) < 6
    if "book" in (site / "one.html").read_text("utf-8"):  # the other theme fits no phone
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
