"""Dates and hours in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list

from notesbuild.model.course import Course, Weekday
from notesbuild.model.words import LANGUAGES, base_language

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


def _locale(language: str) -> str | None:
    """The locale of a language that our words are translated to, besides English."""
    base = base_language(language)
    return base if base in LANGUAGES else None


def weekday(date: datetime.date) -> Weekday:
    """The day of the week."""
    return tuple(Weekday)[date.weekday()]


def long_date(date: datetime.date, language: str = "en") -> str:
    """Thursday, 11 April 2024; in other languages as CLDR has it."""
    locale = _locale(language)
    if locale is not None:
        return format_date(date, "full", locale)
    return f"{_DAYS[weekday(date)]}, {plain_date(date)}"


def plain_date(date: datetime.date) -> str:
    """11 April 2024."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def short_date(date: datetime.date, language: str = "en") -> str:
    """Thu 11 Apr; in other languages as CLDR has it."""
    locale = _locale(language)
    if locale is not None:
        return format_skeleton("MMMEd", date, locale=locale)
    return f"{weekday(date)} {date.day} {MONTHS[date.month - 1][:3]}"


def hours(start: datetime.time | None, end: datetime.time | None) -> str:
    """12:30–13:45; one end of it where the other is not known."""
    return "–".join(f"{time:%H:%M}" for time in (start, end) if time is not None)


def days_in_words(days: Iterable[Weekday], language: str = "en") -> str:
    """Tuesdays and Thursdays; in other languages the names of the days."""
    locale = _locale(language)
    if locale is not None:
        names = get_day_names("wide", locale=locale)
        return format_list([names[list(Weekday).index(day)] for day in days], locale=locale)
    return in_words([f"{_DAYS[day]}s" for day in days])


def in_words(items: Iterable[str]) -> str:
    """a; a and b; a, b and c."""
    *first, last = [*items] or [""]
    return " and ".join(filter(None, (", ".join(first), last)))


def has_dates(course: Course) -> bool:
    """Whether the manifest names any day."""
    return bool(_dates(course))


def fixed_moment(course: Course) -> datetime.datetime:
    """The moment that files of the course bear: its first date, never the clock's."""
    first = min(_dates(course), default=datetime.date(1970, 1, 1))
    return datetime.datetime.combine(first, datetime.time(), datetime.UTC)


def _dates(course: Course) -> list[datetime.date]:
    dates = [row.date for row in course.schedule]
    return dates + [said.date for said in course.announcements if said.date is not None]


def duration_words(minutes: int) -> str:
    """4 hours; 1 hour 30 minutes; 50 minutes."""
    whole, rest = divmod(minutes, 60)
    parts = [plural(whole, "hour") if whole else "", plural(rest, "minute") if rest else ""]
    return " ".join(part for part in parts if part)


def plural(number: int, word: str) -> str:
    """1 point; 12 points."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
