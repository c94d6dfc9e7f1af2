"""report.html: one page that tells an instructor whether the versions are fair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notesbuild.exam.typeset import Copy
from notesbuild.model.course import Course
from notesbuild.model.dates import duration_words, long_date
from notesbuild.model.exam import Blueprint
from notesbuild.render.environment import render_html


@dataclass(frozen=True)
class Bar:
    """A number with the share of the largest of its kind, in percent."""

    label: str
    text: str
    percent: float


@dataclass(frozen=True)
class Measure:
    """One measure of all versions, and the largest gap between two of them."""

    name: str
    bars: tuple[Bar, ...]
    gap: str


@dataclass(frozen=True)
class Cell:
    """A cell of the heat map; ``strength`` is 0 to 1."""

    text: str
    strength: float


@dataclass(frozen=True)
class TopicRow:
    """Points that each version gives to a topic."""

    topic: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Slot:
    """One question in one version."""

    title: str
    problem: str
    detail: str
    drawn: str


@dataclass(frozen=True)
class QuestionRow:
    """The question of that number in every version."""

    number: int
    points: str
    slots: tuple[Slot | None, ...]


def report_html(
    blueprint: Blueprint, course: Course | None, copies: tuple[Copy, ...], pages: dict[str, int]
) -> bytes:
    """The report, complete in itself: no script, no request."""
    text = render_html(
        "report.html.j2",
        title=blueprint.title,
        course=course.title if course else blueprint.course,
        facts=_facts(blueprint, copies),
        versions=[copy.version.version for copy in copies],
        questions=question_rows(copies),
        measures=measures(copies, pages),
        topics=topic_rows(copies),
        shared=shared_problems(copies),
        results=_results(copies),
    )
    return text.encode()


def _facts(blueprint: Blueprint, copies: tuple[Copy, ...]) -> str:
    parts = [long_date(blueprint.date) if blueprint.date else ""]
    parts.append(f"{blueprint.start:%H:%M}" if blueprint.start else "")
    parts.append(duration_words(blueprint.duration) if blueprint.duration else "")
    count = len(copies)
    parts.append("1 version" if count == 1 else f"{count} versions")
    return " · ".join(part for part in parts if part)


def question_rows(copies: tuple[Copy, ...]) -> tuple[QuestionRow, ...]:
    """The table of versions by problems."""
    most = max(len(copy.questions) for copy in copies)
    rows = []
    for index in range(most):
        slots = tuple(
            _slot(copy, index) if index < len(copy.questions) else None for copy in copies
        )
        points = {c.questions[index].points for c in copies if index < len(c.questions)}
        rows.append(QuestionRow(index + 1, "/".join(str(p) for p in sorted(points)), slots))
    return tuple(rows)


def _slot(copy: Copy, index: int) -> Slot:
    rendered = copy.questions[index].rendered
    data = rendered.problem.metadata
    detail = f"difficulty {data.difficulty}, {data.minutes} min"
    drawn = ", ".join(f"{name} = {value}" for name, value in rendered.assignment)
    return Slot(data.title, rendered.problem.id, detail, drawn)


def measures(copies: tuple[Copy, ...], pages: dict[str, int]) -> tuple[Measure, ...]:
    """Points, minutes, mean difficulty and pages by version."""

    def of(copy: Copy, name: str) -> float:
        data = [question.rendered.problem.metadata for question in copy.questions]
        if name == "Points":
            return sum(question.points for question in copy.questions)
        if name == "Minutes":
            return sum(item.minutes for item in data)
        if name == "Mean difficulty":
            return sum(item.difficulty for item in data) / len(data)
        return pages.get(copy.version.version, 0)

    found = []
    for name in ("Points", "Minutes", "Mean difficulty", "Pages"):
        values = [of(copy, name) for copy in copies]
        digits = 2 if name == "Mean difficulty" else 0
        top = max(values) or 1
        bars = tuple(
            Bar(copy.version.version, f"{value:.{digits}f}", round(100 * value / top, 1))
            for copy, value in zip(copies, values, strict=True)
        )
        found.append(Measure(name, bars, f"{max(values) - min(values):.{digits}f}"))
    return tuple(found)


def topic_rows(copies: tuple[Copy, ...]) -> tuple[TopicRow, ...]:
    """The heat map of points; a problem counts under each of its topics."""
    points: dict[str, list[int]] = {}
    for number, copy in enumerate(copies):
        for question in copy.questions:
            for topic in question.rendered.problem.metadata.topics:
                row = points.setdefault(topic, [0] * len(copies))
                row[number] += question.points
    top = max((value for row in points.values() for value in row), default=1) or 1
    return tuple(
        TopicRow(topic, tuple(Cell(str(v) if v else "–", round(v / top, 3)) for v in row))
        for topic, row in sorted(points.items())
    )


def shared_problems(copies: tuple[Copy, ...]) -> tuple[str, ...]:
    """Problems that more than one version has, with those versions."""
    users: dict[str, list[str]] = {}
    for copy in copies:
        for question in copy.questions:
            users.setdefault(question.rendered.problem.id, []).append(copy.version.version)
    return tuple(f"{name}: {', '.join(v)}" for name, v in sorted(users.items()) if len(v) > 1)


def _results(copies: Iterable[Copy]) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                label
                for copy in copies
                for question in copy.questions
                for label in question.rendered.problem.metadata.uses
            }
        )
    )
