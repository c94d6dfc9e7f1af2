"""A page's content in PDF operators, and the forms of the stock that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from notesbuild.exam.blocks import PAD, Strip
from notesbuild.exam.names import MARGIN, LabelBox
from notesbuild.exam.placing import BAR, Mark, Show, Space
from notesbuild.exam.sheet import Sheet
from notesbuild.pdf.units import POINTS_PER_MM, number

ACCENT = "0.122 0.306 0.475"
TINT = "0.941 0.961 0.980"
LINE = "0.6"
STEP = 8 * POINTS_PER_MM
GRID = 5 * POINTS_PER_MM

Forms = Mapping[tuple[str, int], str]
"""The name in the stock of each strip, by its block and its page there."""


@dataclass(frozen=True)
class Fragment:
    """Operators, and the names of the forms that they show."""

    operators: bytes = b""
    forms: frozenset[str] = frozenset()

    @classmethod
    def joined(cls, fragments: Iterable[Fragment]) -> Fragment:
        """All fragments, one after the other."""
        everything = tuple(fragments)
        forms: frozenset[str] = frozenset().union(*(f.forms for f in everything))
        return cls(b"".join(f.operators for f in everything), forms)


@dataclass
class Canvas:
    """Collects what is drawn on a page; places are measured from the upper left of the text."""

    sheet: Sheet
    forms: Forms
    pieces: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def fragment(self) -> Fragment:
        """What was drawn."""
        return Fragment("".join(self.pieces).encode(), frozenset(self.used))

    def marks(self, marks: Iterable[Mark], x: float, y: float) -> None:
        """Draw what stands in a box whose upper left corner is at (x, y)."""
        for mark in marks:
            if isinstance(mark, Show):
                self.show(mark.name, mark.strip, x + mark.x, y + mark.y)
            elif isinstance(mark, Space):
                self._space(mark, x, y)
            else:
                self._box(TINT, x + mark.x, y + mark.y, mark.width, mark.height)
                self._box(ACCENT, x + mark.x, y + mark.y, BAR, mark.height)

    def show(self, name: str, strip: Strip, x: float, y: float, scale: float = 1.0) -> None:
        """A strip with its upper left corner at (x, y)."""
        form = self.forms[name, strip.page]
        left = self.sheet.left + x - PAD * scale
        low = self._height(y) - (strip.total + PAD) * scale
        size = number(scale)
        matrix = f"{size} 0 0 {size} {number(left)} {number(low)}"
        self.pieces.append(f"q {matrix} cm /{form} Do Q\n")
        self.used.add(form)

    def label(self, form: str, box: LabelBox, x: float, y: float, scale: float = 1.0) -> None:
        """A name whose baseline begins at (x, y)."""
        left = self.sheet.left + x - MARGIN * scale
        low = self._height(y) - (MARGIN + box.depth) * scale
        size = number(scale)
        matrix = f"{size} 0 0 {size} {number(left)} {number(low)}"
        self.pieces.append(f"q {matrix} cm /{form} Do Q\n")
        self.used.add(form)

    def _height(self, y: float) -> float:
        return self.sheet.inner_height - self.sheet.top - y

    def _box(self, color: str, x: float, y: float, width: float, height: float) -> None:
        left, low = number(self.sheet.left + x), number(self._height(y + height))
        self.pieces.append(f"q {color} rg {left} {low} {number(width)} {number(height)} re f Q\n")

    def rule(self, y: float) -> None:
        """A thin rule across the text."""
        self._stroke([(0.0, y, self.sheet.text_width, y)], "0.4 w")

    def _stroke(self, lines: Iterable[tuple[float, float, float, float]], style: str) -> None:
        drawn = [
            f"{number(self.sheet.left + x)} {number(self._height(y))} m "
            f"{number(self.sheet.left + to_x)} {number(self._height(to_y))} l S"
            for x, y, to_x, to_y in lines
        ]
        self.pieces.append("\n".join([f"q {style}", *drawn, "Q\n"]))

    def _space(self, space: Space, x: float, y: float) -> None:
        left, top = x + space.x, y + space.y
        right, bottom = left + space.width, top + space.height
        if space.style in ("lines", "dotted"):
            dash = " [0.5 2.5] 0 d 1 J" if space.style == "dotted" else ""
            rows = range(1, int(space.height / STEP) + 1)
            lines = [(left, top + n * STEP, right, top + n * STEP) for n in rows]
            self._stroke(lines, f"{LINE} G 0.4 w{dash}")
        elif space.style == "grid":
            down = [top + n * GRID for n in range(int(space.height / GRID) + 1)]
            across = [left + n * GRID for n in range(int(space.width / GRID) + 1)]
            lines = [(left, level, across[-1], level) for level in down]
            lines += [(place, top, place, down[-1]) for place in across]
            self._stroke(lines, f"{LINE} G 0.3 w")
        elif space.style == "box" and space.height > 1:
            corners = [
                (left, top, right, top),
                (right, top, right, bottom),
                (right, bottom, left, bottom),
                (left, bottom, left, top),
            ]
            self._stroke(corners, "0 G 0.5 w 2 J")
