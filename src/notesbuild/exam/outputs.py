"""From a lock to the files of an exam: papers, key, regions, report, record."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.body import View
from notesbuild.exam.citations import resolve_instructions, resolve_rendered
from notesbuild.exam.earlier import Earlier
from notesbuild.exam.fresh import CODE
from notesbuild.exam.memory import Memory
from notesbuild.exam.paper import Copy, Exam, Question
from notesbuild.exam.personal import Sitting, seat
from notesbuild.exam.production import Order, Produced, produce_papers
from notesbuild.exam.record import FILE as RECORD
from notesbuild.exam.record import record_json
from notesbuild.exam.render import Rendered, render
from notesbuild.exam.request import Request
from notesbuild.exam.results import KnownResult, chapters_of, known_results, labelled_results
from notesbuild.exam.typeset import Setting, prepare
from notesbuild.exam.written import Written, write_output
from notesbuild.model.exam import Blueprint, Lock, LockedItem, LockedVersion
from notesbuild.model.problem import Problem
from notesbuild.model.project import Project
from notesbuild.model.results import ResultNumbers
from notesbuild.model.roster import Roster, Student
from notesbuild.render.parameters import Assignment
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
    setting = _setting(request, blueprint, cache, cluster)
    memory = Memory(None if cache is None else cache / "memory.json")
    exam = _exam(request, blueprint, memory)
    chapters = chapters_of(request.project, request.course)
    texts = [(chapter.path, chapter.text) for chapter in chapters]
    results = memory.begun("results", texts, partial(labelled_results, chapters))
    with ThreadPoolExecutor(2) as beside:
        ready = beside.submit(prepare, exam, setting)
        seated = beside.submit(_sitting, request)
        copies, broken = _copies(request.project, lock, request.numbers, memory)
        known = known_results(request.project, request.course, results())
        ready.result()
    found += broken
    sitting = seated.result()
    found += sitting.diagnostics
    if has_errors(sitting.diagnostics):
        return Outcome(None, tuple(found))
    whole = tuple(copy for copy in copies if copy.complete)
    order = _order(request, exam, copies, sitting.value)
    files = Files(request.project.root)
    earlier = None if cache is None else Earlier(request.target, memory)
    if not any(copy.questions for copy in copies):
        return Outcome(None, tuple(found))
    setting = replace(setting, meanwhile=partial(_get_ready, copies, memory))
    made = produce_papers(order, folder, files, setting, progress, earlier)
    found += made.diagnostics
    if made.value is None:
        return Outcome(None, tuple(found))
    progress("Reading the papers back")
    names = {paper.version for paper in made.value.papers}
    good = tuple(copy for copy in whole if request.personal or copy.version.version in names)
    more = _beside_papers(request, folder, order, good, made.value, known, memory)
    found += more.diagnostics
    if has_errors(more.diagnostics):
        return Outcome(None, tuple(found))
    memory.save()
    outputs = (*made.value.files, *more.value)
    record = record_json(request, good, _engines(made.value), outputs)
    files_made = (*outputs, write_output(folder, RECORD, record))
    complete = Made(files_made, order.exam, good, made.value, sitting.value)
    return Outcome(complete, tuple(found))


def _beside_papers(
    request: Request,
    folder: Path,
    order: Order,
    copies: tuple[Copy, ...],
    made: Produced,
    results: tuple[KnownResult, ...],
    memory: Memory,
) -> Outcome[tuple[Written, ...]]:
    """The tables and web pages, while the papers are read; errors tell what none may hold."""
    from notesbuild.exam.tables import leaks_of_papers, said_in, student_papers, tables, web_pages

    by_version = {copy.version.version: copy for copy in copies}
    papers = student_papers(request, folder, made)
    read = {pdf: memory.words(pdf) for _, pdf in papers}
    unclear = tuple((v, pdf) for v, pdf in papers if not memory.is_clear(pdf, by_version[v]))
    said = said_in(copies, memory.recalled)
    leaks = aside(partial(leaks_of_papers, unclear, read, made.specimen, copies, said))
    written = tables(request, folder, copies, made, order.sitting, results, memory)
    pages = web_pages(request, folder, order, copies)
    leaked, words = leaks()
    if not leaked:
        memory.keep_words(words)
        memory.clear((pdf, by_version[version]) for version, pdf in papers)
    return Outcome((*written, *pages.value), (*pages.diagnostics, *leaked))


def _setting(
    request: Request, blueprint: Blueprint, cache: Path | None, cluster: Cluster | None
) -> Setting:
    timeout, epoch = request.project.settings.tex_timeout, _epoch(blueprint.date)
    formats = request.formats if cache is not None else None
    return Setting(timeout, request.place.jobs, epoch, cache, formats, cluster)


def _get_ready(copies: tuple[Copy, ...], memory: Memory) -> None:
    """Load what is needed after TeX, and learn what papers must not tell, while TeX runs."""
    from notesbuild.exam.tables import load_report, said_in

    load_report()
    said_in(copies, memory.recalled)


def _instructions(request: Request) -> tuple[Blueprint, tuple[Diagnostic, ...]]:
    """The blueprint, with the numbers of the results that its instructions cite."""
    if request.numbers is None:
        return request.blueprint, ()
    resolved = resolve_instructions(request.blueprint, request.numbers)
    return resolved.value, resolved.diagnostics


def _exam(request: Request, blueprint: Blueprint, memory: Memory) -> Exam:
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
        memory.recalled,
    )


def _order(
    request: Request, exam: Exam, copies: tuple[Copy, ...], sitting: Sitting | None
) -> Order:
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


def _engines(made: Produced) -> str:
    """The versions of the engines that set the texts."""
    engines = {text.engine for text in made.normal.inventory.texts.values()}
    return "; ".join(tex_version(engine) for engine in sorted(engines, reverse=True))


def _epoch(date: datetime.date | None) -> int:
    return 0 if date is None else max(0, calendar.timegm(date.timetuple()))


def _copies(
    project: Project, lock: Lock, numbers: ResultNumbers | None, memory: Memory
) -> tuple[tuple[Copy, ...], tuple[Diagnostic, ...]]:
    """Every version with its questions; what several versions share is rendered once."""
    renderer = _Renderer(project.bank.by_id(), numbers, memory)
    found: list[Diagnostic] = []
    copies = []
    for index, version in enumerate(lock.versions):
        questions = []
        for number, item in enumerate(version.items, start=1):
            place = lock.origin.span("versions", index, "items", number - 1, "problem")
            rendered = renderer.render(version, item, place)
            found += rendered.diagnostics
            if rendered.value is not None:
                questions.append(Question(number, item.section, item.points, rendered.value))
        complete = len(questions) == len(version.items)
        copies.append(Copy(version, tuple(questions), complete))
    return tuple(copies), tuple(dict.fromkeys(found))


class _Renderer:
    """Renders every problem with its parameters and orders of choices once."""

    def __init__(
        self, problems: dict[str, Problem], numbers: ResultNumbers | None, memory: Memory
    ) -> None:
        self._problems = problems
        self._numbers = numbers
        self._memory = memory
        self._known: dict[object, Outcome[Rendered | None]] = {}

    def render(
        self, version: LockedVersion, item: LockedItem, place: Span
    ) -> Outcome[Rendered | None]:
        """The problem as the version has it."""
        problem = self._problems.get(item.problem)
        if problem is None:
            message = f"version {version.version} needs {item.problem}, which cannot be read"
            return Outcome(None, (error(Code.UNKNOWN_PROBLEM, message, place),))
        names = (name for name in problem.metadata.params if name in item.params)
        assignment = tuple((name, item.params[name]) for name in names)
        key = (item.problem, repr(assignment), item.choices)
        if key not in self._known:
            self._known[key] = self._cited(self._new(problem, assignment, item, place))
        return self._known[key]

    def _new(
        self, problem: Problem, assignment: Assignment, item: LockedItem, place: Span
    ) -> Outcome[Rendered | None]:
        known = self._memory.rendered(problem, assignment, item)
        if known is not None:
            return Outcome(known)
        rendered = render(problem, assignment, item.choices, place)
        if rendered.value is not None and not rendered.diagnostics:
            self._memory.keep(rendered.value, item)
        return rendered

    def _cited(self, rendered: Outcome[Rendered | None]) -> Outcome[Rendered | None]:
        if rendered.value is None or self._numbers is None:
            return rendered
        cited = resolve_rendered(rendered.value, self._numbers)
        value = None if has_errors(cited.diagnostics) else cited.value
        return Outcome(value, (*rendered.diagnostics, *cited.diagnostics))


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
