"""Everything that a blueprint asks of a draw, as rules in the order of its keys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from notesbuild.diagnostics.values import Location
from notesbuild.exam import plan as weights
from notesbuild.exam.plan import Cell, Helper, Line, Plan, Rule, Terms, Weight, ones
from notesbuild.exam.pool import problems
from notesbuild.model.base import Range

LARGEST = 1e9
FINEST = 10**6


def make_rules(plan: Plan) -> tuple[Rule, ...]:
    """The rules of a plan; every one of them can be left out alone."""
    return (
        *_picks(plan),
        *_filters(plan),
        *_ranges(plan),
        *_mean_difficulty(plan),
        *_topics(plan),
        *_overlap(plan),
        *_balance(plan),
        *_required(plan),
        *_enemies(plan),
    )


def _rule(plan: Plan, key: Location, words: str, lines: tuple[Line, ...]) -> Rule:
    return Rule(key, plan.blueprint.origin.span(*key), words, lines)


def _picks(plan: Plan) -> Iterator[Rule]:
    for number, section in enumerate(plan.blueprint.sections):
        lines = tuple(
            Line(
                ones(c for c in plan.cells if (c.version, c.section) == (version, number)),
                section.pick,
                section.pick,
            )
            for version in range(len(plan.versions))
        )
        meeting = len(plan.pool.sections[number])
        verb = "meets" if meeting == 1 else "meet"
        left = len(plan.pool.left(number))
        words = f"section {section.title!r} needs {section.pick}; "
        words += f"{problems(meeting)} {verb} its where"
        words += f", {left} of them every other condition" if left < meeting else ""
        yield _rule(plan, ("sections", number, "pick"), words, lines)


def _filters(plan: Plan) -> Iterator[Rule]:
    for condition in plan.pool.filters:
        refused = tuple(
            cell
            for cell in plan.cells
            if cell.problem in condition.refused and condition.concerns(cell.section)
        )
        if refused:
            left, before = plan.pool.counts(condition)
            words = f"{condition.name} leaves {left} of {problems(before)}"
            yield _rule(plan, condition.key, words, (Line(ones(refused), high=0),))


def _ranges(plan: Plan) -> Iterator[Rule]:
    wanted = plan.blueprint.constraints
    if wanted.points is not None:
        key, what = ("constraints", "points"), f"points: {wanted.points}"
        yield _total(plan, key, what, wanted.points, weights.points)
    if wanted.minutes is not None:
        key, what = ("constraints", "minutes"), f"minutes: {wanted.minutes}"
        yield _total(plan, key, what, wanted.minutes, weights.minutes)


def _total(plan: Plan, key: Location, what: str, wanted: Range, weight: Weight) -> Rule:
    low, high = _whole(wanted)
    totals = (plan.total(version, weight) for version in range(len(plan.versions)))
    least, most = reach(plan, weight)
    words = f"{what}; the sections can give {least}"
    words += f" to {most}" if most > least else ""
    return _rule(plan, key, words, tuple(Line(total, low, high) for total in totals))


def _whole(wanted: Range) -> tuple[int | None, int | None]:
    low = None if wanted.min is None else math.ceil(_fraction(wanted.min))
    high = None if wanted.max is None else math.floor(_fraction(wanted.max))
    return low, high


def reach(plan: Plan, weight: Weight) -> tuple[int, int]:
    """The least and the most that the sections could sum up to, each looked at alone."""
    least = most = 0
    for number, section in enumerate(plan.blueprint.sections):
        known = sorted(weight(problem) for problem in plan.pool.left(number))
        least += sum(known[: section.pick])
        most += sum(known[-section.pick :])
    return least, most


def _mean_difficulty(plan: Plan) -> Iterator[Rule]:
    wanted = plan.blueprint.constraints.difficulty
    if wanted is None:
        return
    lines: list[Line] = []
    for version in range(len(plan.versions)):
        if wanted.mean.min is not None:
            lines.append(Line(_above(plan, version, _fraction(wanted.mean.min)), low=0))
        if wanted.mean.max is not None:
            lines.append(Line(_above(plan, version, _fraction(wanted.mean.max)), high=0))
    least, most = reach(plan, weights.difficulty)
    words = (
        f"a mean difficulty of {wanted.mean}; "
        f"the sections can give {least / plan.size:.2f} to {most / plan.size:.2f}"
    )
    yield _rule(plan, ("constraints", "difficulty", "mean"), words, tuple(lines))


def _above(plan: Plan, version: int, mean: Fraction) -> Terms:
    """How far the difficulties lie above a mean, all together, in whole numbers."""
    return plan.total(version, lambda p: p.metadata.difficulty * mean.denominator - mean.numerator)


def _fraction(number: float) -> Fraction:
    """The number as its author wrote it, in bounds within which a solver can count."""
    return Fraction(repr(min(max(number, -LARGEST), LARGEST))).limit_denominator(FINEST)


def _topics(plan: Plan) -> Iterator[Rule]:
    for topic, wanted in plan.blueprint.constraints.topics.items():
        key: Location = ("constraints", "topics", topic)
        left = {p.id for n, _ in enumerate(plan.pool.sections) for p in plan.pool.left(n)}
        having = sum(topic in plan.problems[name].metadata.topics for name in left)
        there = f"{problems(having)} of this topic {'is' if having == 1 else 'are'} left"
        if wanted.points is not None:
            what = f"{topic}: points {wanted.points}; {there}"
            weight = weights.topic_points(topic)
            yield _total(plan, (*key, "points"), what, wanted.points, weight)
        if wanted.problems is not None:
            what = f"{topic}: problems {wanted.problems}; {there}"
            weight = weights.topic_problems(topic)
            yield _total(plan, (*key, "problems"), what, wanted.problems, weight)


def _overlap(plan: Plan) -> Iterator[Rule]:
    overlap = plan.blueprint.constraints.overlap
    if overlap is None or len(plan.versions) < 2:
        return
    most = math.floor(_fraction(overlap.max) * plan.size)
    if most >= plan.size:
        return
    lines = _shared_at_most(plan, most) if most else _never_twice(plan)
    words = (
        f"overlap: {overlap.max:g} lets two of {len(plan.versions)} versions share "
        f"{problems(most) if most else 'no problem'} of {plan.size}"
    )
    yield _rule(plan, ("constraints", "overlap", "max"), words, tuple(lines))


def _cells_of(plan: Plan) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {name: [] for name in plan.problems}
    for cell in plan.cells:
        found[cell.problem].append(cell)
    return found


def _never_twice(plan: Plan) -> Iterator[Line]:
    for cells in _cells_of(plan).values():
        yield Line(ones(cells), high=1)


def _shared_at_most(plan: Plan, most: int) -> Iterator[Line]:
    """For two versions a number for every problem: 1 if both draw it."""
    cells = _cells_of(plan)
    for one, other in combinations(range(len(plan.versions)), 2):
        shared = []
        for name, everywhere in cells.items():
            both = Helper(f"{name} in {one} and {other}", 1)
            here = ones(cell for cell in everywhere if cell.version in (one, other))
            yield Line((*here, (both, -1)), high=1)
            shared.append(both)
        yield Line(ones(shared), high=most)
    yield from _shared_in_all(plan, most)


def _shared_in_all(plan: Plan, most: int) -> Iterator[Line]:
    """The same once more, summed over all pairs of versions: it follows, but not for a solver.

    A problem in u versions is shared by u(u-1)/2 pairs, which is at least ku - k(k+1)/2 for
    every whole k.
    """
    count = len(plan.versions)
    pairs = []
    for name, cells in _cells_of(plan).items():
        shared = Helper(f"pairs that share {name}", count * (count - 1) // 2)
        for k in range(1, min(count, 5)):
            terms: Terms = (*((cell, k) for cell in cells), (shared, -1))
            yield Line(terms, high=k * (k + 1) // 2)
        pairs.append(shared)
    yield Line(ones(pairs), high=most * count * (count - 1) // 2)


def _balance(plan: Plan) -> Iterator[Rule]:
    if len(plan.versions) < 2:
        return
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
    lines: list[Line] = []
    for number, weight in enumerate(measures):
        spread = plan.spread(f"{name} {number} of the rule", weight)
        lines += [*spread.lines, Line(spread.gap, high=math.floor(_fraction(wanted) * scale))]
    what = "mean difficulty" if name == "difficulty" else name.replace("_", " ")
    words = f"the {what} of two versions may lie {wanted:g} apart"
    return _rule(plan, ("constraints", "balance", name), words, tuple(lines))


def _required(plan: Plan) -> Iterator[Rule]:
    cells = _cells_of(plan)
    titles = [section.title for section in plan.blueprint.sections]
    for number, name in enumerate(plan.blueprint.require):
        here = cells.get(name, [])
        lines = tuple(
            Line(ones(cell for cell in here if cell.version == version), low=1)
            for version in range(len(plan.versions))
        )
        places = dict.fromkeys(titles[cell.section] for cell in here)
        fits = " or ".join(repr(title) for title in places) or "no section (or is not ready)"
        words = f"{name!r} is required in every version; it fits into {fits}"
        yield _rule(plan, ("require", number), words, lines)


def _enemies(plan: Plan) -> Iterator[Rule]:
    cells = _cells_of(plan)
    pairs: dict[tuple[str, str], tuple[str, int]] = {}
    for name, problem in plan.problems.items():
        for number, enemy in enumerate(problem.metadata.enemies):
            if enemy in plan.problems and enemy != name:
                pairs.setdefault((min(name, enemy), max(name, enemy)), (name, number))
    for (one, other), (owner, number) in sorted(pairs.items()):
        together = (*cells[one], *cells[other])
        lines = tuple(
            Line(ones(cell for cell in together if cell.version == version), high=1)
            for version in range(len(plan.versions))
        )
        span = plan.problems[owner].origin.span("enemies", number)
        words = f"{one!r} and {other!r} are enemies: one version cannot have both"
        yield Rule(("enemies", one, other), span, words, lines)
