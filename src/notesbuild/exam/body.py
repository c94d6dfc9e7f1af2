"""From a rendered body to the LaTeX of one view: choices ordered, solutions in or out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from notesbuild.render.traced import Edit, Traced
from notesbuild.source.latex import CHOICES, SOLUTIONS, latex_nodes

Orders = tuple[tuple[int, ...], ...]

_ITEMS = ("choice", "CorrectChoice", "correctchoice")
_LENGTH = re.compile(r"\s*\d*\.?\d+\s*(?:pt|pc|bp|in|cm|mm|em|ex|\\baselineskip|\\textheight)\s*")
_FIXED = re.compile(r"\s*\[fixed\]")

# What a student finds in the place of each kind of solution.
_SPACES = {
    "solutionorlines": "lines",
    "solutionordottedlines": "dotted",
    "solutionorgrid": "grid",
    "solutionorbox": "box",
}
# What \\fill and \\stretch ask for, which have no size of their own.
_FILL = "7cm"


class View(StrEnum):
    """The three papers of a version."""

    STUDENT = "student"
    SOLUTIONS = "solutions"
    RUBRIC = "rubric"

    @property
    def suffix(self) -> str:
        """What distinguishes the file's name."""
        return "" if self is View.STUDENT else f"-{self.value}"


class OrderFault(ValueError):
    """The orders of a lock do not fit the choices of a body."""


def order_choices(body: Traced, orders: Orders) -> Traced:
    """Each choices environment in its drawn order (positions count from 0, the author's).

    Raises:
        OrderFault: an order that is no permutation, or too many of them.
    """
    environments = [_items(node) for node in latex_nodes(body.text) if _is_choices(node)]
    if orders and len(orders) != len(environments):
        raise OrderFault(f"{len(orders)} orders for {len(environments)} lists of choices")
    edits: list[Edit] = []
    pieces: list[Traced] = []
    position = 0
    for number, starts in enumerate(environments):
        if not starts:
            continue
        order = orders[number] if orders else tuple(range(len(starts) - 1))
        if sorted(order) != list(range(len(starts) - 1)):
            raise OrderFault(f"{list(order)} is no order of {len(starts) - 1} choices")
        pieces.append(body.cut(position, starts[0]))
        pieces += [body.cut(starts[index], starts[index + 1]) for index in order]
        position = starts[-1]
    ordered = Traced.joined([*pieces, body.cut(position)])
    for node in latex_nodes(ordered.text):
        if getattr(node, "macroname", None) in _ITEMS:
            mark = _FIXED.match(ordered.text, node.pos + 1 + len(node.macroname))
            if mark:
                edits.append(Edit(mark.start(), mark.end(), " "))
    return ordered.replaced(edits)


def _is_choices(node: Any) -> bool:
    return getattr(node, "environmentname", None) in CHOICES


def _items(node: Any) -> list[int]:
    """Where each choice begins, and where the last one ends; empty without choices."""
    starts = [n.pos for n in node.nodelist if n is not None and _item_name(n)]
    last = node.nodelist[-1] if node.nodelist else None
    return [*starts, last.pos + last.len] if starts and last is not None else []


def _item_name(node: Any) -> bool:
    return getattr(node, "macroname", None) in _ITEMS


def for_view(body: Traced, view: View) -> Traced:
    """The body as one view prints it, with marks where its parts begin.

    A student's text has lost solutions, rubrics, marks of correct choices and comments
    before TeX sees it.
    """
    text = body.stripped()
    found = latex_nodes(text.text)
    if view is View.STUDENT:
        return text.replaced([*_without_answers(text.text, found), *_part_marks(found)])
    return text.replaced([*_with_answers(found, view), *_part_marks(found)])


def _part_marks(found: tuple[Any, ...]) -> Iterator[Edit]:
    """A mark before each part; that of the first one stands before their list."""
    parts = next((n for n in found if _environment(n) == "parts"), None)
    if parts is None:
        return
    heads = [n for n in parts.nodelist if getattr(n, "macroname", None) == "part"]
    for number, head in enumerate(heads):
        place = head.pos if number else parts.pos
        yield Edit(place, place, f"\\nbpart{{{part_letter(number)}}}%\n", 1)


def _with_answers(found: tuple[Any, ...], view: View) -> Iterator[Edit]:
    for node in found:
        macro = getattr(node, "macroname", None)
        if macro in ("CorrectChoice", "correctchoice"):
            end = node.pos + 1 + len(macro)
            yield Edit(end, end, "\\nbcorrect ")
        elif view is View.SOLUTIONS and _environment(node) == "rubric":
            yield _cut(node)


def _environment(node: Any) -> str:
    return str(getattr(node, "environmentname", None) or "")


def _cut(node: Any, text: str = "") -> Edit:
    return Edit(node.pos, node.pos + node.len, text)


def _without_answers(text: str, found: tuple[Any, ...]) -> Iterator[Edit]:
    for node in found:
        name = _environment(node)
        macro = str(getattr(node, "macroname", None) or "")
        if name in SOLUTIONS:
            yield _cut(node, _space(name, _optional(node)))
        elif name == "rubric":
            yield _cut(node)
        elif macro in ("CorrectChoice", "correctchoice"):
            yield Edit(node.pos, node.pos + 1 + len(macro), "\\choice")
        elif macro in ("fillin", "answerline"):
            answer = re.compile(r"\s*\[[^\]]*\]").match(text, node.pos + 1 + len(macro))
            if answer:
                yield Edit(answer.start(), answer.end(), "[]")
        elif getattr(node, "comment", None) is not None:
            yield Edit(node.pos + 1, node.pos + 1 + len(node.comment), "")


def _optional(node: Any) -> str:
    arguments = getattr(getattr(node, "nodeargd", None), "argnlist", None) or ()
    if not arguments or arguments[0] is None:
        return ""
    return str(arguments[0].latex_verbatim())[1:-1].strip()


def _space(name: str, length: str) -> str:
    """The answer space that a solution environment leaves on a student's paper."""
    style = _SPACES.get(name, "blank")
    if not length:
        return "\\par " if style == "blank" else f"\\nbspace{{{style}}}{{{_FILL}}}"
    return f"\\nbspace{{{style}}}{{{length if _LENGTH.fullmatch(length) else _FILL}}}"


def part_letter(number: int) -> str:
    """The letter of the part with that position: a, b, c, …"""
    return chr(ord("a") + number) if number < 26 else str(number + 1)
