"""Small words and numbers of the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

DASH = "–"

_FORMULA = re.compile(r"\$\$?([^$]+)\$\$?")
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def plain(text: str) -> str:
    """A title whose formulas are plain text; those with a course's own macros stay LaTeX."""
    return _FORMULA.sub(_plain_formula, text) if "$" in text else text


def _plain_formula(found: re.Match[str]) -> str:
    converter, known = _converter()
    if any(not known(name) for name in _COMMAND.findall(found[1])):
        return found[0]
    return str(converter.latex_to_text(found[1], tolerant_parsing=True)).strip()


@lru_cache(maxsize=1)
def _converter() -> tuple[Any, Any]:
    # Few titles have formulas, so the others do not wait for this.
    from pylatexenc.latex2text import (  # noqa: PLC0415
        LatexNodes2Text,
        get_default_latex_context_db,
    )

    context = get_default_latex_context_db()
    names = {spec.macroname for _, group in context.d.items() for spec in group["macros"].values()}
    return LatexNodes2Text(math_mode="text"), names.__contains__


def shown(number: float) -> str:
    """At most two decimals, none of them a trailing zero."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def span(values: Sequence[int]) -> str:
    """The value that all have, or the lowest and the highest."""
    low, high = min(values), max(values)
    return f"{low}" if low == high else f"{low}{DASH}{high}"


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, interpolated; 0 of no values."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def heat(value: float, top: float) -> int:
    """A step from 0 (nothing) to 9 (the most), by which a cell is tinted."""
    return 0 if value <= 0 or top <= 0 else max(1, round(9 * value / top))
