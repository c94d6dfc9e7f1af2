"""Parameters of problems: drawn values, derived exact values, requirements, answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import gcd, prod

from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.model.problem import Metadata, Problem, Scalar
from notesbuild.render.expressions import (
    CONSTANTS,
    FUNCTIONS,
    ParameterFault,
    Result,
    evaluate,
    names_in,
)
from notesbuild.render.values import Value, exact

__all__ = (
    "CONSTANTS",
    "FUNCTIONS",
    "Assignment",
    "ParameterFault",
    "Resolved",
    "admissible",
    "as_diagnostic",
    "assignments",
    "evaluate",
    "far_apart",
    "keyed",
    "meets_requirements",
    "no_such_version",
    "resolve",
    "spread",
    "unsatisfiable",
    "versions",
)

MAX_ASSIGNMENTS = 20_000
TRIALS = 200

Assignment = tuple[tuple[str, Scalar], ...]
"""Drawn parameters, in the author's order."""


@dataclass(frozen=True)
class Resolved:
    """All parameters of one version, drawn and derived, and the answer if there is one."""

    values: tuple[tuple[str, Result], ...]
    answer: Result | None

    def names(self) -> dict[str, Result]:
        """A dictionary for a template."""
        return dict(self.values)


class _Draws:
    """Every way to draw the parameters by its number; nothing is made before it is asked for.

    Beyond MAX_ASSIGNMENTS the product is sampled: each candidate is chosen by a hash of its
    number, so the same metadata give the same sequence.
    """

    def __init__(self, metadata: Metadata) -> None:
        drawn = [(name, p.candidates()) for name, p in metadata.params.items() if p.drawn]
        self._drawn: list[tuple[str, Sequence[Scalar]]] = drawn
        total = prod(len(candidates) for _, candidates in drawn)
        self._sampled = total > MAX_ASSIGNMENTS
        self._count = min(total, MAX_ASSIGNMENTS)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Assignment:
        if self._sampled:
            return tuple(
                (name, candidates[keyed(number, name) % len(candidates)])
                for name, candidates in self._drawn
            )
        chosen = []
        for name, candidates in reversed(self._drawn):
            number, position = divmod(number, len(candidates))
            chosen.append((name, candidates[position]))
        return tuple(reversed(chosen))


def assignments(metadata: Metadata) -> Iterator[Assignment]:
    """Every way to draw the parameters, admissible or not, in the author's order.

    There are at most MAX_ASSIGNMENTS of them.
    """
    draws = _Draws(metadata)
    return (draws[number] for number in range(len(draws)))


def far_apart(metadata: Metadata) -> Iterator[Assignment]:
    """The same, each step more than half of the way on: the first few are like all."""
    draws = _Draws(metadata)
    count = len(draws)
    step = next((s for s in range(count * 5 // 8, count) if gcd(s, count) == 1), 1)
    return (draws[number * step % count] for number in range(count))


def keyed(*parts: object) -> int:
    """A 64-bit number that depends on the parts only."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def admissible(metadata: Metadata) -> Iterator[Assignment]:
    """The assignments that meet every requirement.

    Raises:
        ParameterFault: a requirement or a derived value that cannot be computed.
    """
    for assignment in assignments(metadata):
        if meets_requirements(metadata, assignment):
            yield assignment


def meets_requirements(metadata: Metadata, assignment: Assignment) -> bool:
    """Whether every ``require`` holds.

    Raises:
        ParameterFault: one of them cannot be computed.
    """
    # Only what a requirement names is derived: `d > 0` may protect the value `1/d`.
    known = _drawn(metadata, assignment)
    for number, text in enumerate(metadata.require):
        _derive(metadata, known, names_in(text))
        if not bool(evaluate(text, known, ("require", number))):
            return False
    return True


def resolve(metadata: Metadata, assignment: Assignment) -> Resolved:
    """Drawn and derived values, and the answer.

    Raises:
        ParameterFault: one of them has no value.
    """
    names = metadata.params
    known = _drawn(metadata, assignment)
    _derive(metadata, known, frozenset(names))
    text = metadata.answer
    answer = evaluate(text, known, ("answer",)) if text is not None else None
    return Resolved(tuple((name, known[name]) for name in names), answer)


def _drawn(metadata: Metadata, assignment: Assignment) -> dict[str, Result]:
    drawn = dict(assignment)
    known: dict[str, Result] = {}
    for name, parameter in metadata.params.items():
        if parameter.drawn:
            if name not in drawn:
                raise ParameterFault(f"the parameter {name!r} was not drawn", ("params", name))
            try:
                known[name] = _from_scalar(drawn[name])
            except (ValueError, TypeError) as fault:
                message = f"the parameter {name!r} has no value: {fault}"
                raise ParameterFault(message, ("params", name)) from fault
    return known


def _derive(metadata: Metadata, known: dict[str, Result], wanted: frozenset[str]) -> None:
    """Add the wanted parameters to what is known, and those that they follow from."""
    derived = tuple((n, p.value) for n, p in metadata.params.items() if p.value is not None)
    for name, text in _order(derived, wanted):
        if name not in known:
            known[name] = evaluate(text, known, ("params", name, "value"))


@lru_cache(maxsize=1024)
def _order(
    derived: tuple[tuple[str, str], ...], wanted: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """The derived parameters that are wanted or needed, each behind those it follows from."""
    texts: Mapping[str, str] = dict(derived)
    needed: set[str] = set()
    frontier = wanted & texts.keys()
    while frontier:
        needed |= frontier
        frontier = frozenset(n for name in frontier for n in names_in(texts[name]))
        frontier = (frontier & texts.keys()) - needed
    waiting = [name for name in texts if name in needed]
    ordered: list[tuple[str, str]] = []
    while waiting:
        ready = [n for n in waiting if not names_in(texts[n]) & set(waiting)]
        if not ready:
            message = "these parameters depend on each other: " + ", ".join(waiting)
            raise ParameterFault(message, ("params", waiting[0], "value"))
        ordered += [(name, texts[name]) for name in ready]
        waiting = [name for name in waiting if name not in ready]
    return tuple(ordered)


def _from_scalar(scalar: Scalar) -> Result:
    if isinstance(scalar, (bool, str)):
        return scalar
    if isinstance(scalar, float):
        return Value(exact(scalar), written=format(Decimal(repr(scalar)), "f"))
    return Value(scalar)


def unsatisfiable(problem: Problem) -> Diagnostic:
    """No assignment meets the requirements."""
    place = problem.origin.span("require" if problem.metadata.require else "params")
    message = f"no draw of the parameters of {problem.id} meets `require`"
    return error(Code.REQUIRE_UNSATISFIABLE, message, place)


def spread(found: Iterable[Assignment], most: int) -> tuple[Assignment, ...]:
    """At most ``most`` of the assignments, evenly spread over all of them."""
    everything = tuple(found)
    step = max(1, -(-len(everything) // most))
    return everything[::step]


def versions(metadata: Metadata) -> tuple[Assignment, ...]:
    """The sets of parameters that ``--version N`` counts: spread over all, neighbours far apart.

    Raises:
        ParameterFault: a requirement or a derived value that cannot be computed.
    """
    chosen = spread(admissible(metadata), TRIALS)
    count = len(chosen)
    step = next((s for s in range(max(1, count * 5 // 8), count) if gcd(s, count) == 1), 1)
    return tuple(chosen[(index * step) % count] for index in range(count))


def no_such_version(problem: Problem, number: int, count: int) -> str:
    """What to say of a version that a problem does not have."""
    how_many = "1 version" if count == 1 else f"{count} versions"
    return f"{problem.id} has {how_many}; there is no version {number}"


def as_diagnostic(fault: ParameterFault, problem: Problem) -> Diagnostic:
    """The fault at its key in the problem's file."""
    span: Span = problem.origin.span(*fault.place)
    return error(Code.PARAMETER_WRONG, f"{problem.id}: {fault}", span, fault.hint)
