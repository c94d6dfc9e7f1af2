"""What the report knows of every copy: its questions, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from notesbuild.exam.report.words import plain
from notesbuild.model.problem import Problem

if TYPE_CHECKING:
    from notesbuild.exam.paper import Copy


@dataclass(frozen=True)
class Entry:
    """A question: its number and section count from 1; ``drawn`` shows its parameters.

    ``changed`` tells whether the problem is another one than when it was drawn.
    """

    number: int
    section: int
    points: int
    problem: Problem
    drawn: str
    changed: bool

    @property
    def title(self) -> str:
        """The problem's title, its formulas as plain text."""
        return plain(self.problem.metadata.title)

    @property
    def minutes(self) -> int:
        """The minutes that the problem asks for."""
        return self.problem.metadata.minutes

    @property
    def difficulty(self) -> int:
        """From 1 to 5."""
        return self.problem.metadata.difficulty


@dataclass(frozen=True)
class Version:
    """A version and its questions."""

    name: str
    entries: tuple[Entry, ...]

    @cached_property
    def points(self) -> int:
        """All points."""
        return sum(entry.points for entry in self.entries)

    @cached_property
    def minutes(self) -> int:
        """All minutes."""
        return sum(entry.minutes for entry in self.entries)

    @cached_property
    def difficulty(self) -> float:
        """The mean difficulty; 0 without questions."""
        total = sum(entry.difficulty for entry in self.entries)
        return total / len(self.entries) if self.entries else 0.0

    @cached_property
    def problems(self) -> frozenset[str]:
        """The ids of its problems."""
        return frozenset(entry.problem.id for entry in self.entries)

    def of_section(self, section: int) -> tuple[Entry, ...]:
        """The questions of one section."""
        return tuple(entry for entry in self.entries if entry.section == section)


def versions_of(copies: Iterable[Copy]) -> tuple[Version, ...]:
    """The copies as the report reads them, in their order."""
    return tuple(_version(copy) for copy in copies)


def _version(copy: Copy) -> Version:
    digests = {item.problem: item.digest for item in copy.version.items}
    entries = []
    for question in copy.questions:
        problem = question.rendered.problem
        drawn = ", ".join(f"{name} = {value}" for name, value in question.rendered.assignment)
        changed = digests.get(problem.id, problem.digest) != problem.digest
        entries.append(
            Entry(question.number, question.section, question.points, problem, drawn, changed)
        )
    return Version(copy.version.version, tuple(entries))
