"""What a blueprint asks of versions together: what they share, and how far they lie apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from notesbuild.diagnostics.values import Location
from notesbuild.exam import plan as weights
from notesbuild.exam.plan import Cell, Helper, Line, Plan, Rule, Terms, Weight, ones
from notesbuild.exam.pool import problems

LARGEST = 1e9
FINEST = 10**6


def between(plan: Plan) -> Iterator[Rule]:
    """The rules that compare versions, the fixed ones among them."""
    if plan.count > 1:
        yield from _overlap(plan)
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
    defines: list[Line] = []
    bounds: list[Line] = []
    for one, other in combinations(range(len(plan.versions)), 2):
        shared = []
        for name in plan.problems:
            both = Helper(f"{name} in {one} and {other}", 1)
            here = ones((*plan.drawing(name, one), *plan.drawing(name, other)))
            defines.append(Line((*here, (both, -1)), high=1))
            shared.append(both)
        bounds.append(Line(ones(shared), high=most))
    if len(plan.versions) > 2:
        more, bound = _shared_in_all(plan, most)
        defines += more
        bounds.append(bound)
    return tuple(defines), tuple(bounds)


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


def _balance(plan: Plan) -> Iterator[Rule]:
    wanted = plan.blueprint.constraints.balance
    if wanted.points is not None:
        yield _gap(plan, "points", wanted.points, (weights.points,))
    if wanted.difficulty is not None:
        yield _gap(plan, "difficulty", wanted.difficulty, (weights.difficulty,), plan.size)
    if wanted.minutes is not None:
        yield _gap(plan, "minutes", wanted.minutes, (weights.minutes,))
    if wanted.topic_points is not None:
        topics = tuple(weights.topic_points(topic) for topic in plan.topics)
        yield _gap(plan, "topic_points", wanted.topic_points, topics)


def _gap(
    plan: Plan, name: str, wanted: float, measures: tuple[Weight, ...], scale: int = 1
) -> Rule:
    most = math.floor(fraction(wanted) * scale)
    spreads = [plan.spread(f"{name} {n} of the rule", weight) for n, weight in enumerate(measures)]
    what = "mean difficulty" if name == "difficulty" else name.replace("_", " ")
    words = f"the {what} of two versions may lie {wanted:g} apart"
    key: Location = ("constraints", "balance", name)
    return Rule(
        key,
        plan.blueprint.origin.span(*key),
        words,
        tuple(Line(spread.gap, high=most) for spread in spreads),
        tuple(line for spread in spreads for line in spread.lines),
    )
