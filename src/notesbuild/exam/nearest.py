"""The nearest blueprint that works: one constraint to loosen, or the fewest there are.

Whatever is proposed was tried: with it there is a selection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notesbuild.diagnostics.values import Location
from notesbuild.exam.changes import Change, change_of, is_bound, without
from notesbuild.exam.plan import Plan, Rule
from notesbuild.exam.rules import make_rules
from notesbuild.exam.select import attempt
from notesbuild.exam.soften import softest

SEVERAL = 3
"""A proposal that changes more than this is none."""


def nearest_blueprint(plan: Plan, clash: Sequence[Rule]) -> str | None:
    """In words what to change so that the blueprint can be drawn; None if nothing was found."""
    changes = nearest_changes(plan, clash)
    return f"with {' and '.join(c.words for c in changes)} it works" if changes else None


def nearest_changes(plan: Plan, clash: Sequence[Rule]) -> tuple[Change, ...]:
    """The changes with which a selection was found; none if there are none or they take too long.

    One of the constraints that clash must give way. If that is enough, it is the bound that gives
    way least, and the number of problems only if no other bound helps, and a condition without a
    number only if no bound does. Otherwise several have to.
    """
    keys = [rule.key for rule in clash]
    picks = [key for key in keys if key[0] == "sections" and is_bound(key)]
    bounds = [key for key in keys if is_bound(key) and key not in picks]
    rest = [key for key in keys if not is_bound(key) and key[0] != "enemies"]
    for group in (bounds, picks, rest):
        found = [change for key in group for change in _alone_enough(plan, key)]
        if found:
            return (min(found, key=lambda change: change.size),)
    return _several(plan)


def _alone_enough(plan: Plan, key: Location) -> Iterator[Change]:
    """The smallest change at ``key`` that was found to be enough, if there is one."""
    for change in _proposals(plan, key):
        if attempt(change.apply(plan)) is not None:
            yield change
            return


def _proposals(plan: Plan, key: Location) -> Iterator[Change]:
    """Changes at ``key``, the smaller ones first."""
    if key[0] == "sections" and is_bound(key):
        pick = plan.blueprint.sections[int(key[1])].pick
        yield from (change_of(plan, key, (), fewer) for fewer in range(pick - 1, 0, -1))
    elif key == ("constraints", "overlap", "max"):
        yield from _shares(plan, key)
    elif is_bound(key):
        for few in _parts(plan):
            versions = softest(few, (key,))
            if versions is None and few.count == 1:
                return
            if versions is not None:
                yield change_of(plan, key, versions.drawn, 0)
        found = attempt(without(plan, key))
        if found is not None:
            yield change_of(plan, key, found, 0)
    else:
        yield change_of(plan, key, (), 0)


def _shares(plan: Plan, key: Location) -> Iterator[Change]:
    """Larger and larger shares of problems that two versions may have in common."""
    overlap = plan.blueprint.constraints.overlap
    size = plan.size
    for shared in range(1, size + 1):
        if overlap is not None and shared / size > overlap.max:
            yield change_of(plan, key, (), shared)


def _parts(plan: Plan) -> Iterator[Plan]:
    """One version, and all of them."""
    yield plan.alone(plan.versions[0])
    if plan.count > 1:
        yield plan


def _several(plan: Plan) -> tuple[Change, ...]:
    """The fewest changes that help, looked for in one version and then in all."""
    for few in _parts(plan):
        keys = tuple(rule.key for rule in make_rules(few) if rule.key[0] != "enemies")
        found = softest(few, keys)
        if found is None or not 0 < len(found.changed) <= SEVERAL:
            continue
        counts = {key: found.picked[int(key[1])] for key in keys if key[0] == "sections"}
        changes = tuple(change_of(plan, k, found.drawn, counts.get(k, 0)) for k in found.changed)
        changed = plan
        for change in changes:
            changed = change.apply(changed)
        if attempt(changed) is not None:
            return changes
    return ()
