"""Comparing the numbers of the finished site with those of the finished PDF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pikepdf import PdfError

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.course import Course
from notesbuild.model.forms import PdfForm
from notesbuild.model.project import Project
from notesbuild.notes.assemble import chapters_of
from notesbuild.notes.home import docname
from notesbuild.notes.numbered import Numbered, numbers_of
from notesbuild.notes.printed import differences
from notesbuild.notes.results import Result, read_results
from notesbuild.notes.work import work_of
from notesbuild.run.code import code_digest
from notesbuild.run.seal import sealed, unsealed
from notesbuild.source.files import digest

_PURPOSE = "parity"


def parity(project: Project, course: Course) -> Outcome[int | None]:
    """How many numbers are the same; an error for each that is not."""
    folder = project.build / course.name
    shown = f"{project.settings.build}/{course.name}"
    missing = [name for name in ("results.json", "pdf/notes.pdf") if not (folder / name).is_file()]
    if missing:
        message = f"{shown}/{missing[0]} is not there"
        hint = f"run `notesbuild build {course.name}` first"
        return Outcome(None, (error(Code.FILE_MISSING, message, Span(shown), hint),))
    chapters = tuple(docname(chapter) for chapter in chapters_of(course, project).value)
    compared = _digest(folder, course, chapters)
    verdict = work_of(project, course.name).root / "parity"
    kept = _kept(verdict, compared)
    if kept is not None:
        return Outcome(kept)
    numbers = tuple(numbers_of(folder / "html", chapters))
    messages = tuple(_messages(folder, course, numbers, shown))
    if not messages:
        _keep(verdict, compared, len(numbers))
    found = tuple(_differs(message, shown) for message in messages)
    return Outcome(None if found else len(numbers), found)


def _messages(
    folder: Path, course: Course, numbers: tuple[Numbered, ...], shown: str
) -> Iterator[str]:
    """Every difference between what the results, the pages and all forms of the PDF say."""
    results = read_results((folder / "results.json").read_bytes())
    yield from _in_html(results, numbers, f"{shown}/html")
    for form in ("", *course.pdf.variants):
        name = _pdf_of(form)
        if not (folder / name).is_file():
            yield f"{shown}/{name} is not there"
            continue
        complete = form not in (PdfForm.STATEMENTS, PdfForm.NO_PROOFS)
        content = (folder / name).read_bytes()
        try:
            yield from differences(content, numbers, f"{shown}/{name}", complete=complete)
        except PdfError:
            yield f"{shown}/{name} is damaged: it cannot be read"


def _pdf_of(form: str) -> str:
    return f"pdf/notes-{form}.pdf" if form else "pdf/notes.pdf"


# --- the last verdict, kept while nothing that was compared changes ------------------------


def _digest(folder: Path, course: Course, chapters: tuple[str, ...]) -> str:
    """A digest of all that is compared, and of what compares it; reading PDFs takes far longer."""
    pages = (f"html/{chapter}.html" for chapter in chapters)
    names = ["results.json", *pages, *(_pdf_of(form) for form in ("", *course.pdf.variants))]
    pieces = [code_digest("notes", "pdf", "sphinxext").encode()]
    for name in names:
        path = folder / name
        pieces += [name.encode(), path.read_bytes() if path.is_file() else b""]
    return digest(*pieces)


def _kept(verdict: Path, compared: str) -> int | None:
    """How many numbers were the same, if just this was compared before."""
    with suppress(OSError, ValueError):
        told = (unsealed(verdict.read_bytes(), _PURPOSE) or b"").decode().split(" ")
        if len(told) == 2 and told[0] == compared:
            return int(told[1])
    return None


def _keep(verdict: Path, compared: str, count: int) -> None:
    """Remember that all numbers were the same; where that cannot be, they are compared again."""
    content = sealed(f"{compared} {count}".encode(), _PURPOSE)
    if content is not None and verdict.parent.is_dir():
        with suppress(OSError):
            verdict.write_bytes(content)


def _in_html(
    results: tuple[Result, ...], numbers: tuple[Numbered, ...], shown: str
) -> Iterator[str]:
    """Every result of the file is on its page, with the number that the file says."""
    pages = {f"{number.docname}.html#{number.anchor}": number for number in numbers}
    for result in results:
        number = pages.get(result.href)
        if number is None:
            yield f"{shown}/{result.href} is not there"
        elif number.number != result.number:
            yield f"{shown}/{result.href} is called {number.shown!r}, not {result.number}"


def _differs(message: str, shown: str) -> Diagnostic:
    hint = "build the course again; if the difference stays, report it"
    return error(Code.NOT_REPRODUCED, message, Span(shown), hint)
