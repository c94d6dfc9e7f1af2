"""Rules about problems that chapters show."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Span, error, warning
from notesbuild.model.course import Course
from notesbuild.model.dates import plain_date
from notesbuild.model.exam import SHEETS, Blueprint, Lock
from notesbuild.model.names import nearest
from notesbuild.model.problem import Visibility
from notesbuild.model.project import Project
from notesbuild.practice.kept import Kept
from notesbuild.practice.plan import Placed, Plan, plan_of, plan_of_course
from notesbuild.practice.release import Calendar


def problems_can_be_shown(project: Project) -> Iterator[Diagnostic]:
    """What chapters ask for is there, may be shown, and stands in a course once."""
    used = {name for course in project.courses for name in course.chapters}
    kept = Kept.opened(project)
    for course in project.courses:
        planned = plan_of_course(project, course)
        yield from planned.diagnostics
        yield from _not_readable(planned.value, course.name, kept)
        yield from _drawn(project, course, planned.value)
    for chapter in project.chapters:
        if chapter.name not in used:
            planned = plan_of((chapter,), project.bank)
            yield from planned.diagnostics
            yield from _not_readable(planned.value, "", kept)
    kept.save(all_courses=True)


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


def _not_readable(plan: Plan, course: str, kept: Kept) -> Iterator[Diagnostic]:
    """What has no form on a page, in the parameters that the course shows."""
    for placed in plan.placed:
        yield from kept.ready(placed, course).diagnostics


def _drawn(project: Project, course: Course, plan: Plan) -> Iterator[Diagnostic]:
    """Problems that the notes show, and a paper of the course has drawn."""
    calendar = Calendar(project, course)
    for blueprint in project.blueprints:
        if blueprint.course != course.name:
            continue
        shown = {placed.problem.id: placed for placed in plan.placed}
        for item, place in _items(project.lock(blueprint.exam)):
            placed = shown.pop(item, None)
            if placed is None:
                continue
            if blueprint.kind not in SHEETS:
                yield from _seen(placed, place, blueprint)
            elif blueprint.date is not None:
                yield from _told(placed, place, blueprint, calendar.day_of(placed))


def _items(lock: Lock | None) -> Iterator[tuple[str, Span]]:
    for number, version in enumerate(lock.versions if lock else ()):
        for position, item in enumerate(version.items):
            assert lock is not None
            yield item.problem, lock.origin.span("versions", number, "items", position, "problem")


def _seen(placed: Placed, place: Span, blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Everybody has seen it, unless the blueprint asks for such problems."""
    if set(blueprint.visibility) <= {Visibility.EXAM.value}:
        message = f"{placed.problem.id} is in {blueprint.exam}, and the notes of the course show it"
        hint = "say `visibility: [exam, practice]` in the blueprint if that is meant"
        yield warning(Code.PROBLEM_PUBLIC, message, place, hint, _here(placed))


def _told(
    placed: Placed, place: Span, blueprint: Blueprint, day: datetime.date | None
) -> Iterator[Diagnostic]:
    """Its solution stands in the notes while students still work on the sheet."""
    if day is not None and blueprint.date is not None and day <= blueprint.date:
        when = "always" if day == datetime.date.min else f"from {plain_date(day)} on"
        message = f"the notes tell the solution of {placed.problem.id} {when}; {blueprint.exam} "
        message += f"is due on {plain_date(blueprint.date)}"
        later = blueprint.date + datetime.timedelta(days=1)
        hint = f"give the directive a later day: `:solution: {later}`"
        yield warning(Code.PROBLEM_PUBLIC, message, place, hint, _here(placed))


def _here(placed: Placed) -> tuple[str, ...]:
    return (f"{placed.asked.span}: it is shown here",)
