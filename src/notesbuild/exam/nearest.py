"""The nearest blueprint that works: the fewest bounds to loosen, and by as little as can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from notesbuild.exam.between import most_shared, pairwise
from notesbuild.exam.changes import Change, change_of
from notesbuild.exam.plan import Helper, Line, Plan, Rule, Terms
from notesbuild.exam.pool import Pool
from notesbuild.exam.rules import make_rules
from notesbuild.exam.select import Selection, by_chance, select
from notesbuild.exam.solver import Model

LIMIT = 3.0
"""The limit of the search, in units of deterministic time."""

CELLS = 3000
"""Of how many cells a change is looked for; one that works for them works for all."""

AT_ALL = 10**6
"""What it costs to change a bound at all; to drop what has no bound costs more."""

SHARE = 1000
"""What it costs to change a bound by as much as it is."""


@dataclass(frozen=True)
class _Soft:
    """A rule that may be loosened, and what that costs."""

    rule: Rule
    changed: Helper
    cost: Terms
    lines: tuple[Line, ...]


def nearest_blueprint(plan: Plan) -> str | None:
    """In words what to change so that the blueprint can be drawn; None if nothing was found."""
    changes = nearest_changes(plan)
    return f"with {' and '.join(c.words for c in changes)} it works" if changes else None


def nearest_changes(plan: Plan) -> tuple[Change, ...]:
    """The changes with which a selection was found; none if there are none or they take too long.

    Most often one constraint is loosened; several are where one alone does not help.
    """
    alone = plan.alone(plan.versions[0])
    for tried in (plan, alone) if plan.count > 1 else (plan,):
        changes = _changes(tried)
        if changes and _works(plan, changes):
            return changes
    return ()


def _works(plan: Plan, changes: tuple[Change, ...]) -> bool:
    for change in changes:
        plan = change.apply(plan)
    return isinstance(select(plan, 0), Selection)


def _changes(plan: Plan) -> tuple[Change, ...]:
    small = _some(plan)
    hard = [rule for rule in make_rules(small) if rule.key[0] == "enemies"]
    soft = [_soften(small, rule) for rule in make_rules(small) if rule.key[0] != "enemies"]
    model = Model(small, (line for one in soft for line in one.lines))
    model.add(line for rule in hard for line in rule.all_lines)
    answer = model.minimize(tuple(term for one in soft for term in one.cost), LIMIT)
    if not answer.possible:
        return ()
    versions = tuple(small.fix(n, answer.cells) for n in range(len(small.versions)))
    picked = [sum(c[:2] == (0, n) for c in answer.cells) for n in range(len(small.pool.sections))]
    changes = []
    for one in (one for one in soft if one.changed in answer.nonzero):
        section = one.rule.key[1] if one.rule.key[0] == "sections" else 0
        count = picked[int(section)]
        changes.append(change_of(plan, one.rule.key, (*versions, *small.fixed), count))
    return tuple(changes)


def _some(plan: Plan) -> Plan:
    """A part of the bank that is small enough; whatever must be there is in it."""
    most = CELLS // (len(plan.versions) * len(plan.pool.sections))
    usable = by_chance(plan, 0)
    kept = {p.id for section in usable.sections for p in section[:most]}
    needed = {pin.problem for pin in plan.pins} | set(plan.blueprint.require)
    refused = {p.id for s in plan.pool.sections for p in s[: max(0, most - len(kept))]}
    pool: Pool = plan.pool.only(kept | needed | refused)
    return replace(plan, pool=pool)


def _soften(plan: Plan, rule: Rule) -> _Soft:
    name = "/".join(map(str, rule.key))
    changed = Helper(f"{name} is changed", 1)
    match rule.key:
        case ("sections", int(number), "pick"):
            most = plan.blueprint.sections[number].pick - 1
            slack = Helper(f"{name} by", most)
            lines = tuple(Line((*li.terms, (slack, 1)), li.low, li.high) for li in rule.lines)
            return _Soft(
                rule, changed, _cost(changed, slack, 2, most), (*lines, _by(changed, slack))
            )
        case ("constraints", "overlap", "max"):
            lines = tuple(_pairs(plan))
            size = plan.size
        case ("constraints", "points" | "minutes" | "difficulty" | "topics" | "balance", *_):
            lines = rule.lines
            bounds = (b // li.unit for li in lines for b in (li.low, li.high) if b)
            size = max(10, *map(abs, bounds), 0)
        case _:
            dropped = tuple(_dropped(line, changed) for line in rule.lines)
            return _Soft(rule, changed, ((changed, 4 * AT_ALL),), dropped)
    slack = Helper(f"{name} by", 10**6)
    loose = tuple(one for line in lines for one in _loose(line, slack))
    defines = pairwise(plan)[0] if rule.key[1] == "overlap" else rule.defines
    lines = (*loose, *defines, _by(changed, slack))
    return _Soft(rule, changed, _cost(changed, slack, 1, size), lines)


def _pairs(plan: Plan) -> Iterator[Line]:
    most = most_shared(plan)
    for terms in pairwise(plan)[1]:
        yield Line(terms, high=most)


def _cost(changed: Helper, slack: Helper, times: int, size: int) -> Terms:
    return ((changed, times * AT_ALL), (slack, max(1, SHARE // max(size, 1))))


def _by(changed: Helper, slack: Helper) -> Line:
    return Line(((slack, 1), (changed, -slack.most)), high=0)


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
