"""How far versions lie apart, beside what the blueprint asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notesbuild.exam.report.versions import Version
from notesbuild.exam.report.words import DASH, heat, quantile, shown
from notesbuild.exam.summary import DrawSummary, VersionRow
from notesbuild.model.dates import plural
from notesbuild.model.exam import Blueprint

QUARTERS = ("Lowest", "Lower quarter", "Median", "Upper quarter", "Highest")


@dataclass(frozen=True)
class Measure:
    """A measure of every version (or its quarters), the largest gap, and the gap allowed.

    ``kept`` is None where the blueprint bounds nothing.
    """

    name: str
    values: tuple[str, ...]
    gap: str
    allowed: str = ""
    kept: bool | None = None


@dataclass(frozen=True)
class Cell:
    """A tinted cell: its text, and its step of colour from 0 to 9."""

    text: str
    heat: int


@dataclass(frozen=True)
class HeatRow:
    """A row of tinted cells."""

    name: str
    cells: tuple[Cell, ...]
    gap: str = ""


def columns(summary: DrawSummary, *, many: bool) -> tuple[str, ...]:
    """What stands above the values: the versions, or quarters of all papers."""
    return QUARTERS if many else tuple(f"Version {row.version}" for row in summary.versions)


def measures(
    summary: DrawSummary, blueprint: Blueprint, pages: dict[str, int], *, many: bool
) -> tuple[Measure, ...]:
    """Points, minutes, mean difficulty, points of topics, and pages where they are known."""
    gaps, asked = summary.gaps, blueprint.constraints.balance
    found = [
        _measure("Points", [r.points for r in summary.versions], gaps.points, asked.points, many),
        _measure(
            "Minutes", [r.minutes for r in summary.versions], gaps.minutes, asked.minutes, many
        ),
        _measure(
            "Mean difficulty",
            [r.difficulty for r in summary.versions],
            gaps.difficulty,
            asked.difficulty,
            many,
        ),
        _measure("Points of a topic", [], gaps.topic_points, asked.topic_points, many),
    ]
    known = [pages[row.version] for row in summary.versions if row.version in pages]
    if known and len(known) == len(summary.versions):
        found.append(_measure("Pages", known, max(known) - min(known), None, many))
    return tuple(found)


def _measure(
    name: str, values: Sequence[float], gap: float, allowed: float | None, many: bool
) -> Measure:
    numbers = _quarters(values) if many and values else values
    texts = tuple(shown(number) for number in numbers)
    if allowed is None:
        return Measure(name, texts, shown(gap))
    return Measure(name, texts, shown(gap), shown(allowed), gap <= allowed + 1e-9)


def _quarters(values: Sequence[float]) -> list[float]:
    return [quantile(values, share / 4) for share in range(5)]


def topics(summary: DrawSummary, *, many: bool) -> tuple[HeatRow, ...]:
    """The points of every topic; a problem counts under each of its topics."""
    rows = [(topic, [_points(row, topic) for row in summary.versions]) for topic in summary.topics]
    top = max((value for _, values in rows for value in values), default=0)
    return tuple(
        HeatRow(topic, _cells(_quarters(values) if many else values, top), _gap(values))
        for topic, values in rows
    )


def _points(row: VersionRow, topic: str) -> int:
    return dict(row.by_topic).get(topic, 0)


def _gap(values: Sequence[float]) -> str:
    return shown(max(values) - min(values))


def _cells(values: Sequence[float], top: float) -> tuple[Cell, ...]:
    return tuple(Cell(shown(value) if value else DASH, heat(value, top)) for value in values)


Overlap = list[list[int]]


def overlap_counts(versions: tuple[Version, ...]) -> Overlap:
    """For each paper, the number of problems it shares with each of the papers before it."""
    bits: dict[str, int] = {}
    for version in versions:
        for problem in sorted(version.problems):
            bits.setdefault(problem, 1 << len(bits))
    masks = [sum(bits[problem] for problem in version.problems) for version in versions]
    return [[(one & other).bit_count() for other in masks[:n]] for n, one in enumerate(masks)]


def overlap_matrix(versions: tuple[Version, ...], counts: Overlap) -> tuple[HeatRow, ...]:
    """The problems that every two versions share; the diagonal has all of a version's."""
    top = max((len(version.entries) for version in versions), default=0)
    rows = []
    for n, version in enumerate(versions):
        shared = [counts[max(n, m)][min(n, m)] for m in range(len(versions)) if m != n]
        shared.insert(n, len(version.entries))
        cells = tuple(
            Cell(str(value), 0 if m == n else heat(value, top)) for m, value in enumerate(shared)
        )
        rows.append(HeatRow(version.name, cells))
    return tuple(rows)


def overlap_words(counts: Overlap, blueprint: Blueprint) -> str:
    """The overlap reached, in a sentence, beside the one allowed."""
    most = max((value for row in counts for value in row), default=0)
    words = "No two versions share a problem"
    if most:
        words = f"Two versions share at most {plural(most, 'problem')}"
    asked = blueprint.constraints.overlap
    if asked is None:
        return f"{words}."
    allowed = f"at most {shown(100 * asked.max)} % of a version" if asked.max else "none"
    return f"{words}; the blueprint allows {allowed}."
