"""An exam: the blueprint that asks for it, and the lock that a draw froze."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from notesbuild.model.base import FileRecord, Id, Minutes, Number, Range, Record
from notesbuild.model.problem import Scalar


class ExamKind(StrEnum):
    """What an exam is for."""

    MIDTERM = "midterm"
    FINAL = "final"
    QUIZ = "quiz"
    HOMEWORK = "homework"
    PRACTICE = "practice"


SHEETS = (ExamKind.HOMEWORK, ExamKind.PRACTICE)
"""What is handed out as a sheet, without names, answer space and a fixed layout."""


class Order(StrEnum):
    """How the problems of a section are ordered."""

    SHUFFLE = "shuffle"
    FIXED = "fixed"
    BY_DIFFICULTY = "by-difficulty"


class Section(Record):
    """A section picks ``pick`` problems among those that ``where`` admits."""

    title: str
    """The heading on the paper."""
    pick: int = Field(gt=0, le=200)
    """How many problems it has."""
    where: str = "True"
    """Which problems it may have: see {doc}`where`."""
    points: int | None = Field(default=None, gt=0)
    """Only problems worth exactly these points."""
    instructions: str | None = None
    """A line below the heading; LaTeX is allowed."""


class DifficultyConstraint(Record):
    """The mean difficulty of a version."""

    mean: Range
    """Bounds for the mean difficulty of a version."""


class TopicConstraint(Record):
    """Points, and number of problems, that a version gives to one topic."""

    points: Range | None = None
    """Bounds for the points of this topic in a version."""
    problems: Range | None = None
    """Bounds for the number of problems on this topic in a version."""


class Overlap(Record):
    """The largest share of problems that any two versions have in common."""

    max: Number = Field(ge=0, le=1)
    """The largest share of problems that two versions have in common, from 0 to 1."""


class Balance(Record):
    """The largest gap between versions, for each measure."""

    points: Number | None = Field(default=None, ge=0)
    """The largest gap between the points of two versions."""
    difficulty: Number | None = Field(default=None, ge=0)
    """The largest gap between the mean difficulties of two versions."""
    minutes: Number | None = Field(default=None, ge=0)
    """The largest gap between the minutes of two versions."""
    topic_points: Number | None = Field(default=None, ge=0)
    """The largest gap between the points of two versions in any one topic."""


class Constraints(Record):
    """What every version, and the versions together, must meet."""

    points: Range | None = None
    """Bounds for the points of a version."""
    minutes: Range | None = None
    """Bounds for the minutes of a version."""
    difficulty: DifficultyConstraint | None = None
    """Bounds for the difficulty of a version."""
    topics: dict[str, TopicConstraint] = Field(default_factory=dict)
    """Bounds by topic."""
    not_used_since: datetime.date | None = None
    """No problem that an earlier exam has used on or after this day, by its lock."""
    not_used_in: tuple[str, ...] = ()
    """The courses whose exams count for `not_used_since`; all courses, where none is named."""
    overlap: Overlap | None = None
    """What two versions may share."""
    balance: Balance = Balance()
    """How far versions may differ."""
    taught: bool = False
    """Whether every result that a problem uses must be taught before `date`."""

    @model_validator(mode="after")
    def _courses_of_a_day(self) -> Constraints:
        if self.not_used_in and self.not_used_since is None:
            raise ValueError("not_used_in needs not_used_since: the day from which exams count")
        return self


class Layout(Record):
    """How the pages of a paper are laid out."""

    even_pages: bool = False
    """Whether every paper gets an even number of pages, for printing on both sides."""
    blank_pages: int = Field(default=0, ge=0, le=20)
    """Pages for drafts at the end of every student's paper."""
    codes: bool = True
    """Whether every page of a student's own copy has a QR code."""


class Release(Record):
    """When a homework or practice sheet appears on the course's site."""

    sheet: datetime.date | None = None
    """The day from which on the sheet is there; without one it never is."""
    solutions: datetime.date | None = None
    """The day from which on its solutions are there; without one they never are."""

    @model_validator(mode="after")
    def _in_order(self) -> Release:
        if self.solutions and (self.sheet is None or self.solutions < self.sheet):
            raise ValueError("solutions are released after the sheet, or on the same day")
        return self


class Blueprint(FileRecord):
    """``exams/<course>/<exam>.yaml``."""

    course: str = Field(default="", exclude=True)
    name: str = Field(default="", exclude=True)
    title: str = Field(min_length=1)
    """The title of the paper."""
    kind: ExamKind
    """`midterm`, `final`, `quiz`, `homework` or `practice`."""
    date: datetime.date | None = None
    """The day."""
    start: datetime.time | None = None
    """When it begins, such as `"17:00"`."""
    duration: Minutes | None = None
    """How long it is: `4h`, `90min` or `1h30`."""
    place: str | None = None
    """Where it is."""
    versions: Annotated[int, Field(ge=1, le=26)] | Literal["per-student"] = 1
    """How many versions there are, or `per-student`."""
    seed: int = Field(ge=0, lt=2**63)
    """The number that decides everything left to chance."""
    instructions: str = ""
    """What the cover says; LaTeX is allowed."""
    sections: tuple[Section, ...] = Field(min_length=1)
    """The sections of the paper in their order."""
    constraints: Constraints = Constraints()
    """What the versions must meet."""
    order: Order = Order.SHUFFLE
    """`shuffle`, `fixed` or `by-difficulty`: the order of problems within a section."""
    require: tuple[Id, ...] = ()
    """Ids of problems that every version has."""
    exclude: tuple[Id, ...] = ()
    """Ids of problems that no version has."""
    visibility: tuple[Literal["exam", "practice", "public"], ...] = ("exam",)
    """Which problems may be drawn, by their visibility."""
    layout: Layout = Layout()
    """How the pages are laid out."""
    release: Release = Release()
    """When a sheet and its solutions appear on the site."""

    @property
    def exam(self) -> str:
        """``<course>/<exam>``, as commands write it."""
        return f"{self.course}/{self.name}"

    @property
    def ends(self) -> datetime.datetime | None:
        """When the exam is over, in local time, where date, start and duration are known."""
        return self.ends_after(0)

    def ends_after(self, extra: int) -> datetime.datetime | None:
        """When the exam is over for someone with so many minutes of extra time."""
        if self.date is None or self.start is None or self.duration is None:
            return None
        begin = datetime.datetime.combine(self.date, self.start)
        return begin + datetime.timedelta(minutes=self.duration + extra)


def version_names(count: int) -> tuple[str, ...]:
    """A, B, C, …"""
    return tuple(chr(ord("A") + number) for number in range(count))


def _digest_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


Digest = Annotated[str, BeforeValidator(_digest_text), Field(pattern=r"^[0-9a-f]{16}$")]


class LockedItem(Record):
    """One problem of one version, with everything that chance decided about it.

    ``params`` holds the drawn parameters (derived ones follow from them); ``choices``
    holds, for every choices environment, the author's positions (from 0) in printed order.
    """

    section: int = Field(ge=1)
    """The section, counted from 1."""
    problem: Id
    """The problem's id."""
    points: int = Field(gt=0)
    """Its points."""
    digest: Digest
    """The digest of its files when it was drawn."""
    params: dict[str, Scalar] = Field(default_factory=dict)
    """The drawn parameters."""
    choices: tuple[tuple[int, ...], ...] = ()
    """For each choices environment the author's positions, counted from 0, in printed order."""
    pinned: bool = False
    """Whether `exam draw --keep` leaves this problem in this version, as it is."""


class LockedVersion(Record):
    """The problems of one version in order."""

    version: str = Field(pattern=r"^[A-Z]$|^[A-Za-z0-9._-]+$")
    """The letter of the version."""
    items: tuple[LockedItem, ...] = Field(min_length=1)
    """Its problems in their order."""


class Lock(FileRecord):
    """``exams/<course>/<exam>.lock.yaml``: the draw, for review, and to build from."""

    format: Literal[1] = 1
    """The version of this format."""
    exam: str
    """The exam, as `<course>/<exam>`."""
    seed: int
    """The seed of the draw."""
    date: datetime.date | None = None
    """The day of the exam, for `not_used_since` in later ones."""
    versions: tuple[LockedVersion, ...] = Field(min_length=1)
    """The versions."""
