"""What a draw decides, and linear constraints on it, as plain data.

A cell says "this version draws this problem in this section"; a solver gives it 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from notesbuild.diagnostics import Span
from notesbuild.diagnostics.values import Location
from notesbuild.exam.pool import Pool
from notesbuild.model.exam import Blueprint
from notesbuild.model.problem import Problem


class Cell(NamedTuple):
    """Whether a version (by its position) draws a problem in a section (by its position)."""

    version: int
    section: int
    problem: str


class Helper(NamedTuple):
    """A further number that a solver chooses, between 0 and ``most``."""

    name: str
    most: int


Variable = Cell | Helper
Terms = tuple[tuple[Variable, int], ...]


@dataclass(frozen=True)
class Line:
    """``low <= sum of the terms <= high``; None leaves an end open."""

    terms: Terms
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Rule:
    """Something that a blueprint (or a problem) asks: where it stands, in words, as lines."""

    key: Location
    span: Span
    words: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Spread:
    """The smallest and the largest of a measure over all versions."""

    low: Helper
    high: Helper
    lines: tuple[Line, ...]

    @property
    def gap(self) -> Terms:
        """The largest minus the smallest."""
        return ((self.high, 1), (self.low, -1))


Weight = Callable[[Problem], int]


@dataclass(frozen=True)
class Plan:
    """A blueprint, the problems that it may draw, and the names of its versions."""

    blueprint: Blueprint
    pool: Pool
    versions: tuple[str, ...]

    @property
    def size(self) -> int:
        """The number of problems in a version."""
        return sum(section.pick for section in self.blueprint.sections)

    @cached_property
    def problems(self) -> dict[str, Problem]:
        """Every problem that could be drawn, by id."""
        return self.pool.problems

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Everything to decide, in a fixed order."""
        return tuple(
            Cell(version, section, problem.id)
            for version in range(len(self.versions))
            for section, candidates in enumerate(self.pool.sections)
            for problem in candidates
        )

    @cached_property
    def once(self) -> tuple[Line, ...]:
        """A version draws a problem in one section at most."""
        together: dict[tuple[int, str], list[Cell]] = {}
        for cell in self.cells:
            together.setdefault((cell.version, cell.problem), []).append(cell)
        return tuple(Line(ones(cells), high=1) for cells in together.values() if len(cells) > 1)

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that a version could have."""
        return tuple(sorted({t for p in self.problems.values() for t in p.metadata.topics}))

    def total(self, version: int, weight: Weight) -> Terms:
        """The sum of a weight over the problems of a version."""
        weights = {name: weight(problem) for name, problem in self.problems.items()}
        return tuple(
            (cell, weights[cell.problem])
            for cell in self.cells
            if cell.version == version and weights[cell.problem]
        )

    def spread(self, name: str, weight: Weight) -> Spread:
        """How far a measure lies apart in the versions."""
        most = sum(weight(problem) for problem in self.problems.values())
        low, high = Helper(f"{name} low", most), Helper(f"{name} high", most)
        totals = [self.total(version, weight) for version in range(len(self.versions))]
        above = (Line((*total, (low, -1)), low=0) for total in totals)
        below = (Line((*total, (high, -1)), high=0) for total in totals)
        return Spread(low, high, (*above, *below))


def ones(variables: Iterable[Variable]) -> Terms:
    """The plain sum of variables."""
    return tuple((variable, 1) for variable in variables)


def points(problem: Problem) -> int:
    """The weight that counts points."""
    return problem.points


def minutes(problem: Problem) -> int:
    """The weight that counts minutes."""
    return problem.metadata.minutes


def difficulty(problem: Problem) -> int:
    """The weight that counts difficulty."""
    return problem.metadata.difficulty


def topic_points(topic: str) -> Weight:
    """The weight that counts points of one topic; a problem gives its points to each topic."""
    return lambda problem: problem.points if topic in problem.metadata.topics else 0


def topic_problems(topic: str) -> Weight:
    """The weight that counts problems of one topic."""
    return lambda problem: int(topic in problem.metadata.topics)
