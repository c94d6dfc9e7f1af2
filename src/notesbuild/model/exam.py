"""An exam: the blueprint that asks for it, and the lock that a draw froze."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from notesbuild.model.base import FileRecord, Id, Minutes, Range, Record
from notesbuild.model.problem import Scalar


class ExamKind(StrEnum):
    """What an exam is for."""

    MIDTERM = "midterm"
    FINAL = "final"
    QUIZ = "quiz"
    HOMEWORK = "homework"
    PRACTICE = "practice"


class Order(StrEnum):
    """How the problems of a section are ordered."""

    SHUFFLE = "shuffle"
    FIXED = "fixed"
    BY_DIFFICULTY = "by-difficulty"


class Section(Record):
    """A section picks ``pick`` problems among those that ``where`` admits."""

    title: str
    pick: int = Field(gt=0, le=200)
    where: str = "True"
    points: int | None = Field(default=None, gt=0)
    instructions: str | None = None


class DifficultyConstraint(Record):
    """The mean difficulty of a version."""

    mean: Range


class TopicConstraint(Record):
    """Points, and number of problems, that a version gives to one topic."""

    points: Range | None = None
    problems: Range | None = None


class Overlap(Record):
    """The largest share of problems that any two versions have in common."""

    max: float = Field(ge=0, le=1)


class Balance(Record):
    """The largest gap between versions, for each measure."""

    points: float | None = Field(default=None, ge=0)
    difficulty: float | None = Field(default=None, ge=0)
    minutes: float | None = Field(default=None, ge=0)
    topic_points: float | None = Field(default=None, ge=0)


class Constraints(Record):
    """What every version, and the versions together, must meet."""

    points: Range | None = None
    minutes: Range | None = None
    difficulty: DifficultyConstraint | None = None
    topics: dict[str, TopicConstraint] = Field(default_factory=dict)
    not_used_since: datetime.date | None = None
    overlap: Overlap | None = None
    balance: Balance = Balance()
    taught: bool = False


class Blueprint(FileRecord):
    """``exams/<course>/<exam>.yaml``."""

    course: str = Field(default="", exclude=True)
    name: str = Field(default="", exclude=True)
    title: str = Field(min_length=1)
    kind: ExamKind
    date: datetime.date | None = None
    start: datetime.time | None = None
    duration: Minutes | None = None
    place: str | None = None
    versions: Annotated[int, Field(ge=1, le=26)] | Literal["per-student"] = 1
    seed: int = Field(ge=0, lt=2**63)
    instructions: str = ""
    sections: tuple[Section, ...] = Field(min_length=1)
    constraints: Constraints = Constraints()
    order: Order = Order.SHUFFLE
    require: tuple[Id, ...] = ()
    exclude: tuple[Id, ...] = ()
    visibility: tuple[Literal["exam", "practice", "public"], ...] = ("exam",)

    @property
    def exam(self) -> str:
        """``<course>/<exam>``, as commands write it."""
        return f"{self.course}/{self.name}"

    @property
    def ends(self) -> datetime.datetime | None:
        """When the exam is over, in local time, where date, start and duration are known."""
        if self.date is None or self.start is None or self.duration is None:
            return None
        begin = datetime.datetime.combine(self.date, self.start)
        return begin + datetime.timedelta(minutes=self.duration)


def version_names(count: int) -> tuple[str, ...]:
    """A, B, C, …"""
    return tuple(chr(ord("A") + number) for number in range(count))


def _digest_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


Digest = Annotated[str, BeforeValidator(_digest_text), Field(pattern=r"^[0-9a-f]{16}$")]


class LockedItem(Record):
    """One problem of one version, with everything that chance decided about it.

    ``params`` holds the drawn parameters (derived ones follow from them); ``choices``
    holds, for every choices environment, the author's positions in printed order.
    """

    section: int = Field(ge=1)
    problem: Id
    points: int = Field(gt=0)
    digest: Digest
    params: dict[str, Scalar] = Field(default_factory=dict)
    choices: tuple[tuple[int, ...], ...] = ()


class LockedVersion(Record):
    """The problems of one version in order."""

    version: str = Field(pattern=r"^[A-Z]$|^[A-Za-z0-9._-]+$")
    items: tuple[LockedItem, ...] = Field(min_length=1)


class Lock(FileRecord):
    """``exams/<course>/<exam>.lock.yaml``: the draw, for review, and to build from."""

    format: Literal[1] = 1
    exam: str
    seed: int
    date: datetime.date | None = None
    versions: tuple[LockedVersion, ...] = Field(min_length=1)
