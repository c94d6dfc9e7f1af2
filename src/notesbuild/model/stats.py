"""Counting the problems of a bank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notesbuild.model.problem import Bank, Kind, Problem, Status


@dataclass(frozen=True)
class TopicRow:
    """One topic: numbers of problems of difficulty 1 to 5, and sums of points and minutes."""

    topic: str
    by_difficulty: tuple[int, int, int, int, int]
    total: int
    points: int
    minutes: int


@dataclass(frozen=True)
class BankStats:
    """The counts of a bank; a problem counts under each of its topics."""

    topics: tuple[TopicRow, ...]
    kinds: tuple[tuple[str, int], ...]
    problems: int
    ready: int
    parametric: int
    without_solution: int


def bank_stats(bank: Bank) -> BankStats:
    """Count everything that ``bank stats`` shows."""
    problems = bank.problems
    return BankStats(
        topics=tuple(
            _row(topic, [p for p in problems if topic in p.metadata.topics])
            for topic in bank.topics
        ),
        kinds=tuple((k.value, sum(p.metadata.kind is k for p in problems)) for k in Kind),
        problems=len(problems),
        ready=sum(p.metadata.status is Status.READY for p in problems),
        parametric=sum(bool(p.metadata.params) for p in problems),
        without_solution=sum(not has_solutions(p) for p in problems),
    )


def has_solutions(problem: Problem) -> bool:
    """Whether every part has a solution."""
    return all(part.solution is not None for part in problem.body.parts)


def _row(topic: str, problems: Iterable[Problem]) -> TopicRow:
    found = tuple(problems)
    one, two, three, four, five = (
        sum(p.metadata.difficulty == level for p in found) for level in range(1, 6)
    )
    return TopicRow(
        topic,
        (one, two, three, four, five),
        len(found),
        sum(p.points for p in found),
        sum(p.metadata.minutes for p in found),
    )
