"""From a lock to the files of an exam: papers, key, regions, report, record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from notesbuild.diagnostics import Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.ahead import epoch_of
from notesbuild.exam.body import View
from notesbuild.exam.citations import resolve_instructions
from notesbuild.exam.earlier import Earlier
from notesbuild.exam.fresh import CODE
from notesbuild.exam.memory import Memory
from notesbuild.exam.paper import Copy, Exam
from notesbuild.exam.personal import Sitting, seat
from notesbuild.exam.production import Order, Produced, set_texts, write_papers
from notesbuild.exam.record import FILE as RECORD
from notesbuild.exam.record import record_json
from notesbuild.exam.rendering import copies_of
from notesbuild.exam.request import Request
from notesbuild.exam.results import KnownResult, chapters_of, known_results, labelled_results
from notesbuild.exam.typeset import Setting, prepare
from notesbuild.exam.written import Written, write_output
from notesbuild.model.exam import Blueprint
from notesbuild.model.roster import Roster, Student
from notesbuild.render.macros import wrong_macros
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
    found = [*_wrong_macros(request), *_forbidden_instructions(blueprint)]
    if found:
        return Outcome(None, tuple(found))
    blueprint, uncited = _instructions(request)
    found += uncited
    setting = _setting(request, blueprint, cache, cluster)
    memory = Memory(None if cache is None else cache / "memory.json")
    exam = _exam(request, blueprint, memory)
    helper = request.ahead.helper if request.ahead is not None else None
    with ThreadPoolExecutor(2) as beside:
        ready = beside.submit(prepare, exam, setting)
        seated = beside.submit(_sitting, request)
        copies, broken = copies_of(request.project, lock, request.numbers, memory, helper)
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
    texts = set_texts(order, files, setting, progress)
    found += texts.diagnostics
    if texts.value is None:
        return Outcome(None, tuple(found))
    # Both cores were TeX's till now; writing leaves one of them free.
    results = _results(request, memory)
    setting = replace(setting, meanwhile=partial(_begin_report, request, whole, memory))
    made = write_papers(order, texts.value, folder, setting, progress, earlier)
    found += made.diagnostics
    if made.value is None:
        return Outcome(None, tuple(found))
    progress("Reading the papers back")
    names = {paper.version for paper in made.value.papers}
    good = tuple(copy for copy in whole if request.personal or copy.version.version in names)
    more = _beside_papers(request, folder, order, good, made.value, results(), memory)
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
    from notesbuild.exam.tables import read_back, read_specimen, tables, web_pages

    read = read_back(request, folder, made, copies, memory)
    specimen = read_specimen(made, copies, memory)
    written = tables(request, folder, copies, made, order.sitting, results, memory, read)
    pages = web_pages(request, folder, order, copies)
    return Outcome((*written, *pages.value), (*pages.diagnostics, *read.leaked(), *specimen()))


def _setting(
    request: Request, blueprint: Blueprint, cache: Path | None, cluster: Cluster | None
) -> Setting:
    timeout, epoch = request.project.settings.tex_timeout, epoch_of(blueprint.date)
    formats = request.formats if cache is not None else None
    return Setting(timeout, request.place.jobs, epoch, cache, formats, cluster, request.ahead)


def _get_ready(copies: tuple[Copy, ...], memory: Memory) -> None:
    """Load what is needed after TeX, and learn what papers must not tell, while TeX runs."""
    from notesbuild.exam.tables import load, said_in

    load()
    said_in(copies, memory.recalled)


def _begin_report(request: Request, copies: tuple[Copy, ...], memory: Memory) -> None:
    """Draw while pdfTeX cuts fonts down; the report recalls it."""
    from notesbuild.exam.tables import draw_charts

    draw_charts(request.blueprint, copies, memory.recalled)


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


def _wrong_macros(request: Request) -> Iterator[Diagnostic]:
    """What cannot be read of the macros: every paper would lack it."""
    return wrong_macros(request.project.macros, f"{request.project.settings.notes}/macros.tex")


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
