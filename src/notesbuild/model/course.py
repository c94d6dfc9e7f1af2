"""A course: everything that its manifest says."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from notesbuild.model.base import FileRecord, Record

Markdown = Annotated[str, Field(min_length=1)]


class Weekday(StrEnum):
    """Days as manifests write them."""

    MONDAY = "Mon"
    TUESDAY = "Tue"
    WEDNESDAY = "Wed"
    THURSDAY = "Thu"
    FRIDAY = "Fri"
    SATURDAY = "Sat"
    SUNDAY = "Sun"


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not a time zone of the tz database, such as Asia/Seoul")
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]


class Follows(Record):
    """The public syllabus that an edition follows."""

    title: str
    instructor: str
    institution: str | None = None
    url: str | None = None


class Person(Record):
    """A member of the staff."""

    name: str
    native_name: str | None = None
    role: str
    duties: str | None = None
    office: str | None = None
    office_hours: str | None = None
    email: str | None = None


class Meeting(Record):
    """A weekly meeting, or a series of them."""

    what: str = "Lectures"
    days: tuple[Weekday, ...] = ()
    start: datetime.time | None = None
    end: datetime.time | None = None
    place: str | None = None
    notes: str | None = None


class Announcement(Record):
    """A line at the head of the course page."""

    text: Markdown
    date: datetime.date | None = None


class Material(Record):
    """A link in the schedule."""

    title: str
    href: str | None = None


class ScheduleRow(Record):
    """One day of the schedule.

    ``covers`` names chapters, or labels of sections; ``no_class`` holds the reason.
    """

    date: datetime.date
    topic: str | None = None
    covers: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()
    homework: str | None = None
    exam: str | None = None
    no_class: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> ScheduleRow:
        if not (self.topic or self.covers or self.exam or self.no_class):
            raise ValueError("a row needs topic, covers, exam or no_class")
        return self


class GradeWeight(Record):
    """A component of the grade, in percent."""

    what: str
    weight: float = Field(gt=0, le=100)
    notes: str | None = None


class Prerequisites(Record):
    """What students must know, and what helps."""

    intro: Markdown | None = None
    required: tuple[Markdown, ...] = ()
    helpful: tuple[Markdown, ...] = ()


class Textbook(Record):
    """A book or a set of notes."""

    title: str
    authors: str | None = None
    role: str | None = None
    url: str | None = None
    notes: str | None = None


class TextSection(Record):
    """A titled piece of Markdown for whatever has no field of its own."""

    title: str
    text: Markdown


class Course(FileRecord):
    """``notes/courses/<course>.yaml``."""

    name: str = Field(default="", exclude=True)
    title: str = Field(min_length=1)
    subtitle: str | None = None
    code: str | None = None
    institution: str | None = None
    term: str | None = None
    publisher: str | None = None
    language: str = "en"
    timezone: TimeZone = "UTC"
    follows: Follows | None = None
    description: Markdown | None = None
    information: Markdown | None = None
    announcements: tuple[Announcement, ...] = ()
    staff: tuple[Person, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    chapters: tuple[str, ...] = Field(min_length=1)
    schedule: tuple[ScheduleRow, ...] = ()
    grading: tuple[GradeWeight, ...] = ()
    exam_policy: Markdown | None = None
    policies: tuple[TextSection, ...] = ()
    prerequisites: Prerequisites | None = None
    textbooks: tuple[Textbook, ...] = ()
    honour_code: Markdown | None = None
    about: tuple[TextSection, ...] = ()
