"""When a course teaches its results, from its schedule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint
from notesbuild.model.problem import Problem
from notesbuild.model.project import Chapter, Project
from notesbuild.source.citations import needed_results
from notesbuild.source.labels import Label, defined_labels


@dataclass(frozen=True)
class Lesson:
    """A label, its chapter, and the day on which it has been taught; None: on no day.

    ``own`` tells whether the course has the chapter at all.
    """

    label: str
    chapter: str
    own: bool
    day: datetime.date | None


@dataclass(frozen=True)
class Teaching:
    """When each label of the pool of chapters is taught in one course.

    A row that covers a label covers what stands from there to the next label that the
    schedule names. What several rows cover is taught with the last of them. A course without
    a schedule has taught everything, at any time.
    """

    course: Course
    lessons: tuple[Lesson, ...]

    @cached_property
    def _by_label(self) -> dict[str, Lesson]:
        # A label that two chapters define is an error elsewhere; the course's own one counts.
        return {one.label: one for one in sorted(self.lessons, key=lambda one: one.own)}

    def late(self, problem: Problem, date: datetime.date) -> tuple[Lesson, ...]:
        """What a problem needs that is not taught before ``date``, in the problem's order.

        Labels that no chapter defines are left to the rule that finds them.
        """
        needed = (self._by_label.get(label) for label in needed_results(problem))
        return tuple(one for one in needed if one and not self._before(one, date))

    def left_out(self, problem: Problem) -> tuple[Lesson, ...]:
        """What a problem needs that stands in chapters which the course does not have."""
        needed = (self._by_label.get(label) for label in needed_results(problem))
        return tuple(one for one in needed if one and not one.own)

    def usable_from(self, problem: Problem) -> datetime.date | None:
        """The first day on which all that a problem needs has been taught; None: there is none.

        It is the day after the lecture, and the first day of all where nothing is needed. What
        no chapter defines is never taught.
        """
        days = [one.day for one in self.late(problem, datetime.date.min)]
        if None in days or not self._by_label.keys() >= set(needed_results(problem)):
            return None
        last = max((day for day in days if day), default=None)
        return last + datetime.timedelta(days=1) if last else datetime.date.min

    def _before(self, lesson: Lesson, date: datetime.date) -> bool:
        if not self.course.schedule:
            return lesson.own
        return lesson.day is not None and lesson.day < date


def teaching(course: Course, chapters: Iterable[Chapter]) -> Teaching:
    """The days of all labels; ``chapters`` is the whole pool."""
    last: dict[str, datetime.date] = {}
    for row in course.schedule:
        last |= {covered: max(row.date, last.get(covered, row.date)) for covered in row.covers}
    lessons: list[Lesson] = []
    for chapter in chapters:
        labels = defined_labels(chapter)
        own = chapter.name in course.chapters
        days = _days(chapter, labels, last) if own else {}
        lessons += (Lesson(one.name, chapter.name, own, days.get(one.name)) for one in labels)
    return Teaching(course, tuple(lessons))


def taught_problems(
    project: Project, plan: Blueprint
) -> tuple[frozenset[str] | None, tuple[tuple[str, datetime.date], ...]]:
    """Ids of the problems that the schedule allows, and the days from which it allows others.

    None: the blueprint does not ask, or there is no date or no course to ask about.
    """
    course, date = project.course(plan.course), plan.date
    if not plan.constraints.taught or date is None or course is None:
        return None, ()
    lessons = teaching(course, project.chapters)
    days = [(problem.id, lessons.usable_from(problem)) for problem in project.bank.problems]
    known = [(name, day) for name, day in days if day is not None]
    usable = frozenset(name for name, day in known if day <= date)
    return usable, tuple((name, day) for name, day in known if day > date)


def _days(
    chapter: Chapter, labels: tuple[Label, ...], last: dict[str, datetime.date]
) -> dict[str, datetime.date | None]:
    """The day on which each label of a chapter has been taught."""
    whole = last.get(chapter.name)
    dated = [last[label.name] for label in labels if label.name in last]
    # What stands above the first label that the schedule names belongs to the first lecture.
    current = min(dated, default=None) if whole is None else None
    days: dict[str, datetime.date | None] = {}
    for label in labels:
        current = last.get(label.name, current)
        days[label.name] = max(filter(None, (whole, current)), default=None)
    return days
