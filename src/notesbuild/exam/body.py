"""From a rendered body to the LaTeX of one view: choices ordered, solutions in or out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from notesbuild.render.traced import Edit, Traced
from notesbuild.source.latex import CHOICES, SOLUTIONS
from notesbuild.source.scan import Environment, Scan, option, scan

Orders = tuple[tuple[int, ...], ...]

_CORRECT = ("CorrectChoice", "correctchoice")
_ITEMS = ("choice", *_CORRECT)
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
    environments = [_items(environment) for environment in scan(body.text).named(*CHOICES)]
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
    for command in scan(ordered.text).commands:
        if command.name in _ITEMS:
            mark = _FIXED.match(ordered.text, command.end)
            if mark:
                edits.append(Edit(mark.start(), mark.end(), " "))
    return ordered.replaced(edits)


def _items(environment: Environment) -> list[int]:
    """Where each choice begins, and where the last one ends; empty without choices."""
    starts = [command.start for command in environment.commands if command.name in _ITEMS]
    return [*starts, environment.inside_end] if starts else []


def for_view(body: Traced, view: View) -> Traced:
    """The body as one view prints it, with marks where its parts begin.

    A student's text has lost solutions, rubrics, marks of correct choices and comments
    before TeX sees it.
    """
    text = body.stripped()
    found = scan(text.text)
    if view is View.STUDENT:
        return text.replaced([*_without_answers(text.text, found, _space), *_part_marks(found)])
    return text.replaced([*_with_answers(found, view), *_part_marks(found)])


def question_alone(body: Traced) -> Traced:
    """What a student reads, without room for answers: for a page that nobody writes on."""
    text = body.stripped()
    edits = _without_answers(text.text, scan(text.text), lambda name, length: "\\par ")
    return text.replaced(list(edits))


def _part_marks(found: Scan) -> Iterator[Edit]:
    """A mark before each part; that of the first one stands before their list."""
    parts = next(found.named("parts"), None)
    if parts is None:
        return
    heads = [command for command in parts.commands if command.name == "part"]
    for number, head in enumerate(heads):
        place = head.start if number else parts.start
        yield Edit(place, place, f"\\nbpart{{{part_letter(number)}}}%\n", 1)


def _with_answers(found: Scan, view: View) -> Iterator[Edit]:
    for command in found.commands:
        if command.name in _CORRECT:
            yield Edit(command.end, command.end, "\\nbcorrect ")
    if view is View.SOLUTIONS:
        for rubric in found.named("rubric"):
            yield Edit(rubric.start, rubric.end, "")


def _without_answers(text: str, found: Scan, room: Callable[[str, str], str]) -> Iterator[Edit]:
    """``room`` is what stands for a solution, by its environment and the length it asks for."""
    for solution in found.named(*SOLUTIONS):
        length, _ = option(text, solution.inside)
        yield Edit(solution.start, solution.end, room(solution.name, length))
    for rubric in found.named("rubric"):
        yield Edit(rubric.start, rubric.end, "")
    for command in found.commands:
        if command.name in _CORRECT:
            yield Edit(command.start, command.end, "\\choice")
        elif command.name in ("fillin", "answerline"):
            _, end = option(text, command.end)
            if end > command.end:
                yield Edit(command.end, end, "[]")
    for comment in found.comments:
        yield Edit(comment.start, comment.end, "")


def _space(name: str, length: str) -> str:
    """The answer space that a solution environment leaves on a student's paper."""
    style = _SPACES.get(name, "blank")
    if not length:
        return "\\par " if style == "blank" else f"\\nbspace{{{style}}}{{{_FILL}}}"
    return f"\\nbspace{{{style}}}{{{length if _LENGTH.fullmatch(length) else _FILL}}}"


def part_letter(number: int) -> str:
    """The letter of the part with that position: a, b, c, …"""
    return chr(ord("a") + number) if number < 26 else str(number + 1)
