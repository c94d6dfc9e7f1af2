"""A draw in numbers: what every version holds, and how far versions lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from notesbuild.model.exam import Lock, LockedVersion
from notesbuild.model.problem import Bank, Problem

MOST_COMPARED = 26

N = TypeVar("N", int, float)


@dataclass(frozen=True)
class VersionRow:
    """One version; ``difficulty`` is the mean, ``by_topic`` the points of every topic.

    ``sections`` are the ids of its problems, in order, by section.
    """

    version: str
    problems: int
    points: int
    minutes: int
    difficulty: float
    by_topic: tuple[tuple[str, int], ...] = ()
    sections: tuple[tuple[str, ...], ...] = ()

    def topic_points(self, topic: str) -> int:
        """The points that the version gives to a topic."""
        return dict(self.by_topic).get(topic, 0)

    def as_json(self) -> dict[str, object]:
        """The row as ``exam draw --json`` prints it."""
        return {
            "version": self.version,
            "problems": self.problems,
            "points": self.points,
            "minutes": self.minutes,
            "difficulty": round(self.difficulty, 4),
            "topic_points": dict(self.by_topic),
        }


@dataclass(frozen=True)
class Gaps:
    """The largest difference between two versions, for each measure."""

    points: int
    minutes: int
    difficulty: float
    topic_points: int


@dataclass(frozen=True)
class Shared:
    """How many problems two versions have in common."""

    versions: tuple[str, str]
    problems: int


@dataclass(frozen=True)
class DrawSummary:
    """All versions, their topics, and what every two versions share.

    With more versions than there are letters, every student has one, and nobody asks what two of
    them share: then ``shared`` is empty.
    """

    versions: tuple[VersionRow, ...]
    topics: tuple[str, ...]
    shared: tuple[Shared, ...]

    @property
    def gaps(self) -> Gaps:
        """The largest differences between versions."""
        rows = self.versions
        by_topic = [_gap([row.topic_points(topic) for row in rows]) for topic in self.topics]
        return Gaps(
            points=_gap([row.points for row in rows]),
            minutes=_gap([row.minutes for row in rows]),
            difficulty=_gap([row.difficulty for row in rows]),
            topic_points=max(by_topic, default=0),
        )

    @property
    def most_shared(self) -> int:
        """The largest number of problems that two versions have in common."""
        return max((pair.problems for pair in self.shared), default=0)

    def balance_line(self) -> str:
        """The gaps in one sentence."""
        if len(self.versions) < 2:
            return "Balance: there is one version only."
        gaps = self.gaps
        parts = (
            f"points {_within(gaps.points)}",
            f"minutes {_within(gaps.minutes)}",
            f"difficulty {_within(gaps.difficulty)}",
            f"topic points {_within(gaps.topic_points)}",
        )
        return f"Balance: {', '.join(parts)}{self._share_words()}."

    def _share_words(self) -> str:
        if not self.shared:
            return ""
        most = self.most_shared
        if not most:
            return "; no two versions share a problem"
        return f"; two versions share at most {most} problem{'' if most == 1 else 's'}"

    def as_json(self) -> dict[str, object]:
        """The summary as ``exam draw --json`` prints it."""
        gaps = self.gaps
        return {
            "versions": [row.as_json() for row in self.versions],
            "balance": {
                "points": gaps.points,
                "minutes": gaps.minutes,
                "difficulty": round(gaps.difficulty, 4),
                "topic_points": gaps.topic_points,
            },
            "overlap": {
                "most": self.most_shared,
                "pairs": [
                    {"versions": list(pair.versions), "problems": pair.problems}
                    for pair in self.shared
                ],
            },
        }


def summarize(lock: Lock, bank: Bank) -> DrawSummary:
    """Count a lock; problems that the bank does not have any more are left out."""
    known = bank.by_id()
    rows = tuple(_row(version, known) for version in lock.versions)
    topics = sorted({topic for row in rows for topic, _ in row.by_topic})
    ids = [(v.version, {item.problem for item in v.items}) for v in lock.versions]
    some = ids if len(ids) <= MOST_COMPARED else ()
    pairs = ((Shared((a, b), len(one & other))) for (a, one), (b, other) in combinations(some, 2))
    return DrawSummary(rows, tuple(topics), tuple(pairs))


def _row(version: LockedVersion, known: dict[str, Problem]) -> VersionRow:
    items = [(item, known[item.problem]) for item in version.items if item.problem in known]
    topics = sorted({topic for _, problem in items for topic in problem.metadata.topics})
    return VersionRow(
        version=version.version,
        problems=len(version.items),
        points=sum(item.points for item in version.items),
        minutes=sum(problem.metadata.minutes for _, problem in items),
        difficulty=sum(p.metadata.difficulty for _, p in items) / len(items) if items else 0.0,
        by_topic=tuple(
            (topic, sum(item.points for item, p in items if topic in p.metadata.topics))
            for topic in topics
        ),
        sections=tuple(
            tuple(item.problem for item in version.items if item.section == number)
            for number in range(1, max(item.section for item in version.items) + 1)
        ),
    )


def _gap(numbers: Sequence[N]) -> N:
    return max(numbers) - min(numbers)


def _within(gap: float) -> str:
    shown = f"{gap:.2f}".rstrip("0").rstrip(".")
    return "equal" if shown == "0" else f"within {shown}"
