"""A roster: who sits an exam, and where."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from notesbuild.diagnostics import Span
from notesbuild.model.base import FileRecord, Record, minutes_from

StudentId = Annotated[str, Field(pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$")]

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%", re.ASCII)
_MINUTES = re.compile(r"\d{1,4}", re.ASCII)


class ExtraTime(Record):
    """Time on top of the duration: minutes, or a share of the duration in percent."""

    minutes: int = Field(default=0, ge=0, le=24 * 60)
    percent: float = Field(default=0, ge=0, le=400)

    def of(self, duration: int | None) -> int | None:
        """Whole minutes, rounded up; None where a share is asked of an unknown duration."""
        if not self.percent:
            return self.minutes
        return None if duration is None else math.ceil(duration * self.percent / 100 - 1e-9)

    def __str__(self) -> str:
        return f"{self.percent:g} %" if self.percent else f"{self.minutes} min"


def extra_time_from(value: Any) -> Any:
    """An :class:`ExtraTime` from ``30``, ``1h``, ``45min`` or ``25%``."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"minutes": value}
    if not isinstance(value, str):
        return value
    text = value.strip()
    share = _PERCENT.fullmatch(text)
    if share:
        return {"percent": float(share[1].replace(",", "."))}
    try:
        return {"minutes": int(text) if _MINUTES.fullmatch(text) else minutes_from(text)}
    except ValueError:
        raise ValueError("extra time is written in minutes, or like 1h30 or 25%") from None


class Student(Record):
    """One row of a roster."""

    id: StudentId
    """The student's ID; it names the files of the copy."""
    name: str = Field(min_length=1, max_length=200)
    """The name, in any script."""
    version: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,64}$")
    """The version that this student gets; left out, it is chosen."""
    section: str | None = Field(default=None, max_length=200)
    """The section or group of the course."""
    seat: str | None = Field(default=None, max_length=60)
    """The seat, such as `B12` (row B, place 12) or a number."""
    extra_time: Annotated[ExtraTime, BeforeValidator(extra_time_from)] | None = None
    """Minutes on top of the duration, `1h30`, or a share of the duration such as `25%`."""
    large_print: bool = False
    """Whether the copy is set in larger type: yes or no."""
    html: bool = False
    """Whether the student gets the paper as a web page, too, for a screen reader: yes or no."""
    email: str | None = Field(default=None, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
    """Where results are sent; notesbuild only carries it into marks.csv."""

    def extra_minutes(self, duration: int | None) -> int | None:
        """Minutes on top of a duration; None where a share is asked of an unknown duration."""
        return 0 if self.extra_time is None else self.extra_time.of(duration)


class Roster(FileRecord):
    """A CSV file of students, in the order of its rows."""

    students: tuple[Student, ...] = ()

    def spans(self, field: str = "id") -> tuple[Span, ...]:
        """Where every student's ``field`` stands; the row's ID where there is no such cell."""
        places = dict(self.origin.places)
        spans = []
        for number in range(len(self.students)):
            row = places.get(("students", number, "id"), (1, 1))
            place = places.get(("students", number, field), row)
            spans.append(Span(self.origin.path, *place))
        return tuple(spans)


@dataclass(frozen=True, order=True)
class Seat:
    """A seat that can be compared: part of a room, row and place; letters count as numbers."""

    part: tuple[tuple[int, str], ...]
    row: int
    place: int


_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_LONGEST_NUMBER = 9


def seat_from(text: str) -> Seat | None:
    """The row and place of ``B12``, ``12B``, ``12`` or ``Row 3 Seat 4``; None for other words."""
    tokens = _TOKENS.findall(unicodedata.normalize("NFKC", text).casefold())
    place = _last_ordinal(tokens)
    if place is None:
        return None
    before = tokens[:place]
    row = _last_ordinal(before)
    rest = [token for at, token in enumerate(tokens) if at not in (place, row)]
    part = tuple(natural_key(" ".join(rest)))
    return Seat(part, 0 if row is None else _ordinal(before[row]), _ordinal(tokens[place]))


def natural_key(text: str) -> tuple[tuple[int, str], ...]:
    """A key by which ``A2`` comes before ``A10``."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", unicodedata.normalize("NFKC", text).casefold())
    return tuple((int(p[:_LONGEST_NUMBER]), p) if p.isdigit() else (-1, p) for p in pieces)


def _last_ordinal(tokens: list[str]) -> int | None:
    """The last token that counts: a number, or one or two letters."""
    found = (at for at in reversed(range(len(tokens))) if _counts(tokens[at]))
    return next(found, None)


def _counts(token: str) -> bool:
    return (token.isdecimal() and len(token) <= _LONGEST_NUMBER) or len(token) <= 2


def _ordinal(token: str) -> int:
    if token.isdecimal():
        return int(token)
    number = 0
    for letter in token:
        latin = "a" <= letter <= "z"
        number = number * 26 + (ord(letter) - ord("a") + 1 if latin else ord(letter))
    return number
