"""Which problems stand where: in every version, or, with many papers, how often."""

from __future__ import annotations

from dataclasses import dataclass

from notesbuild.exam.report.versions import Entry, Version
from notesbuild.exam.report.words import DASH, heat, span
from notesbuild.model.exam import Blueprint


@dataclass(frozen=True)
class Slot:
    """One question in one version; ``also`` names the other versions that have its problem."""

    title: str
    problem: str
    detail: str
    drawn: str
    also: str
    changed: bool


@dataclass(frozen=True)
class QuestionRow:
    """The question of that number in every version; None where a version has no such question."""

    number: int
    points: str
    slots: tuple[Slot | None, ...]


@dataclass(frozen=True)
class Group:
    """The questions of a section."""

    title: str
    rows: tuple[QuestionRow, ...]


@dataclass(frozen=True)
class UsedProblem:
    """A problem, and how many papers have it."""

    title: str
    problem: str
    topics: str
    points: int
    minutes: int
    difficulty: int
    papers: int
    heat: int
    changed: bool


@dataclass(frozen=True)
class SectionRow:
    """A section: its questions, points, and minutes (of every version, or in a range)."""

    title: str
    questions: str
    points: str
    minutes: tuple[str, ...]


def section_title(blueprint: Blueprint, section: int) -> str:
    """The heading of a section, counted from 1."""
    known = 1 <= section <= len(blueprint.sections)
    return blueprint.sections[section - 1].title if known else f"Section {section}"


def sections_of(versions: tuple[Version, ...]) -> tuple[int, ...]:
    """The sections that any paper has, in their order."""
    return tuple(sorted({entry.section for version in versions for entry in version.entries}))


def question_groups(blueprint: Blueprint, versions: tuple[Version, ...]) -> tuple[Group, ...]:
    """The table of versions by problems, section by section."""
    users: dict[str, list[str]] = {}
    for version in versions:
        for problem in sorted(version.problems):
            users.setdefault(problem, []).append(version.name)
    return tuple(
        Group(section_title(blueprint, section), _rows(versions, section, users))
        for section in sections_of(versions)
    )


def _rows(
    versions: tuple[Version, ...], section: int, users: dict[str, list[str]]
) -> tuple[QuestionRow, ...]:
    found = [{e.number: e for e in version.of_section(section)} for version in versions]
    rows = []
    for number in sorted({number for entries in found for number in entries}):
        points = [entries[number].points for entries in found if number in entries]
        slots = tuple(
            _slot(entries[number], version, users) if number in entries else None
            for entries, version in zip(found, versions, strict=True)
        )
        rows.append(QuestionRow(number, span(points), slots))
    return tuple(rows)


def _slot(entry: Entry, version: Version, users: dict[str, list[str]]) -> Slot:
    also = ", ".join(name for name in users[entry.problem.id] if name != version.name)
    detail = f"difficulty {entry.difficulty} · {entry.minutes} min"
    return Slot(entry.title, entry.problem.id, detail, entry.drawn, also, entry.changed)


def used_problems(versions: tuple[Version, ...]) -> tuple[UsedProblem, ...]:
    """Every problem of any paper, the most frequent first."""
    papers: dict[str, int] = {}
    entries: dict[str, Entry] = {}
    for version in versions:
        for entry in version.entries:
            papers[entry.problem.id] = papers.get(entry.problem.id, 0) + 1
            entries[entry.problem.id] = entry
    order = sorted(papers, key=lambda problem: (-papers[problem], problem))
    return tuple(_used(entries[name], papers[name], len(versions)) for name in order)


def _used(entry: Entry, papers: int, of: int) -> UsedProblem:
    data = entry.problem.metadata
    return UsedProblem(
        title=entry.title,
        problem=entry.problem.id,
        topics=", ".join(data.topics),
        points=entry.points,
        minutes=data.minutes,
        difficulty=data.difficulty,
        papers=papers,
        heat=heat(papers, of),
        changed=entry.changed,
    )


def section_rows(
    blueprint: Blueprint, versions: tuple[Version, ...], *, many: bool
) -> tuple[SectionRow, ...]:
    """Questions, points and minutes of every section, and of all of them."""
    sections = sections_of(versions)
    rows = [
        _section(section_title(blueprint, section), [s.of_section(section) for s in versions], many)
        for section in sections
    ]
    if len(sections) > 1:
        rows.append(_section("All sections", [version.entries for version in versions], many))
    return tuple(rows)


def _section(title: str, parts: list[tuple[Entry, ...]], many: bool) -> SectionRow:
    minutes = [sum(entry.minutes for entry in part) for part in parts]
    return SectionRow(
        title=title,
        questions=span([len(part) for part in parts]),
        points=span([sum(entry.points for entry in part) for part in parts]),
        minutes=(span(minutes),) if many else tuple(str(m) if m else DASH for m in minutes),
    )
