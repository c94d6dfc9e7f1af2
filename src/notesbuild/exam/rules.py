"""Everything that a blueprint asks of a draw, as rules in the order of its keys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from notesbuild.diagnostics.values import Location
from notesbuild.exam import plan as weights
from notesbuild.exam.between import between, fraction
from notesbuild.exam.plan import Cell, Line, Plan, Rule, Terms, Weight, ones
from notesbuild.exam.pool import problems
from notesbuild.model.base import Range


def make_rules(plan: Plan, *, balance: bool = True) -> tuple[Rule, ...]:
    """The rules of a plan; every one of them can be left out alone.

    Without ``balance`` the bounds of gaps between versions are missing.
    """
    return (
        *_picks(plan),
        *_filters(plan),
        *_ranges(plan),
        *_mean_difficulty(plan),
        *_topics(plan),
        *between(plan, balance=balance),
        *_required(plan),
        *_enemies(plan),
        *_pinned(plan),
    )


def _rule(plan: Plan, key: Location, words: str, lines: tuple[Line, ...]) -> Rule:
    return Rule(key, plan.blueprint.origin.span(*key), words, lines)


def _picks(plan: Plan) -> Iterator[Rule]:
    for number, section in enumerate(plan.blueprint.sections):
        candidates = plan.pool.sections[number]
        lines = tuple(
            Line(
                ones(Cell(version, number, problem.id) for problem in candidates),
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
    low, high = whole(wanted)
    totals = (plan.total(version, weight) for version in range(len(plan.versions)))
    least, most = reach(plan, weight)
    words = f"{what}; the sections can give {least}"
    words += f" to {most}" if most > least else ""
    return _rule(plan, key, words, tuple(Line(total, low, high) for total in totals))


def whole(wanted: Range) -> tuple[int | None, int | None]:
    """A range for numbers that are whole."""
    low = None if wanted.min is None else math.ceil(fraction(wanted.min))
    high = None if wanted.max is None else math.floor(fraction(wanted.max))
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
            low = fraction(wanted.mean.min)
            lines.append(Line(_above(plan, version, low), low=0, unit=low.denominator))
        if wanted.mean.max is not None:
            high = fraction(wanted.mean.max)
            lines.append(Line(_above(plan, version, high), high=0, unit=high.denominator))
    least, most = reach(plan, weights.difficulty)
    words = (
        f"a mean difficulty of {wanted.mean}; "
        f"the sections can give {least / plan.size:.2f} to {most / plan.size:.2f}"
    )
    yield _rule(plan, ("constraints", "difficulty", "mean"), words, tuple(lines))


def _above(plan: Plan, version: int, mean: Fraction) -> Terms:
    """How far the difficulties lie above a mean, all together, in whole numbers."""
    return plan.total(version, lambda p: p.metadata.difficulty * mean.denominator - mean.numerator)


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


def _required(plan: Plan) -> Iterator[Rule]:
    titles = [section.title for section in plan.blueprint.sections]
    for number, name in enumerate(plan.blueprint.require):
        lines = tuple(
            Line(ones(plan.drawing(name, version)), low=1) for version in range(len(plan.versions))
        )
        places = dict.fromkeys(titles[section] for section in plan.places.get(name, ()))
        fits = " or ".join(repr(title) for title in places) or "no section (or is not ready)"
        words = f"{name!r} is required in every version; it fits into {fits}"
        yield _rule(plan, ("require", number), words, lines)


def _enemies(plan: Plan) -> Iterator[Rule]:
    pairs: dict[tuple[str, str], tuple[str, int]] = {}
    for name, problem in plan.problems.items():
        for number, enemy in enumerate(problem.metadata.enemies):
            if enemy in plan.problems and enemy != name:
                pairs.setdefault((min(name, enemy), max(name, enemy)), (name, number))
    for (one, other), (owner, number) in sorted(pairs.items()):
        lines = tuple(
            Line(ones((*plan.drawing(one, version), *plan.drawing(other, version))), high=1)
            for version in range(len(plan.versions))
        )
        span = plan.problems[owner].origin.span("enemies", number)
        words = f"{one!r} and {other!r} are enemies: one version cannot have both"
        yield Rule(("enemies", one, other), span, words, lines)


def _pinned(plan: Plan) -> Iterator[Rule]:
    for pin in plan.pins:
        title = plan.blueprint.sections[pin.section].title
        version = plan.versions.index(pin.version)
        here = [c for c in plan.drawing(pin.problem, version) if c.section == pin.section]
        words = f"{pin.problem!r} is pinned to section {title!r} of version {pin.version}"
        words += "" if here else ", whose `where` it does not meet (or it is not ready)"
        key = ("pins", pin.version, pin.section, pin.problem)
        yield Rule(key, pin.span, words, (Line(ones(here), low=1),))
