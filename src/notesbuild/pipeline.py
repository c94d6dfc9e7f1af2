"""The whole of notesbuild on one page: every stage by name, in order.

    read_project -> check -> notes: assemble, build, publish
                         \\-> exam:  draw -> lock; render, typeset, publish

A stage is imported where it is used, so that a command loads only what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error, has_errors, in_order
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.lookup import blueprint_of, concerning, courses_of, lock_of
from notesbuild.model.names import nearest
from notesbuild.model.problem import Problem
from notesbuild.model.project import Project
from notesbuild.model.stats import BankStats
from notesbuild.model.stats import bank_stats as count_bank
from notesbuild.model.where import WhereError, parse_where, select, vocabulary
from notesbuild.notes.sphinx_order import RunSphinx, run_here
from notesbuild.run.workplace import Workplace, workplace

if TYPE_CHECKING:
    from notesbuild.exam.ahead import Ahead
    from notesbuild.exam.audience import Audience
    from notesbuild.exam.build import BuiltExam
    from notesbuild.exam.drawing import Wanted, WrittenDraw
    from notesbuild.exam.request import Request
    from notesbuild.model.handout import Handout
    from notesbuild.model.results import ResultNumbers

Say = Callable[[str], None]


# --- reading --------------------------------------------------------------------------


def read(root: Path) -> Outcome[Project | None]:
    """Everything that people wrote; each problem is checked by itself when it is read."""
    from notesbuild.check.reader import read_and_check
    from notesbuild.source.project import read_project

    return read_project(root, read_and_check, checks=True)


def read_for_exam(root: Path, exam: str) -> Outcome[Project | None]:
    """What the build of an exam needs: of the problems those in its lock, unchecked."""
    from notesbuild.source.project import read_project

    return read_project(root, exam=exam)


def begun_ahead(root: Path, exam: str, place: Workplace) -> AbstractContextManager[Ahead | None]:
    """What the builds of an exam have begun before they read: TeX waits for texts."""
    from notesbuild.exam.ahead import begun_ahead as begin

    return begin(root, exam, place.jobs)


# --- the bank -------------------------------------------------------------------------


def find_problems(project: Project, where: str) -> Outcome[tuple[Problem, ...] | None]:
    """The problems that meet ``where``."""
    try:
        query = parse_where(where, vocabulary(project.bank))
        return Outcome(select(project.bank.problems, query))
    except WhereError as fault:
        code = Code.WHERE_UNKNOWN if fault.unknown else Code.WHERE_SYNTAX
        return Outcome(None, (error(code, str(fault), hint=fault.hint),))


def bank_stats(project: Project) -> BankStats:
    """The counts of the bank."""
    return count_bank(project.bank)


def show_problem(
    project: Project, problem_id: str, number: int | None, *, solution: bool
) -> Outcome[str | None]:
    """The source of a problem, or its LaTeX with the ``number``-th set of parameters."""
    from notesbuild.exam.show import source_text, version_text

    problem = project.bank.get(problem_id)
    if problem is None:
        hint = nearest(problem_id, (p.id for p in project.bank.problems))
        message = f"there is no problem {problem_id!r}"
        return Outcome(None, (error(Code.UNKNOWN_PROBLEM, message, hint=hint),))
    if number is None:
        return Outcome(source_text(problem, solution=solution))
    return version_text(problem, number, solution=solution)


def new_problem(root: Path, name: str, kind: str) -> Outcome[str | None]:
    """Write the beginning of a problem ``<topic>/<id>``; returns its path."""
    from notesbuild.run.scaffold import new_problem as write
    from notesbuild.source.files import Files
    from notesbuild.source.project import read_settings

    settings = read_settings(Files(root))
    if settings.value is None:
        return Outcome(None, settings.diagnostics)
    return write(root, settings.value.bank, name, kind)


# --- checks ---------------------------------------------------------------------------


def check_project(project: Project) -> tuple[Diagnostic, ...]:
    """Everything that can be found without running TeX or Sphinx."""
    from notesbuild.check.rules import check
    from notesbuild.check.taught import taught_in_time
    from notesbuild.notes.numbers import result_words

    return in_order((*check(project), *taught_in_time(project, partial(result_words, project))))


def compile_bank(project: Project, *, say: Say) -> tuple[Diagnostic, ...]:
    """What TeX says of the chapters' formulas, and of every problem with its first parameters."""
    from notesbuild.check.compile import compile_formulas
    from notesbuild.exam.compile import compile_problems

    refused = _refused(project)
    if refused:
        return refused
    found = compile_formulas(project, say=say)
    return (*found, *compile_problems(project, jobs=workplace().jobs, say=say))


# --- exams ----------------------------------------------------------------------------


def draw_exam(
    project: Project, exam: str, wanted: Wanted | None = None
) -> Outcome[WrittenDraw | None]:
    """Solve the blueprint against the bank and write the lock file."""
    from notesbuild.exam.drawing import Wanted, draw_and_write

    blueprint = blueprint_of(project, exam)
    if blueprint.value is None:
        return Outcome(None, blueprint.diagnostics)
    unusable = _errors_for_draw(project, blueprint.value)
    if unusable:
        return Outcome(None, unusable)
    return draw_and_write(project, blueprint.value, wanted or Wanted())


def read_audience(
    project: Project, exam: str, roster: Path | None, passwords: Path | None, *, solutions: bool
) -> Outcome[Audience | None]:
    """For whom to build an exam, from the files that the user names."""
    from notesbuild.exam.audience import read_audience as read_files

    found = blueprint_of(project, exam)
    if found.value is None:
        return Outcome(None, found.diagnostics)
    return read_files(found.value, project.lock(exam), roster, passwords, solutions=solutions)


def build_exam(
    project: Project,
    exam: str,
    audience: Audience | None = None,
    *,
    place: Workplace | None = None,
    ahead: Ahead | None = None,
    say: Say,
) -> Outcome[BuiltExam | None]:
    """Papers, solutions, rubrics, key and report of every version in the lock."""
    from notesbuild.exam.build import build_exam as build

    request = _request(project, exam, audience, place)
    if request.value is None:
        return Outcome(None, request.diagnostics)
    built = build(replace(request.value, ahead=ahead), say)
    return Outcome(built.value, (*request.diagnostics, *built.diagnostics))


def verify_exam(
    project: Project,
    exam: str,
    audience: Audience | None = None,
    *,
    place: Workplace | None = None,
    say: Say,
) -> Outcome[int | None]:
    """Rebuild from the lock; the number of files that are the same, byte for byte."""
    from notesbuild.exam.verify import verify

    request = _request(project, exam, audience, place)
    if request.value is None:
        return Outcome(None, request.diagnostics)
    verified = verify(request.value, say)
    return Outcome(verified.value, (*request.diagnostics, *verified.diagnostics))


def _request(
    project: Project, exam: str, audience: Audience | None, place: Workplace | None
) -> Outcome[Request | None]:
    """What to build, unless the lock or the LaTeX forbid it."""
    from notesbuild.exam.audience import Audience
    from notesbuild.exam.citations import cites_results
    from notesbuild.exam.request import Request

    found = lock_of(project, exam)
    if found.value is None:
        return Outcome(None, found.diagnostics)
    blueprint, lock = found.value
    checked = (*_check_lock(project, blueprint, lock), *_refused(project))
    if has_errors(checked):
        return Outcome(None, checked)
    course = project.course(blueprint.course)
    numbers: Outcome[ResultNumbers | None] = Outcome(None)
    if course is not None and cites_results(blueprint, lock, project.bank):
        numbers = course_numbers(project, course)
        if numbers.value is None:
            return Outcome(None, (*checked, *numbers.diagnostics))
    whom = audience or Audience()
    request = Request(
        *(project, course, blueprint, lock, whom.roster, whom.passwords, whom.solutions),
        numbers=numbers.value,
        place=place or workplace(),
    )
    return Outcome(request, (*checked, *numbers.diagnostics))


# --- notes ----------------------------------------------------------------------------


def course_numbers(project: Project, course: Course) -> Outcome[ResultNumbers | None]:
    """The numbers that the course's notes give to their results, for exams that cite them.

    Where they are not known from the last build, Sphinx reads the chapters, and writes no pages.
    """
    from notesbuild.notes.numbers import numbers_for_exam

    return numbers_for_exam(project, course)


def build_notes(
    project: Project,
    courses: Iterable[str] = (),
    *,
    html: bool = True,
    pdf: bool = True,
    moment: datetime | None = None,
    say: Say,
    sphinx: RunSphinx = run_here,
) -> Outcome[tuple[str, ...]]:
    """The sites and PDFs of the courses; the value lists what was published.

    Sheets and solutions are those that are released at that moment; without one there are none.
    """
    from notesbuild.model.handout import day_in
    from notesbuild.notes.build import build_course

    chosen = courses_of(project, courses)
    found = list(chosen.diagnostics)
    refused = _refused(project)
    if refused:
        return Outcome((), (*found, *refused))
    outputs: list[str] = []
    for course in chosen.value:
        day = day_in(moment, course.timezone) if moment else None
        sheets = _handouts(project, course, day if html else None, say)
        found += sheets.diagnostics
        for_day = (project, course, sheets.value, day)
        built = build_course(*for_day, html=html, pdf=pdf, progress=say, sphinx=sphinx)
        found += built.diagnostics
        outputs += built.value
    return Outcome(tuple(outputs), tuple(found))


def _handouts(
    project: Project, course: Course, day: date | None, say: Say
) -> Outcome[tuple[Handout, ...]]:
    from notesbuild.exam.handouts import handouts_of

    if day is None:
        return Outcome(())
    return handouts_of(project, course, day, lambda b: build_exam(project, b.exam, say=say))


def notes_parity(project: Project, course: str) -> Outcome[int | None]:
    """Compare the numbers of the finished site with those of the finished PDF."""
    from notesbuild.notes.parity import parity

    chosen = courses_of(project, (course,))
    if not chosen.value:
        return Outcome(None, chosen.diagnostics)
    return parity(project, chosen.value[0])


def serve_notes(
    root: Path,
    course: str | None,
    *,
    port: int,
    open_browser: bool,
    moment: datetime | None = None,
    say: Say,
    show: Callable[[Iterable[Diagnostic]], None],
) -> tuple[Diagnostic, ...]:
    """Serve a course's site on this machine until interrupted."""
    from notesbuild.notes.serve import serve

    return serve(
        root, course, port=port, open_browser=open_browser, moment=moment, say=say, show=show
    )


# --- everything -----------------------------------------------------------------------


def build_all(
    project: Project,
    courses: Iterable[str] = (),
    *,
    place: Workplace | None = None,
    moment: datetime | None = None,
    say: Say,
    sphinx: RunSphinx = run_here,
) -> Outcome[tuple[str, ...]]:
    """Check, then notes, then exams: what can be built is built, what cannot is said."""
    chosen = courses_of(project, courses)
    if not chosen.value:
        return Outcome((), chosen.diagnostics)
    say("Checking")
    names = [course.name for course in chosen.value]
    found = [*chosen.diagnostics, *concerning(chosen.value, project, check_project(project))]
    notes = build_notes(project, names, moment=moment, say=say, sphinx=sphinx)
    outputs = list(notes.value)
    found += notes.diagnostics
    for blueprint in project.blueprints:
        if blueprint.course in names:
            built = build_exam(project, blueprint.exam, place=place, say=say)
            found += built.diagnostics
            if built.value is not None:
                outputs.append(f"{built.value.folder}: {len(built.value.files)} files")
    return Outcome(tuple(outputs), tuple(found))


def init_project(folder: Path) -> Outcome[int | None]:
    """Write the small course, and draw its exams."""
    from notesbuild.run.scaffold import write_project
    from notesbuild.source.project import read_project

    written = write_project(folder)
    if written.value is None:
        return written
    read = read_project(folder)
    if read.value is None:
        return Outcome(None, read.diagnostics)
    count = written.value
    for blueprint in read.value.blueprints:
        drawn = draw_exam(read.value, blueprint.exam)
        if drawn.value is None:
            return Outcome(None, drawn.diagnostics)
        count += 1
    return Outcome(count)


# --- looking things up ----------------------------------------------------------------


def _errors_for_draw(project: Project, plan: Blueprint) -> tuple[Diagnostic, ...]:
    """What `check` says of this blueprint: a draw from a wrong question answers nothing."""
    from notesbuild.check.exam import blueprint_sound

    path = plan.origin.path
    found = blueprint_sound(project)
    return tuple(d for d in found if has_errors((d,)) and d.span and d.span.path == path)


def _refused(project: Project) -> tuple[Diagnostic, ...]:
    """What TeX must not even be shown."""
    from notesbuild.check.latex import latex_stays_inside

    return tuple(latex_stays_inside(project))


def _check_lock(project: Project, blueprint: Blueprint, lock: Lock) -> tuple[Diagnostic, ...]:
    from notesbuild.check.lock import check_lock

    return tuple(check_lock(lock, blueprint, project.bank))
