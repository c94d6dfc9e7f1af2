"""What a draw decides, and linear constraints on it, as plain data.

A cell says "this version draws this problem in this section"; a solver gives it 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
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
    """``low <= sum of the terms <= high``; None leaves an end open.

    ``unit`` is how much one of what is counted (a point, a minute) adds to the sum.
    """

    terms: Terms
    low: int | None = None
    high: int | None = None
    unit: int = 1

    def holds(self, drawn: frozenset[Cell]) -> bool:
        """Whether it is true when exactly these cells are drawn; for lines without helpers."""
        total = sum(factor for variable, factor in self.terms if variable in drawn)
        return (self.low is None or total >= self.low) and (self.high is None or total <= self.high)


@dataclass(frozen=True)
class Rule:
    """Something that a blueprint (or a problem, or a pin) asks, and where it stands.

    ``lines`` are what it asks; ``defines`` say what the helpers in them mean.
    """

    key: Location
    span: Span
    words: str
    lines: tuple[Line, ...]
    defines: tuple[Line, ...] = ()

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """What a solver needs to know of it."""
        return (*self.defines, *self.lines)


@dataclass(frozen=True)
class Fixed:
    """A version that stands already: its problems count, and nothing in it is decided."""

    name: str
    problems: tuple[Problem, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of its problems."""
        return frozenset(problem.id for problem in self.problems)


@dataclass(frozen=True)
class Pin:
    """A problem that somebody pinned: version by name, section from 0, and the lock's line."""

    version: str
    section: int
    problem: str
    span: Span


Weight = Callable[[Problem], int]


@dataclass(frozen=True)
class Measure:
    """Something to count in a version, and what a gap of 1 between versions costs."""

    name: str
    price: int
    weight: Weight


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


@dataclass(frozen=True)
class Plan:
    """A blueprint, the problems that it may draw, and the names of its versions.

    ``fixed`` are further versions that stand already: what is said of two versions holds
    between them and the versions of the plan, too.
    """

    blueprint: Blueprint
    pool: Pool
    versions: tuple[str, ...]
    fixed: tuple[Fixed, ...] = ()
    pins: tuple[Pin, ...] = ()

    @property
    def size(self) -> int:
        """The number of problems in a version."""
        return sum(section.pick for section in self.blueprint.sections)

    @property
    def count(self) -> int:
        """The number of versions, the fixed ones among them."""
        return len(self.versions) + len(self.fixed)

    @property
    def width(self) -> int:
        """The number of cells."""
        return len(self.versions) * sum(map(len, self.pool.sections))

    @cached_property
    def problems(self) -> dict[str, Problem]:
        """Every problem that could be drawn, by id."""
        return self.pool.problems

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """For every problem the sections that may draw it."""
        found: dict[str, list[int]] = {name: [] for name in self.problems}
        for section, candidates in enumerate(self.pool.sections):
            for problem in candidates:
                found[problem.id].append(section)
        return found

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Everything to decide, in a fixed order."""
        return tuple(cell for version in range(len(self.versions)) for cell in self.of(version))

    def of(self, version: int) -> tuple[Cell, ...]:
        """Everything to decide about a version."""
        return tuple(
            Cell(version, section, problem.id)
            for section, candidates in enumerate(self.pool.sections)
            for problem in candidates
        )

    def drawing(self, problem: str, version: int) -> tuple[Cell, ...]:
        """The cells in which a version draws a problem."""
        return tuple(Cell(version, section, problem) for section in self.places.get(problem, ()))

    @cached_property
    def once(self) -> tuple[Line, ...]:
        """A version draws a problem in one section at most."""
        several = [name for name, sections in self.places.items() if len(sections) > 1]
        return tuple(
            Line(ones(self.drawing(name, version)), high=1)
            for version in range(len(self.versions))
            for name in several
        )

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic that a version could have."""
        drawn = (*self.problems.values(), *(p for fixed in self.fixed for p in fixed.problems))
        return tuple(sorted({t for p in drawn for t in p.metadata.topics}))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What versions should have in equal amounts: a point counts most."""
        return (
            Measure("points", 20, points),
            Measure("difficulty", 6, difficulty),
            Measure("minutes", 2, minutes),
            *(Measure(f"points in {topic}", 1, topic_points(topic)) for topic in self.topics),
        )

    def total(self, version: int, weight: Weight) -> Terms:
        """The sum of a weight over the problems of a version."""
        return tuple(
            (Cell(version, section, problem.id), value)
            for section, candidates in enumerate(self.pool.sections)
            for problem in candidates
            if (value := weight(problem))
        )

    def spread(self, name: str, weight: Weight) -> Spread:
        """How far a measure lies apart in the versions."""
        known = [sum(map(weight, fixed.problems)) for fixed in self.fixed]
        most = max([sum(map(weight, self.problems.values())), *known])
        low, high = Helper(f"{name} low", most), Helper(f"{name} high", most)
        totals = [self.total(version, weight) for version in range(len(self.versions))]
        lines = [Line((*total, (low, -1)), low=0) for total in totals]
        lines += [Line((*total, (high, -1)), high=0) for total in totals]
        if known:
            lines += [Line(((low, 1),), high=min(known)), Line(((high, 1),), low=max(known))]
        return Spread(low, high, tuple(lines))

    def alone(self, version: str) -> Plan:
        """One version without the others."""
        pins = tuple(pin for pin in self.pins if pin.version == version)
        return replace(self, versions=(version,), fixed=(), pins=pins)

    def beside(self, version: str, fixed: tuple[Fixed, ...]) -> Plan:
        """One version, the others being fixed."""
        return replace(self.alone(version), fixed=fixed)

    def fix(self, version: int, cells: Iterable[Cell]) -> Fixed:
        """A version of the plan as it was drawn."""
        names = [cell.problem for cell in cells if cell.version == version]
        return Fixed(self.versions[version], tuple(self.problems[name] for name in names))


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
