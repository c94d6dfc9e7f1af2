"""Every kind of page: nothing wrong for axe-core, no error, no request, readable on a phone."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.browser.course import site_with
from tests.browser.test_reading import LINE, MORE
from tests.browser.test_site import chromium, opened  # noqa: F401

RICH = (
    MORE
    + r"""
:::{prf:restate} thm-mean
:::

:::{prf:corollary}
:label: cor-far
It is far.
:::

:::{prf:proof}
:defer:
Later. [^note]
:::

[^note]: A note with $x$.

$$
f(x) = a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + b_1 + b_2 + b_3 + b_4 + b_5 + b_6
+ b_7 + b_8 + b_9 + c_1 + c_2 + c_3 + c_4 + c_5 + c_6 + c_7 + c_8 + c_9 + d_1 + d_2 + d_3 + d_4
$$ (eq-wide)

:::{tikz} An arrow
:name: fig-arrow
:alt: An arrow from a to b.

\draw[->] (0,0) -- (3,1);
:::

```{problem} practice-mean
```

```{code-block} python
print("a line of code that is much longer than a telephone is wide, so that it must be scrolled")
```

| $n$ | a heading of some length | another heading of some length | and one more of them |
|-----|--------------------------|--------------------------------|----------------------|
| 1   | some words in a cell     | some more words in a cell      | and some more words  |

:::{note}
By {eq}`eq-wide`, {prf:ref}`cor-far` and {numref}`fig-arrow`.
:::
"""
)
PRACTICE = r"""
% ---
% title: Practice
% kind: proof
% topics: [means]
% difficulty: 1
% points: 2
% minutes: 2
% visibility: public
% status: ready
% ---
Show that $1 + 1 = 2$.
\begin{solution}[1cm]
  It is so.
  \begin{rubric} \item[2] so \end{rubric}
\end{solution}
"""
CHAPTER = "chapters/basics/rich.html"
PAGES = (
    "index.html",
    "chapters/basics/means.html",
    CHAPTER,
    "results.html",
    "graph.html",
    "notation.html",
    "genindex.html",
    "references.html",
    "search.html?q=mean",
)
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SIZES = [(1280, 800), (360, 740)]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    files = {"notes/line.svg": LINE, "problem_bank/means/practice-mean.tex": PRACTICE}
    return site_with(tmp_path_factory.mktemp("access"), "rich", RICH, files)


def looked_at(browser, site: Path, name: str, **options: object) -> tuple[Page, list[str]]:
    """An open page, and whatever went wrong: foreign requests, errors on the console."""
    file, _, query = name.partition("?")
    page, wrong = opened(browser, site / file, **options)
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((site / file).as_uri() + ("?" + query if query else ""))
    if query and options.get("java_script_enabled", True):
        page.wait_for_selector("#search-results li a")
    return page, wrong


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8") + ";0")
    options = {"runOnly": {"type": "tag", "values": LEVELS}, "preload": False}
    found = page.evaluate("(options) => axe.run(document, options)", options)
    assert found["passes"]
    return [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary']})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(chromium, site, name, scheme):  # noqa: F811
    page, wrong = looked_at(chromium, site, name, color_scheme=scheme)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(50)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == []
    page.context.close()


def test_axe_would_find_something(chromium, tmp_path):  # noqa: F811
    (tmp_path / "page.html").write_text("<title>x</title><p style='color: #aaa'>pale</p>", "utf-8")
    page, _ = looked_at(chromium, tmp_path, "page.html")
    assert {line.split(":")[0] for line in violations(page)} == {"color-contrast", "html-has-lang"}
    page.context.close()


def test_an_error_of_a_script_would_be_seen(chromium, tmp_path):  # noqa: F811
    text = "<script>console.error('one'); setTimeout(() => { throw new Error('two') })</script>"
    (tmp_path / "page.html").write_text(text, "utf-8")
    page, wrong = looked_at(chromium, tmp_path, "page.html")
    page.wait_for_timeout(50)
    assert {line.strip() for line in wrong} == {"one", "two"}
    page.context.close()


@pytest.mark.parametrize("name", PAGES[:-1])
def test_a_page_can_be_read_without_scripts(chromium, site, name):  # noqa: F811
    page, wrong = looked_at(chromium, site, name, java_script_enabled=False)
    assert wrong == []
    article = page.locator("article")
    assert len(article.inner_text()) > 20 and article.is_visible()
    page.context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_what_can_be_scrolled_takes_the_focus(chromium, site, width):  # noqa: F811
    page, _ = looked_at(chromium, site, CHAPTER, viewport={"width": width, "height": 740})
    wide = page.locator("#equation-eq-wide .katex-display")
    assert wide.get_attribute("tabindex") == "0"
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    short = page.locator("article .katex-display").first
    assert short.get_attribute("tabindex") is None
    page.context.close()
