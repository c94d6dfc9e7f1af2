"""From when on the notes show the solution of a problem."""

from __future__ import annotations

import datetime

from notesbuild.model.course import Course
from notesbuild.model.project import Project
from notesbuild.practice.plan import ALWAYS, NEVER, Placed, Plan, solution_day
from notesbuild.source.taught import Teaching, teaching


class Calendar:
    """The days of release in one course."""

    def __init__(self, project: Project, course: Course) -> None:
        self._project = project
        self._course = course
        self._teaching: Teaching | None = None

    def released(self, plan: Plan, day: datetime.date | None) -> frozenset[str]:
        """The ids of the problems whose solutions are shown on a day; None: before all days."""
        return frozenset(one.problem.id for one in plan.placed if self._is_released(one, day))

    def day_of(self, placed: Placed) -> datetime.date | None:
        """The day of one solution: the first of all days for one that is always shown."""
        said = solution_day(placed.asked)
        if said == ALWAYS:
            return datetime.date.min
        if said == NEVER:
            return None
        return said if isinstance(said, datetime.date) else self.of_chapter(placed.asked.chapter)

    def _is_released(self, placed: Placed, day: datetime.date | None) -> bool:
        first = self.day_of(placed)
        return first is not None and first <= (day or datetime.date.min)

    def of_chapter(self, name: str) -> datetime.date | None:
        """The day of a chapter's solutions; None: they are never shown."""
        rule = self._course.solutions
        if name in rule.chapters:
            return rule.chapters[name]
        taught = self._last_lecture(name) if rule.after is not None else None
        if taught is not None and rule.after is not None:
            return taught + datetime.timedelta(days=rule.after)
        return rule.release

    def _last_lecture(self, name: str) -> datetime.date | None:
        if self._teaching is None:
            self._teaching = teaching(self._course, self._project.chapters)
        days = [row.date for row in self._course.schedule if name in row.covers]
        own = (one for one in self._teaching.lessons if one.own and one.chapter == name)
        days += [one.day for one in own if one.day is not None]
        return max(days, default=None)
