"""Comparing the numbers of the finished site with those of the finished PDF."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.course import Course
from notesbuild.model.forms import PdfForm
from notesbuild.model.project import Project
from notesbuild.notes.assemble import chapters_of
from notesbuild.notes.home import docname
from notesbuild.notes.numbered import Numbered, numbers_of
from notesbuild.notes.printed import differences
from notesbuild.notes.results import Result, read_results


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
    chapters = tuple(docname(chapter) for chapter in chapters_of(course, project).value)
    numbers = tuple(numbers_of(folder / "html", chapters))
    messages = [*_in_html(results, numbers, f"{shown}/html")]
    for form in ("", *course.pdf.variants):
        name = f"pdf/notes-{form}.pdf" if form else "pdf/notes.pdf"
        if not (folder / name).is_file():
            messages.append(f"{shown}/{name} is not there")
            continue
        complete = form not in (PdfForm.STATEMENTS, PdfForm.NO_PROOFS)
        content = (folder / name).read_bytes()
        messages += differences(content, numbers, f"{shown}/{name}", complete=complete)
    found = tuple(_differs(message, shown) for message in messages)
    return Outcome(None if found else len(numbers), found)


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
