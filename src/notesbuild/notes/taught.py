"""Which results are taught before a date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from notesbuild.model.course import Course, ScheduleRow
from notesbuild.model.project import Chapter
from notesbuild.source.labels import Label, defined_labels


def taught_labels(
    course: Course, chapters: Iterable[Chapter], date: datetime.date
) -> frozenset[str]:
    """The labels of everything that the schedule has done with before ``date``.

    A row that covers a label covers what stands from there to the next label that the
    schedule names. What several rows cover is taught with the last of them. A course without
    a schedule has taught everything.
    """
    own = [chapter for chapter in chapters if chapter.name in course.chapters]
    taught: set[str] = set()
    for chapter in own:
        labels = defined_labels(chapter)
        if not course.schedule:
            taught.update(label.name for label in labels)
            continue
        taught.update(
            name
            for name, day in _days(chapter, labels, course.schedule).items()
            if day is not None and day < date
        )
    return frozenset(taught)


def _days(
    chapter: Chapter, labels: tuple[Label, ...], schedule: tuple[ScheduleRow, ...]
) -> dict[str, datetime.date | None]:
    """The day on which each label of a chapter has been taught."""
    whole = _last_day(schedule, chapter.name)
    marks = {label.name: _last_day(schedule, label.name) for label in labels}
    dated = [day for day in marks.values() if day is not None]
    # What stands above the first label that the schedule names belongs to the first lecture.
    current = min(dated, default=None) if whole is None else None
    days: dict[str, datetime.date | None] = {}
    for label in labels:
        current = marks[label.name] or current
        days[label.name] = max(filter(None, (whole, current)), default=None)
    return days


def _last_day(schedule: tuple[ScheduleRow, ...], covered: str) -> datetime.date | None:
    return max((row.date for row in schedule if covered in row.covers), default=None)
