"""From a blueprint and a bank to a lock: choose problems, then what varies in them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error, warning
from notesbuild.exam.explain import alone_impossible, why_impossible
from notesbuild.exam.keep import Staying, drawn_anew, pins, staying
from notesbuild.exam.plan import Plan
from notesbuild.exam.pool import Pool, make_pool, shortages
from notesbuild.exam.select import Failure, Selection, select
from notesbuild.exam.students import select_students, without_overlap
from notesbuild.exam.summary import DrawSummary, summarize
from notesbuild.exam.vary import ChoicesOf, Slot, Variation, in_order, vary
from notesbuild.model.exam import Blueprint, Lock, LockedItem, LockedVersion
from notesbuild.model.problem import Bank


@dataclass(frozen=True)
class Earlier:
    """The lock of an earlier draw, which stays as far as it can.

    With ``pinned`` only its pinned problems stay, and everything else is drawn anew.
    """

    lock: Lock
    pinned: bool = False


@dataclass(frozen=True)
class Drawn:
    """A draw: what is frozen in the lock file, and the same in numbers.

    ``fairest``: it is proven that no selection is fairer; None where some versions stayed.
    """

    lock: Lock
    summary: DrawSummary
    fairest: bool | None = None


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
    earlier: Earlier | None = None,
) -> Outcome[Drawn | None]:
    """Choose the problems of all versions together, and decide by chance what varies.

    ``locks`` are those of other exams; ``taught`` holds the problems that the lectures have
    reached (None: nobody asked, or nobody knows), ``later`` the day from which others are usable.
    ``earlier`` is this exam's own lock: its versions stay if it has the same seed. A blueprint
    with one version per student takes the students' ids as names of the versions.
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
    plan = _plan(blueprint, bank, pool.value, versions, earlier)
    if plan.value is None:
        return Outcome(None, plan.diagnostics)
    remarks = tuple(_remarks(blueprint, taught))
    chosen = _choose(plan.value, seed, earlier)
    if chosen.value is None:
        return Outcome(None, chosen.diagnostics)
    found = (*remarks, *chosen.diagnostics)
    lock = _lock(plan.value, chosen.value, seed, bank, choices_of)
    if lock.value is None:
        return Outcome(None, (*found, *lock.diagnostics))
    summary = summarize(lock.value, bank)
    return Outcome(Drawn(lock.value, summary, chosen.value.fairest), found)


@dataclass(frozen=True)
class _Chosen:
    """The problems of all versions: those that stay, and a selection for the others."""

    plan: Plan
    selection: Selection
    stay: tuple[LockedVersion, ...] = ()
    pinned: tuple[tuple[str, LockedItem], ...] = ()

    @property
    def fairest(self) -> bool | None:
        return None if self.stay else self.selection.proven


def _plan(
    blueprint: Blueprint,
    bank: Bank,
    pool: Pool,
    versions: tuple[str, ...],
    earlier: Earlier | None,
) -> Outcome[Plan | None]:
    asked = without_overlap(blueprint) if per_student(blueprint) else blueprint
    plan = Plan(asked, pool, versions)
    if earlier is None or not earlier.pinned:
        return Outcome(plan)
    found = pins(earlier.lock, blueprint, bank)
    if found.diagnostics:
        return Outcome(None, found.diagnostics)
    return Outcome(replace(plan, pins=tuple(p for p in found.value if p.version in versions)))


def per_student(blueprint: Blueprint) -> bool:
    """Whether every student gets a version of their own."""
    return blueprint.versions == "per-student"


def _choose(plan: Plan, seed: int, earlier: Earlier | None) -> Outcome[_Chosen | None]:
    stay = Staying()
    if earlier is not None and not earlier.pinned and earlier.lock.seed == seed:
        stay = staying(plan, earlier.lock)
    names = {version.version for version in stay.versions}
    missing = tuple(name for name in plan.versions if name not in names)
    if not missing:
        rest = replace(plan, versions=())
        return Outcome(_Chosen(rest, Selection((), 0, True), stay.versions), stay.remarks)
    if stay.versions:
        rest = replace(plan, versions=missing, fixed=stay.fixed)
        selection = _select(rest, seed)
        if isinstance(selection, Selection):
            return Outcome(_Chosen(rest, selection, stay.versions), stay.remarks)
    selection = _select(plan, seed)
    if isinstance(selection, Failure):
        return Outcome(None, (_failed(plan, selection),))
    pinned = _pinned_items(earlier.lock) if plan.pins and earlier else ()
    remarks = stay.remarks
    if stay.versions and earlier is not None:
        remarks = (*remarks, drawn_anew(plan, earlier.lock, missing))
    return Outcome(_Chosen(plan, selection, (), pinned), remarks)


def _select(plan: Plan, seed: int) -> Selection | Failure:
    return select_students(plan, seed) if per_student(plan.blueprint) else select(plan, seed)


def _failed(plan: Plan, failure: Failure) -> Diagnostic:
    shown = replace(plan, versions=plan.versions[:1]) if per_student(plan.blueprint) else plan
    if failure is Failure.IMPOSSIBLE or alone_impossible(shown) is not None:
        return why_impossible(shown)
    place = plan.blueprint.origin.span("constraints")
    message = f"no selection for {plan.blueprint.exam} was found within the limit of the search"
    return error(Code.DRAW_TIMEOUT, message, place)


def _pinned_items(lock: Lock) -> tuple[tuple[str, LockedItem], ...]:
    items = ((version.version, item) for version in lock.versions for item in version.items)
    return tuple((name, item) for name, item in items if item.pinned)


def _lock(
    plan: Plan, chosen: _Chosen, seed: int, bank: Bank, choices_of: ChoicesOf
) -> Outcome[Lock | None]:
    variation = Variation(choices_of, distinct=not per_student(plan.blueprint))
    made: dict[str, LockedVersion] = {}
    found: list[Diagnostic] = []
    for name, slots, known in (*_staying_slots(chosen, seed, bank), *_new_slots(chosen, seed)):
        items = vary(slots, variation, known)
        found += items.diagnostics
        if not items.diagnostics:
            made[name] = LockedVersion(version=name, items=items.value)
    if found:
        return Outcome(None, tuple(dict.fromkeys(found)))
    blueprint = plan.blueprint
    versions = tuple(made[name] for name in plan.versions)
    return Outcome(Lock(exam=blueprint.exam, seed=seed, date=blueprint.date, versions=versions))


_Slots = tuple[str, tuple[Slot, ...], dict[str, LockedItem]]


def _staying_slots(chosen: _Chosen, seed: int, bank: Bank) -> Iterator[_Slots]:
    problems = bank.by_id()
    for version in chosen.stay:
        slots = (
            Slot(seed, version.version, item.section, problems[item.problem])
            for item in version.items
        )
        yield version.version, tuple(slots), {item.problem: item for item in version.items}


def _new_slots(chosen: _Chosen, seed: int) -> Iterator[_Slots]:
    plan = chosen.plan
    slots: list[list[Slot]] = [[] for _ in plan.versions]
    for cell in chosen.selection.cells:
        name, problem = plan.versions[cell.version], plan.problems[cell.problem]
        slots[cell.version].append(Slot(seed, name, cell.section + 1, problem))
    for name, drawn in zip(plan.versions, slots, strict=True):
        known = {item.problem: item for version, item in chosen.pinned if version == name}
        yield name, in_order(drawn, plan.blueprint.order), known


def _remarks(blueprint: Blueprint, taught: frozenset[str] | None) -> Iterator[Diagnostic]:
    constraints = blueprint.constraints
    if constraints.taught and taught is None:
        place = blueprint.origin.span("constraints", "taught")
        message = "`taught` cannot be asked: the exam has no date, or its course no manifest"
        yield warning(Code.BLUEPRINT_WRONG, message, place, "give the exam a date")
    if per_student(blueprint) and constraints.overlap is not None and constraints.overlap.max < 1:
        place = blueprint.origin.span("constraints", "overlap", "max")
        message = "`overlap` is not asked where every student has a version of their own"
        yield warning(Code.BLUEPRINT_WRONG, message, place, "leave it out")
