"""A plan whose rules may be broken, and the selection that breaks them least."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from notesbuild.diagnostics.values import Location
from notesbuild.exam.between import most_shared, pairwise
from notesbuild.exam.plan import Fixed, Helper, Line, Plan, Rule, Terms
from notesbuild.exam.rules import make_rules
from notesbuild.exam.select import by_chance
from notesbuild.exam.solver import Model

LIMIT = 3.0
"""The limit of the search, in units of deterministic time."""

CELLS = 2000
"""How many cells are looked at; what works for them works for all."""

AT_ALL = 10**6
"""What it costs to change a bound at all; to drop what has no bound costs more."""

SHARE = 1000
"""What it costs to change a bound by as much as it is."""


@dataclass(frozen=True)
class Softest:
    """The versions that break the rules least: the keys of those, and what each section got."""

    drawn: tuple[Fixed, ...]
    changed: tuple[Location, ...]
    picked: tuple[int, ...]


@dataclass(frozen=True)
class _Soft:
    """A rule that may be broken, and what that costs."""

    key: Location
    changed: Helper
    cost: Terms
    lines: tuple[Line, ...]


def softest(plan: Plan, keys: Collection[Location]) -> Softest | None:
    """The selection that breaks as few of the rules ``keys`` as can be, and by as little.

    All other rules hold. None if there is no such selection, or none was found in time.
    """
    small = _some(plan)
    rules = make_rules(small)
    soft = [_soften(small, rule) for rule in rules if rule.key in keys]
    model = Model(small, (line for one in soft for line in one.lines))
    model.add(line for rule in rules if rule.key not in keys for line in rule.all_lines)
    answer = model.minimize(tuple(term for one in soft for term in one.cost), LIMIT)
    if not answer.possible:
        return None
    versions = tuple(small.fix(n, answer.cells) for n in range(len(small.versions)))
    sections = range(len(small.pool.sections))
    return Softest(
        (*versions, *small.fixed),
        tuple(one.key for one in soft if one.changed in answer.nonzero),
        tuple(sum(cell[:2] == (0, number) for cell in answer.cells) for number in sections),
    )


def _some(plan: Plan) -> Plan:
    """A part of the bank that is small enough; whatever must be there is in it."""
    most = max(CELLS // (len(plan.versions) * len(plan.pool.sections)), 1)
    kept = {p.id for section in by_chance(plan, 0).sections for p in section[:most]}
    kept |= {p.id for section in plan.pool.sections for p in section[: most - len(kept)]}
    kept |= {pin.problem for pin in plan.pins} | set(plan.blueprint.require)
    return replace(plan, pool=plan.pool.only(kept))


def _soften(plan: Plan, rule: Rule) -> _Soft:
    changed = Helper(f"{rule.key} is changed", 1)
    match rule.key:
        case ("sections", int(number), "pick"):
            most = plan.blueprint.sections[number].pick - 1
            slack = Helper(f"{rule.key} by", most)
            fewer = [Line((*li.terms, (slack, 1)), li.low, li.high) for li in rule.lines]
            return _bounded(rule, changed, slack, fewer, 2 * AT_ALL, most)
        case ("constraints", "overlap", "max"):
            slack = Helper(f"{rule.key} by", plan.size)
            defines, sums = pairwise(plan)
            lines = [Line(terms, high=most_shared(plan)) for terms in sums]
            loose = [one for line in lines for one in _loose(line, slack)]
            return _bounded(rule, changed, slack, [*loose, *defines], AT_ALL, plan.size)
        case ("constraints", "points" | "minutes" | "difficulty" | "topics" | "balance", *_):
            slack = Helper(f"{rule.key} by", 10**6)
            loose = [one for line in rule.lines for one in _loose(line, slack)]
            bounds = (b // li.unit for li in rule.lines for b in (li.low, li.high) if b)
            size = max(10, *map(abs, bounds), 0)
            return _bounded(rule, changed, slack, [*loose, *rule.defines], AT_ALL, size)
    dropped = tuple(_dropped(line, changed) for line in rule.lines)
    return _Soft(rule.key, changed, ((changed, 4 * AT_ALL),), dropped)


def _bounded(
    rule: Rule, changed: Helper, slack: Helper, lines: list[Line], at_all: int, size: int
) -> _Soft:
    by = Line(((slack, 1), (changed, -slack.most)), high=0)
    cost: Terms = ((changed, at_all), (slack, max(1, SHARE // max(size, 1))))
    return _Soft(rule.key, changed, cost, (*lines, by))


def _loose(line: Line, slack: Helper) -> Iterator[Line]:
    if line.low is not None:
        yield Line((*line.terms, (slack, line.unit)), low=line.low)
    if line.high is not None:
        yield Line((*line.terms, (slack, -line.unit)), high=line.high)


def _dropped(line: Line, changed: Helper) -> Line:
    """The line, which says nothing where the rule is changed (it has one bound)."""
    much = sum(abs(factor) for _, factor in line.terms) + abs(line.low or line.high or 0)
    sign = 1 if line.low is not None else -1
    return Line((*line.terms, (changed, sign * much)), line.low, line.high)
