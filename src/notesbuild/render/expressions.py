"""Expressions in the metadata of a problem: names, numbers, arithmetic, the functions below.

Python's parser reads an expression; only the nodes listed here have a meaning. There are no
attributes, no items, no strings but to compare, nothing of Python's own.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from notesbuild.model.names import nearest
from notesbuild.render.values import Value, ValueFault, exact, is_plain, modulo

MAX_EXPRESSION = 1_000
MAX_DEPTH = 100

Names = Mapping[str, Any]
Result = Value | str | bool
Place = tuple[str | int, ...]
Code = Callable[[Names], Any]


class ParameterFault(ValueError):
    """An expression without a value; ``place`` leads to its key in the metadata."""

    def __init__(self, message: str, place: Place, hint: str | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.hint = hint


class _Unreadable(ValueError):
    """Something that expressions do not have."""


class _Unknown(ValueError):
    """A name that nobody defined."""

    def __init__(self, message: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(message)
        self.hint = nearest(name, known)


def evaluate(text: str, names: Names, place: Place) -> Result:
    """The exact value of an expression.

    Raises:
        ParameterFault: it cannot be read, names something unknown, or has no value.
    """
    if len(text) > MAX_EXPRESSION:
        raise ParameterFault(f"an expression has at most {MAX_EXPRESSION} characters", place)
    try:
        result = _compiled(text)(names)
    except _Unknown as fault:
        raise ParameterFault(f"{text!r}: {fault}", place, fault.hint) from fault
    except (_Unreadable, SyntaxError, RecursionError, MemoryError) as fault:
        reason = fault.msg if isinstance(fault, SyntaxError) else str(fault)
        raise ParameterFault(f"{text!r} cannot be read: {reason}", place) from fault
    except (ArithmeticError, TypeError, ValueError, AttributeError) as fault:
        raise ParameterFault(f"{text!r} has no value: {fault}", place) from fault
    if isinstance(result, (Value, str, bool)):
        return result
    raise ParameterFault(f"{text!r} is not a number", place)


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """Every name in an expression; none where it cannot be read."""
    try:
        tree = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _parsed(text: str) -> ast.expr:
    if len(text) > MAX_EXPRESSION:
        raise _Unreadable("it is too long")
    return ast.parse(text.strip(), mode="eval").body


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Code:
    return _compile(_parsed(text), 0)


def _compile(node: ast.AST, depth: int) -> Code:
    make = _NODES.get(type(node))
    if make is None:
        raise _Unreadable(f"{type(node).__name__} is not available here")
    if depth > MAX_DEPTH:
        raise _Unreadable("it is nested too deeply")
    return make(node, depth + 1)


def _constant(node: ast.Constant, depth: int) -> Code:
    value: Any = node.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = Value(exact(value))
    elif not isinstance(value, (bool, str)):
        raise _Unreadable(f"{value!r} is not allowed here")
    return lambda names: value


def _name(node: ast.Name, depth: int) -> Code:
    name = node.id

    def look_up(names: Names) -> Any:
        if name in names:
            return names[name]
        if name in CONSTANTS:
            from notesbuild.render import symbolic

            return symbolic.CONSTANTS[name]
        raise _Unknown(f"there is no parameter {name!r}", name, tuple(names))

    return look_up


def _binary(node: ast.BinOp, depth: int) -> Code:
    operation = _ARITHMETIC.get(type(node.op))
    if operation is None:
        raise _Unreadable(f"{type(node.op).__name__} is not available here")
    left, right = _compile(node.left, depth), _compile(node.right, depth)
    return lambda names: operation(_number(left(names)), _number(right(names)))


def _unary(node: ast.UnaryOp, depth: int) -> Code:
    operand = _compile(node.operand, depth)
    if isinstance(node.op, ast.Not):
        return lambda names: not operand(names)
    if isinstance(node.op, ast.USub):
        return lambda names: -_number(operand(names))
    if isinstance(node.op, ast.UAdd):
        return lambda names: _number(operand(names))
    raise _Unreadable(f"{type(node.op).__name__} is not available here")


def _compare(node: ast.Compare, depth: int) -> Code:
    tests = [_ORDER.get(type(op)) for op in node.ops]
    if None in tests:
        raise _Unreadable("a comparison that is not known here")
    sides = [_compile(side, depth) for side in (node.left, *node.comparators)]

    def holds(names: Names) -> bool:
        left = sides[0](names)
        for test, side in zip(tests, sides[1:], strict=True):
            right = side(names)
            if not _ordered(test, left, right):
                return False
            left = right
        return True

    return holds


def _ordered(test: Any, left: object, right: object) -> bool:
    plain = isinstance(left, (str, bool)) and isinstance(right, (str, bool))
    if plain and test in (operator.eq, operator.ne):
        return bool(test(left, right))
    return bool(test(_number(left), _number(right)))


def _both(node: ast.BoolOp, depth: int) -> Code:
    parts = [_compile(value, depth) for value in node.values]
    if isinstance(node.op, ast.And):
        return lambda names: all(part(names) for part in parts)
    return lambda names: any(part(names) for part in parts)


def _choice(node: ast.IfExp, depth: int) -> Code:
    test, yes, no = (_compile(part, depth) for part in (node.test, node.body, node.orelse))
    return lambda names: yes(names) if test(names) else no(names)


def _list(node: ast.List, depth: int) -> Code:
    items = [_compile(item, depth) for item in node.elts]
    return lambda names: [item(names) for item in items]


def _call(node: ast.Call, depth: int) -> Code:
    if not isinstance(node.func, ast.Name):
        return _compile(node.func, depth)  # which says what it may not be
    name = node.func.id
    if node.keywords:
        raise _Unreadable("a function takes plain arguments")
    function = FUNCTIONS.get(name)
    if function is None:
        raise _Unknown(f"there is no function {name!r}", name, tuple(FUNCTIONS))
    arguments = [_compile(argument, depth) for argument in node.args]
    return lambda names: function(*(argument(names) for argument in arguments))


_NODES: dict[type[ast.AST], Callable[[Any, int], Code]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _both,
    ast.IfExp: _choice,
    ast.List: _list,
    ast.Call: _call,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
CONSTANTS = ("E", "pi")


def _number(value: object) -> Value:
    if isinstance(value, Value):
        return value
    raise TypeError("numbers and words do not mix")


# --- functions -------------------------------------------------------------------------


def _function(
    name: str, quick: Callable[..., int | Fraction | None] | None = None, largest: int | None = None
) -> Callable[..., Value]:
    """SymPy's function, where ``quick`` gives None for rational arguments.

    Factorials and their like grow too fast for an argument beyond ``largest``.
    """

    def apply(*arguments: object) -> Value:
        if not all(isinstance(a, Value) for a in arguments):
            raise TypeError("a function takes numbers")
        held = [exact(a) for a in arguments]
        if largest is not None and any(bool(abs(a) > largest) for a in held):
            raise ValueFault(f"an argument beyond {largest}")
        if quick is not None and all(is_plain(a) for a in held):
            found = quick(*held)
            if found is not None:
                return Value(found)
        from notesbuild.render import symbolic

        return symbolic.call(name, *arguments)

    return apply


def _root(number: int | Fraction) -> Fraction | None:
    if number < 0:
        raise ValueFault("the value is not a real number")
    above, below = math.isqrt(number.numerator), math.isqrt(number.denominator)
    square = above * above == number.numerator and below * below == number.denominator
    return Fraction(above, below) if square else None


def _fixed(argument: int, value: int) -> Callable[[int | Fraction], int | None]:
    """A function whose value at one argument is a whole number."""
    return lambda number: value if number == argument else None


def _whole(function: Callable[..., int], lowest: int | None = None) -> Callable[..., int | None]:
    """A function of the standard library, for whole arguments that it can take."""

    def apply(*arguments: int | Fraction) -> int | None:
        usable = all(isinstance(a, int) and (lowest is None or a >= lowest) for a in arguments)
        return function(*arguments) if usable and arguments else None

    return apply


def _sign(number: int | Fraction) -> int:
    return (number > 0) - (number < 0)


def _rational(above: object, below: object = 1) -> Value:
    if not isinstance(above, Value) or not isinstance(below, (Value, int)):
        raise TypeError("Rational takes numbers")
    return above / below


def _modulo(a: object, b: object) -> Value:
    return Value(modulo(_number(a).held, _number(b).held))


def _matrix(rows: object) -> Value:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise TypeError("Matrix takes a list of rows: Matrix([[1, 2], [3, 4]])")
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise TypeError("the rows of a matrix are equally long")
    from notesbuild.render import symbolic

    return symbolic.matrix([[_number(entry) for entry in row] for row in rows])


def _of_matrix(name: str) -> Callable[[object], Value]:
    def apply(matrix: object) -> Value:
        from notesbuild.render import symbolic

        return symbolic.of_matrix(name, _number(matrix))

    return apply


def _extreme(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *numbers: function(numbers)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": _function("sqrt", _root),
    "log": _function("log", _fixed(1, 0)),
    "exp": _function("exp", _fixed(0, 1), 10_000),
    "sin": _function("sin", _fixed(0, 0)),
    "cos": _function("cos", _fixed(0, 1)),
    "tan": _function("tan", _fixed(0, 0)),
    "atan": _function("atan", _fixed(0, 0)),
    "tanh": _function("tanh", _fixed(0, 0)),
    "abs": _function("abs", abs),
    "Abs": _function("abs", abs),
    "floor": _function("floor", math.floor),
    "ceiling": _function("ceiling", math.ceil),
    "factorial": _function("factorial", _whole(math.factorial, 0), 500),
    "binomial": _function("binomial", _whole(math.comb, 0), 500),
    "gcd": _function("gcd", _whole(math.gcd)),
    "lcm": _function("lcm", _whole(math.lcm)),
    "mod": _modulo,
    "min": _function("min", _extreme(min)),
    "Min": _function("min", _extreme(min)),
    "max": _function("max", _extreme(max)),
    "Max": _function("max", _extreme(max)),
    "sign": _function("sign", _sign),
    "Rational": _rational,
    "Matrix": _matrix,
    "det": _of_matrix("det"),
    "inverse": _of_matrix("inverse"),
    "rank": _of_matrix("rank"),
    "trace": _of_matrix("trace"),
    "transpose": _of_matrix("transpose"),
}
