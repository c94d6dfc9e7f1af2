"""Which problems the sections of a blueprint may draw, and what every condition leaves."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error
from notesbuild.diagnostics.values import Location
from notesbuild.model.dates import plain_date
from notesbuild.model.exam import Blueprint, Lock, Section
from notesbuild.model.problem import Bank, Problem
from notesbuild.model.where import Where, WhereError, parse_where, select, vocabulary

NAMED = 4
"""So many problems are named in an explanation."""


@dataclass(frozen=True)
class Filter:
    """A condition on single problems: its key in the blueprint, and the ids it keeps out.

    ``section`` is the only section that it concerns; None: it concerns all of them. ``later``
    tells for some ids from which day on the condition will hold.
    """

    key: Location
    name: str
    refused: frozenset[str]
    section: int | None = None
    later: tuple[tuple[str, datetime.date], ...] = ()

    def concerns(self, section: int) -> bool:
        """Whether the filter is asked in that section."""
        return self.section is None or self.section == section

    def in_time(self, ids: Set[str]) -> str:
        """From which days on the condition will hold for some of these problems, in words."""
        days = [(day, name) for name, day in sorted(self.later) if name in ids & self.refused]
        days.sort(key=lambda pair: pair[0])
        listed = [f"{name} from {plain_date(day)}" for day, name in days[:NAMED]]
        more = len(days) - len(listed)
        return ", ".join([*listed, f"{more} more later"] if more else listed)


@dataclass(frozen=True)
class Pool:
    """For every section the ready problems that meet its ``where``, and all other conditions."""

    sections: tuple[tuple[Problem, ...], ...]
    filters: tuple[Filter, ...]

    @cached_property
    def problems(self) -> dict[str, Problem]:
        """Every problem that some section could draw, by id."""
        found = {p.id: p for section in self.sections for p in section}
        return {name: found[name] for name in sorted(found)}

    @cached_property
    def usable(self) -> Pool:
        """What meets every condition; there is nothing left to refuse in it."""
        refused = [set[str]() for _ in self.sections]
        for condition in self.filters:
            for number, ids in enumerate(refused):
                if condition.concerns(number):
                    ids.update(condition.refused)
        sections = zip(self.sections, refused, strict=True)
        return Pool(tuple(tuple(p for p in known if p.id not in no) for known, no in sections), ())

    def left(self, section: int) -> tuple[Problem, ...]:
        """The problems of a section that meet every condition."""
        return self.usable.sections[section]

    def only(self, ids: Set[str]) -> Pool:
        """The same without all other problems."""
        sections = (tuple(p for p in section if p.id in ids) for section in self.sections)
        return Pool(tuple(sections), self.filters)

    def without(self, key: Location) -> Pool:
        """The same without the condition that stands at ``key``."""
        return Pool(self.sections, tuple(f for f in self.filters if f.key != key))

    def counts(self, wanted: Filter) -> tuple[int, int]:
        """How many problems the filter alone leaves, and of how many."""
        sections = range(len(self.sections)) if wanted.section is None else (wanted.section,)
        ids = {p.id for section in sections for p in self.sections[section]}
        return len(ids - wanted.refused), len(ids)


def make_pool(
    blueprint: Blueprint,
    bank: Bank,
    locks: Iterable[Lock],
    taught: frozenset[str] | None,
    later: tuple[tuple[str, datetime.date], ...] = (),
) -> Outcome[Pool | None]:
    """Evaluate every ``where``, and ask every condition of every problem.

    ``later`` holds the day from which each of the other problems counts as taught.
    """
    words = vocabulary(bank)
    ready = tuple(p for p in bank.problems if p.drawable and p.points > 0)
    sections: list[tuple[Problem, ...]] = []
    found: list[Diagnostic] = []
    for number, section in enumerate(blueprint.sections):
        try:
            sections.append(select(ready, parse_where(section.where, words)))
        except WhereError as fault:
            code = Code.WHERE_UNKNOWN if fault.unknown else Code.WHERE_SYNTAX
            place = blueprint.origin.span("sections", number, "where")
            found.append(error(code, str(fault), place, fault.hint))
    if found:
        return Outcome(None, tuple(found))
    filters = tuple(_filters(blueprint, ready, tuple(locks), taught, later))
    return Outcome(Pool(tuple(sections), filters))


def _filters(
    blueprint: Blueprint,
    ready: tuple[Problem, ...],
    locks: tuple[Lock, ...],
    taught: frozenset[str] | None,
    later: tuple[tuple[str, datetime.date], ...],
) -> Iterator[Filter]:
    wanted = blueprint.constraints
    for number, section in enumerate(blueprint.sections):
        if section.points is not None:
            refused = frozenset(p.id for p in ready if p.points != section.points)
            key = ("sections", number, "points")
            yield Filter(key, f"points: {section.points}", refused, number)
    hidden = frozenset(p.id for p in ready if p.metadata.visibility not in blueprint.visibility)
    yield Filter(("visibility",), f"visibility: {', '.join(blueprint.visibility)}", hidden)
    if blueprint.exclude:
        yield Filter(("exclude",), "exclude", frozenset(blueprint.exclude))
    if wanted.not_used_since is not None:
        name = f"not_used_since: {wanted.not_used_since.isoformat()}"
        yield Filter(("constraints", "not_used_since"), name, used_problems(blueprint, locks))
    if wanted.taught and taught is not None:
        late = frozenset(p.id for p in ready if p.id not in taught)
        yield Filter(("constraints", "taught"), "taught: true", late, later=later)


def used_problems(blueprint: Blueprint, locks: Iterable[Lock]) -> frozenset[str]:
    """The problems of earlier exams since ``not_used_since``; a lock without date counts too.

    Exams after this one do not count: drawing this one again must not depend on them.
    """
    since = blueprint.constraints.not_used_since or datetime.date.max
    until = blueprint.date or datetime.date.max
    courses = blueprint.constraints.not_used_in
    return frozenset(
        item.problem
        for lock in locks
        if lock.exam != blueprint.exam and (lock.date is None or since <= lock.date <= until)
        if not courses or lock.exam.partition("/")[0] in courses
        for version in lock.versions
        for item in version.items
    )


def shortages(blueprint: Blueprint, bank: Bank, pool: Pool) -> tuple[Diagnostic, ...]:
    """The sections for which there are too few problems whatever else is asked."""
    found = []
    for number, section in enumerate(blueprint.sections):
        left = len(pool.left(number))
        if left < section.pick:
            place = blueprint.origin.span("sections", number, "pick")
            are = "is" if left == 1 else "are"
            message = f"section {section.title!r} needs {problems(section.pick)}; {left} {are} left"
            notes = tuple(_funnel(blueprint, bank, pool, number))
            hint = f"add {problems(section.pick - left)}, pick fewer, or drop a condition"
            found.append(error(Code.BLUEPRINT_IMPOSSIBLE, message, place, hint, notes))
    return tuple(found)


def _funnel(blueprint: Blueprint, bank: Bank, pool: Pool, number: int) -> Iterator[str]:
    """One line for every condition: how many problems are left behind it."""
    section = blueprint.sections[number]
    remaining = {p.id for p in pool.sections[number]}
    place = blueprint.origin.span("sections", number, "where")
    drafts = len(_unready(bank, section))
    more = f" ({drafts} more would if their status were ready)" if drafts else ""
    yield f"{place}: {len(remaining)} ready {_meet(len(remaining))} its where{more}"
    for condition in pool.filters:
        if condition.concerns(number) and remaining & condition.refused:
            before = len(remaining)
            in_time = condition.in_time(remaining)
            remaining -= condition.refused
            place = blueprint.origin.span(*condition.key)
            more = f" ({in_time})" if in_time else ""
            yield f"{place}: {condition.name} leaves {len(remaining)} of these {before}{more}"


def _unready(bank: Bank, section: Section) -> tuple[Problem, ...]:
    where = parse_where(section.where)
    return tuple(p for p in bank.problems if not p.drawable and _meets(p, where))


def _meets(problem: Problem, where: Where) -> bool:
    try:
        return where.matches(problem)
    except WhereError:
        return False


def _meet(count: int) -> str:
    return "problem meets" if count == 1 else "problems meet"


def problems(count: int) -> str:
    """``1 problem``, ``2 problems``."""
    return f"{count} problem{'' if count == 1 else 's'}"
