"""Whether a lock still fits its blueprint and the bank."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Span, error, warning
from notesbuild.model.exam import Blueprint, Lock, LockedItem, LockedVersion
from notesbuild.model.names import nearest
from notesbuild.model.problem import Bank, Problem
from notesbuild.render.environment import is_generated
from notesbuild.render.parameters import ParameterFault, meets_requirements

_AGAIN = "mend the lock by hand, or draw again"


def check_lock(lock: Lock, blueprint: Blueprint, bank: Bank) -> tuple[Diagnostic, ...]:
    """Unknown problems, changed problems, and what contradicts the blueprint or a problem."""
    known = bank.by_id()
    return (
        *_versions(lock),
        *(d for i, v in enumerate(lock.versions) for d in _version(lock, i, v, blueprint)),
        *(d for place in _Place.all(lock) for d in _item(place, blueprint, known)),
        *_changed(lock, known),
    )


class _Place:
    """An item of a lock with its address."""

    def __init__(self, lock: Lock, version: int, number: int) -> None:
        self.lock = lock
        self.version = lock.versions[version]
        self.item: LockedItem = self.version.items[number]
        self._key = ("versions", version, "items", number)

    @staticmethod
    def all(lock: Lock) -> Iterator[_Place]:
        for i, version in enumerate(lock.versions):
            for j in range(len(version.items)):
                yield _Place(lock, i, j)

    def span(self, key: str) -> Span:
        return self.lock.origin.span(*self._key, key)

    def wrong(self, key: str, message: str, hint: str | None = _AGAIN) -> Diagnostic:
        words = f"version {self.version.version}: {message}"
        return error(Code.LOCK_WRONG, words, self.span(key), hint)


def _versions(lock: Lock) -> Iterator[Diagnostic]:
    names = [version.version for version in lock.versions]
    for number, name in enumerate(names):
        if name in names[:number]:
            place = lock.origin.span("versions", number, "version")
            message = f"the version {name!r} stands here for the second time"
            yield error(Code.LOCK_WRONG, message, place, "give it another name")


def _version(
    lock: Lock, number: int, version: LockedVersion, blueprint: Blueprint
) -> Iterator[Diagnostic]:
    place = lock.origin.span("versions", number)
    for section, asked in enumerate(blueprint.sections, start=1):
        count = sum(item.section == section for item in version.items)
        if count != asked.pick:
            message = (
                f"version {version.version} has {count} in section {section} "
                f"{asked.title!r}; the blueprint picks {asked.pick}"
            )
            yield error(Code.LOCK_WRONG, message, place, _AGAIN)
    sections = [item.section for item in version.items]
    if sections != sorted(sections):
        message = f"the items of version {version.version} are not in the order of the sections"
        yield error(Code.LOCK_WRONG, message, place, "move the items of a section together")
    first: set[str] = set()
    for position, item in enumerate(version.items):
        if item.problem in first:
            where = lock.origin.span("versions", number, "items", position, "problem")
            message = f"version {version.version} has {item.problem!r} twice"
            yield error(Code.LOCK_WRONG, message, where, _AGAIN)
        first.add(item.problem)


def _item(place: _Place, blueprint: Blueprint, known: dict[str, Problem]) -> Iterator[Diagnostic]:
    item = place.item
    if item.section > len(blueprint.sections):
        count = len(blueprint.sections)
        message = f"there is no section {item.section}; the blueprint has {count}"
        yield place.wrong("section", message)
    problem = known.get(item.problem)
    if problem is None:
        message = f"there is no problem {item.problem!r}"
        hint = nearest(item.problem, known)
        yield error(Code.UNKNOWN_PROBLEM, message, place.span("problem"), hint)
        return
    if item.points != problem.points:
        message = f"{problem.id} is worth {problem.points} points now, {item.points} in the lock"
        yield place.wrong("points", message)
    yield from _params(place, problem)
    yield from _choices(place, problem)


def _params(place: _Place, problem: Problem) -> Iterator[Diagnostic]:
    params = place.item.params
    drawn = [name for name, parameter in problem.metadata.params.items() if parameter.drawn]
    missing = [name for name in drawn if name not in params]
    if missing:
        yield place.wrong("params", f"{problem.id} needs a value for {', '.join(missing)}")
    unknown = [name for name in params if name not in drawn]
    for name in unknown:
        yield place.wrong("params", f"{problem.id} draws no {name!r}", nearest(name, drawn))
    if missing or unknown:
        return
    try:
        assignment = tuple((name, params[name]) for name in drawn)
        if not meets_requirements(problem.metadata, assignment):
            shown = ", ".join(f"{name} = {value}" for name, value in assignment)
            yield place.wrong("params", f"{problem.id} does not allow {shown}: see its `require`")
    except ParameterFault as fault:
        yield place.wrong("params", f"{problem.id}: {fault}", fault.hint or _AGAIN)


def _choices(place: _Place, problem: Problem) -> Iterator[Diagnostic]:
    orders = place.item.choices
    for order in orders:
        if sorted(order) != list(range(len(order))):
            listed = ", ".join(map(str, range(len(order))))
            message = f"{list(order)} is no order of the positions {listed}"
            yield place.wrong("choices", message)
    body = problem.body
    if not orders or is_generated(
        body.text
    ):  # the author's order; or only rendering tells how many there are
        return
    lengths = [len(order) for order in orders]
    expected = [len(choices) for choices in body.choices]
    if lengths != expected:
        shown = " and ".join(map(str, expected)) if expected else "no"
        message = f"{problem.id} has {shown} choices, the lock orders {lengths}"
        yield place.wrong("choices", message)


def _changed(lock: Lock, known: dict[str, Problem]) -> Iterator[Diagnostic]:
    """One warning for every problem that changed, at its first place in the lock."""
    told: set[str] = set()
    for place in _Place.all(lock):
        problem = known.get(place.item.problem)
        if problem is None or place.item.digest == problem.digest or problem.id in told:
            continue
        told.add(problem.id)
        message = f"{problem.id} has changed since the draw; the build takes it as it is now"
        yield warning(Code.LOCK_STALE, message, place.span("digest"))
