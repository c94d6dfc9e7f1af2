"""Parameters of problems: drawn values, derived exact values, requirements, answers.

Expressions are evaluated by simpleeval over SymPy numbers: names, numbers, arithmetic,
comparisons and the functions below; no attributes, no strings, nothing of Python's own.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from math import gcd
from typing import Any

import simpleeval
import sympy

from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.model.names import nearest
from notesbuild.model.problem import Metadata, Problem, Scalar
from notesbuild.render.values import Value, ValueFault, exact, modulo

MAX_ASSIGNMENTS = 20_000
TRIALS = 200
MAX_EXPRESSION = 1_000

Assignment = tuple[tuple[str, Scalar], ...]
"""Drawn parameters, in the author's order."""


class ParameterFault(ValueError):
    """An expression without a value; ``place`` leads to its key in the metadata."""

    def __init__(self, message: str, place: tuple[str | int, ...], hint: str | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.hint = hint


@dataclass(frozen=True)
class Resolved:
    """All parameters of one version, drawn and derived, and the answer if there is one."""

    values: tuple[tuple[str, Value | str | bool], ...]
    answer: Value | str | bool | None

    def names(self) -> dict[str, Value | str | bool]:
        """A dictionary for a template."""
        return dict(self.values)


def assignments(metadata: Metadata) -> Iterator[Assignment]:
    """Every way to draw the parameters, admissible or not, in the author's order.

    Beyond MAX_ASSIGNMENTS the product is sampled: each candidate is chosen by a hash of its
    number, so the same metadata give the same sequence.
    """
    drawn = [(name, p.candidates()) for name, p in metadata.params.items() if p.drawn]
    total = 1
    for _, candidates in drawn:
        total *= len(candidates)
    names = [name for name, _ in drawn]
    if total <= MAX_ASSIGNMENTS:
        for choice in itertools.product(*(candidates for _, candidates in drawn)):
            yield tuple(zip(names, choice, strict=True))
        return
    for number in range(MAX_ASSIGNMENTS):
        yield tuple(
            (name, candidates[keyed(number, name) % len(candidates)]) for name, candidates in drawn
        )


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
        known = _derive(metadata, known, _names(text))
        if not bool(evaluate(text, known, ("require", number))):
            return False
    return True


def resolve(metadata: Metadata, assignment: Assignment) -> Resolved:
    """Drawn and derived values, and the answer.

    Raises:
        ParameterFault: one of them has no value.
    """
    names = metadata.params
    known = _derive(metadata, _drawn(metadata, assignment), frozenset(names))
    text = metadata.answer
    answer = evaluate(text, known, ("answer",)) if text is not None else None
    return Resolved(tuple((name, known[name]) for name in names), answer)


def _drawn(metadata: Metadata, assignment: Assignment) -> dict[str, Value | str | bool]:
    drawn = dict(assignment)
    known: dict[str, Value | str | bool] = {}
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


def _derive(
    metadata: Metadata, known: Mapping[str, Value | str | bool], wanted: frozenset[str]
) -> dict[str, Value | str | bool]:
    """What is known, with the wanted parameters and those that they follow from."""
    known = dict(known)
    waiting: dict[str, str] = {}
    frontier = wanted
    while frontier:
        found = {n: p.value for n, p in metadata.params.items() if n in frontier - waiting.keys()}
        new = {n: text for n, text in found.items() if text is not None and n not in known}
        waiting |= new
        frontier = frozenset(name for text in new.values() for name in _names(text))
    waiting = {name: waiting[name] for name in metadata.params if name in waiting}
    while waiting:
        ready = [n for n, text in waiting.items() if not _names(text) & (waiting.keys() - {n})]
        ready = [n for n in ready if n not in _names(waiting[n])]
        if not ready:
            first = next(iter(waiting))
            message = "these parameters depend on each other: " + ", ".join(waiting)
            raise ParameterFault(message, ("params", first, "value"))
        for name in ready:
            known[name] = evaluate(waiting.pop(name), known, ("params", name, "value"))
    return known


def _from_scalar(scalar: Scalar) -> Value | str | bool:
    if isinstance(scalar, (bool, str)):
        return scalar
    if isinstance(scalar, float):
        return Value(exact(scalar), written=format(Decimal(repr(scalar)), "f"))
    return Value(sympy.Integer(scalar))


@lru_cache(maxsize=1024)
def _names(text: str) -> frozenset[str]:
    try:
        tree = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def evaluate(
    text: str, names: Mapping[str, object], place: tuple[str | int, ...]
) -> Value | str | bool:
    """The exact value of an expression.

    Raises:
        ParameterFault: it cannot be read, names something unknown, or has no value.
    """
    if len(text) > MAX_EXPRESSION:
        raise ParameterFault(f"an expression has at most {MAX_EXPRESSION} characters", place)
    known = {**CONSTANTS, **names}
    evaluator = _Evaluator(operators=OPERATORS, functions=FUNCTIONS, names=known)
    try:
        result = evaluator.eval(text, previously_parsed=_parsed(text))
    except simpleeval.NameNotDefined as fault:
        name = str(getattr(fault, "name", ""))
        message = f"{text!r}: there is no parameter {name!r}"
        raise ParameterFault(message, place, nearest(name, names)) from fault
    except simpleeval.FunctionNotDefined as fault:
        message = f"{text!r}: there is no function {fault.func_name!r}"
        raise ParameterFault(message, place, nearest(fault.func_name, FUNCTIONS)) from fault
    except (simpleeval.InvalidExpression, SyntaxError, RecursionError, MemoryError) as fault:
        reason = fault.msg if isinstance(fault, SyntaxError) else str(fault)
        raise ParameterFault(f"{text!r} cannot be read: {reason}", place) from fault
    except LookupError as fault:  # simpleeval looks comparisons up in OPERATORS
        message = f"{text!r} cannot be read: a comparison that is not known here"
        raise ParameterFault(message, place) from fault
    except (ArithmeticError, TypeError, ValueError, AttributeError) as fault:
        raise ParameterFault(f"{text!r} has no value: {fault}", place) from fault
    if isinstance(result, (Value, str, bool)):
        return result
    raise ParameterFault(f"{text!r} is not a number", place)


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc]
    """simpleeval with exact constants and lists (for matrices), without attributes."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.nodes[ast.Constant] = self._constant
        self.nodes[ast.List] = self._list
        self.nodes.pop(ast.Attribute, None)
        self.nodes.pop(ast.Subscript, None)
        self.nodes.pop(ast.JoinedStr, None)
        self.nodes.pop(ast.FormattedValue, None)

    def _constant(self, node: ast.Constant) -> Value | str | bool:
        if isinstance(node.value, (bool, str)):
            return node.value
        if isinstance(node.value, int):
            return Value(sympy.Integer(node.value))
        if isinstance(node.value, float):
            return Value(exact(node.value))
        raise ValueFault(f"{node.value!r} is not allowed here")

    def _list(self, node: ast.List) -> list[Any]:
        return [self._eval(item) for item in node.elts]


def _checked(operation: Callable[[Any, Any], Any], a: object, b: object) -> object:
    if isinstance(a, Value) and isinstance(b, (Value, int)):
        return operation(a, b)
    if isinstance(a, (str, bool)) and isinstance(b, (str, bool)) and operation in _EQUALITY:
        return operation(a, b)
    raise TypeError("numbers and words do not mix")


_EQUALITY = (operator.eq, operator.ne)

OPERATORS: dict[type[ast.AST], Callable[..., object]] = {
    ast.Add: partial(_checked, operator.add),
    ast.Sub: partial(_checked, operator.sub),
    ast.Mult: partial(_checked, operator.mul),
    ast.Div: partial(_checked, operator.truediv),
    ast.FloorDiv: partial(_checked, operator.floordiv),
    ast.Mod: partial(_checked, operator.mod),
    ast.Pow: partial(_checked, operator.pow),
    ast.Eq: partial(_checked, operator.eq),
    ast.NotEq: partial(_checked, operator.ne),
    ast.Lt: partial(_checked, operator.lt),
    ast.LtE: partial(_checked, operator.le),
    ast.Gt: partial(_checked, operator.gt),
    ast.GtE: partial(_checked, operator.ge),
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}

CONSTANTS: dict[str, object] = {"pi": Value(sympy.pi), "E": Value(sympy.E)}


def _function(function: Callable[..., Any]) -> Callable[..., Value]:
    def apply(*arguments: object) -> Value:
        if not all(isinstance(a, (Value, int)) for a in arguments):
            raise TypeError("a function takes numbers")
        return Value(function(*(exact(a) for a in arguments)))

    return apply


def _bounded(function: Callable[..., Any], largest: int) -> Callable[..., Any]:
    """Factorials and their like grow too fast to be computed for any argument."""

    def apply(*arguments: Any) -> Any:
        if any(abs(a) > largest for a in arguments):
            raise ValueFault(f"an argument beyond {largest}")
        return function(*arguments)

    return apply


def _matrix(rows: object) -> Value:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise TypeError("Matrix takes a list of rows: Matrix([[1, 2], [3, 4]])")
    return Value(sympy.Matrix([[exact(entry) for entry in row] for row in rows]))


FUNCTIONS: dict[str, Callable[..., object]] = {
    "sqrt": _function(sympy.sqrt),
    "log": _function(sympy.log),
    "exp": _function(_bounded(sympy.exp, 10_000)),
    "sin": _function(sympy.sin),
    "cos": _function(sympy.cos),
    "tan": _function(sympy.tan),
    "atan": _function(sympy.atan),
    "tanh": _function(sympy.tanh),
    "abs": _function(sympy.Abs),
    "Abs": _function(sympy.Abs),
    "floor": _function(sympy.floor),
    "ceiling": _function(sympy.ceiling),
    "factorial": _function(_bounded(sympy.factorial, 500)),
    "binomial": _function(_bounded(sympy.binomial, 500)),
    "gcd": _function(sympy.gcd),
    "lcm": _function(sympy.lcm),
    "mod": _function(modulo),
    "min": _function(sympy.Min),
    "Min": _function(sympy.Min),
    "max": _function(sympy.Max),
    "Max": _function(sympy.Max),
    "sign": _function(sympy.sign),
    "Rational": _function(sympy.Rational),
    "Matrix": _matrix,
}


def check_parameters(problem: Problem) -> tuple[Diagnostic, ...]:
    """Draw up to TRIALS sets of parameters: requirements, derived values and the answer."""
    metadata = problem.metadata
    met = 0
    try:
        for assignment in _far_apart(tuple(assignments(metadata))):
            if meets_requirements(metadata, assignment):
                resolve(metadata, assignment)
                met += 1
            if met == TRIALS:
                break
    except ParameterFault as fault:
        return (as_diagnostic(fault, problem),)
    return () if met else (unsatisfiable(problem),)


def unsatisfiable(problem: Problem) -> Diagnostic:
    """No assignment meets the requirements."""
    place = problem.origin.span("require" if problem.metadata.require else "params")
    message = f"no draw of the parameters of {problem.id} meets `require`"
    return error(Code.REQUIRE_UNSATISFIABLE, message, place)


def _far_apart(everything: tuple[Assignment, ...]) -> Iterator[Assignment]:
    """All of them, each step more than half of the way on: the first few are like all."""
    count = len(everything)
    step = next((s for s in range(count * 5 // 8, count) if gcd(s, count) == 1), 1)
    return (everything[number * step % count] for number in range(count))


def spread(found: Iterable[Assignment], most: int) -> tuple[Assignment, ...]:
    """At most ``most`` of the assignments, evenly spread over all of them."""
    everything = tuple(found)
    step = max(1, -(-len(everything) // most))
    return everything[::step]


def as_diagnostic(fault: ParameterFault, problem: Problem) -> Diagnostic:
    """The fault at its key in the problem's file."""
    span: Span = problem.origin.span(*fault.place)
    return error(Code.PARAMETER_WRONG, f"{problem.id}: {fault}", span, fault.hint)
