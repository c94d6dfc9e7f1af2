"""What of an earlier draw stays: versions that still fit, and problems that are pinned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, warning
from notesbuild.diagnostics.values import Location
from notesbuild.exam.between import broken
from notesbuild.exam.plan import Cell, Fixed, Pin, Plan, Rule
from notesbuild.exam.rules import make_rules
from notesbuild.model.exam import Blueprint, Lock, LockedVersion
from notesbuild.model.names import nearest
from notesbuild.model.problem import Bank


@dataclass(frozen=True)
class Staying:
    """The versions of a lock that are not drawn again, and why others are."""

    versions: tuple[LockedVersion, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()


def staying(plan: Plan, lock: Lock) -> Staying:
    """The versions of the plan that the lock has and that still meet every rule."""
    wanted = [(n, v) for n, v in enumerate(lock.versions) if v.version in plan.versions]
    ids = {item.problem for _, version in wanted for item in version.items}
    small = replace(plan, pool=plan.pool.only(ids), pins=()).alone("")
    rules = make_rules(small)
    kept: list[LockedVersion] = []
    remarks: list[Diagnostic] = []
    for number, version in wanted:
        fault = _fault(small, rules, version)
        if fault is None:
            kept.append(version)
        else:
            span = lock.origin.span("versions", number, "version")
            remarks.append(_anew(plan, f"version {version.version} is drawn anew", fault, span))
    fixed = tuple(_fix(small, version) for version in kept)
    clash = next(iter(broken(plan, fixed)), None)
    if clash is not None:
        span = lock.origin.span("versions")
        return Staying(remarks=(_anew(plan, "every version is drawn anew", clash, span),))
    return Staying(tuple(kept), fixed, tuple(remarks))


def drawn_anew(plan: Plan, lock: Lock, names: Iterable[str]) -> Diagnostic:
    """That no further version fits beside those of the lock."""
    message = f"no version {' or '.join(names)} fits beside those of the lock: all are drawn anew"
    return warning(Code.DRAWN_ANEW, message, lock.origin.span("versions"))


def pins(lock: Lock, blueprint: Blueprint, bank: Bank) -> Outcome[tuple[Pin, ...]]:
    """The pinned items of a lock, and what is wrong with them."""
    known = {problem.id for problem in bank.problems}
    found: list[Pin] = []
    faults: list[Diagnostic] = []
    for number, version in enumerate(lock.versions):
        for position, item in enumerate(version.items):
            if not item.pinned:
                continue
            key = ("versions", number, "items", position)
            if item.problem not in known:
                message = f"there is no problem {item.problem!r}, and it is pinned"
                place = lock.origin.span(*key, "problem")
                hint = nearest(item.problem, known)
                faults.append(error(Code.UNKNOWN_PROBLEM, message, place, hint))
            elif item.section > len(blueprint.sections):
                message = f"{item.problem!r} is pinned to section {item.section}"
                message += f"; the blueprint has {len(blueprint.sections)}"
                faults.append(error(Code.LOCK_WRONG, message, lock.origin.span(*key, "section")))
            else:
                span = lock.origin.span(*key, "pinned")
                found.append(Pin(version.version, item.section - 1, item.problem, span))
    return Outcome(tuple(found), tuple(faults))


def _fault(plan: Plan, rules: Iterable[Rule], version: LockedVersion) -> Location | None:
    """The key of a rule that a version does not meet."""
    cells = [Cell(0, item.section - 1, item.problem) for item in version.items]
    drawn = frozenset(cells)
    known = set(plan.cells)
    for cell in cells:
        if cell not in known:
            in_range = cell.section < len(plan.blueprint.sections)
            return ("sections", cell.section, "where") if in_range else ("sections",)
    for rule in rules:
        if not all(line.holds(drawn) for line in rule.lines):
            return rule.key
    once = all(line.holds(drawn) for line in plan.once) and len(drawn) == len(cells)
    return None if once else ("sections",)


def _fix(plan: Plan, version: LockedVersion) -> Fixed:
    return Fixed(version.version, tuple(plan.problems[item.problem] for item in version.items))


def _anew(plan: Plan, message: str, key: Location, span: Span) -> Diagnostic:
    notes = tuple(_words(plan, key))
    return warning(Code.DRAWN_ANEW, f"{message}: it does not meet the blueprint", span, notes=notes)


def _words(plan: Plan, key: Location) -> Iterator[str]:
    """The rule as an explanation would put it, with the counts of the whole bank."""
    alone = make_rules(plan.alone(plan.versions[0]))
    two = make_rules(replace(plan, versions=plan.versions[:2], pins=()))
    rule = next((rule for rule in (*alone, *two) if rule.key == key), None)
    if rule is not None:
        yield f"{rule.span}: {rule.words}"
    else:
        yield f"{plan.blueprint.origin.span(*key)}: a problem does not fit its section any more"
