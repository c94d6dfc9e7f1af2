"""Changes to a blueprint, in words and in deed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from notesbuild.diagnostics.values import Location
from notesbuild.exam import plan as weights
from notesbuild.exam.plan import Fixed, Plan, Weight
from notesbuild.model.base import Range
from notesbuild.model.exam import Blueprint, Overlap


@dataclass(frozen=True)
class Change:
    """What to write at ``key`` instead of what is there now, and the plan that follows from it."""

    key: Location
    words: str
    apply: Callable[[Plan], Plan]
    size: float = 1
    """By how much a bound changes, as a share of what it is."""


_Edit = tuple[str, Callable[[Plan], Plan]] | tuple[str, Callable[[Plan], Plan], float]


def change_of(plan: Plan, key: Location, versions: Sequence[Fixed], picked: int) -> Change:
    """The change of the rule at ``key`` to what the versions are like.

    ``picked`` is the number of problems that they have in the section that the key names; or
    that two of them share.
    """
    return Change(key, *_edit(plan, key, versions, picked))


def _edit(plan: Plan, key: Location, versions: Sequence[Fixed], picked: int) -> _Edit:
    match key:
        case ("sections", int(number), "pick"):
            return _pick(plan, number, picked)
        case ("constraints", "points" | "minutes" as name):
            weight = weights.points if name == "points" else weights.minutes
            now = getattr(plan.blueprint.constraints, name)
            new = _wider(now, _totals(versions, weight))
            return *_change(f"{name}: {written(new)}", now, {name: new}), _share(now, new)
        case ("constraints", "difficulty", "mean"):
            return _mean(plan, versions)
        case ("constraints", "topics", str(topic), str(name)):
            return _topic(plan, versions, topic, name)
        case ("constraints", "overlap", "max"):
            return _overlap(plan, versions, picked)
        case ("constraints", "balance", str(name)):
            return _balance(plan, versions, name)
        case ("require", int(number)):
            problem = plan.blueprint.require[number]
            return (f"{problem!r} left out of `require`", lambda p: _unrequired(p, problem))
        case ("pins", str(version), int(), str(problem)):
            words = f"{problem!r} not pinned in version {version}"
            return (words, lambda p: _unpinned(p, key))
    names = {c.key: c.name for c in plan.pool.filters}
    return (f"`{names[key]}` left out", lambda p: replace(p, pool=p.pool.without(key)))


def is_bound(key: Location) -> bool:
    """Whether a number stands at ``key`` that can be loosened."""
    taught_or_used = key[:2] in {("constraints", "taught"), ("constraints", "not_used_since")}
    pick = key[0] == "sections" and key[-1] == "pick"
    return pick or (key[0] == "constraints" and not taught_or_used)


def without(plan: Plan, key: Location) -> Plan:
    """The plan without the bound under ``constraints`` that stands at ``key``."""
    constraints = plan.blueprint.constraints
    match key:
        case (_, "topics", str(topic), str(name)):
            known = constraints.topics
            changed = known[topic].model_copy(update={name: None})
            return _constrained(plan, {"topics": {**known, topic: changed}})
        case (_, "balance", str(name)):
            return _constrained(
                plan, {"balance": constraints.balance.model_copy(update={name: None})}
            )
        case (_, str(name), *_):
            return _constrained(plan, {name: None})
    return plan


def written(wanted: Range) -> str:
    """A range as it is written in a blueprint."""
    if wanted.min is None:
        return f"{{max: {wanted.max:g}}}"
    if wanted.max is None:
        return f"{{min: {wanted.min:g}}}"
    if wanted.min == wanted.max:
        return f"{wanted.min:g}"
    return f"[{wanted.min:g}, {wanted.max:g}]"


def _share(now: Range, new: Range) -> float:
    pairs = ((now.min, new.min), (now.max, new.max))
    return max(abs(b - a) / max(abs(a), 1) for a, b in pairs if a is not None and b is not None)


def _change(new: str, now: object, update: dict[str, object]) -> tuple[str, Callable[[Plan], Plan]]:
    return (f"`{new}` (now {now})", lambda plan: _constrained(plan, update))


def _constrained(plan: Plan, update: dict[str, object]) -> Plan:
    constraints = plan.blueprint.constraints.model_copy(update=update)
    return _with(plan, constraints=constraints)


def _with(plan: Plan, **update: object) -> Plan:
    return replace(plan, blueprint=plan.blueprint.model_copy(update=update))


def _totals(versions: Sequence[Fixed], weight: Weight) -> list[float]:
    return [sum(map(weight, version.problems)) for version in versions]


def _wider(now: Range, reached: Sequence[float]) -> Range:
    low, high = min(reached), max(reached)
    if now.min == now.max:
        return Range(min=low, max=high)
    return Range(
        min=None if now.min is None else min(now.min, low),
        max=None if now.max is None else max(now.max, high),
    )


def _pick(plan: Plan, number: int, picked: int) -> _Edit:
    section = plan.blueprint.sections[number]

    def apply(other: Plan) -> Plan:
        sections = list(other.blueprint.sections)
        sections[number] = section.model_copy(update={"pick": picked})
        return _with(other, sections=tuple(sections))

    return (f"`pick: {picked}` in section {section.title!r} (now {section.pick})", apply, 1)


def _mean(plan: Plan, versions: Sequence[Fixed]) -> _Edit:
    now = plan.blueprint.constraints.difficulty
    assert now is not None
    means = [sum(map(weights.difficulty, v.problems)) / len(v.problems) for v in versions]
    reached = [math.floor(min(means) * 100) / 100, math.ceil(max(means) * 100) / 100]
    new = _wider(now.mean, reached)
    update = {"difficulty": now.model_copy(update={"mean": new})}
    edit = _change(f"difficulty: {{mean: {written(new)}}}", now.mean, dict(update))
    return *edit, _share(now.mean, new)


def _topic(plan: Plan, versions: Sequence[Fixed], topic: str, name: str) -> _Edit:
    topics = plan.blueprint.constraints.topics
    weight = weights.topic_points if name == "points" else weights.topic_problems
    now = getattr(topics[topic], name)
    new = _wider(now, _totals(versions, weight(topic)))

    def apply(other: Plan) -> Plan:
        known = other.blueprint.constraints.topics
        changed = known[topic].model_copy(update={name: new})
        return _constrained(other, {"topics": {**known, topic: changed}})

    words = f"`topics: {{{topic}: {{{name}: {written(new)}}}}}` (now {now})"
    return words, apply, _share(now, new)


def _overlap(plan: Plan, versions: Sequence[Fixed], shared: int) -> _Edit:
    shared = max([shared, *(len(a.ids & b.ids) for a, b in combinations(versions, 2))])
    new = math.ceil(shared / plan.size * 100) / 100
    now = plan.blueprint.constraints.overlap
    was = now.max if now is not None else 0.0
    edit = _change(f"overlap: {{max: {new:g}}}", f"{was:g}", {"overlap": Overlap(max=min(new, 1))})
    # A tenth of the problems weighs as much as another bound twice as wide.
    return *edit, 10 * (new - was)


def _balance(plan: Plan, versions: Sequence[Fixed], name: str) -> _Edit:
    measures: tuple[Weight, ...] = tuple(map(weights.topic_points, plan.topics))
    if name != "topic_points":
        measures = (getattr(weights, name),)
    totals = [_totals(versions, weight) for weight in measures]
    reached = max(max(known) - min(known) for known in totals)
    new = math.ceil(reached / plan.size * 100) / 100 if name == "difficulty" else reached
    now = getattr(plan.blueprint.constraints.balance, name)

    def apply(other: Plan) -> Plan:
        balance = other.blueprint.constraints.balance.model_copy(update={name: new})
        return _constrained(other, {"balance": balance})

    return f"`balance: {{{name}: {new:g}}}` (now {now:g})", apply, (new - now) / max(now, 1)


def _unrequired(plan: Plan, problem: str) -> Plan:
    blueprint: Blueprint = plan.blueprint
    return _with(plan, require=tuple(name for name in blueprint.require if name != problem))


def _unpinned(plan: Plan, key: Location) -> Plan:
    kept = (p for p in plan.pins if ("pins", p.version, p.section, p.problem) != key)
    return replace(plan, pins=tuple(kept))
