"""A formula of a problem as a page shows it, with the way back to where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notesbuild.diagnostics import Span
from notesbuild.model.problem import Problem
from notesbuild.render.traced import Traced
from notesbuild.source.outline import Formula

if TYPE_CHECKING:
    from notesbuild.source.prose.reader import Spot

_NEAR = 12


@dataclass(frozen=True, eq=False)
class ShownFormula(Formula):
    """A formula; ``written`` is its LaTeX with parameters, ``words`` tell which ones."""

    problem: Problem
    written: Traced
    words: str

    def span(self, position: int = 0) -> Span:
        """The place of a character of the formula; where a value stands, that of its name."""
        return self.problem.at(self.written.place(self._in_written(position)))

    def _in_written(self, position: int) -> int:
        """The formula lacks what stands around it, and references to displays."""
        start = self.written.text.find(self.text)
        if start >= 0:
            return start + position
        near = self.text[position : position + _NEAR]
        known = near.strip() and self.written.text.count(near) == 1
        return self.written.text.index(near) if known else 0


def shown_formula(problem: Problem, text: Traced, spot: Spot, words: str) -> ShownFormula:
    """The formula at a spot of a problem's LaTeX."""
    written = text.cut(spot.start, spot.end)
    place = problem.at(written.place(0)) if written.text else problem.at(text.place(spot.start))
    spots = ((place.line, place.column),)
    return ShownFormula(spot.text, spot.display, place.path, spots, problem, written, words)
