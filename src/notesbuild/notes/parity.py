"""Comparing the numbers of the finished site with those of the finished PDF."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.course import Course
from notesbuild.model.project import Project
from notesbuild.notes.results import Result, read_results
from notesbuild.pdf.text import page_texts

_TITLE = re.compile(
    r'<div class="(?:[^"]* )?result [^"]*" id="(?P<anchor>[^"]*)">\s*'
    r'<p class="result-title"><span class="result-name">(?P<name>.*?)</span>',
    re.DOTALL,
)


def parity(project: Project, course: Course) -> Outcome[int | None]:
    """How many numbers are the same; an error for each that is not."""
    folder = project.build / course.name
    shown = f"{project.settings.build}/{course.name}"
    missing = [name for name in ("results.json", "pdf/notes.pdf") if not (folder / name).is_file()]
    if missing:
        message = f"{shown}/{missing[0]} is not there"
        hint = f"run `notesbuild build {course.name}` first"
        return Outcome(None, (error(Code.FILE_MISSING, message, Span(shown), hint),))
    results = read_results((folder / "results.json").read_bytes())
    texts = page_texts((folder / "pdf" / "notes.pdf").read_bytes())
    names = _names(results, folder / "html")
    found = (*_in_html(results, names, shown), *_in_pdf(results, names, texts, shown))
    return Outcome(None if found else len(results), found)


def _names(results: tuple[Result, ...], site: Path) -> dict[str, str]:
    """What every result is called on the finished pages, such as “Theorem 2.3”."""
    pages = sorted({result.href.partition("#")[0] for result in results})
    return {f"{page}#{anchor}": name for page in pages for anchor, name in _headings(site / page)}


def _in_html(
    results: tuple[Result, ...], names: dict[str, str], shown: str
) -> Iterator[Diagnostic]:
    for result in results:
        name = names.get(result.href)
        if name is None:
            yield _differs(f"{shown}/html/{result.href} is not there", shown)
        elif name.rpartition(" ")[2] != result.number:
            message = f"{shown}/html/{result.href} is called {name!r}, not {result.number}"
            yield _differs(message, shown)


def _headings(page: Path) -> Iterator[tuple[str, str]]:
    if page.is_file():
        for match in _TITLE.finditer(page.read_text("utf-8")):
            yield match["anchor"], html.unescape(match["name"]).strip()


def _in_pdf(
    results: tuple[Result, ...], names: dict[str, str], texts: tuple[str, ...], shown: str
) -> Iterator[Diagnostic]:
    """The same words as a heading in the text of the page."""
    where = f"{shown}/pdf/notes.pdf"
    for result in results:
        name = names.get(result.href, f"{result.kind} {result.number}")
        if result.page is None or not 0 < result.page <= len(texts):
            yield _differs(f"{where} has no page for {name}", shown)
        elif not re.search(_heading(name), " ".join(texts[result.page - 1].split())):
            yield _differs(f"page {result.page} of {where} does not show {name}", shown)


def _heading(name: str) -> str:
    """Name and number as a heading sets them: before a full stop, or before the title."""
    return rf"(?<!\w){re.escape(name)}(?:\.(?!\d)| ?\()"


def _differs(message: str, shown: str) -> Diagnostic:
    hint = "build the course again; if the difference stays, report it"
    return error(Code.NOT_REPRODUCED, message, Span(shown), hint)
