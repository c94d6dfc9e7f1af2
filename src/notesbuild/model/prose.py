"""A problem's text as pages show it: blocks and words, free of LaTeX but for its formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """What a piece of text is."""

    PARAGRAPH = "paragraph"
    DISPLAY = "display"
    """``text`` is LaTeX: a bare body or a whole environment."""
    PARTS = "parts"
    """``text`` says how they are counted: see `Counting`."""
    PART = "part"
    """``text`` is what a reader sees, such as ``(a)``; ``note`` the points, if there are any."""
    CHOICES = "choices"
    CHOICE_ROW = "choice-row"
    CHOICE = "choice"
    """``text`` is its letter."""
    ANSWER = "answer"
    """``text`` are the letters of the correct choices."""
    BULLETS = "bullets"
    NUMBERS = "numbers"
    """``text`` says how they are counted."""
    TERMS = "terms"
    ITEM = "item"
    TERM = "term"
    """The first child of an item of ``TERMS``."""
    TABLE = "table"
    """``note`` is ``head`` where the first row is one."""
    ROW = "row"
    CELL = "cell"
    LISTING = "listing"
    PICTURE = "picture"
    """``text`` is the file's name in the problem's folder, ``note`` its words, ``size`` a width."""
    QUOTE = "quote"

    TEXT = "text"
    EMPHASIS = "emphasis"
    STRONG = "strong"
    CODE = "code"
    RAISED = "raised"
    LOWERED = "lowered"
    MATH = "math"
    RESULT = "result"
    """``text`` is a label; ``note`` is ``number`` where the number alone is wanted."""
    LINK = "link"
    """``text`` is the address."""
    FOOTNOTE = "footnote"
    """Its children are blocks."""
    REFERENCE = "reference"
    """``text`` is a label of the problem's own; only while it is being read."""


class Counting(StrEnum):
    """How the entries of a list are counted; the names are docutils' own."""

    LETTERS = "loweralpha"
    CAPITALS = "upperalpha"
    ROMAN = "lowerroman"
    NUMBERS = "arabic"


@dataclass(frozen=True, slots=True)
class Prose:
    """A piece of text; ``line`` of ``path`` is where it begins in the author's file."""

    shape: Shape
    text: str = ""
    children: tuple[Prose, ...] = ()
    note: str = ""
    size: str = ""
    line: int = 0
    path: str = ""

    def walk(self) -> Iterator[Prose]:
        """This piece and all that are inside it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def counted(counting: Counting, number: int) -> str:
    """What stands before the entry of that number, from 1 on: b, B, ii or 2."""
    if counting is Counting.ROMAN:
        text = ""
        for value, letters in _ROMAN:
            while number >= value:
                text, number = text + letters, number - value
        return text
    if counting is Counting.NUMBERS or number > 26:
        return str(number)
    return chr(ord("a" if counting is Counting.LETTERS else "A") + number - 1)
