"""What a blueprint means, said a second time and without a solver: for small banks only.

A version is a tuple of (section, problem id). Every rule is known by its key in the blueprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from fractions import Fraction
from itertools import product

from notesbuild.exam.plan import Plan
from notesbuild.model.exam import Blueprint
from notesbuild.model.problem import Problem
from notesbuild.model.where import parse_where

Key = tuple[str | int, ...]
Version = tuple[tuple[int, str], ...]

CROSS = ("overlap", "balance")


class Oracle:
    """All versions that a plan could draw, and which of them meet which rules."""

    def __init__(self, plan: Plan, used: Set[str], taught: Set[str] | None) -> None:
        self.blueprint: Blueprint = plan.blueprint
        self.problems = plan.problems
        self.count = len(plan.versions)
        self.used = used
        self.taught = taught
        self.wheres = [parse_where(section.where) for section in self.blueprint.sections]

    def possible(self, keys: Set[Key]) -> bool:
        """Whether some versions together meet the rules with these keys."""
        alone = {key for key in keys if not is_cross(key)}
        together = keys - alone
        candidates = [v for v in self.versions() if all(self.meets(v, k) for k in alone)]
        if not together or self.count == 1:
            return bool(candidates)
        return any(
            all(self.meet(chosen, key) for key in together)
            for chosen in product(candidates, repeat=self.count)
        )

    def versions(self) -> Iterator[Version]:
        """Every way to give each problem to one of its sections, or to none."""
        choices = [
            [None, *(n for n, where in enumerate(self.wheres) if where.matches(problem))]
            for problem in self.problems.values()
        ]
        for sections in product(*choices):
            placed = zip(sections, self.problems, strict=True)
            yield tuple((s, name) for s, name in placed if s is not None)

    def meets(self, version: Version, key: Key) -> bool:  # noqa: PLR0912 (one for each rule)
        """Whether one version meets one rule."""
        chosen = [self.problems[name] for _, name in version]
        wanted = self.blueprint.constraints
        match key:
            case ("sections", int(n), "pick"):
                return sum(s == n for s, _ in version) == self.blueprint.sections[n].pick
            case ("sections", int(n), "points"):
                points = self.blueprint.sections[n].points
                return all(self.problems[i].points == points for s, i in version if s == n)
            case ("visibility",):
                return all(p.metadata.visibility.value in self.blueprint.visibility for p in chosen)
            case ("exclude",):
                return not {p.id for p in chosen} & set(self.blueprint.exclude)
            case ("constraints", "not_used_since"):
                return not {p.id for p in chosen} & self.used
            case ("constraints", "taught"):
                return self.taught is None or {p.id for p in chosen} <= self.taught
            case ("constraints", "points"):
                return sum(p.points for p in chosen) in wanted.points
            case ("constraints", "minutes"):
                return sum(p.metadata.minutes for p in chosen) in wanted.minutes
            case ("constraints", "difficulty", "mean"):
                levels = [p.metadata.difficulty for p in chosen]
                return not levels or Fraction(sum(levels), len(levels)) in wanted.difficulty.mean
            case ("constraints", "topics", str(topic), "points"):
                return topic_points(chosen, topic) in wanted.topics[topic].points
            case ("constraints", "topics", str(topic), "problems"):
                count = sum(topic in p.metadata.topics for p in chosen)
                return count in wanted.topics[topic].problems
            case ("require", int(n)):
                return self.blueprint.require[n] in {p.id for p in chosen}
            case ("enemies", str(one), str(other)):
                return not {one, other} <= {p.id for p in chosen}
        raise AssertionError(f"a rule that nobody knows: {key}")

    def meet(self, versions: tuple[Version, ...], key: Key) -> bool:
        """Whether the versions together meet one rule between them."""
        wanted = self.blueprint.constraints
        size = sum(section.pick for section in self.blueprint.sections)
        chosen = [[self.problems[name] for _, name in version] for version in versions]
        if key == ("constraints", "overlap", "max"):
            sets = [{p.id for p in problems} for problems in chosen]
            most = Fraction(repr(wanted.overlap.max)) * size
            pairs = ((a, b) for n, a in enumerate(sets) for b in sets[:n])
            return all(len(a & b) <= most for a, b in pairs)
        measure = key[-1]
        if measure == "points":
            return gap([sum(p.points for p in v) for v in chosen]) <= wanted.balance.points
        if measure == "minutes":
            minutes = [sum(p.metadata.minutes for p in v) for v in chosen]
            return gap(minutes) <= wanted.balance.minutes
        if measure == "difficulty":
            levels = [sum(p.metadata.difficulty for p in v) for v in chosen]
            return gap(levels) <= Fraction(repr(wanted.balance.difficulty)) * size
        topics = {t for p in self.problems.values() for t in p.metadata.topics}
        return all(
            gap([topic_points(v, topic) for v in chosen]) <= wanted.balance.topic_points
            for topic in topics
        )

    def all_hold(self, versions: tuple[Version, ...], keys: Set[Key]) -> list[Key]:
        """The keys of the rules that the versions do not meet."""
        return [
            key
            for key in sorted(keys, key=str)
            if not (
                self.meet(versions, key)
                if is_cross(key)
                else all(self.meets(version, key) for version in versions)
            )
        ]


def is_cross(key: Key) -> bool:
    """Whether the rule compares versions."""
    return len(key) > 1 and key[1] in CROSS


def gap(numbers: list[int]) -> int:
    return max(numbers) - min(numbers)


def topic_points(problems: list[Problem], topic: str) -> int:
    return sum(p.points for p in problems if topic in p.metadata.topics)


def asked(blueprint: Blueprint, problems: dict[str, Problem], versions: int) -> set[Key]:
    """The keys of everything that a blueprint asks, read off the blueprint itself."""
    wanted = blueprint.constraints
    keys: set[Key] = {("visibility",), ("exclude",)}
    keys |= {("sections", n, "pick") for n in range(len(blueprint.sections))}
    keys |= {("sections", n, "points") for n, s in enumerate(blueprint.sections) if s.points}
    keys |= {("require", n) for n in range(len(blueprint.require))}
    keys |= {
        ("constraints", n) for n in ("points", "minutes", "not_used_since") if given(wanted, n)
    }
    keys |= {("constraints", "difficulty", "mean") for _ in [0] if wanted.difficulty}
    keys |= {("constraints", "taught") for _ in [0] if wanted.taught}
    for topic, constraint in wanted.topics.items():
        names = (name for name in ("points", "problems") if given(constraint, name))
        keys |= {("constraints", "topics", topic, name) for name in names}
    if versions > 1:
        gaps = ("points", "minutes", "difficulty", "topic_points")
        keys |= {("constraints", "overlap", "max") for _ in [0] if wanted.overlap}
        keys |= {("constraints", "balance", n) for n in gaps if given(wanted.balance, n)}
    return keys | {
        ("enemies", min(name, enemy), max(name, enemy))
        for name, problem in problems.items()
        for enemy in problem.metadata.enemies
        if enemy in problems and enemy != name
    }


def given(record: object, name: str) -> bool:
    return getattr(record, name) is not None
