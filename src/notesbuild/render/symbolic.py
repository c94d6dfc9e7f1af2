"""What only SymPy can compute: roots, logarithms, matrices, and how they print.

Importing SymPy takes half a second, so that :mod:`.values` imports this module when a value
asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from notesbuild.render.values import MAX_BITS, MAX_EXPONENT, Value, ValueFault, bounded_power, exact

_PRINTER = {"fold_func_brackets": True, "mat_str": "pmatrix", "mat_delim": ""}
_DIGITS = 30


class _Printer(LatexPrinter):  # type: ignore[misc]
    """SymPy's printer, with log 3 in place of log(3)."""

    def _print_log(self, expression: Any, exp: str | None = None) -> str:
        inside = self._print(expression.args[0])
        text = rf"\log {inside}"
        if not expression.args[0].is_Integer:
            text = rf"\log\left({inside}\right)"
        return rf"\left({text}\right)^{{{exp}}}" if exp is not None else text


def symbolic(held: Any) -> Any:
    """SymPy's object for what a value holds."""
    if isinstance(held, Fraction):
        return sympy.Rational(held.numerator, held.denominator)
    return sympy.Integer(held) if isinstance(held, int) else held


def latex(held: Any) -> str:
    """A value as LaTeX for math mode."""
    return str(_Printer(_PRINTER).doprint(held))


def is_matrix(held: Any) -> bool:
    """Whether it is a matrix."""
    return isinstance(held, sympy.MatrixBase)


def approximate(held: Any, digits: int) -> float:
    """A number as a decimal with at least so many correct digits."""
    return float(sympy.N(held, digits + 4))


def simplified(held: Any) -> Any:
    """SymPy's simplest form."""
    return sympy.simplify(held)


def same(a: Any, b: Any) -> bool:
    """Whether two SymPy objects have the same value."""
    if a == b:
        return True
    if is_matrix(a) or is_matrix(b):
        alike = is_matrix(a) and is_matrix(b) and a.shape == b.shape
        return alike and all(same(x, y) for x, y in zip(a, b, strict=True))
    difference = a - b
    rough = difference.evalf(_DIGITS)
    # A precision of 1 means that no digit is certain: the difference may be exactly zero.
    if rough.is_Float and rough._prec > 1 and rough != 0:
        return False
    return bool(sympy.simplify(difference) == 0)


def floor(number: Any) -> Any:
    """The largest whole number that is not above it."""
    return sympy.floor(number)


def modulo(a: Any, b: Any) -> Any:
    """The remainder, with the sign of the divisor.

    Raises:
        ValueFault: a matrix, or the divisor is zero.
    """
    if is_matrix(a) or is_matrix(b):
        raise ValueFault("a matrix has no remainder")
    if b == 0:
        raise ValueFault("division by zero")
    return sympy.Mod(a, b)


def power(a: Any, b: Any) -> Any:
    """A power of bounded size.

    Raises:
        ValueFault: the result would be too large, or has no value.
    """
    if is_matrix(b):
        raise ValueFault("a matrix is no exponent")
    if is_matrix(a):
        if not b.is_Integer or abs(b) > 64:
            raise ValueFault("a matrix takes whole powers up to 64")
        if b < 0:
            return _inverse(a) ** -b
        return _square(a) ** b
    if a == 0 and b.is_negative:
        raise ValueFault("division by zero")
    if b.is_Number and abs(b) > MAX_EXPONENT:
        raise ValueFault(f"an exponent beyond {MAX_EXPONENT}")
    bounded_power(_bits(a), int(b) if b.is_Integer else 1)
    return a**b


def guard(held: Any) -> None:
    """Refuse what is no finite real number of sane size.

    Raises:
        ValueFault: nothing that a problem could print.
    """
    if is_matrix(held):
        for entry in held:
            guard(entry)
        return
    if held.is_finite is False or held.has(sympy.nan, sympy.zoo, sympy.oo):
        raise ValueFault("the value is not finite")
    if held.is_real is False or held.has(sympy.I):
        raise ValueFault("the value is not a real number")
    if _bits(held) > MAX_BITS:
        raise ValueFault("a number with more than a thousand digits")


def _bits(held: Any) -> int:
    numbers = held.atoms(sympy.Rational) if hasattr(held, "atoms") else ()
    return max((max(int(n.p).bit_length(), int(n.q).bit_length()) for n in numbers), default=0)


# --- functions that expressions may call ------------------------------------------------


def call(name: str, *arguments: object) -> Value:
    """One of SymPy's functions, of numbers.

    Raises:
        ValueFault: a matrix is among them, or there is no value.
    """
    held = [symbolic(exact(a)) for a in arguments]
    if any(is_matrix(a) for a in held):
        raise ValueFault(f"{name} takes numbers, not a matrix")
    return Value(_NUMERIC[name](*held))


_NUMERIC: dict[str, Callable[..., Any]] = {
    "sqrt": sympy.sqrt,
    "log": sympy.log,
    "exp": sympy.exp,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "atan": sympy.atan,
    "tanh": sympy.tanh,
    "abs": sympy.Abs,
    "floor": sympy.floor,
    "ceiling": sympy.ceiling,
    "factorial": sympy.factorial,
    "binomial": sympy.binomial,
    "gcd": sympy.gcd,
    "lcm": sympy.lcm,
    "min": sympy.Min,
    "max": sympy.Max,
    "sign": sympy.sign,
}


def matrix(rows: list[list[object]]) -> Value:
    """A matrix of its rows."""
    return Value(sympy.Matrix([[symbolic(exact(entry)) for entry in row] for row in rows]))


def of_matrix(name: str, value: Value) -> Value:
    """The determinant, inverse, rank, trace or transpose.

    Raises:
        ValueFault: the matrix has none.
    """
    if not is_matrix(value.held):
        raise ValueFault(f"{name} takes a matrix")
    return Value(_OF_MATRIX[name](value.held))


def _square(held: Any) -> Any:
    if held.rows != held.cols:
        raise ValueFault("the matrix is not square")
    return held


def _inverse(held: Any) -> Any:
    if _square(held).det() == 0:
        raise ValueFault("the matrix has no inverse")
    return held.inv()


_OF_MATRIX: dict[str, Callable[[Any], Any]] = {
    "det": lambda held: _square(held).det(),
    "inverse": _inverse,
    "rank": lambda held: held.rank(),
    "trace": lambda held: _square(held).trace(),
    "transpose": lambda held: held.T,
}

CONSTANTS = {"pi": Value(sympy.pi), "E": Value(sympy.E)}
