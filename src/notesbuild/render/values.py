"""Exact numbers for templates: SymPy inside, arithmetic and comparisons outside.

SymPy's own objects must not reach a template: their methods take strings and evaluate them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import sympy
from sympy.printing.latex import LatexPrinter

MAX_BITS = 4096
MAX_EXPONENT = 512


class ValueFault(ValueError):
    """An operation that has no value, or one that is too large."""


_PRINTER = {"fold_func_brackets": True, "mat_str": "pmatrix", "mat_delim": ""}


class _Printer(LatexPrinter):  # type: ignore[misc]
    """SymPy's printer, with log 3 in place of log(3)."""

    def _print_log(self, expression: Any, exp: str | None = None) -> str:
        inside = self._print(expression.args[0])
        text = rf"\log {inside}"
        if not expression.args[0].is_Integer:
            text = rf"\log\left({inside}\right)"
        return rf"\left({text}\right)^{{{exp}}}" if exp is not None else text


@dataclass(frozen=True, eq=False)
class Value:
    """An exact real number, or a matrix of them.

    ``written`` keeps a decimal as its author wrote it: 0.10 is exactly 1/10, and prints 0.10.
    """

    exact: Any
    written: str | None = None

    def __post_init__(self) -> None:
        guard(self.exact)

    # Arithmetic
    def __add__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: a + b)

    def __radd__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: b + a)

    def __sub__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: a - b)

    def __rsub__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: b - a)

    def __mul__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: a * b)

    def __rmul__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: b * a)

    def __truediv__(self, other: object) -> Value:
        return self._apply(other, divide)

    def __rtruediv__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: divide(b, a))

    def __floordiv__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: sympy.floor(divide(a, b)))

    def __rfloordiv__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: sympy.floor(divide(b, a)))

    def __mod__(self, other: object) -> Value:
        return self._apply(other, modulo)

    def __rmod__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: modulo(b, a))

    def __pow__(self, other: object) -> Value:
        return self._apply(other, power)

    def __rpow__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: power(b, a))

    def __neg__(self) -> Value:
        return Value(-self.exact)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return Value(sympy.Abs(self.exact))

    # Comparisons
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Value, int, float)):
            return False
        return bool(sympy.simplify(self.exact - exact(other)) == 0)

    def __hash__(self) -> int:
        return hash(sympy.srepr(sympy.simplify(self.exact)))

    def __lt__(self, other: object) -> bool:
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other: object) -> bool:
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other: object) -> bool:
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other: object) -> bool:
        return self._compare(other, lambda a, b: a >= b)

    def __bool__(self) -> bool:
        return bool(self.exact != 0)

    def __int__(self) -> int:
        return int(self.exact)

    def __index__(self) -> int:
        if not self.exact.is_Integer:
            raise TypeError(f"{self.exact} is not a whole number")
        return int(self.exact)

    def __float__(self) -> float:
        return float(self.exact)

    def __str__(self) -> str:
        return self.latex()

    def latex(self) -> str:
        """The value as LaTeX for math mode."""
        if self.written is not None:
            return self.written
        return str(_Printer(_PRINTER).doprint(self.exact))

    def text(self) -> str:
        """The value in plain characters, as in ``sqrt(2)/3``."""
        return self.written if self.written is not None else str(self.exact)

    def decimal(self, digits: int = 6) -> str:
        """The value to so many significant digits; exact whole numbers stay whole."""
        if isinstance(self.exact, sympy.MatrixBase):
            return self.text()
        if self.exact.is_Integer:
            return str(self.exact)
        return str(f"{float(sympy.N(self.exact, digits + 4)):.{digits}g}")

    def _apply(self, other: object, operation: Callable[[Any, Any], Any]) -> Value:
        if not isinstance(other, (Value, int, float)):
            return cast("Value", NotImplemented)
        return Value(operation(self.exact, exact(other)))

    def _compare(self, other: object, operation: Callable[[Any, Any], Any]) -> bool:
        if not isinstance(other, (Value, int, float)):
            return cast("bool", NotImplemented)
        return bool(operation(self.exact, exact(other)))


def exact(value: object) -> Any:
    """The SymPy number behind a value; decimals are taken as they are written."""
    if isinstance(value, Value):
        return value.exact
    if isinstance(value, float):
        return sympy.Rational(repr(value))
    return sympy.Integer(value)


def divide(a: Any, b: Any) -> Any:
    """Exact division.

    Raises:
        ValueFault: the divisor is zero.
    """
    if b == 0:
        raise ValueFault("division by zero")
    return a / b


def modulo(a: Any, b: Any) -> Any:
    """The remainder, with the sign of the divisor.

    Raises:
        ValueFault: the divisor is zero.
    """
    if isinstance(a, sympy.MatrixBase) or isinstance(b, sympy.MatrixBase):
        raise ValueFault("a matrix has no remainder")
    if b == 0:
        raise ValueFault("division by zero")
    return sympy.Mod(a, b)


def power(a: Any, b: Any) -> Any:
    """A power of bounded size.

    Raises:
        ValueFault: the result would be too large, or has no value.
    """
    if isinstance(a, sympy.MatrixBase):
        if not b.is_Integer or abs(b) > 64:
            raise ValueFault("a matrix takes whole powers up to 64")
        return a**b
    if a == 0 and b.is_negative:
        raise ValueFault("division by zero")
    if b.is_Number and abs(b) > MAX_EXPONENT:
        raise ValueFault(f"an exponent beyond {MAX_EXPONENT}")
    bits = max(_bits(a), 1) * (abs(int(b)) if b.is_Integer else 1)
    if bits > MAX_BITS:
        raise ValueFault("a power with more than a thousand digits")
    return a**b


def guard(value: Any) -> None:
    """Refuse what is no finite real number of sane size.

    Raises:
        ValueFault: nothing that a problem could print.
    """
    if isinstance(value, sympy.MatrixBase):
        for entry in value:
            guard(entry)
        return
    if value.is_finite is False or value.has(sympy.nan, sympy.zoo):
        raise ValueFault("the value is not finite")
    if value.is_real is False:
        raise ValueFault("the value is not a real number")
    if _bits(value) > MAX_BITS:
        raise ValueFault("a number with more than a thousand digits")


def _bits(value: Any) -> int:
    numbers = value.atoms(sympy.Rational) if hasattr(value, "atoms") else ()
    return max((max(int(n.p).bit_length(), int(n.q).bit_length()) for n in numbers), default=0)
