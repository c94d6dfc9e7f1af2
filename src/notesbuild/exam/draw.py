"""From a blueprint and a bank to a lock: choose problems, then what varies in them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error, warning
from notesbuild.exam.explain import explain, impossible, is_possible
from notesbuild.exam.plan import Plan
from notesbuild.exam.pool import make_pool, shortages
from notesbuild.exam.rules import make_rules
from notesbuild.exam.select import Failure, Selection, select
from notesbuild.exam.summary import DrawSummary, summarize
from notesbuild.exam.vary import ChoicesOf, Slot, Variation, in_order, vary
from notesbuild.model.exam import Blueprint, Lock, LockedVersion
from notesbuild.model.problem import Bank


@dataclass(frozen=True)
class Drawn:
    """A draw: what is frozen in the lock file, and the same in numbers."""

    lock: Lock
    summary: DrawSummary


def draw(
    blueprint: Blueprint,
    bank: Bank,
    locks: tuple[Lock, ...],
    *,
    versions: tuple[str, ...],
    seed: int,
    taught: frozenset[str] | None,
    choices_of: ChoicesOf,
    later: tuple[tuple[str, datetime.date], ...] = (),
) -> Outcome[Drawn | None]:
    """Choose the problems of all versions together, and decide by chance what varies.

    ``locks`` are those of other exams; ``taught`` holds the problems that the lectures have
    reached (None: nobody asked, or nobody knows), ``later`` the day from which others are usable.
    """
    if not bank.problems:
        message = f"{blueprint.exam} cannot be drawn: the bank has no problems"
        place = blueprint.origin.span("sections")
        return Outcome(None, (error(Code.EMPTY_BANK, message, place),))
    pool = make_pool(blueprint, bank, locks, taught, later)
    if pool.value is None:
        return Outcome(None, pool.diagnostics)
    missing = shortages(blueprint, bank, pool.value)
    if missing:
        return Outcome(None, missing)
    plan = Plan(blueprint, pool.value, versions)
    selected = _selection(plan, seed)
    if selected.value is None:
        return Outcome(None, selected.diagnostics)
    lock = _lock(plan, selected.value, seed, choices_of)
    remarks = _remarks(blueprint, taught)
    if lock.value is None:
        return Outcome(None, (*remarks, *lock.diagnostics))
    return Outcome(Drawn(lock.value, summarize(lock.value, bank)), remarks)


def _selection(plan: Plan, seed: int) -> Outcome[Selection | None]:
    # What one version cannot meet is found, and explained, much faster in one version.
    alone = Plan(plan.blueprint, plan.pool, plan.versions[:1])
    rules = make_rules(alone)
    if is_possible(alone, rules) is False:
        return Outcome(None, (impossible(alone, explain(alone, rules)),))
    rules = make_rules(plan)
    selected = select(plan, rules, seed)
    if selected is Failure.IMPOSSIBLE:
        return Outcome(None, (impossible(plan, explain(plan, rules)),))
    if selected is Failure.UNDECIDED:
        place = plan.blueprint.origin.span("constraints")
        message = f"no selection for {plan.blueprint.exam} was found within the limit of the search"
        return Outcome(None, (error(Code.DRAW_TIMEOUT, message, place),))
    return Outcome(selected)


def _lock(
    plan: Plan, selection: Selection, seed: int, choices_of: ChoicesOf
) -> Outcome[Lock | None]:
    variation = Variation(choices_of)
    found: list[Diagnostic] = []
    versions: list[LockedVersion] = []
    for number, name in enumerate(plan.versions):
        slots = (
            Slot(seed, name, cell.section + 1, plan.problems[cell.problem])
            for cell in selection
            if cell.version == number
        )
        items = vary(in_order(slots, plan.blueprint.order), variation)
        found += items.diagnostics
        if not items.diagnostics:
            versions.append(LockedVersion(version=name, items=items.value))
    if found:
        return Outcome(None, tuple(dict.fromkeys(found)))
    blueprint = plan.blueprint
    lock = Lock(exam=blueprint.exam, seed=seed, date=blueprint.date, versions=tuple(versions))
    return Outcome(lock)


def _remarks(blueprint: Blueprint, taught: frozenset[str] | None) -> tuple[Diagnostic, ...]:
    if not blueprint.constraints.taught or taught is not None:
        return ()
    place = blueprint.origin.span("constraints", "taught")
    message = "`taught` cannot be asked: the exam has no date, or its course no manifest"
    return (warning(Code.BLUEPRINT_WRONG, message, place, "give the exam a date"),)
