"""Parameters, orders of choices and orders of problems, each by a key of its own.

A key is made of seed, version, section and problem. So mending one problem changes
nothing of what chance decided about the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from notesbuild.diagnostics import Diagnostic, Outcome
from notesbuild.model.exam import LockedItem, Order
from notesbuild.model.problem import Choice, Metadata, Problem
from notesbuild.render.parameters import (
    Assignment,
    ParameterFault,
    as_diagnostic,
    assignments,
    keyed,
    meets_requirements,
    resolve,
    unsatisfiable,
)

ChoicesOf = Callable[[Problem, Assignment], tuple[tuple[Choice, ...], ...]]

ATTEMPTS = 64


@dataclass(frozen=True)
class Slot:
    """A problem at its place: version by name, section counted from 1."""

    seed: int
    version: str
    section: int
    problem: Problem

    def number(self, *what: object) -> int:
        """What chance says about ``what`` here."""
        return keyed(self.seed, self.version, self.section, self.problem.id, *what)


class Variation:
    """What was drawn so far, so that versions that share a problem differ where they can.

    Without ``distinct`` nothing that was drawn before matters: then a student's paper does not
    depend on who else is on the roster.
    """

    def __init__(self, choices_of: ChoicesOf, *, distinct: bool = True) -> None:
        self._choices_of = choices_of
        self._distinct = distinct
        self._taken: dict[str, set[Assignment]] = {}
        self._met: dict[tuple[str, Assignment], bool] = {}
        self._lists: dict[tuple[str, Assignment], tuple[tuple[Choice, ...], ...]] = {}

    def item(self, slot: Slot) -> Outcome[LockedItem | None]:
        """The problem with its parameters and the orders of its choices."""
        problem = slot.problem
        try:
            assignment = self._assignment(slot)
            if assignment is None:
                return Outcome(None, (unsatisfiable(problem),))
            lists = self._choices(problem, assignment)
        except ParameterFault as fault:
            return Outcome(None, (as_diagnostic(fault, problem),))
        self._take(problem, assignment)
        item = LockedItem(
            section=slot.section,
            problem=problem.id,
            points=problem.points,
            digest=problem.digest,
            params=dict(assignment),
            choices=tuple(order_of(slot, number, choices) for number, choices in enumerate(lists)),
        )
        return Outcome(item)

    def stay(self, item: LockedItem, slot: Slot) -> Outcome[LockedItem | None]:
        """An item that a lock has: as it is, or as much of it as a changed problem still allows."""
        problem = slot.problem
        names = [name for name, p in problem.metadata.params.items() if p.drawn]
        given = tuple((name, item.params[name]) for name in names if name in item.params)
        if item.digest == problem.digest:
            self._take(problem, given)
            return Outcome(item)
        try:
            keeps = self._allows(problem, given) and len(given) == len(item.params) == len(names)
            lists = self._choices(problem, given) if keeps else ()
        except ParameterFault:
            keeps = False
        if not keeps:
            drawn = self.item(slot)
            if drawn.value is None:
                return drawn
            return Outcome(drawn.value.model_copy(update={"pinned": item.pinned}))
        self._take(problem, given)
        orders = tuple(order_of(slot, number, choices) for number, choices in enumerate(lists))
        fits = len(item.choices) == len(lists) and all(map(_fits, item.choices, lists))
        choices = item.choices if fits and problem.metadata.shuffle else orders
        now = {"points": problem.points, "digest": problem.digest, "choices": choices}
        return Outcome(item.model_copy(update=now))

    def _take(self, problem: Problem, assignment: Assignment) -> None:
        if self._distinct:
            self._taken.setdefault(problem.id, set()).add(assignment)

    def _allows(self, problem: Problem, assignment: Assignment) -> bool:
        params = problem.metadata.params
        known = all(value in params[name].candidates() for name, value in assignment)
        return known and self._meets(problem, assignment)

    def _choices(self, problem: Problem, assignment: Assignment) -> tuple[tuple[Choice, ...], ...]:
        """The choices of a problem whose values all exist."""
        key = (problem.id, assignment)
        if key not in self._lists:
            resolve(problem.metadata, assignment)
            # Rendering takes its time; most problems have nothing to choose from.
            lists = self._choices_of(problem, assignment) if _has_choices(problem) else ()
            self._lists[key] = lists
        return self._lists[key]

    def _assignment(self, slot: Slot) -> Assignment | None:
        """The first proposal that no other version has, or else the first one at all."""
        metadata = slot.problem.metadata
        taken = self._taken.get(slot.problem.id, set())
        first = None
        for proposal in _proposals(slot, metadata):
            if (first is None or proposal not in taken) and self._meets(slot.problem, proposal):
                if proposal not in taken:
                    return proposal
                first = proposal
        return first

    def _meets(self, problem: Problem, assignment: Assignment) -> bool:
        key = (problem.id, assignment)
        if key not in self._met:
            self._met[key] = meets_requirements(problem.metadata, assignment)
        return self._met[key]


def _has_choices(problem: Problem) -> bool:
    return re.search(r"\\(?:choice|CorrectChoice|correctchoice)\b", problem.body.text) is not None


def _fits(order: tuple[int, ...], choices: tuple[Choice, ...]) -> bool:
    """Whether it orders these choices, and leaves fixed ones where they are."""
    if sorted(order) != list(range(len(choices))):
        return False
    return all(order[n] == n for n, choice in enumerate(choices) if choice.fixed)


def _proposals(slot: Slot, metadata: Metadata) -> Iterator[Assignment]:
    """Chance's proposals, and then all that there are, in case requirements are hard to meet."""
    drawn = [(name, p.candidates()) for name, p in metadata.params.items() if p.drawn]
    for attempt in range(ATTEMPTS if drawn else 1):
        yield tuple(
            (name, candidates[slot.number("parameter", name, attempt) % len(candidates)])
            for name, candidates in drawn
        )
    if drawn:
        yield from assignments(metadata)


def order_of(slot: Slot, number: int, choices: tuple[Choice, ...]) -> tuple[int, ...]:
    """The author's positions (from 0) in printed order; fixed choices stay where they are."""
    author = tuple(range(len(choices)))
    if not slot.problem.metadata.shuffle:
        return author
    moving = [position for position in author if not choices[position].fixed]
    shuffled = iter(sorted(moving, key=lambda p: (slot.number("choice", number, p), p)))
    return tuple(p if choices[p].fixed else next(shuffled) for p in author)


def in_order(slots: Iterable[Slot], order: Order) -> tuple[Slot, ...]:
    """The slots as a version prints them: by section, and inside it as the blueprint says."""

    def key(slot: Slot) -> tuple[int, int, int, str]:
        chance = slot.number("order")
        if order is Order.FIXED:
            return slot.section, 0, 0, slot.problem.id
        level = slot.problem.metadata.difficulty if order is Order.BY_DIFFICULTY else 0
        return slot.section, level, chance, slot.problem.id

    return tuple(sorted(slots, key=key))


def vary(
    slots: Iterable[Slot], variation: Variation, known: Mapping[str, LockedItem]
) -> Outcome[tuple[LockedItem, ...]]:
    """One version's items, and every reason why one of them has no parameters.

    ``known`` holds the items, by problem, that stay as they are in the lock.
    """
    outcomes = [
        variation.stay(known[slot.problem.id], slot)
        if slot.problem.id in known
        else variation.item(slot)
        for slot in slots
    ]
    found: tuple[Diagnostic, ...] = tuple(d for outcome in outcomes for d in outcome.diagnostics)
    return Outcome(tuple(o.value for o in outcomes if o.value is not None), found)
