"""Reading the ``.aux`` file of a finished run: where LaTeX's labels are."""

from __future__ import annotations

import re
from dataclasses import dataclass

_START = re.compile(r"^\\newlabel\{([^{}]*)\}\{(?=\{)", re.M)


@dataclass(frozen=True)
class LatexLabel:
    """A label: the number that LaTeX prints for it, and its page, counted from 1.

    ``goal`` is the name of its destination in the PDF.
    """

    name: str
    number: str
    page: int
    goal: str = ""


def read_labels(aux: str) -> dict[str, LatexLabel]:
    """The labels of a run, by name; the first one wins, as for LaTeX."""
    labels: dict[str, LatexLabel] = {}
    for match in _START.finditer(aux):
        number, position = _group(aux, match.end())
        page, position = _group(aux, position)
        _, position = _group(aux, position)
        goal, _ = _group(aux, position)
        if page.isdecimal():
            labels.setdefault(match[1], LatexLabel(match[1], number, int(page), goal))
    return labels


def _group(text: str, position: int) -> tuple[str, int]:
    """What stands in the braces that open at ``position``, and the position behind them."""
    if text[position : position + 1] != "{":
        return "", position
    depth = 0
    for end in range(position, len(text)):
        if text[end] == "{":
            depth += 1
        elif text[end] == "}":
            depth -= 1
            if not depth:
                return text[position + 1 : end], end + 1
    return "", len(text)
