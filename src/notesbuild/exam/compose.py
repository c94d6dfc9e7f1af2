"""Pages of versions and copies, composed from what was set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil

from notesbuild.exam.blocks import Block, Part, Strip
from notesbuild.exam.body import View
from notesbuild.exam.canvas import Canvas, Forms, Fragment
from notesbuild.exam.layout import (
    COVER_GAP,
    Plan,
    UnitBox,
    answers_height,
    asked,
    parts_of,
    text_height,
)
from notesbuild.exam.placing import (
    Filled,
    Flow,
    FlowQuestion,
    Mark,
    Placed,
    Show,
    fill_solutions,
    fill_student,
)
from notesbuild.exam.sheet import Sheet

NUMBER_WIDTH = 16.4
"""Where the number of a question ends, in points from the left of the text (1.5 em)."""


@dataclass(frozen=True)
class Ask:
    """A question of a version: its number, its section (from 1), the names of its blocks."""

    number: int
    section: int
    blocks: Mapping[View, str]


@dataclass(frozen=True)
class Version:
    """What a version consists of: the names of its cover and of its last line, by view."""

    name: str
    asks: tuple[Ask, ...]
    covers: Mapping[View, str]
    footers: Mapping[View, str]


@dataclass(frozen=True)
class Stock:
    """Everything that was set, by name, and the names of the strips' forms."""

    blocks: Mapping[str, Block]
    forms: Forms

    def one(self, name: str) -> Strip:
        """The strip of a piece of a page."""
        return self.blocks[name].strip


@dataclass(frozen=True)
class Spot:
    """A region of a page: question and part (empty: the whole), from the top of the text."""

    question: int
    letter: str
    page: int
    top: float
    height: float


@dataclass(frozen=True)
class Paper:
    """The pages of one version in one view, and where its questions stand."""

    version: str
    view: View
    pages: tuple[Fragment, ...]
    spots: tuple[Spot, ...]


@dataclass
class Composer:
    """Composes papers on one sheet; ``plan`` is None for papers without a fixed layout."""

    sheet: Sheet
    stock: Stock
    plan: Plan | None
    spaces: bool = True
    even_pages: bool = False
    blank_pages: int = 0
    _filled: dict[tuple[str, int, View], tuple[Fragment, Filled]] = field(default_factory=dict)

    def paper(self, version: Version, view: View, cover: str = "") -> Paper:
        """The pages of a version, each with its head and foot; ``cover`` is another cover."""
        first = cover or version.covers[view]
        if self.plan is not None and view is not View.RUBRIC:
            return self._planned(version, view, first, self.plan)
        return self._flowing(version, view, first)

    def last_page(self, versions: Iterable[Version]) -> int:
        """A number of pages that no paper exceeds, blank ones included."""
        heights = {name: _height(block) for name, block in self.stock.blocks.items()}
        most = max(
            sum(max(heights[name] for name in ask.blocks.values()) for ask in version.asks)
            for version in versions
        )
        planned = self.plan.pages if self.plan else 0
        # No two pages in a row are less than half full.
        return planned + ceil(2 * most / self.sheet.text_height) + self.blank_pages + 2

    # --- the fixed layout ---

    def _planned(self, version: Version, view: View, cover: str, plan: Plan) -> Paper:
        drawn: dict[int, list[Fragment]] = {page: [] for page in range(1, plan.pages + 1)}
        drawn[1].append(self._cover(cover))
        for heading in plan.headings:
            name = f"section-{heading.section}"
            show = Show(name, self.stock.one(name), 0.0, 0.0)
            drawn[heading.page].append(self._drawn((show,), heading.top))
        over: list[tuple[Ask, Filled]] = []
        asks = {ask.number: ask for ask in version.asks}
        for box in plan.boxes:
            ask = asks[box.question]
            fragment, filled = self._box(ask, box, view, plan)
            drawn[box.page].append(fragment)
            if filled.over:
                over.append((ask, filled))
        for page, fragment in self._continued(over, view, plan.pages):
            drawn.setdefault(page, []).append(fragment)
        return self._paper(version, view, drawn, planned_spots(plan))

    def _box(self, ask: Ask, box: UnitBox, view: View, plan: Plan) -> tuple[Fragment, Filled]:
        name = ask.blocks[view]
        key = (name, plan.boxes.index(box), view)
        if key not in self._filled:
            self._filled[key] = self._new_box(name, ask, box, view, plan)
        return self._filled[key]

    def _new_box(
        self, name: str, ask: Ask, box: UnitBox, view: View, plan: Plan
    ) -> tuple[Fragment, Filled]:
        parts = parts_of(self.stock.blocks[name], joined=ask.number in plan.joined)
        if box.index >= len(parts):
            return Fragment(), Filled(())
        part, width = parts[box.index], self.sheet.text_width
        if view is View.STUDENT:
            filled = fill_student(name, part, box.height, width)
        else:
            more = ("more", self.stock.one("more"))
            filled = fill_solutions(name, part, box.height, width, more)
        canvas = Canvas(self.sheet, self.stock.forms)
        canvas.marks(filled.marks, 0.0, box.top)
        if box.index == 0:
            self._number(canvas, ask.number, part, box.top)
        return canvas.fragment(), filled

    def _continued(
        self, over: list[tuple[Ask, Filled]], view: View, pages: int
    ) -> list[tuple[int, Fragment]]:
        if not over:
            return []
        flow = Flow(self.sheet, 0.0, pages + 1)
        for ask, filled in over:
            title = f"question-{ask.number}"
            show = Show(title, self.stock.one(title), 0.0, 0.0)
            flow.rest(ask.blocks[view], filled.over, show)
        return [(item.page, self._drawn(item.marks, item.y)) for item in flow.placed]

    # --- without a fixed layout ---

    def _flowing(self, version: Version, view: View, cover: str) -> Paper:
        flow = Flow(self.sheet, self.stock.one(cover).total + COVER_GAP)
        questions = [
            FlowQuestion(
                ask.number, ask.section, ask.blocks[view], self.stock.blocks[ask.blocks[view]].parts
            )
            for ask in version.asks
        ]
        sections = {ask.section for ask in version.asks}
        headings = {s: (f"section-{s}", self.stock.one(f"section-{s}")) for s in sections}
        flow.questions(questions, headings, spaces=self.spaces and view is View.STUDENT)
        drawn: dict[int, list[Fragment]] = {page: [] for page in range(1, flow.page + 1)}
        drawn[1].append(self._cover(cover))
        for item in flow.placed:
            canvas = Canvas(self.sheet, self.stock.forms)
            canvas.marks(item.marks, 0.0, item.y)
            if item.question > 0 and isinstance(item.marks[0], Show):
                self._number_at(canvas, item.question, item.marks[0].strip, item.y)
            drawn[item.page].append(canvas.fragment())
        return self._paper(version, view, drawn, flowing_spots(flow.placed))

    # --- what all pages have ---

    def _paper(
        self,
        version: Version,
        view: View,
        drawn: Mapping[int, list[Fragment]],
        spots: tuple[Spot, ...],
    ) -> Paper:
        everything = dict(drawn)
        if view is View.STUDENT:
            everything |= self._blank_pages(max(drawn))
        count = max(everything)
        footer = version.footers[view]
        pages = (
            Fragment.joined((*everything.get(page, ()), self._frame(page, count, footer)))
            for page in range(1, count + 1)
        )
        return Paper(version.name, view, tuple(pages), spots)

    def _blank_pages(self, last: int) -> dict[int, list[Fragment]]:
        """Pages for drafts, and one more where an even number is wanted."""
        notes = ["blank"] * self.blank_pages
        if self.even_pages and (last + len(notes)) % 2:
            notes.append("blank" if notes else "empty")
        return {
            last + number: [self._drawn((Show(note, self.stock.one(note), 0.0, 0.0),), 0.0)]
            for number, note in enumerate(notes, start=1)
        }

    def _frame(self, page: int, count: int, footer: str) -> Fragment:
        """Head and foot; a page with a cover has no head."""
        canvas = Canvas(self.sheet, self.stock.forms)
        width = self.sheet.text_width
        if page > 1:
            level = -self.sheet.head
            self._words(canvas, "course", 0.0, level)
            title = self.stock.one("title")
            self._words(canvas, "title", width - title.width, level)
            canvas.rule(level + 4.0)
        level = self.sheet.text_height + self.sheet.foot
        if footer:
            self._words(canvas, footer, 0.0, level)
        total, number = self.stock.one(f"of-{count}"), self.stock.one(f"page-{page}")
        self._words(canvas, f"of-{count}", width - total.width, level)
        self._words(canvas, f"page-{page}", width - total.width - number.width, level)
        return canvas.fragment()

    def _words(self, canvas: Canvas, name: str, x: float, baseline: float) -> None:
        if name in self.stock.blocks and self.stock.blocks[name].pages:
            strip = self.stock.one(name)
            canvas.show(name, strip, x, baseline - strip.height)

    def _cover(self, name: str) -> Fragment:
        return self._drawn((Show(name, self.stock.one(name), 0.0, 0.0),), 0.0)

    def _drawn(self, marks: tuple[Mark, ...], y: float) -> Fragment:
        canvas = Canvas(self.sheet, self.stock.forms)
        canvas.marks(marks, 0.0, y)
        return canvas.fragment()

    def _number(self, canvas: Canvas, number: int, part: Part, top: float) -> None:
        first = next((item for item in part.items if isinstance(item, Strip)), None)
        if first is not None:
            self._number_at(canvas, number, first, top)

    def _number_at(self, canvas: Canvas, number: int, first: Strip, top: float) -> None:
        name = f"number-{number}"
        strip = self.stock.one(name)
        baseline = top + (first.first if first.first is not None else strip.height)
        canvas.show(name, strip, NUMBER_WIDTH - strip.width, baseline - strip.height)


def _height(block: Block) -> float:
    return sum(text_height(p) + asked(p) + answers_height(p) for p in block.parts)


def planned_spots(plan: Plan) -> tuple[Spot, ...]:
    """The boxes of a plan, and around those of each question on each page one of its own."""
    parts = [Spot(box.question, box.letter, box.page, box.top, box.height) for box in plan.boxes]
    return _with_questions(parts)


def flowing_spots(placed: list[Placed]) -> tuple[Spot, ...]:
    """Where questions and parts stand on a paper without a fixed layout."""
    spread: dict[tuple[int, str, int], tuple[float, float]] = {}
    for item in placed:
        if item.question:
            key = (abs(item.question), item.letter, item.page)
            top, bottom = spread.get(key, (item.y, item.y))
            spread[key] = (min(top, item.y), max(bottom, item.y + item.height))
    parts = [
        Spot(question, letter, page, top, bottom - top)
        for (question, letter, page), (top, bottom) in spread.items()
    ]
    return _with_questions(parts)


def _with_questions(parts: list[Spot]) -> tuple[Spot, ...]:
    whole: dict[tuple[int, int], tuple[float, float]] = {}
    for spot in parts:
        key = (spot.question, spot.page)
        top, bottom = whole.get(key, (spot.top, spot.top))
        whole[key] = (min(top, spot.top), max(bottom, spot.top + spot.height))
    questions = [
        Spot(question, "", page, top, bottom - top)
        for (question, page), (top, bottom) in whole.items()
    ]
    lettered = [spot for spot in parts if spot.letter]
    ordered = sorted(
        [*questions, *lettered], key=lambda s: (s.question, len(s.letter), s.letter, s.page)
    )
    return tuple(ordered)
