"""Where each strip, answer space and solution stands on its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from notesbuild.exam.blocks import Answer, Item, Part, Room, Strip
from notesbuild.exam.layout import (
    ANSWER_GAP,
    ANSWER_PAD,
    HEADING_GAP,
    PART_GAP,
    QUESTION_GAP,
    SECTION_GAP,
    answers_height,
    asked,
    gaps,
    text_height,
)
from notesbuild.exam.sheet import Sheet

BAR = 2.0


@dataclass(frozen=True)
class Show:
    """A strip of a block with its upper left corner; ``name`` is that of the block."""

    name: str
    strip: Strip
    x: float
    y: float


@dataclass(frozen=True)
class Space:
    """An answer space and how it looks: blank, lines, dotted, grid or box."""

    style: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Tint:
    """The ground of a solution, with the bar at its left."""

    x: float
    y: float
    width: float
    height: float


Mark = Show | Space | Tint


@dataclass(frozen=True)
class Filled:
    """What stands in a box, and the strips of solutions for which it has no room."""

    marks: tuple[Mark, ...]
    over: tuple[tuple[float, Strip], ...] = ()


def fill_student(name: str, part: Part, height: float, width: float) -> Filled:
    """A part on a student's paper: its rooms take whatever its box has."""
    total = asked(part)
    share = max(height - text_height(part), 0.0) / total if total else 0.0
    marks: list[Mark] = []
    y = 0.0
    for item, gap in zip(part.items, gaps(part.items), strict=True):
        y += gap
        if isinstance(item, Strip):
            marks.append(Show(name, item, 0.0, y + item.gap))
            y += item.gap + item.total
        elif isinstance(item, Room):
            room = item.asked * share
            marks.append(Space(item.style, item.indent, y, width - item.indent, room))
            y += room
    return Filled(tuple(marks))


def fill_solutions(
    name: str, part: Part, height: float, width: float, more: tuple[str, Strip]
) -> Filled:
    """A part with its solutions in the place of the answer space, as far as they fit.

    ``more`` is the piece that says that a solution goes on elsewhere.
    """
    free = height - text_height(part)
    cramped = answers_height(part) > free + 0.01
    if cramped:
        free -= more[1].total + ANSWER_PAD
    marks: list[Mark] = []
    over: list[tuple[float, Strip]] = []
    y = 0.0
    for item, gap in zip(part.items, gaps(part.items), strict=True):
        y += gap
        if isinstance(item, Strip):
            marks.append(Show(name, item, 0.0, y + item.gap))
            y += item.gap + item.total
        elif isinstance(item, Answer):
            fitting, rest = _fitting(item.strips, free - 2 * ANSWER_PAD, whole=not over)
            over += [(item.indent, strip) for strip in rest]
            if fitting:
                used = _tinted(name, item.indent, fitting, y, width, marks)
                y += used
                free -= used
    if cramped:
        marks.append(Show(more[0], more[1], 0.0, height - more[1].total))
    return Filled(tuple(marks), tuple(over))


def _fitting(
    strips: Sequence[Strip], room: float, *, whole: bool
) -> tuple[tuple[Strip, ...], tuple[Strip, ...]]:
    """The strips that fit into ``room``, and the others; nothing overtakes what is over."""
    used = 0.0
    for number, strip in enumerate(strips):
        used += strip.gap + strip.total
        if not whole or used > room + 0.01:
            return tuple(strips[:number]), tuple(strips[number:])
    return tuple(strips), ()


def _tinted(
    name: str, indent: float, strips: Sequence[Strip], y: float, width: float, marks: list[Mark]
) -> float:
    """Set strips on their ground; the height that this takes."""
    height = sum(s.gap + s.total for s in strips) - strips[0].gap + 2 * ANSWER_PAD
    marks.append(Tint(indent, y, width - indent, height))
    top = y + ANSWER_PAD
    for number, strip in enumerate(strips):
        top += strip.gap if number else 0.0
        marks.append(Show(name, strip, 0.0, top))
        top += strip.total
    return height


@dataclass(frozen=True)
class Placed:
    """Something on a page, counted from 1, moved down by ``y``; a question tells its number."""

    page: int
    y: float
    marks: tuple[Mark, ...]
    question: int = 0
    letter: str = ""
    height: float = 0.0


@dataclass(frozen=True)
class FlowQuestion:
    """A question of a paper without a fixed layout."""

    number: int
    section: int
    name: str
    parts: tuple[Part, ...]


class Flow:
    """Sets questions one after the other; a page may end between any two strips of a solution."""

    def __init__(self, sheet: Sheet, start: float, page: int = 1) -> None:
        self._width = sheet.text_width
        self._height = sheet.text_height
        self._y = start
        self.page = page
        self.placed: list[Placed] = []

    def questions(
        self,
        questions: Sequence[FlowQuestion],
        headings: dict[int, tuple[str, Strip]],
        *,
        spaces: bool,
    ) -> None:
        """Place all questions with the headings of their sections."""
        section = 0
        for question in questions:
            heading = headings.get(question.section) if question.section != section else None
            section = question.section
            self._question(question, heading, spaces=spaces)

    def rest(self, name: str, strips: Sequence[tuple[float, Strip]], title: Show) -> None:
        """What a solution could not hold in its box, under a title of its own."""
        first = strips[0][1]
        needed = title.strip.total + ANSWER_GAP + first.total + 2 * ANSWER_PAD
        self._gap(QUESTION_GAP, needed)
        self._put((replace(title, y=0.0),), title.strip.total)
        self._y += ANSWER_GAP
        self._answer(name, strips[0][0], [strip for _, strip in strips], 0, "")

    def _question(
        self, question: FlowQuestion, heading: tuple[str, Strip] | None, *, spaces: bool
    ) -> None:
        for number, part in enumerate(question.parts):
            needed = self._beginning(question.parts, number)
            if heading is not None and number == 0:
                name, strip = heading
                self._gap(SECTION_GAP, strip.total + HEADING_GAP + needed)
                self._put((Show(name, strip, 0.0, 0.0),), strip.total)
                self._y += HEADING_GAP
            else:
                self._gap(PART_GAP if number else QUESTION_GAP, needed)
            self._part(question, part, first=number == 0, spaces=spaces)

    def _beginning(self, parts: Sequence[Part], number: int) -> float:
        """What has to stand together at the beginning of a part."""
        needed = 0.0
        for item in parts[number].items:
            if isinstance(item, Answer):
                return needed + ANSWER_GAP + item.strips[0].total + 2 * ANSWER_PAD
            if isinstance(item, Strip):
                needed += item.total
        if number == 0 and len(parts) > 1:
            needed += PART_GAP + self._beginning(parts, 1)
        return min(needed, self._height)

    def _part(self, question: FlowQuestion, part: Part, *, first: bool, spaces: bool) -> None:
        numbered = first
        for item, gap in zip(part.items, gaps(part.items), strict=True):
            if isinstance(item, Strip):
                self._gap(gap, item.total)
                show = (Show(question.name, item, 0.0, 0.0),)
                number = question.number
                self._put(show, item.total, number if numbered else -number, part.letter)
                numbered = False
            elif isinstance(item, Answer):
                self._y += gap
                self._answer(question.name, item.indent, item.strips, question.number, part.letter)
            elif spaces:
                self._room(item, gap, question.number, part.letter)

    def _room(self, room: Room, gap: float, number: int, letter: str) -> None:
        height = min(room.asked, self._height)
        self._gap(gap, height)
        space = Space(room.style, room.indent, 0.0, self._width - room.indent, height)
        self._put((space,), height, -number, letter)

    def _answer(
        self, name: str, indent: float, strips: Sequence[Strip], number: int, letter: str
    ) -> None:
        remaining = list(strips)
        while remaining:
            room = self._height - self._y - 2 * ANSWER_PAD + remaining[0].gap
            fitting, rest = _fitting(remaining, room, whole=True)
            if not fitting and self._y > 0:
                self._turn()
                continue
            fitting, rest = (
                (fitting, rest) if fitting else (tuple(remaining[:1]), tuple(remaining[1:]))
            )
            marks: list[Mark] = []
            height = _tinted(name, indent, fitting, 0.0, self._width, marks)
            self._put(tuple(marks), height, -number, letter)
            remaining = list(rest)

    def _gap(self, gap: float, needed: float) -> None:
        """A gap, or a new page where the gap and what follows do not fit."""
        if self._y > 0 and self._y + gap + needed > self._height:
            self._turn()
        elif self._y > 0:
            self._y += gap

    def _turn(self) -> None:
        self.page += 1
        self._y = 0.0

    def _put(
        self, marks: tuple[Mark, ...], height: float, question: int = 0, letter: str = ""
    ) -> None:
        self.placed.append(Placed(self.page, self._y, marks, question, letter, height))
        self._y += height


def strips_of(items: Sequence[Item]) -> Iterator[Strip]:
    """Every strip of some items."""
    for item in items:
        if isinstance(item, Strip):
            yield item
        elif isinstance(item, Answer):
            yield from item.strips
