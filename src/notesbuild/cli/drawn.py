"""A draw as tables for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from notesbuild.exam.draw import Drawn
    from notesbuild.exam.summary import DrawSummary, VersionRow

WIDE = 26
"""With more versions than this a table has a row for every measure, and no column for each."""

_Measure = tuple[str, Callable[["VersionRow"], float], str]


def show_draw(drawn: Drawn, *, verbose: bool) -> None:
    """Print what every version holds, and how far the versions lie apart."""
    summary = drawn.summary
    many = len(summary.versions) > WIDE
    click.echo(_in_short(summary) if many else _by_version(summary))
    if verbose:
        click.echo(_problems(summary))
    click.echo(summary.balance_line())
    if drawn.fairest:
        click.echo("It is proven that no other selection is more balanced.")
    if verbose and summary.most_shared:
        click.echo(_overlap(summary))


def _measures(summary: DrawSummary) -> Iterator[_Measure]:
    yield "problems", lambda row: row.problems, "d"
    yield "points", lambda row: row.points, "d"
    yield "minutes", lambda row: row.minutes, "d"
    yield "mean difficulty", lambda row: row.difficulty, ".2f"
    for topic in summary.topics:
        yield f"points in {topic}", partial(_topic_points, topic), "d"


def _topic_points(topic: str, row: VersionRow) -> int:
    return row.topic_points(topic)


def _by_version(summary: DrawSummary) -> str:
    from notesbuild.cli.console import table

    rows = [
        (name, *(f"{of(row):{form}}" for row in summary.versions))
        for name, of, form in _measures(summary)
    ]
    return table(("version", *(row.version for row in summary.versions)), rows)


def _in_short(summary: DrawSummary) -> str:
    from notesbuild.cli.console import table

    rows = []
    for name, of, form in _measures(summary):
        known = [of(row) for row in summary.versions]
        mean = sum(known) / len(known)
        rows.append((name, f"{min(known):{form}}", f"{mean:.2f}", f"{max(known):{form}}"))
    return table((f"{len(summary.versions)} versions", "least", "mean", "most"), rows)


def _problems(summary: DrawSummary) -> str:
    from notesbuild.cli.console import table

    rows = [
        (row.version if not number else "", str(number + 1), ", ".join(names))
        for row in summary.versions
        for number, names in enumerate(row.sections)
    ]
    return table(("version", "section", "problems"), rows)


def _overlap(summary: DrawSummary) -> str:
    from notesbuild.cli.console import table

    names = [row.version for row in summary.versions]
    shared = {frozenset(pair.versions): str(pair.problems) for pair in summary.shared}
    rows = [(one, *(shared.get(frozenset((one, other)), "-") for other in names)) for one in names]
    return table(("in common", *names), rows)
