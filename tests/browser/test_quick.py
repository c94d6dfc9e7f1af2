"""A page shows soon: nothing large is loaded for icons, nothing far is laid out before its time."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from notesbuild.cli.main import cli
from tests.browser.test_site import chromium, opened  # noqa: F401
from tests.small import SMALL

MEANS = "notes/chapters/basics/means.md"
PAGE = "chapters/basics/means.html"
WIDE = " + ".join(f"a_{{{number}}}" for number in range(60))
LONG = f"""
{"".join(f"A paragraph of its own: {n}.{chr(10) * 2}" for n in range(150))}
:::{{prf:remark}}
:label: rem-far
{{ref}}`A link <ch-means>` stands before what is wide.

$$
{WIDE}
$$

It is far below. {{ref}}`Another <ch-means>`
:::
"""
# Each icon that shows: its name, the picture in its place, and how large that is.
ICONS = """() => [...document.querySelectorAll("[class*=' fa-'], svg.svg-inline--fa")]
  .filter((icon) => icon.checkVisibility() && icon.getClientRects().length)
  .map((icon) => {
    const drawn = getComputedStyle(icon, "::before");
    const picture = drawn.maskImage.startsWith('url("data:image/svg+xml');
    return [icon.getAttribute("class"), picture, parseFloat(drawn.width), parseFloat(drawn.height)];
  })"""


def built(root: Path, files: dict[str, str]) -> Path:
    for path, text in {"notesbuild.toml": "", **SMALL, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    result = CliRunner().invoke(cli, ["--project", str(root), "notes", "html"])
    assert result.exit_code == 0, result.output
    return root / "build" / "small" / "html"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    return built(tmp_path_factory.mktemp("quick"), {MEANS: SMALL[MEANS] + LONG})


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", [PAGE, "index.html", "search.html"])
def test_icons_are_drawn_without_the_script_of_the_theme(chromium, site, name, width, scripts):  # noqa: F811
    context = chromium.new_context(
        viewport={"width": width, "height": 740},
        java_script_enabled=scripts,
        color_scheme="dark",
    )
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / name).as_uri())
    assert not any("fontawesome.js" in one for one in asked)
    # Admonitions show icons of the fonts; no button needs them.
    assert not any("/webfonts/" in one for one in asked) or page.locator(".admonition").count()
    assert any("bootstrap.js" in one for one in asked) or not scripts
    icons = page.evaluate(ICONS)
    assert len(icons) >= (3 if scripts else 1), icons
    for icon, picture, *sizes in icons:
        assert picture and min(sizes) >= 12, (icon, sizes)
    context.close()


def test_other_icons_come_from_the_fonts_of_the_theme(chromium, tmp_path):  # noqa: F811
    text = SMALL[MEANS] + "\nA bulb: {fas}`lightbulb`.\n"
    page, _ = opened(chromium, built(tmp_path, {MEANS: text}) / PAGE)
    assert page.evaluate("document.fonts.ready.then(() => true)")
    bulb = page.locator("article .fa-lightbulb")
    assert bulb.bounding_box()["width"] > 8
    family = bulb.evaluate("icon => getComputedStyle(icon).fontFamily")
    assert page.evaluate("family => document.fonts.check(`900 16px ${family}`, '\\uf0eb')", family)
    page.context.close()


def test_scripts_of_an_author_find_the_one_of_the_theme(chromium, tmp_path):  # noqa: F811
    conf = 'html_static_path = ["own"]\nhtml_js_files = [("icons.js", {"defer": "defer"})]\n'
    script = "window.known = typeof FontAwesome.library.add;\n"
    site = built(tmp_path, {"notes/conf.py": conf, "notes/own/icons.js": script})
    page, _ = opened(chromium, site / PAGE)
    assert page.evaluate("window.known") == "function"
    page.context.close()


def test_menus_and_dialogs_are_ruled_by_keys(chromium, site):  # noqa: F811
    page, _ = opened(chromium, site / PAGE, color_scheme="light")
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    field = page.locator("#pst-search-dialog input")
    assert field.is_visible() and field.evaluate("field => field === document.activeElement")
    page.keyboard.press("Escape")
    assert not field.is_visible()
    page.locator(".theme-switch-button").first.focus()
    page.keyboard.press("Enter")
    for _ in ("System Settings", "Light", "Dark"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator(".theme-switch-button .fa-moon").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("key, link", [("Tab", "A link"), ("Shift+Tab", "Another")])
def test_what_is_wide_and_far_takes_the_focus_when_its_turn_comes(chromium, site, key, link):  # noqa: F811
    page, _ = opened(chromium, site / PAGE, viewport={"width": 360, "height": 740})
    page.wait_for_load_state()
    page.wait_for_timeout(100)
    wide = page.locator("#rem-far .katex-display")
    assert wide.get_attribute("tabindex") is None
    page.evaluate("document.activeElement.blur()")
    page.locator("#rem-far").get_by_role("link", name=link).evaluate(
        "link => link.focus({ preventScroll: true })"
    )
    # Looked at before the focus moves, for Chromium would focus it and bring it near by itself.
    wide.evaluate("wide => window.addEventListener('keydown', () => { was = wide.tabIndex })")
    page.keyboard.press(key)
    assert page.evaluate("was") == 0
    assert wide.evaluate("wide => wide === document.activeElement")
    page.context.close()
