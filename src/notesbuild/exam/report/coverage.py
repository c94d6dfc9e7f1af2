"""Which results of the notes an exam examines, and which it does not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from notesbuild.exam.report.versions import Version
from notesbuild.exam.report.words import plain
from notesbuild.exam.results import KnownResult
from notesbuild.model.dates import plural

SITE = "../../html/"
"""The course's site, seen from the report."""


@dataclass(frozen=True)
class ResultLine:
    """A result as the report names it; ``askers`` tells which questions need it."""

    name: str
    title: str
    label: str
    href: str
    askers: str


@dataclass(frozen=True)
class ChapterLines:
    """The results of a chapter, those that the exam examines apart from the others."""

    title: str
    examined: tuple[ResultLine, ...]
    others: tuple[ResultLine, ...]

    @property
    def all(self) -> int:
        """How many there are."""
        return len(self.examined) + len(self.others)


@dataclass(frozen=True)
class Coverage:
    """The chapters in their order, and the needed labels that are no results of theirs."""

    chapters: tuple[ChapterLines, ...]
    elsewhere: tuple[ResultLine, ...]

    @property
    def examined(self) -> int:
        """How many results the exam examines."""
        return sum(len(chapter.examined) for chapter in self.chapters)

    @property
    def all(self) -> int:
        """How many results the chapters have."""
        return sum(chapter.all for chapter in self.chapters)


def coverage(
    results: tuple[KnownResult, ...], versions: tuple[Version, ...], *, many: bool
) -> Coverage:
    """Which of the results the problems need, by chapter; with ``many``, only how often."""
    askers = _askers(versions, many=many)
    chapters = []
    for title, group in groupby(results, key=lambda result: result.chapter):
        lines = [(_line(result, askers), result.label in askers) for result in group]
        examined = tuple(line for line, asked in lines if asked)
        others = tuple(line for line, asked in lines if not asked)
        chapters.append(ChapterLines(plain(title), examined, others))
    known = {result.label for result in results}
    elsewhere = (ResultLine("", "", name, "", askers[name]) for name in sorted(askers))
    return Coverage(tuple(chapters), tuple(line for line in elsewhere if line.label not in known))


def _line(result: KnownResult, askers: dict[str, str]) -> ResultLine:
    name = f"{result.kind.capitalize()} {result.number}".strip()
    href = f"{SITE}{result.href}" if result.href else ""
    return ResultLine(name, plain(result.title), result.label, href, askers.get(result.label, ""))


def _askers(versions: tuple[Version, ...], *, many: bool) -> dict[str, str]:
    """For each needed label the questions that need it: ``A 3, B 5``."""
    places: dict[str, list[str]] = {}
    users: dict[str, set[str]] = {}
    for version in versions:
        for entry in version.entries:
            for label in dict.fromkeys(entry.problem.metadata.uses):
                places.setdefault(label, []).append(
                    f"{version.name}\N{NO-BREAK SPACE}{entry.number}"
                )
                users.setdefault(label, set()).add(version.name)
    if many:
        return {label: f"in {plural(len(users[label]), 'paper')}" for label in places}
    return {label: ", ".join(asked) for label, asked in places.items()}
