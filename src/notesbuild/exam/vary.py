"""Parameters, orders of choices and orders of problems, each by a key of its own.

A key is made of seed, version, section and problem. So mending one problem changes
nothing of what chance decided about the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
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
    """What was drawn so far, so that versions that share a problem differ where they can."""

    def __init__(self, choices_of: ChoicesOf) -> None:
        self._choices_of = choices_of
        self._taken: dict[str, set[Assignment]] = {}
        self._met: dict[tuple[str, Assignment], bool] = {}

    def item(self, slot: Slot) -> Outcome[LockedItem | None]:
        """The problem with its parameters and the orders of its choices."""
        problem = slot.problem
        try:
            assignment = self._assignment(slot)
            if assignment is None:
                return Outcome(None, (unsatisfiable(problem),))
            resolve(problem.metadata, assignment)
        except ParameterFault as fault:
            return Outcome(None, (as_diagnostic(fault, problem),))
        self._taken.setdefault(problem.id, set()).add(assignment)
        # Rendering takes its time; most problems have nothing to choose from.
        lists = self._choices_of(problem, assignment) if _has_choices(problem) else ()
        item = LockedItem(
            section=slot.section,
            problem=problem.id,
            points=problem.points,
            digest=problem.digest,
            params=dict(assignment),
            choices=tuple(order_of(slot, number, choices) for number, choices in enumerate(lists)),
        )
        return Outcome(item)

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


def vary(slots: Iterable[Slot], variation: Variation) -> Outcome[tuple[LockedItem, ...]]:
    """One version's items, and every reason why one of them has no parameters."""
    outcomes = [variation.item(slot) for slot in slots]
    found: tuple[Diagnostic, ...] = tuple(d for outcome in outcomes for d in outcome.diagnostics)
    return Outcome(tuple(o.value for o in outcomes if o.value is not None), found)
