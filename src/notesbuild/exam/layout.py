"""One page plan that holds for every version: where each question and each part stands.

A unit is a part of a question (or what precedes its parts). Its box is as high as the version
that needs most; what is left of a page is shared out to the answer spaces on it, in proportion
to what they ask for. All lengths are PDF points before scaling, measured down from the top of
the text area.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from notesbuild.exam.blocks import Answer, Block, Item, Part, Room, Strip
from notesbuild.exam.sheet import Sheet

SECTION_GAP, HEADING_GAP, QUESTION_GAP, PART_GAP = 22.0, 12.0, 16.0, 9.0
ROOM_GAP = 4.0
ANSWER_GAP = 6.0
ANSWER_PAD = 6.0
AFTER_GAP = 8.0
COVER_GAP = 20.0


@dataclass(frozen=True)
class Variant:
    """A question as one version has it: its block for students and the one with solutions."""

    name: str
    student: Block
    solutions: Block


@dataclass(frozen=True)
class Slot:
    """Everything that stands at one number: the section (from 1) and all variants."""

    question: int
    section: int
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class UnitBox:
    """The box of a part (or of what precedes the parts) on its page, counted from 1."""

    question: int
    index: int
    letter: str
    page: int
    top: float
    height: float


@dataclass(frozen=True)
class Heading:
    """The heading of a section (from 1) on its page."""

    section: int
    page: int
    top: float


@dataclass(frozen=True)
class Plan:
    """The plan of all pages; ``joined`` are the questions whose parts share one box."""

    boxes: tuple[UnitBox, ...]
    headings: tuple[Heading, ...]
    pages: int
    joined: frozenset[int]


@dataclass(frozen=True)
class Misfit:
    """A text that is higher than a page by ``excess`` points."""

    question: int
    variant: str
    letter: str
    excess: float


@dataclass(frozen=True)
class _Unit:
    question: int
    section: int
    index: int
    letter: str
    need: float
    least: float
    weight: float
    keep: bool


def text_height(part: Part) -> float:
    """What the texts of a part need, with the gaps around its rooms and solutions."""
    strips = sum(item.gap + item.total for item in part.items if isinstance(item, Strip))
    return strips + sum(gaps(part.items))


def gaps(items: Sequence[Item]) -> Iterator[float]:
    """The gap above each item."""
    for number, item in enumerate(items):
        if number == 0:
            yield 0.0
        elif isinstance(item, Room):
            yield ROOM_GAP
        elif isinstance(item, Answer):
            yield ANSWER_GAP
        else:
            yield AFTER_GAP


def asked(part: Part) -> float:
    """The answer space that a part asks for."""
    return sum(item.asked for item in part.items if isinstance(item, Room))


def answers_height(part: Part) -> float:
    """What the solutions of a part need."""
    return sum(item.total + 2 * ANSWER_PAD for item in part.items if isinstance(item, Answer))


def parts_of(block: Block, *, joined: bool) -> tuple[Part, ...]:
    """The parts of a block, or all of them as one."""
    if not joined:
        return block.parts
    items: list[Item] = []
    for number, part in enumerate(block.parts):
        for place, item in enumerate(part.items):
            if number > 0 and place == 0 and isinstance(item, Strip):
                items.append(replace(item, gap=item.gap + PART_GAP))
            else:
                items.append(item)
    return (Part("", tuple(items)),)


def make_plan(
    slots: tuple[Slot, ...],
    headings: dict[int, float],
    sheet: Sheet,
    *,
    start: float | None,
) -> Plan:
    """The plan of texts among which there is no misfit.

    ``headings`` holds the heights of the sections' headings; ``start`` is where the first page
    begins to be free below its cover (None: the cover has that page for itself).
    """
    joined = frozenset(s.question for s in slots if not _alike(s) and _fits_joined(s, sheet))
    units = [unit for slot in slots for unit in _units(slot, joined, sheet)]
    return _Flow(sheet, headings, start).plan(units, joined)


def find_misfits(slots: Iterable[Slot], sheet: Sheet) -> tuple[Misfit, ...]:
    """The texts that no page can hold, each with the part that exceeds it most."""
    variants = ((slot.question, variant) for slot in slots for variant in slot.variants)
    found = (_misfit(question, variant, sheet) for question, variant in variants)
    return tuple(misfit for misfit in found if misfit is not None)


def _misfit(question: int, variant: Variant, sheet: Sheet) -> Misfit | None:
    parts = (*variant.student.parts, *variant.solutions.parts)
    worst = max(parts, key=text_height, default=None)
    excess = text_height(worst) - sheet.text_height if worst else 0.0
    return Misfit(question, variant.name, worst.letter, excess) if worst and excess > 0 else None


def _alike(slot: Slot) -> bool:
    """Whether all variants have the same parts."""
    return len({tuple(p.letter for p in v.student.parts) for v in slot.variants}) == 1


def _fits_joined(slot: Slot, sheet: Sheet) -> bool:
    blocks = [block for v in slot.variants for block in (v.student, v.solutions)]
    parts = (part for block in blocks for part in parts_of(block, joined=True))
    return all(text_height(part) <= sheet.text_height for part in parts)


def _units(slot: Slot, joined: frozenset[int], sheet: Sheet) -> Iterator[_Unit]:
    together = slot.question in joined
    students = [parts_of(v.student, joined=together) for v in slot.variants]
    solutions = [parts_of(v.solutions, joined=together) for v in slot.variants]
    count = max(len(parts) for parts in (*students, *solutions))
    for index in range(count):
        own = [parts[index] for parts in students if index < len(parts)]
        solved = [parts[index] for parts in solutions if index < len(parts)]
        least = max((text_height(part) for part in (*own, *solved)), default=0.0)
        need = max(
            *(text_height(part) + asked(part) for part in own),
            *(text_height(part) + answers_height(part) for part in solved),
            least,
        )
        yield _Unit(
            slot.question,
            slot.section,
            index,
            own[0].letter if own else "",
            min(need, sheet.text_height),
            least,
            max((asked(part) for part in own), default=0.0),
            keep=index == 0 and count > 1,
        )


class _Flow:
    """Fills pages one after the other."""

    def __init__(self, sheet: Sheet, headings: dict[int, float], start: float | None) -> None:
        self._height = sheet.text_height
        self._headings = headings
        first = 2 if start is None else 1
        self._fresh = start is None
        self._page = first
        self._y = 0.0 if start is None else start
        self._boxes: list[UnitBox] = []
        self._weights: list[float] = []
        self._placed: list[Heading] = []

    def plan(self, units: list[_Unit], joined: frozenset[int]) -> Plan:
        """Place all units in their order."""
        position = 0
        section = 0
        while position < len(units):
            chain = list(_chain(units, position))
            heading = units[position].section if units[position].section != section else 0
            self._place(chain, heading)
            section = units[position].section
            position += len(chain)
        boxes, headings = self._stretched()
        return Plan(boxes, headings, self._page, joined)

    def _place(self, chain: list[_Unit], heading: int) -> None:
        if not self._fresh and self._y + self._needed(chain, heading) > self._height:
            self._turn()
        if heading:
            self._heading(heading)
        for number, unit in enumerate(chain):
            gap = self._gap(unit, after_heading=bool(heading) and number == 0)
            room = self._height - self._y - gap
            if not self._fresh and unit.need > room and (number > 0 or unit.least > room):
                self._turn()
                gap, room = 0.0, self._height
            height = min(unit.need, room)
            self._boxes.append(
                UnitBox(unit.question, unit.index, unit.letter, self._page, self._y + gap, height)
            )
            self._weights.append(unit.weight)
            self._y += gap + height
            self._fresh = False

    def _needed(self, chain: list[_Unit], heading: int) -> float:
        total = 0.0
        if heading:
            total += SECTION_GAP + self._headings.get(heading, 0.0)
        for number, unit in enumerate(chain):
            total += self._gap(unit, after_heading=bool(heading) and number == 0) + unit.need
        return total

    def _gap(self, unit: _Unit, *, after_heading: bool) -> float:
        if after_heading:
            return HEADING_GAP
        if self._fresh:
            return 0.0
        return PART_GAP if unit.index else QUESTION_GAP

    def _heading(self, section: int) -> None:
        height = self._headings.get(section, 0.0)
        top = self._y + (0.0 if self._fresh else SECTION_GAP)
        self._placed.append(Heading(section, self._page, top))
        self._y = top + height
        self._fresh = False

    def _turn(self) -> None:
        self._page += 1
        self._y = 0.0
        self._fresh = True

    def _stretched(self) -> tuple[tuple[UnitBox, ...], tuple[Heading, ...]]:
        """Everything, with what is left of each page shared out to those that ask for space."""
        boxes: list[UnitBox] = []
        headings: list[Heading] = []
        for page in range(1, self._page + 1):
            pairs = zip(self._boxes, self._weights, strict=True)
            own = [(box, weight) for box, weight in pairs if box.page == page]
            left = max(self._height - max((_bottom(box) for box, _ in own), default=0.0), 0.0)
            total = sum(weight for _, weight in own)
            more = [left * weight / total if total else 0.0 for _, weight in own]
            for number, (box, _) in enumerate(own):
                moved, grown = box.top + sum(more[:number]), box.height + more[number]
                boxes.append(replace(box, top=moved, height=grown))
            for heading in (h for h in self._placed if h.page == page):
                above = [m for (box, _), m in zip(own, more, strict=True) if box.top < heading.top]
                headings.append(replace(heading, top=heading.top + sum(above)))
        return tuple(boxes), tuple(headings)


def _bottom(box: UnitBox) -> float:
    return box.top + box.height


def _chain(units: list[_Unit], position: int) -> Iterator[_Unit]:
    """A unit, with the one that follows it where they stay together."""
    yield units[position]
    while units[position].keep and position + 1 < len(units):
        position += 1
        yield units[position]
