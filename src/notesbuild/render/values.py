"""Exact numbers for templates: arithmetic and comparisons outside, Python or SymPy inside.

Whole numbers and fractions are Python's own, which is quick; SymPy is loaded when a root, a
logarithm or a matrix needs it. Its objects must not reach a template: their methods take
strings and evaluate them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

MAX_BITS = 4096
MAX_EXPONENT = 512

_OPERATORS_BEFORE = ("+", "-", "/", "*", "\\cdot", "\\times", "\\pm", "\\mp", "\\div")


class ValueFault(ValueError):
    """An operation that has no value, or one that is too large."""


class Value:
    """An exact real number, or a matrix of them; it never changes.

    ``held`` is an ``int``, a ``Fraction`` or, for everything else, SymPy's object. ``written``
    keeps a decimal as its author wrote it: 0.10 is exactly 1/10, and prints 0.10.
    """

    __slots__ = ("held", "written")

    def __init__(self, held: Any, written: str | None = None) -> None:
        self.held = _normal(held)
        self.written = written
        guard(self.held)

    def __repr__(self) -> str:
        return f"Value({self.held!r})"

    # Arithmetic
    def __add__(self, other: object) -> Value:
        return self._apply(other, operator.add)

    def __radd__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: b + a)

    def __sub__(self, other: object) -> Value:
        return self._apply(other, operator.sub)

    def __rsub__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: b - a)

    def __mul__(self, other: object) -> Value:
        return self._apply(other, operator.mul)

    def __rmul__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: b * a)

    def __truediv__(self, other: object) -> Value:
        return self._apply(other, divide)

    def __rtruediv__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: divide(b, a))

    def __floordiv__(self, other: object) -> Value:
        return self._apply(other, floor_divide)

    def __rfloordiv__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: floor_divide(b, a))

    def __mod__(self, other: object) -> Value:
        return self._apply(other, modulo)

    def __rmod__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: modulo(b, a))

    def __pow__(self, other: object) -> Value:
        return self._apply(other, power)

    def __rpow__(self, other: object) -> Value:
        return self._apply(other, lambda a, b: power(b, a))

    def __neg__(self) -> Value:
        return Value(-self.held)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return Value(abs(self.held))

    # Comparisons
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Value, int, float)):
            return False
        a, b = self.held, exact(other)
        return bool(a == b) if is_plain(a) and is_plain(b) else _same(a, b)

    def __hash__(self) -> int:
        if is_plain(self.held):
            return hash(self.held)
        from notesbuild.render import symbolic

        simple = _normal(symbolic.simplified(self.held))
        return hash(simple) if is_plain(simple) else hash(str(simple))

    def __lt__(self, other: object) -> bool:
        return self._compare(other, operator.lt)

    def __le__(self, other: object) -> bool:
        return self._compare(other, operator.le)

    def __gt__(self, other: object) -> bool:
        return self._compare(other, operator.gt)

    def __ge__(self, other: object) -> bool:
        return self._compare(other, operator.ge)

    def __bool__(self) -> bool:
        return bool(self.held != 0)

    def __int__(self) -> int:
        return int(self.held)

    def __index__(self) -> int:
        if not isinstance(self.held, int):
            raise TypeError(f"{self.text()} is not a whole number")
        return self.held

    def __float__(self) -> float:
        return float(self.held)

    def __str__(self) -> str:
        return self.latex()

    # Printing
    def latex(self) -> str:
        """The value as LaTeX for math mode."""
        if self.written is not None:
            return self.written
        if isinstance(self.held, int):
            return str(self.held)
        if isinstance(self.held, Fraction):
            sign = "- " if self.held < 0 else ""
            return f"{sign}\\frac{{{abs(self.held.numerator)}}}{{{self.held.denominator}}}"
        from notesbuild.render import symbolic

        return symbolic.latex(self.held)

    def latex_between(self, before: str, after: str) -> str:
        """The value as LaTeX behind ``before`` and in front of ``after``.

        It gets parentheses where its neighbours would take a part of it for the whole: a
        negative number behind an operator, a sum behind a product, anything but a plain
        number or a single symbol below an exponent.
        """
        text = self.latex()
        if after.lstrip().startswith("^"):
            wrapped = not self._is_atom(text)
        else:
            joined = before.rstrip().endswith(_OPERATORS_BEFORE)
            plus = before.rstrip().endswith("+")
            wrapped = joined and (text.startswith("-") or (self.is_sum and not plus))
        if not wrapped:
            return text
        return (
            f"({text})"
            if text.lstrip("-").replace(".", "", 1).isdecimal()
            else f"\\left({text}\\right)"
        )

    def text(self) -> str:
        """The value in plain characters, as in ``sqrt(2)/3``."""
        return self.written if self.written is not None else str(self.held)

    def decimal(self, digits: int = 6) -> str:
        """The value to so many significant digits; exact whole numbers stay whole."""
        if isinstance(self.held, int):
            return str(self.held)
        if isinstance(self.held, Fraction):
            return _decimal(self.held, digits)
        from notesbuild.render import symbolic

        if symbolic.is_matrix(self.held):
            return self.text()
        return str(f"{symbolic.approximate(self.held, digits):.{digits}g}")

    @property
    def is_sum(self) -> bool:
        """Whether it prints as a sum, such as 1 + sqrt(2)."""
        return bool(getattr(self.held, "is_Add", False))

    def _is_atom(self, text: str) -> bool:
        if is_plain(self.held):
            return text.replace(".", "", 1).isdecimal()
        return bool(getattr(self.held, "is_Atom", False)) or text.startswith("\\begin{pmatrix}")

    def _apply(self, other: object, operation: Callable[[Any, Any], Any]) -> Value:
        if not isinstance(other, (Value, int, float)):
            return cast("Value", NotImplemented)
        return Value(operation(*_alike(self.held, exact(other))))

    def _compare(self, other: object, operation: Callable[[Any, Any], Any]) -> bool:
        if not isinstance(other, (Value, int, float)):
            return cast("bool", NotImplemented)
        return bool(operation(*_alike(self.held, exact(other))))


def exact(value: object) -> Any:
    """What a :class:`Value` of it holds; decimals are taken as they are written.

    Raises:
        ValueFault: it is not finite.
    """
    if isinstance(value, Value):
        return value.held
    if isinstance(value, float):
        try:
            return _normal(Fraction(repr(value)))
        except ValueError as fault:
            raise ValueFault("it is not finite") from fault
    return operator.index(cast("int", value))


def is_plain(held: object) -> bool:
    """Whether it is a whole number or a fraction of Python's."""
    return isinstance(held, (int, Fraction))


def _normal(held: Any) -> Any:
    """Whole numbers as ``int``, other rational numbers as ``Fraction``, the rest as it is."""
    if isinstance(held, int):
        return held
    if isinstance(held, Fraction):
        return held.numerator if held.denominator == 1 else held
    if getattr(held, "is_Rational", False):
        return _normal(Fraction(int(held.p), int(held.q)))
    return held


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Both as Python's numbers, or both as SymPy's."""
    if is_plain(a) and is_plain(b):
        return a, b
    from notesbuild.render import symbolic

    return symbolic.symbolic(a), symbolic.symbolic(b)


def _same(a: Any, b: Any) -> bool:
    from notesbuild.render import symbolic

    return symbolic.same(*_alike(a, b))


def divide(a: Any, b: Any) -> Any:
    """Exact division.

    Raises:
        ValueFault: the divisor is zero.
    """
    if b == 0:
        raise ValueFault("division by zero")
    return Fraction(a, b) if is_plain(a) and is_plain(b) else a / b


def floor_divide(a: Any, b: Any) -> Any:
    """The largest whole number that is not above the quotient.

    Raises:
        ValueFault: the divisor is zero.
    """
    quotient = divide(a, b)
    if is_plain(quotient):
        return quotient.__floor__()
    from notesbuild.render import symbolic

    return symbolic.floor(quotient)


def modulo(a: Any, b: Any) -> Any:
    """The remainder, with the sign of the divisor.

    Raises:
        ValueFault: the divisor is zero.
    """
    if is_plain(a) and is_plain(b):
        if b == 0:
            raise ValueFault("division by zero")
        return a % b
    from notesbuild.render import symbolic

    return symbolic.modulo(*_alike(a, b))


def power(a: Any, b: Any) -> Any:
    """A power of bounded size.

    Raises:
        ValueFault: the result would be too large, or has no value.
    """
    if not (is_plain(a) and isinstance(b, int)):
        from notesbuild.render import symbolic

        return symbolic.power(*_alike(a, b))
    if a == 0 and b < 0:
        raise ValueFault("division by zero")
    bounded_power(_bits(a), b)
    return Fraction(a) ** b


def bounded_power(bits: int, exponent: int) -> None:
    """Refuse a power of a number of so many bits that would be too long.

    Raises:
        ValueFault: the exponent or the result would be too large.
    """
    if abs(exponent) > MAX_EXPONENT:
        raise ValueFault(f"an exponent beyond {MAX_EXPONENT}")
    if max(bits, 1) * abs(exponent) > MAX_BITS:
        raise ValueFault("a power with more than a thousand digits")


def guard(held: Any) -> None:
    """Refuse what is no finite real number of sane size.

    Raises:
        ValueFault: nothing that a problem could print.
    """
    if is_plain(held):
        if _bits(held) > MAX_BITS:
            raise ValueFault("a number with more than a thousand digits")
        return
    from notesbuild.render import symbolic

    symbolic.guard(held)


def _bits(number: int | Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _decimal(number: Fraction, digits: int) -> str:
    try:
        return f"{float(number):.{digits}g}"
    except OverflowError:
        quotient = Decimal(number.numerator) / Decimal(number.denominator)
        return f"{quotient:.{digits}g}"
