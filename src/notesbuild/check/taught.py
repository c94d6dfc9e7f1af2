"""Rules about exams and the notes behind them: what is cited, and what was taught in time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Origin, Span, error, warning
from notesbuild.diagnostics.values import Location
from notesbuild.model.course import Course
from notesbuild.model.dates import plain_date
from notesbuild.model.exam import Blueprint
from notesbuild.model.names import nearest
from notesbuild.model.problem import Problem
from notesbuild.model.project import Project
from notesbuild.source.citations import find_citations
from notesbuild.source.labels import defined_labels
from notesbuild.source.latex import mask_jinja
from notesbuild.source.taught import Lesson, Teaching, teaching

Words = Callable[[Course, str], str]
"""How a message names the result of a course that has this label."""

_SHOWN = 3


def only_label(course: Course, label: str) -> str:
    """The label, where nobody knows the number."""
    return label


@dataclass(frozen=True)
class _Use:
    """A problem in an exam: the first key that asks for it, and that in words."""

    problem: Problem
    origin: Origin
    key: Location
    words: str

    @property
    def place(self) -> Span:
        return self.origin.span(*self.key)


@dataclass(frozen=True)
class _Exam:
    """A blueprint, its course, and the problems that it certainly has."""

    blueprint: Blueprint
    teaching: Teaching
    uses: tuple[_Use, ...]

    @property
    def course(self) -> Course:
        return self.teaching.course


def cited_results_exist(project: Project) -> Iterator[Diagnostic]:
    r"""Every ``\result`` of a problem and of instructions names a label of some chapter."""
    known: set[str] = set()
    for place, label in _cited(project):
        known = known or {one.name for c in project.chapters for one in defined_labels(c)}
        if not label:
            message = r"\result needs a label in braces"
            yield error(Code.UNKNOWN_RESULT, message, place, r"write \result{thm-…}")
        elif label not in known:
            message = f"no chapter defines the label {label!r}"
            yield error(Code.UNKNOWN_RESULT, message, place, nearest(label, known))


def results_in_course(project: Project) -> Iterator[Diagnostic]:
    """The problems of an exam need and cite only what the notes of its course have."""
    for exam in _exams(project, project.blueprints):
        for use in exam.uses:
            cited = {label: place for place, label in _cited_in(use.problem) if label}
            for lesson in exam.teaching.left_out(use.problem):
                elsewhere = _elsewhere(exam, lesson)
                if lesson.label in cited:
                    message = f"{lesson.label} {elsewhere}"
                    notes = (f"{use.place}: {exam.blueprint.exam} has {use.words}",)
                    place = cited[lesson.label]
                    yield error(Code.RESULT_LEFT_OUT, message, place, notes=notes)
                elif not _asks(exam.blueprint):
                    message = f"{use.words} needs {lesson.label}, which {elsewhere}"
                    notes = (_named(use.problem, lesson.label),)
                    yield warning(Code.RESULT_LEFT_OUT, message, use.place, notes=notes)
        yield from _instructions_in_course(exam)


def taught_in_time(project: Project, words: Words = only_label) -> Iterator[Diagnostic]:
    """Where a blueprint says ``taught: true``, its exam needs nothing that comes later."""
    for exam in _exams(project, [one for one in project.blueprints if _asks(one)]):
        date = exam.blueprint.date or datetime.date.max
        for use in exam.uses:
            for lesson in exam.teaching.late(use.problem, date):
                name = words(exam.course, lesson.label)
                message = f"{use.words} needs {name}, {_when(exam, lesson, date)}"
                notes = (_named(use.problem, lesson.label),)
                hint = "draw again, or teach it earlier"
                yield error(Code.TAUGHT_LATER, message, use.place, hint, notes)


def _asks(blueprint: Blueprint) -> bool:
    return blueprint.constraints.taught and blueprint.date is not None


def _when(exam: _Exam, lesson: Lesson, date: datetime.date) -> str:
    if not lesson.own:
        return f"which {_elsewhere(exam, lesson)}"
    if lesson.day is None:
        return "which the schedule does not cover"
    if lesson.day == date:
        return "taught on the very day of this exam"
    return f"taught on {plain_date(lesson.day)}, after this exam"


def _elsewhere(exam: _Exam, lesson: Lesson) -> str:
    return f"is not part of the notes of {exam.course.name}: {lesson.chapter} has it"


def _named(problem: Problem, label: str) -> str:
    """Where a problem says that it needs a result."""
    if label in problem.metadata.uses:
        place = problem.origin.span("uses", problem.metadata.uses.index(label))
        return f"{place}: `uses` names {label}"
    place = next(place for place, cited in _cited_in(problem) if cited == label)
    return f"{place}: {label} is cited"


def _exams(project: Project, blueprints: Collection[Blueprint]) -> Iterator[_Exam]:
    wanted = {b.course for b in blueprints}
    names = {chapter.name for chapter in project.chapters}
    # Where a chapter of the manifest is missing, everything in it would be, too.
    courses = [c for c in project.courses if c.name in wanted and names.issuperset(c.chapters)]
    known = {course.name: teaching(course, project.chapters) for course in courses}
    problems = project.bank.by_id()
    for blueprint in blueprints:
        if blueprint.course in known:
            uses = tuple(_uses(project, blueprint, problems))
            yield _Exam(blueprint, known[blueprint.course], uses)


def _uses(project: Project, blueprint: Blueprint, problems: dict[str, Problem]) -> Iterator[_Use]:
    """The problems of the lock, each once; those that are required where there is no lock."""
    lock = project.lock(blueprint.exam)
    if lock is None:
        for position, name in enumerate(blueprint.require):
            if name in problems:
                words = f"the required problem {name}"
                yield _Use(problems[name], blueprint.origin, ("require", position), words)
        return
    places: dict[str, list[tuple[int, int]]] = {}
    for number, version in enumerate(lock.versions):
        for position, item in enumerate(version.items):
            places.setdefault(item.problem, []).append((number, position))
    for name, found in places.items():
        if name in problems:
            shown = [
                f"version {lock.versions[number].version}, question {position + 1}"
                for number, position in found[:_SHOWN]
            ]
            more = [f"{len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
            number, position = found[0]
            key = ("versions", number, "items", position, "problem")
            words = f"problem {name} ({'; '.join(shown + more)})"
            yield _Use(problems[name], lock.origin, key, words)


def _cited(project: Project) -> Iterator[tuple[Span, str]]:
    for problem in project.bank.problems:
        yield from _cited_in(problem)
    for blueprint in project.blueprints:
        yield from _cited_by(blueprint)


def _cited_in(problem: Problem) -> Iterator[tuple[Span, str]]:
    """Place and label of each citation; an empty label where there is none."""
    body = problem.body
    if "\\result" not in body.text:
        return
    masked = mask_jinja(body.text)
    for citation in find_citations(masked):
        if citation.label or not masked.startswith("{", citation.end):  # or Jinja makes it
            yield problem.at(citation.at), citation.label


def _cited_by(blueprint: Blueprint) -> Iterator[tuple[Span, str]]:
    place = blueprint.origin.span("instructions")
    yield from ((place, citation.label) for citation in find_citations(blueprint.instructions))
    for number, section in enumerate(blueprint.sections):
        place = blueprint.origin.span("sections", number, "instructions")
        yield from ((place, one.label) for one in find_citations(section.instructions or ""))


def _instructions_in_course(exam: _Exam) -> Iterator[Diagnostic]:
    elsewhere = {one.label: one for one in exam.teaching.lessons if not one.own}
    for place, label in _cited_by(exam.blueprint):
        if label in elsewhere:
            message = f"{label} {_elsewhere(exam, elsewhere[label])}"
            yield error(Code.RESULT_LEFT_OUT, message, place)
