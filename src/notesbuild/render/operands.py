"""The values that a template works with, and the fault that ends it."""

from __future__ import annotations

from dataclasses import dataclass

from notesbuild.diagnostics import Code
from notesbuild.render.escape import escape_tex
from notesbuild.render.values import Value, exact

LOOP_FIELDS = ("index", "index0", "first", "last", "length")


class TemplateFault(Exception):
    """Something that a template may not do, or that has no result.

    ``word`` is what to look for in the line, to find the column.
    """

    def __init__(
        self, code: Code, message: str, line: int, word: str = "", hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.line = line
        self.word = word
        self.hint = hint


@dataclass(frozen=True)
class Loop:
    """What a template knows as ``loop``."""

    index0: int
    length: int

    def get(self, name: str) -> int | bool:
        """One of ``LOOP_FIELDS``."""
        known: dict[str, int | bool] = {
            "index": self.index0 + 1,
            "index0": self.index0,
            "first": self.index0 == 0,
            "last": self.index0 == self.length - 1,
            "length": self.length,
        }
        return known[name]


class Printed(str):
    """Text that a filter made of printed values; it is TeX already."""

    __slots__ = ()


def printed(value: object, line: int) -> str:
    """A value as TeX: numbers for math mode, words escaped."""
    if isinstance(value, Printed):
        return str(value)
    if isinstance(value, Value):
        return value.latex()
    if isinstance(value, str):
        return str(escape_tex(value))
    if isinstance(value, (bool, int)):
        return str(value)
    raise TemplateFault(Code.JINJA_FAILED, f"{kind_of(value)} cannot be printed", line)


def signed(text: str) -> Printed:
    """A printed number with its sign, also where it is a plus."""
    return Printed(text if text.startswith("-") else f"+{text}")


def coefficient(value: Value) -> Printed:
    """A number in front of a letter: 1 and -1 leave only their sign."""
    if value in (1, -1):
        return Printed("" if value > 0 else "-")
    return Printed(value.latex_between("*", "") if value.is_sum else value.latex())


def is_number(value: object) -> bool:
    """Whether arithmetic is possible."""
    return isinstance(value, (int, Value)) and not isinstance(value, bool)


def as_value(value: object) -> Value:
    """A number as an exact value."""
    return value if isinstance(value, Value) else Value(exact(value))


def equal(left: object, right: object) -> bool:
    """Whether two values are the same; lists never are."""
    if isinstance(left, (list, tuple, range)) or isinstance(right, (list, tuple, range)):
        return False
    return bool(left == right)


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a truth value"),
    (str, "a word"),
    (int, "a number"),
    (Value, "a number"),
    (Loop, "`loop`"),
    (type(None), "nothing"),
)


def kind_of(value: object) -> str:
    """What a value is, in words."""
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "a list")
