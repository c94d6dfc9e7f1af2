"""calendar.ics: lectures, exams and days without class."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from notesbuild.model.course import Course, Meeting, ScheduleRow
from notesbuild.model.dates import fixed_moment, weekday
from notesbuild.model.exam import Blueprint
from notesbuild.notes.home import exams_of
from notesbuild.source.files import digest

if TYPE_CHECKING:
    from icalendar import Event

_MARKUP = re.compile(r"[$`*\\]")
_NEW_YEAR, _YEAR_END = (1, 1), (12, 31)


@dataclass(frozen=True)
class Entry:
    """One entry; ``start`` and ``end`` are whole days, or moments in the course's zone."""

    uid: str
    title: str
    start: datetime.date | datetime.datetime
    end: datetime.date | datetime.datetime
    place: str | None = None
    busy: bool = True


def calendar(course: Course, blueprints: Iterable[Blueprint]) -> bytes:
    """The file; the same for the same manifest."""
    from icalendar import Calendar, Timezone

    entries = tuple(entries_of(course, blueprints))
    stamp = fixed_moment(course)
    file = Calendar()
    file.add("prodid", f"-//notesbuild//{course.name}//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", course.title)
    file.add("x-wr-timezone", course.timezone)
    if any(isinstance(entry.start, datetime.datetime) for entry in entries):
        years = [entry.start.year for entry in entries]
        first = datetime.date(min(years), *_NEW_YEAR)
        last = datetime.date(max(years), *_YEAR_END)
        if course.timezone != "UTC":
            file.add_component(
                Timezone.from_tzid(course.timezone, first_date=first, last_date=last)
            )
    for entry in entries:
        file.add_component(_event(entry, stamp))
    return bytes(file.to_ical())


def calendar_input(course: Course, blueprints: Iterable[Blueprint]) -> str:
    """A digest of what the file says, with moments as the course's zone has them now."""
    about = (course.name, course.title, course.timezone, fixed_moment(course))
    entries = ((e, str(e.start), str(e.end)) for e in entries_of(course, blueprints))
    return digest(repr((about, *entries)).encode())


def entries_of(course: Course, blueprints: Iterable[Blueprint]) -> Iterator[Entry]:
    """All entries in the order of the schedule, exams last."""
    seen: dict[datetime.date, int] = {}
    for row in course.schedule:
        number = seen[row.date] = seen.get(row.date, 0) + 1
        uid = f"{course.name}-{row.date}-{number}"
        entry = _from_row(course, row, uid)
        if entry is not None:
            yield entry
    for exam in exams_of(course, blueprints):
        if exam.date is not None:
            yield _from_exam(course, exam)


def _from_row(course: Course, row: ScheduleRow, uid: str) -> Entry | None:
    if row.no_class is not None:
        title = f"{course.title}: {_text(row.no_class)}"
        return Entry(_uid(uid), title, row.date, _day_after(row.date), busy=False)
    if not (row.topic or row.covers):
        return None  # an exam, which its own file describes
    title = f"{course.title}: {_text(row.topic)}" if row.topic else course.title
    meeting = _meeting(course, row.date)
    if meeting is None or meeting.start is None:
        place = meeting.place if meeting else None
        return Entry(_uid(uid), title, row.date, _day_after(row.date), place, busy=False)
    start = _moment(course, row.date, meeting.start)
    end = _moment(course, row.date, meeting.end) if meeting.end else start
    return Entry(_uid(uid), title, start, max(start, end), meeting.place)


def _from_exam(course: Course, exam: Blueprint) -> Entry:
    assert exam.date is not None
    uid = _uid(f"{course.name}-exam-{exam.name}")
    title = f"{course.title}: {exam.title}"
    if exam.start is None:
        return Entry(uid, title, exam.date, _day_after(exam.date), exam.place)
    start = _moment(course, exam.date, exam.start)
    length = datetime.timedelta(minutes=exam.duration or 0)
    return Entry(uid, title, start, start + length, exam.place)


def _event(entry: Entry, stamp: datetime.datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    return event


def _meeting(course: Course, date: datetime.date) -> Meeting | None:
    """The first meeting of the course that falls on the day of the week."""
    return next((m for m in course.meetings if weekday(date) in m.days), None)


def _moment(course: Course, date: datetime.date, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(date, time, ZoneInfo(course.timezone))


def _day_after(date: datetime.date) -> datetime.date:
    return date + datetime.timedelta(days=1)


def _uid(name: str) -> str:
    return f"{name}@notesbuild"


def _text(markdown: str) -> str:
    return " ".join(_MARKUP.sub("", markdown).split())
