"""Which charts the report has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from notesbuild.exam.recalled import Recalled, anew
from notesbuild.exam.report.balance import Overlap
from notesbuild.exam.report.charts import Chart, Series, histogram, stacked_bars
from notesbuild.exam.report.questions import section_title, sections_of
from notesbuild.exam.report.versions import Version
from notesbuild.exam.report.words import shown
from notesbuild.model.exam import Blueprint

LEVELS = range(1, 6)


def figures(
    blueprint: Blueprint,
    versions: tuple[Version, ...],
    overlap: Overlap,
    recalled: Recalled = anew,
    *,
    many: bool,
) -> tuple[Chart, ...]:
    """Minutes and difficulty of every version, or how all papers spread."""
    if many:
        return _distributions(versions, overlap)
    return (_minutes(blueprint, versions, recalled), _difficulty(versions, recalled))


def _minutes(blueprint: Blueprint, versions: tuple[Version, ...], recalled: Recalled) -> Chart:
    labels = [f"{version.name}: {version.minutes} min" for version in versions]
    series = [
        Series(
            section_title(blueprint, section),
            tuple(sum(e.minutes for e in version.of_section(section)) for version in versions),
        )
        for section in sections_of(versions)
    ]
    title = "Time by section"
    bars = partial(stacked_bars, "minutes", title, labels, series, unit="minutes")
    return _remembered(recalled, bars)


def _difficulty(versions: tuple[Version, ...], recalled: Recalled) -> Chart:
    labels = [f"{version.name}: mean {shown(version.difficulty)}" for version in versions]
    series = [
        Series(
            str(level),
            tuple(sum(e.points for e in s.entries if e.difficulty == level) for s in versions),
        )
        for level in LEVELS
    ]
    title = "Difficulty, from 1 to 5"
    scale = "steps"
    bars = partial(stacked_bars, "difficulty", title, labels, series, unit="points", scale=scale)
    return _remembered(recalled, bars)


def _remembered(recalled: Recalled, bars: partial[Chart]) -> Chart:
    def draw() -> list[Any]:
        drawn = bars()
        return [drawn.title, drawn.counted, drawn.svg, drawn.scale, drawn.legend]

    made_from = (bars.args, sorted(bars.keywords.items()))
    title, counted, svg, scale, legend = recalled("bars", made_from, draw)
    return Chart(title, counted, svg, scale, tuple(legend))


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
