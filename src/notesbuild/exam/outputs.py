"""From a lock to the files of an exam: papers, key, regions, report, record."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from notesbuild.diagnostics import Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.body import View
from notesbuild.exam.citations import resolve_instructions
from notesbuild.exam.earlier import Earlier
from notesbuild.exam.fresh import CODE
from notesbuild.exam.key import key_csv
from notesbuild.exam.leak import find_leaks, specimen_leaks
from notesbuild.exam.marks import FILE as MARKS
from notesbuild.exam.marks import marks_csv
from notesbuild.exam.memory import Memory
from notesbuild.exam.paper import Copy, Exam
from notesbuild.exam.personal import Sitting, seat
from notesbuild.exam.production import Order, Produced, set_texts, write_papers
from notesbuild.exam.record import FILE as RECORD
from notesbuild.exam.record import record_json
from notesbuild.exam.regions import regions_json
from notesbuild.exam.rendering import copies_of
from notesbuild.exam.report import ReportInput, StudentPaper, report_html
from notesbuild.exam.request import Request
from notesbuild.exam.results import (
    KnownResult,
    chapters_of,
    known_results,
    labelled_results,
)
from notesbuild.exam.summary import summarize
from notesbuild.exam.typeset import Setting, prepare
from notesbuild.exam.written import Written, digest_of
from notesbuild.model.exam import Blueprint
from notesbuild.model.roster import Roster, Student
from notesbuild.run.aside import aside
from notesbuild.run.cluster import Cluster, ClusterFailed, connect
from notesbuild.run.code import code_digest
from notesbuild.source.files import Files
from notesbuild.source.latex import parse_body
from notesbuild.tex.engine import tex_version

Say = Callable[[str], None]
ALWAYS = (View.STUDENT, View.SOLUTIONS)
"""The views that the layout depends on."""


@dataclass(frozen=True)
class Made:
    """Every file of a build, and what they were made from, for those who want to prove it."""

    files: tuple[Written, ...]
    exam: Exam
    copies: tuple[Copy, ...]
    produced: Produced
    sitting: Sitting | None


def produce(
    request: Request, folder: Path, cache: Path | None, progress: Say
) -> Outcome[Made | None]:
    """Write every output of the exam below ``folder``; without ``cache`` everything is set anew."""
    if not request.place.scheduler:
        return _produce(request, folder, cache, None, progress)
    progress(f"Asking {request.place.scheduler}")
    with connect(request.place.scheduler, state_of_worker) as found:
        if found.value is None:
            return Outcome(None, found.diagnostics)
        try:
            return _produce(request, folder, cache, found.value, progress)
        except ClusterFailed as lost:
            return Outcome(None, (lost.diagnostic,))


def state_of_worker() -> str:
    """What the bytes of blocks and papers depend on, where it may differ between machines."""
    engines = "; ".join(tex_version(name) for name in ("pdflatex", "lualatex"))
    return f"notesbuild {code_digest(*CODE)}, {engines}"


def _produce(
    request: Request, folder: Path, cache: Path | None, cluster: Cluster | None, progress: Say
) -> Outcome[Made | None]:
    blueprint, lock = request.blueprint, request.lock
    progress(f"Rendering {blueprint.exam}")
    found = list(_forbidden_instructions(blueprint))
    if found:
        return Outcome(None, tuple(found))
    blueprint, uncited = _instructions(request)
    found += uncited
    timeout, epoch = request.project.settings.tex_timeout, _epoch(blueprint.date)
    formats = request.formats if cache is not None else None
    setting = Setting(timeout, request.place.jobs, epoch, cache, formats, cluster, request.ahead)
    memory = Memory(None if cache is None else cache / "memory.json")
    helper = request.ahead.helper if request.ahead is not None else None
    with ThreadPoolExecutor(2) as beside:
        ready = beside.submit(prepare, _exam(request, blueprint), setting)
        seated = beside.submit(_sitting, request)
        copies, broken = copies_of(request.project, lock, request.numbers, memory, helper)
        ready.result()
    found += broken
    sitting = seated.result()
    found += sitting.diagnostics
    if has_errors(sitting.diagnostics):
        return Outcome(None, tuple(found))
    whole = tuple(copy for copy in copies if copy.complete)
    order = _order(request, blueprint, copies, sitting.value)
    files = Files(request.project.root)
    earlier = None if cache is None else Earlier(request.target, memory)
    if not any(copy.questions for copy in copies):
        return Outcome(None, tuple(found))
    texts = set_texts(order, files, setting, progress)
    found += texts.diagnostics
    if texts.value is None:
        return Outcome(None, tuple(found))
    # Both cores were TeX's till now; writing leaves one of them free.
    results = _results(request, memory)
    made = write_papers(order, texts.value, folder, setting, progress, earlier)
    found += made.diagnostics
    if made.value is None:
        return Outcome(None, tuple(found))
    progress("Reading the papers back")
    names = {paper.version for paper in made.value.papers}
    good = tuple(copy for copy in whole if request.personal or copy.version.version in names)
    by_version = {copy.version.version: copy for copy in good}
    papers = _student_papers(request, folder, made.value)
    unread = tuple((v, pdf) for v, pdf in papers if not memory.is_clear(pdf, by_version[v]))
    leaks = aside(partial(_leaks, unread, made.value.specimen, good))
    more = _tables(request, folder, good, made.value, sitting.value, results(), memory)
    pages = _web_pages(request, folder, order, good, files)
    found += pages.diagnostics
    leaked = leaks()
    if leaked or has_errors(pages.diagnostics):
        return Outcome(None, (*found, *leaked))
    memory.clear((pdf, by_version[version]) for version, pdf in papers)
    memory.save()
    outputs = (*made.value.files, *more, *pages.value)
    record = record_json(request, good, _engines(made.value), outputs)
    files_made = (*outputs, _write(folder, RECORD, record))
    complete = Made(files_made, order.exam, good, made.value, sitting.value)
    return Outcome(complete, tuple(found))


def _results(request: Request, memory: Memory) -> Callable[[], tuple[KnownResult, ...]]:
    """Begin to look for the results of the course's notes."""
    chapters = chapters_of(request.project, request.course)
    texts = [(chapter.path, chapter.text) for chapter in chapters]
    begun = memory.begun("results", texts, partial(labelled_results, chapters))
    return lambda: known_results(request.project, request.course, begun())


def _instructions(request: Request) -> tuple[Blueprint, tuple[Diagnostic, ...]]:
    """The blueprint, with the numbers of the results that its instructions cite."""
    if request.numbers is None:
        return request.blueprint, ()
    resolved = resolve_instructions(request.blueprint, request.numbers)
    return resolved.value, resolved.diagnostics


def _exam(request: Request, blueprint: Blueprint) -> Exam:
    project, settings = request.project, request.project.settings
    macros_path = f"{settings.notes}/macros.tex"
    several = len(request.lock.versions) > 1 and not request.personal
    return Exam(
        blueprint,
        request.course,
        project.macros,
        macros_path,
        settings.paper,
        settings.exam_engine,
        several,
    )


def _order(
    request: Request, blueprint: Blueprint, copies: tuple[Copy, ...], sitting: Sitting | None
) -> Order:
    exam = _exam(request, blueprint)
    answers = (View.SOLUTIONS, View.RUBRIC)
    views: tuple[View, ...] = (View.STUDENT, *answers)
    if request.personal:
        views = answers if request.solutions else ()
    wanted = tuple(dict.fromkeys((*ALWAYS, *views)))
    return Order(exam, copies, wanted, views, sitting, request.passwords)


def _sitting(request: Request) -> Outcome[Sitting | None]:
    """Who sits the exam; without a roster a personal exam knows its students by their IDs."""
    roster = request.roster
    if roster is None and request.personal:
        names = tuple(version.version for version in request.lock.versions)
        roster = Roster(students=tuple(Student(id=name, name=name) for name in names))
    if roster is None:
        return Outcome(None)
    timeout = request.project.settings.tex_timeout
    return seat(roster, request.blueprint, request.lock, timeout)


def _student_papers(
    request: Request, folder: Path, made: Produced
) -> tuple[tuple[str, bytes], ...]:
    """The versions' papers for students, as they were written."""
    name = request.blueprint.name
    written = {file.name for file in made.files}
    if request.personal:
        return ()
    versions = (p.version for p in made.papers if p.view is View.STUDENT)
    paths = ((version, f"{name}-{version}.pdf") for version in versions)
    return tuple((v, (folder / path).read_bytes()) for v, path in paths if path in written)


def _leaks(
    papers: tuple[tuple[str, bytes], ...], specimen: bytes | None, copies: tuple[Copy, ...]
) -> tuple[Diagnostic, ...]:
    """What papers that nobody has read before tell, and what a specimen of all questions tells."""
    leaked = find_leaks(papers, copies)
    return leaked + (specimen_leaks(specimen, copies) if specimen is not None else ())


def _tables(
    request: Request,
    folder: Path,
    copies: tuple[Copy, ...],
    made: Produced,
    sitting: Sitting | None,
    results: tuple[KnownResult, ...],
    memory: Memory,
) -> tuple[Written, ...]:
    """Key, regions, report, and with a roster the table for the marks."""
    project, blueprint = request.project, request.blueprint
    students = _student_papers(request, folder, made)
    shown = tuple(StudentPaper(v, f"{blueprint.name}-{v}.pdf", pdf) for v, pdf in students)
    summary = summarize(request.lock, project.bank)
    given = ReportInput(blueprint, request.course, copies, shown, results, summary, memory.recalled)
    regions = regions_json(made.papers, made.sheet, made.large, fixed=made.fixed)
    tables = [
        _write(folder, "key.csv", key_csv(copies, made.papers)),
        _write(folder, "regions.json", regions),
        _write(folder, "report.html", report_html(given)),
    ]
    if sitting is not None:
        tables.append(_write(folder, MARKS, marks_csv(copies, sitting)))
    return tuple(tables)


def _web_pages(
    request: Request, folder: Path, order: Order, copies: tuple[Copy, ...], files: Files
) -> Outcome[tuple[Written, ...]]:
    """The papers as web pages of those whose row of the roster asks for one."""
    sitting = order.sitting
    if sitting is None or not any(seated.student.html for seated in sitting.seated):
        return Outcome(())
    from notesbuild.exam.webpage import refused_pages, web_pages

    refused = tuple(refused_pages(request.roster, request.passwords)) if request.roster else ()
    made = web_pages(order.exam, copies, sitting, request.passwords, files)
    written = tuple(
        _write(folder, f"students/{page.student}.html", page.content) for page in made.value
    )
    return Outcome(written, (*refused, *made.diagnostics))


def _engines(made: Produced) -> str:
    """The versions of the engines that set the texts."""
    engines = {text.engine for text in made.normal.inventory.texts.values()}
    return "; ".join(tex_version(engine) for engine in sorted(engines, reverse=True))


def _write(folder: Path, name: str, content: bytes) -> Written:
    (folder / name).write_bytes(content)
    return Written(name, digest_of(content))


def _epoch(date: datetime.date | None) -> int:
    return 0 if date is None else max(0, calendar.timegm(date.timetuple()))


def _forbidden_instructions(blueprint: Blueprint) -> tuple[Diagnostic, ...]:
    """Instructions are LaTeX, and may do no more than a problem's body."""
    texts: list[tuple[str, Span]] = [
        (blueprint.instructions, blueprint.origin.span("instructions"))
    ]
    for number, section in enumerate(blueprint.sections):
        place = blueprint.origin.span("sections", number, "instructions")
        texts.append((section.instructions or "", place))
    return tuple(
        error(found.code, found.message, place, found.hint)
        for text, place in texts
        for found in parse_body(text, blueprint.origin.path, 1).diagnostics
    )
