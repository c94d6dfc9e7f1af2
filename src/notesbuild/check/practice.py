"""Rules about problems that chapters show."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Span, error, warning
from notesbuild.model.course import Course
from notesbuild.model.exam import ExamKind
from notesbuild.model.names import nearest
from notesbuild.model.problem import Visibility
from notesbuild.model.project import Project
from notesbuild.practice.plan import Placed, Plan, plan_of, plan_of_course

_EXAMS = (ExamKind.MIDTERM, ExamKind.FINAL, ExamKind.QUIZ)


def problems_can_be_shown(project: Project) -> Iterator[Diagnostic]:
    """What chapters ask for is there, may be shown, and stands in a course once."""
    used = {name for course in project.courses for name in course.chapters}
    for course in project.courses:
        planned = plan_of_course(project, course)
        yield from planned.diagnostics
        yield from _not_readable(planned.value, course.name)
        yield from _drawn(project, course, planned.value)
    for chapter in project.chapters:
        if chapter.name not in used:
            planned = plan_of((chapter,), project.bank)
            yield from planned.diagnostics
            yield from _not_readable(planned.value, "")


def release_chapters_exist(project: Project) -> Iterator[Diagnostic]:
    """The chapters that have a day of release are chapters of the course."""
    for course in project.courses:
        for name in course.solutions.chapters:
            if name not in course.chapters:
                place = course.origin.span("solutions", "chapters", name)
                message = f"the course has no chapter {name!r}"
                yield error(Code.UNKNOWN_CHAPTER, message, place, nearest(name, course.chapters))


def shown_labels(project: Project) -> frozenset[str]:
    """The ids of the problems that chapters show: each is the label of an exercise."""
    plans = [plan_of((chapter,), project.bank).value for chapter in project.chapters]
    return frozenset(placed.problem.id for plan in plans for placed in plan.placed)


def _not_readable(plan: Plan, course: str) -> Iterator[Diagnostic]:
    """What has no form on a page, in the parameters that the course shows."""
    if plan.placed:
        from notesbuild.practice.ready import make_ready

        for placed in plan.placed:
            yield from make_ready(placed, course, released=True).diagnostics


def _drawn(project: Project, course: Course, plan: Plan) -> Iterator[Diagnostic]:
    """Problems of an exam that everybody has seen, unless its blueprint asks for such."""
    shown = {placed.problem.id: placed for placed in plan.placed}
    for blueprint in project.blueprints:
        lock = project.lock(blueprint.exam)
        own = blueprint.course == course.name and blueprint.kind in _EXAMS
        if not own or lock is None or set(blueprint.visibility) - {Visibility.EXAM.value}:
            continue
        for number, version in enumerate(lock.versions):
            for position, item in enumerate(version.items):
                placed = shown.pop(item.problem, None)
                if placed is not None:
                    place = lock.origin.span("versions", number, "items", position, "problem")
                    yield _seen(placed, place, blueprint.exam)


def _seen(placed: Placed, place: Span, exam: str) -> Diagnostic:
    message = f"{placed.problem.id} is in {exam}, and the notes of the course show it"
    hint = "say `visibility: [exam, practice]` in the blueprint if that is meant"
    return warning(
        Code.PROBLEM_PUBLIC, message, place, hint, (f"{placed.asked.span}: it is shown here",)
    )
