"""The sheet that papers are printed on: sizes and margins, in PDF points."""

from __future__ import annotations

from dataclasses import dataclass

from notesbuild.pdf.units import POINTS_PER_MM, POINTS_PER_PT

_SIZES = {"a4paper": (210 * POINTS_PER_MM, 297 * POINTS_PER_MM), "letterpaper": (612.0, 792.0)}
LARGE = 1.5
"""How much larger large print is: 11 points become 16.5."""


@dataclass(frozen=True)
class Sheet:
    """A page as it is composed. In large print everything is shown ``scale`` times as large.

    All lengths but ``width`` and ``height`` are those before scaling.
    """

    width: float
    height: float
    scale: float
    left: float
    right: float
    top: float
    bottom: float
    head: float
    foot: float

    @property
    def inner_width(self) -> float:
        """The width of the page before scaling."""
        return self.width / self.scale

    @property
    def inner_height(self) -> float:
        """The height of the page before scaling."""
        return self.height / self.scale

    @property
    def text_width(self) -> float:
        """The width of the text."""
        return self.inner_width - self.left - self.right

    @property
    def text_height(self) -> float:
        """The height of the text."""
        return self.inner_height - self.top - self.bottom

    @property
    def tex_width(self) -> str:
        """The width of the text, as TeX takes it."""
        return f"{self.text_width / POINTS_PER_PT:.4f}pt"


def sheet_for(paper: str, *, large: bool = False) -> Sheet:
    """The sheet of a paper size of exam.cls."""
    width, height = _SIZES.get(paper, _SIZES["a4paper"])
    unit = POINTS_PER_MM
    if large:
        # The text is almost as wide as the page, so its head stands below the code in the corner.
        side, top, bottom = 15 * unit / LARGE, 30 * unit / LARGE, 21 * unit / LARGE
        return Sheet(width, height, LARGE, side, side, top, bottom, 5 * unit, 6 * unit)
    return Sheet(
        width, height, 1.0, 23 * unit, 23 * unit, 27 * unit, 24 * unit, 7 * unit, 11 * unit
    )
