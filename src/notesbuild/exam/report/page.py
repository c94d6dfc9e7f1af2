"""The page: everything that the template shows, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from notesbuild.exam.recalled import Recalled, anew
from notesbuild.exam.report.balance import (
    Measure,
    columns,
    measures,
    overlap_counts,
    overlap_matrix,
    overlap_words,
    topics,
)
from notesbuild.exam.report.coverage import coverage
from notesbuild.exam.report.figures import figures
from notesbuild.exam.report.questions import question_groups, section_rows, used_problems
from notesbuild.exam.report.versions import Version, versions_of
from notesbuild.exam.results import KnownResult
from notesbuild.exam.summary import DrawSummary
from notesbuild.model.course import Course
from notesbuild.model.dates import duration_words, hours, in_words, long_date, plural
from notesbuild.model.exam import Blueprint
from notesbuild.pdf.thumbnails import Thumbnail, thumbnails
from notesbuild.render.environment import load_html, render_html

if TYPE_CHECKING:
    from notesbuild.exam.paper import Copy

T = TypeVar("T")

TEMPLATE = "report.html.j2"
MANY = 26
"""With more papers than letters, the report counts them instead of naming them."""


@dataclass(frozen=True)
class StudentPaper:
    """A finished student's paper; ``file`` is its place beside the report."""

    version: str
    file: str
    pdf: bytes


@dataclass(frozen=True)
class ReportInput:
    """What a report is made from.

    ``papers`` may hold fewer papers than there are copies: pages are counted and shown for
    those that are there. ``summary`` counts the draw, with versions that could not be built.
    ``recalled`` gives what an earlier report has drawn already, ``pictures`` the pages of a paper.
    """

    blueprint: Blueprint
    course: Course | None
    copies: tuple[Copy, ...]
    papers: tuple[StudentPaper, ...]
    results: tuple[KnownResult, ...]
    summary: DrawSummary
    recalled: Recalled = anew
    pictures: Callable[[bytes], tuple[Thumbnail, ...]] = thumbnails


@dataclass(frozen=True)
class Pages:
    """The pages of one paper."""

    version: str
    file: str
    thumbnails: tuple[Thumbnail, ...]


def load_report() -> None:
    """Load what a report takes."""
    load_html(TEMPLATE)


def draw_charts(blueprint: Blueprint, copies: tuple[Copy, ...], recalled: Recalled) -> None:
    """Draw the charts of a report that will recall them; those of very many papers it draws."""
    versions = versions_of(copies)
    if len(versions) <= MANY:
        figures(blueprint, versions, overlap_counts(versions), recalled, many=False)


def report_html(given: ReportInput) -> bytes:
    """The report, complete in itself: no script, no request."""
    versions = versions_of(given.copies)
    many = len(versions) > MANY
    blueprint, course = given.blueprint, given.course
    overlap = overlap_counts(versions)
    # Pages may still be in the making: they come last.
    charts = figures(blueprint, versions, overlap, given.recalled, many=many)
    pages = _pages(given, versions)
    numbers = {page.version: len(page.thumbnails) for page in pages}
    reached = measures(given.summary, blueprint, numbers, many=many)
    text = render_html(
        TEMPLATE,
        many=many,
        title=blueprint.title,
        course=course.title if course else blueprint.course,
        facts=_facts(given, versions),
        notices=tuple(_notices(given, versions, reached)),
        versions=[version.name for version in versions],
        columns=columns(given.summary, many=many),
        measures=reached,
        overlap=() if many else overlap_matrix(versions, overlap),
        overlap_words=overlap_words(overlap, blueprint),
        topics=topics(given.summary, many=many),
        figures=charts,
        sections=section_rows(blueprint, versions, many=many),
        groups=() if many else question_groups(blueprint, versions),
        problems=used_problems(versions) if many else (),
        coverage=coverage(given.results, versions, many=many),
        pages=pages,
    )
    return text.encode()


def pictured(papers: Sequence[T], versions: int) -> Sequence[T]:
    """The papers whose pages are shown: with very many, one is enough."""
    return papers[:1] if versions > MANY else papers


def _pages(given: ReportInput, versions: tuple[Version, ...]) -> tuple[Pages, ...]:
    shown = pictured(given.papers, len(versions))
    return tuple(Pages(paper.version, paper.file, given.pictures(paper.pdf)) for paper in shown)


def _facts(given: ReportInput, versions: tuple[Version, ...]) -> tuple[tuple[str, str], ...]:
    """What the head of the page says, as names and values; what is not known is left out."""
    blueprint = given.blueprint
    end = blueprint.ends.time() if blueprint.ends else None
    sizes = {len(version.entries) for version in versions}
    facts = (
        ("Date", long_date(blueprint.date) if blueprint.date else ""),
        ("Time", hours(blueprint.start, end)),
        ("Duration", duration_words(blueprint.duration) if blueprint.duration else ""),
        ("Place", blueprint.place or ""),
        ("Papers" if len(versions) > MANY else "Versions", str(len(versions))),
        ("Questions", in_words(str(size) for size in sorted(sizes))),
        ("Seed", str(blueprint.seed)),
    )
    return tuple((name, value) for name, value in facts if value)


def _notices(
    given: ReportInput, versions: tuple[Version, ...], reached: tuple[Measure, ...]
) -> Iterable[str]:
    """What an instructor should look at before printing."""
    built = {version.name for version in versions}
    missing = [row.version for row in given.summary.versions if row.version not in built]
    if missing:
        yield f"Not built, because of errors: {_list('version', missing)}."
    changed = {e.problem.id: e.title for version in versions for e in version.entries if e.changed}
    if changed:
        names = [f"{title} ({name})" for name, title in sorted(changed.items())]
        yield (
            f"{plural(len(changed), 'problem')} changed since the draw, and the papers have "
            f"{'it' if len(changed) == 1 else 'them'} as now: {_some(names)}."
        )
    over = [measure.name.lower() for measure in reached if measure.kept is False]
    if over:
        yield f"The versions lie further apart than the blueprint allows in {in_words(over)}."
    yield from _out_of_time(given.blueprint, versions)


def _out_of_time(blueprint: Blueprint, versions: tuple[Version, ...]) -> Iterable[str]:
    limit = blueprint.duration
    late = [version.name for version in versions if limit is not None and version.minutes > limit]
    if limit is not None and late:
        yield (
            f"The problems ask for more time than there is ({limit} minutes) in "
            f"{_list('version', late)}."
        )


def _list(noun: str, names: list[str]) -> str:
    return f"{noun}{'' if len(names) == 1 else 's'} {_some(names)}"


def _some(names: list[str], most: int = 12) -> str:
    more = len(names) - most
    return in_words(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"
