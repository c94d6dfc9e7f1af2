"""Which charts the report has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from notesbuild.exam.report.balance import Overlap
from notesbuild.exam.report.charts import Chart, Series, histogram, stacked_bars
from notesbuild.exam.report.questions import section_title, sections_of
from notesbuild.exam.report.versions import Version
from notesbuild.exam.report.words import shown
from notesbuild.model.exam import Blueprint

LEVELS = range(1, 6)


def figures(
    blueprint: Blueprint, versions: tuple[Version, ...], overlap: Overlap, *, many: bool
) -> tuple[Chart, ...]:
    """Minutes and difficulty of every version, or how all papers spread."""
    if many:
        return _distributions(versions, overlap)
    return (_minutes(blueprint, versions), _difficulty(versions))


def _minutes(blueprint: Blueprint, versions: tuple[Version, ...]) -> Chart:
    labels = [f"{version.name}: {version.minutes} min" for version in versions]
    series = [
        Series(
            section_title(blueprint, section),
            tuple(sum(e.minutes for e in version.of_section(section)) for version in versions),
        )
        for section in sections_of(versions)
    ]
    return stacked_bars("minutes", "Time by section", labels, series, unit="minutes")


def _difficulty(versions: tuple[Version, ...]) -> Chart:
    labels = [f"{version.name}: mean {shown(version.difficulty)}" for version in versions]
    series = [
        Series(
            str(level),
            tuple(sum(e.points for e in s.entries if e.difficulty == level) for s in versions),
        )
        for level in LEVELS
    ]
    title = "Difficulty, from 1 to 5"
    return stacked_bars("difficulty", title, labels, series, unit="points", scale="steps")


def _distributions(versions: tuple[Version, ...], overlap: Overlap) -> tuple[Chart, ...]:
    """What all papers have in common has a line in a table, and needs no chart."""
    shared = Counter(float(value) for row in overlap for value in row)
    drawn = (
        _papers("points", "Points of a paper", [version.points for version in versions]),
        _papers("minutes", "Minutes of a paper", [version.minutes for version in versions]),
        _papers("difficulty", "Mean difficulty of a paper", [s.difficulty for s in versions], 0.05),
        _spread("shared", "Problems that two papers share", shared, 1, "pairs of papers"),
    )
    return tuple(chart for chart in drawn if chart is not None)


def _papers(key: str, title: str, values: Sequence[float], smallest: float = 1) -> Chart | None:
    return _spread(key, title, Counter(values), smallest, "papers")


def _spread(
    key: str, title: str, values: Mapping[float, int], smallest: float, noun: str
) -> Chart | None:
    if len(values) < 2:
        return None
    return histogram(key, title, values, smallest=smallest, noun=noun)
