"""Dates and hours in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from notesbuild.model.course import Course, Weekday

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = {
    Weekday.MONDAY: "Monday",
    Weekday.TUESDAY: "Tuesday",
    Weekday.WEDNESDAY: "Wednesday",
    Weekday.THURSDAY: "Thursday",
    Weekday.FRIDAY: "Friday",
    Weekday.SATURDAY: "Saturday",
    Weekday.SUNDAY: "Sunday",
}


def weekday(date: datetime.date) -> Weekday:
    """The day of the week."""
    return tuple(Weekday)[date.weekday()]


def long_date(date: datetime.date) -> str:
    """Thursday, 11 April 2024."""
    return f"{_DAYS[weekday(date)]}, {plain_date(date)}"


def plain_date(date: datetime.date) -> str:
    """11 April 2024."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def short_date(date: datetime.date) -> str:
    """Thu 11 Apr."""
    return f"{weekday(date)} {date.day} {MONTHS[date.month - 1][:3]}"


def hours(start: datetime.time | None, end: datetime.time | None) -> str:
    """12:30–13:45; one end of it where the other is not known."""
    return "–".join(f"{time:%H:%M}" for time in (start, end) if time is not None)


def days_in_words(days: Iterable[Weekday]) -> str:
    """Tuesdays and Thursdays."""
    return in_words([f"{_DAYS[day]}s" for day in days])


def in_words(items: Iterable[str]) -> str:
    """a; a and b; a, b and c."""
    *first, last = [*items] or [""]
    return " and ".join(filter(None, (", ".join(first), last)))


def fixed_moment(course: Course) -> datetime.datetime:
    """The moment that files of the course bear: its first date, never the clock's."""
    dates = [row.date for row in course.schedule]
    dates += [said.date for said in course.announcements if said.date is not None]
    first = min(dates, default=datetime.date(1970, 1, 1))
    return datetime.datetime.combine(first, datetime.time(), datetime.UTC)


def duration_words(minutes: int) -> str:
    """4 hours; 1 hour 30 minutes; 50 minutes."""
    whole, rest = divmod(minutes, 60)
    parts = [plural(whole, "hour") if whole else "", plural(rest, "minute") if rest else ""]
    return " ".join(part for part in parts if part)


def plural(number: int, word: str) -> str:
    """1 point; 12 points."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
