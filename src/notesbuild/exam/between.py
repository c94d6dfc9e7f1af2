"""What a blueprint asks of versions together: what they share, and how far they lie apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from notesbuild.diagnostics.values import Location
from notesbuild.exam import plan as weights
from notesbuild.exam.plan import Cell, Fixed, Helper, Line, Plan, Rule, Terms, Weight, ones
from notesbuild.exam.pool import problems

LARGEST = 1e9
FINEST = 10**6


def between(plan: Plan, *, balance: bool) -> Iterator[Rule]:
    """The rules that compare versions, the fixed ones among them."""
    if plan.count > 1:
        yield from _overlap(plan)
    if plan.count > 1 and balance:
        yield from _balance(plan)


def fraction(number: float) -> Fraction:
    """The number as its author wrote it, in bounds within which a solver can count."""
    return Fraction(repr(min(max(number, -LARGEST), LARGEST))).limit_denominator(FINEST)


def most_shared(plan: Plan) -> int:
    """How many problems two versions may share; the size of a version where nobody asks."""
    overlap = plan.blueprint.constraints.overlap
    return plan.size if overlap is None else math.floor(fraction(overlap.max) * plan.size)


def _overlap(plan: Plan) -> Iterator[Rule]:
    overlap, most = plan.blueprint.constraints.overlap, most_shared(plan)
    if overlap is None or most >= plan.size:
        return
    words = (
        f"overlap: {overlap.max:g} lets two of {plan.count} versions share "
        f"{problems(most) if most else 'no problem'} of {plan.size}"
    )
    key: Location = ("constraints", "overlap", "max")
    span = plan.blueprint.origin.span(*key)
    beside = tuple(_beside_fixed(plan, most))
    if most:
        both, lines = _shared_at_most(plan, most)
        yield Rule(key, span, words, (*lines, *beside), both)
    else:
        yield Rule(key, span, words, (*_never_twice(plan), *beside))


def _everywhere(plan: Plan, problem: str) -> tuple[Cell, ...]:
    versions = range(len(plan.versions))
    return tuple(cell for version in versions for cell in plan.drawing(problem, version))


def _beside_fixed(plan: Plan, most: int) -> Iterator[Line]:
    for version in range(len(plan.versions)):
        for fixed in plan.fixed:
            shared = (c for name in sorted(fixed.ids) for c in plan.drawing(name, version))
            yield Line(ones(shared), high=most)


def _never_twice(plan: Plan) -> Iterator[Line]:
    if len(plan.versions) > 1:
        for name in plan.problems:
            yield Line(ones(_everywhere(plan, name)), high=1)


def _shared_at_most(plan: Plan, most: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """For two versions a number for every problem, 1 if both draw it; and bounds on the sums."""
    both, sums = pairwise(plan)
    bounds = tuple(Line(terms, high=most) for terms in sums)
    if len(plan.versions) < 3:
        return both, bounds
    more, bound = _shared_in_all(plan, most)
    return (*both, *more), (*bounds, bound)


def pairwise(plan: Plan) -> tuple[tuple[Line, ...], tuple[Terms, ...]]:
    """What defines the problems that two versions share, and their sum for every two."""
    defines: list[Line] = []
    sums: list[Terms] = []
    for one, other in combinations(range(len(plan.versions)), 2):
        shared = []
        for name in plan.problems:
            both = Helper(f"{name} in {one} and {other}", 1)
            here = ones((*plan.drawing(name, one), *plan.drawing(name, other)))
            defines.append(Line((*here, (both, -1)), high=1))
            shared.append(both)
        sums.append(ones(shared))
    return tuple(defines), tuple(sums)


def _shared_in_all(plan: Plan, most: int) -> tuple[list[Line], Line]:
    """The same once more, summed over all pairs of versions: it follows, but not for a solver.

    A problem in u versions is shared by u(u-1)/2 pairs, which is at least ku - k(k+1)/2 for
    every whole k.
    """
    count = len(plan.versions)
    pairs, defines = [], []
    for name in plan.problems:
        shared = Helper(f"pairs that share {name}", count * (count - 1) // 2)
        for k in range(1, min(count, 5)):
            terms: Terms = (*((cell, k) for cell in _everywhere(plan, name)), (shared, -1))
            defines.append(Line(terms, high=k * (k + 1) // 2))
        pairs.append(shared)
    return defines, Line(ones(pairs), high=most * count * (count - 1) // 2)


@dataclass(frozen=True)
class Bound:
    """The largest gap between versions that a key of ``balance`` allows in some measures."""

    name: str
    wanted: float
    most: int
    weights: tuple[Weight, ...]

    @property
    def key(self) -> Location:
        """Where it stands in the blueprint."""
        return ("constraints", "balance", self.name)


def bounds(plan: Plan) -> Iterator[Bound]:
    """What ``balance`` asks."""
    wanted = plan.blueprint.constraints.balance
    topics = tuple(weights.topic_points(topic) for topic in plan.topics)
    for name, value, measures, scale in (
        ("points", wanted.points, (weights.points,), 1),
        ("difficulty", wanted.difficulty, (weights.difficulty,), plan.size),
        ("minutes", wanted.minutes, (weights.minutes,), 1),
        ("topic_points", wanted.topic_points, topics, 1),
    ):
        if value is not None:
            yield Bound(name, value, math.floor(fraction(value) * scale), measures)


def broken(plan: Plan, versions: Sequence[Fixed]) -> Iterator[Location]:
    """The keys of what versions that stand already do not meet between them."""
    most = most_shared(plan)
    if most < plan.size and any(len(a.ids & b.ids) > most for a, b in combinations(versions, 2)):
        yield ("constraints", "overlap", "max")
    for bound in bounds(plan):
        for weight in bound.weights:
            totals = [sum(map(weight, version.problems)) for version in versions]
            if totals and max(totals) - min(totals) > bound.most:
                yield bound.key
                break


def _balance(plan: Plan) -> Iterator[Rule]:
    for bound in bounds(plan):
        names = (f"{bound.name} {number} of the rule" for number, _ in enumerate(bound.weights))
        pairs = zip(names, bound.weights, strict=True)
        spreads = [plan.spread(name, weight) for name, weight in pairs]
        what = "mean difficulty" if bound.name == "difficulty" else bound.name.replace("_", " ")
        yield Rule(
            bound.key,
            plan.blueprint.origin.span(*bound.key),
            f"the {what} of two versions may lie {bound.wanted:g} apart",
            tuple(Line(spread.gap, high=bound.most) for spread in spreads),
            tuple(line for spread in spreads for line in spread.lines),
        )
