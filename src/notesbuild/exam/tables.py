"""What stands beside the papers: key, regions, report, marks; and what papers let slip.

It is loaded while TeX runs, since it is not needed before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from notesbuild.diagnostics import Diagnostic, Outcome
from notesbuild.exam.body import View
from notesbuild.exam.key import key_csv
from notesbuild.exam.leak import said_in, specimen_leaks
from notesbuild.exam.marks import FILE as MARKS
from notesbuild.exam.marks import marks_csv
from notesbuild.exam.memory import Memory
from notesbuild.exam.paper import Copy
from notesbuild.exam.personal import Sitting
from notesbuild.exam.production import Order, Produced
from notesbuild.exam.readback import PaperFile, ReadBack
from notesbuild.exam.regions import regions_json
from notesbuild.exam.report import (
    ReportInput,
    StudentPaper,
    draw_charts,
    load_report,
    pictured,
    report_html,
)
from notesbuild.exam.request import Request
from notesbuild.exam.results import KnownResult
from notesbuild.exam.summary import summarize
from notesbuild.exam.written import Written, write_output
from notesbuild.pdf.thumbnails import load_pdfium
from notesbuild.run.aside import aside
from notesbuild.source.files import Files

__all__ = ["draw_charts", "load", "read_back", "read_specimen", "said_in", "tables", "web_pages"]


def load() -> None:
    """Load what is needed once papers are written."""
    load_report()
    load_pdfium()


def student_papers(request: Request, folder: Path, made: Produced) -> tuple[PaperFile, ...]:
    """The versions' papers for students, as they were written."""
    written = {file.name: file.pages for file in made.files}
    if request.personal:
        return ()
    versions = (p.version for p in made.papers if p.view is View.STUDENT)
    names = ((version, file_name(request, version)) for version in versions)
    return tuple(
        PaperFile(version, (folder / name).read_bytes(), written[name])
        for version, name in names
        if name in written
    )


def file_name(request: Request, version: str) -> str:
    """The name of a version's paper for students."""
    return f"{request.blueprint.name}-{version}.pdf"


def read_back(
    request: Request, folder: Path, made: Produced, copies: tuple[Copy, ...], memory: Memory
) -> ReadBack:
    """Begin to read the students' papers back."""
    papers = student_papers(request, folder, made)
    return ReadBack(papers, pictured(papers, len(copies)), copies, memory)


def read_specimen(
    made: Produced, copies: tuple[Copy, ...], memory: Memory
) -> Callable[[], tuple[Diagnostic, ...]]:
    """Begin to look what a specimen of all questions tells, where versions have no papers."""
    if made.specimen is None:
        return tuple
    said = said_in(copies, memory.recalled)
    return aside(partial(specimen_leaks, made.specimen, copies, said))


def tables(
    request: Request,
    folder: Path,
    copies: tuple[Copy, ...],
    made: Produced,
    sitting: Sitting | None,
    results: tuple[KnownResult, ...],
    memory: Memory,
    read: ReadBack,
) -> tuple[Written, ...]:
    """Key, regions, report, and with a roster the table for the marks."""
    project, blueprint = request.project, request.blueprint
    students = student_papers(request, folder, made)
    shown = tuple(StudentPaper(p.version, file_name(request, p.version), p.pdf) for p in students)
    summary = summarize(request.lock, project.bank)
    given = ReportInput(
        *(blueprint, request.course, copies, shown, results, summary, memory.recalled),
        pictures=read.pictures,
    )
    regions = regions_json(made.papers, made.sheet, made.large, fixed=made.fixed)
    written = [
        write_output(folder, "key.csv", key_csv(copies, made.papers)),
        write_output(folder, "regions.json", regions),
        write_output(folder, "report.html", report_html(given)),
    ]
    if sitting is not None:
        written.append(write_output(folder, MARKS, marks_csv(copies, sitting)))
    return tuple(written)


def web_pages(
    request: Request, folder: Path, order: Order, copies: tuple[Copy, ...]
) -> Outcome[tuple[Written, ...]]:
    """The papers as web pages of those whose row of the roster asks for one."""
    sitting = order.sitting
    if sitting is None or not any(seated.student.html for seated in sitting.seated):
        return Outcome(())
    from notesbuild.exam.webpage import refused_pages
    from notesbuild.exam.webpage import web_pages as make_pages

    refused = tuple(refused_pages(request.roster, request.passwords)) if request.roster else ()
    files = Files(request.project.root)
    made = make_pages(order.exam, copies, sitting, request.passwords, files)
    written = tuple(
        write_output(folder, f"students/{page.student}.html", page.content) for page in made.value
    )
    return Outcome(written, (*refused, *made.diagnostics))
