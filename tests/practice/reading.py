"""Text of problems as tests read it: every block on a line, shapes as marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from notesbuild.diagnostics import Span
from notesbuild.model.prose import Prose, Shape
from notesbuild.source.prose import Read, read_prose

_MARKS = {
    Shape.EMPHASIS: "*{}*",
    Shape.STRONG: "**{}**",
    Shape.CODE: "`{}`",
    Shape.MATH: "${}$",
    Shape.DISPLAY: "$${}$$",
    Shape.RESULT: "result({})",
    Shape.LINK: "<{}>",
    Shape.FOOTNOTE: "[note: {}]",
    Shape.PICTURE: "picture({})",
    Shape.ANSWER: "answer({})",
    Shape.RAISED: "^{}",
}


def in_order(number: int, fixed: tuple[bool, ...]) -> tuple[int, ...]:
    return tuple(range(len(fixed)))


def read(latex: str, pictures: Iterable[str] = ()) -> Read:
    def place(at: int) -> Span:
        before = latex[:at]
        return Span("p.tex", before.count("\n") + 1, at - before.rfind("\n"))

    return read_prose(latex, place, in_order, pictures)


def question(latex: str, pictures: Iterable[str] = ()) -> str:
    found = read(latex, pictures)
    assert found.faults == ()
    return "\n".join(plain(piece) for piece in found.question)


def solution(latex: str) -> str:
    found = read(latex)
    assert found.faults == ()
    return "\n".join(plain(piece) for piece in found.solution)


def plain(piece: Prose) -> str:
    """Parts and items behind what a reader sees before them."""
    shape = piece.shape
    if shape in (Shape.PARAGRAPH, Shape.EMPHASIS, Shape.STRONG, Shape.TERM, Shape.RAISED):
        inside = "".join(plain(child) for child in piece.children)
    elif shape in (Shape.PART, Shape.CHOICE):
        inside = " ".join([piece.text, *(plain(child) for child in piece.children)])
    elif shape is Shape.LINK:
        inside = piece.text
    elif piece.children:
        between = {Shape.ROW: " | ", Shape.CELL: " "}.get(shape, "\n")
        inside = between.join(plain(child) for child in piece.children)
    else:
        inside = piece.text
    return _MARKS.get(shape, "{}").format(inside)


def letters(pieces: Iterable[Prose]) -> str:
    """All words, in order."""
    return "".join(one.text for one in walked(pieces) if one.shape is Shape.TEXT)


def formulas(pieces: Iterable[Prose]) -> list[str]:
    shapes = (Shape.MATH, Shape.DISPLAY)
    return [one.text for one in walked(pieces) if one.shape in shapes]


def walked(pieces: Iterable[Prose]) -> Iterator[Prose]:
    return (one for piece in pieces for one in piece.walk())
