r"""Citations of results in LaTeX: ``\result{label}`` and, for the number alone, ``\result*``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from notesbuild.model.problem import Problem
from notesbuild.source.latex import mask_jinja

# What could look like a citation and is none stands first. A label stays on its line.
_TOKEN = re.compile(
    r"\\\\|\\%|%[^\n]*"
    r"|\\verb\*?(?P<end>[^A-Za-z*\s])[^\n]{0,500}?(?P=end)"
    r"|(?P<verbatim>\\begin\{verbatim\*?\})"
    r"|(?P<citation>\\result(?![A-Za-z@])[ ]*(?P<star>\*?)[ ]*(?:\{(?P<label>[^{}\\%\n]*)\})?)"
)


@dataclass(frozen=True)
class Citation:
    r"""A ``\result`` from ``start`` to ``end``; ``label`` is empty where none can be read.

    ``at`` is where the label begins. ``starred``: the number alone is wanted.
    """

    start: int
    end: int
    label: str
    at: int
    starred: bool


def find_citations(text: str) -> tuple[Citation, ...]:
    """The citations in LaTeX without Jinja, in order; comments and verbatim text have none."""
    return tuple(_citations(text)) if "\\result" in text else ()


def cited_labels(problem: Problem) -> tuple[Citation, ...]:
    """The citations in a problem's source whose labels do not depend on parameters."""
    text = problem.body.text
    if "\\result" not in text:
        return ()
    return tuple(found for found in find_citations(mask_jinja(text)) if found.label)


def needed_results(problem: Problem) -> tuple[str, ...]:
    """The labels that a problem ``uses``, and those that its text cites."""
    cited = (citation.label for citation in cited_labels(problem))
    return tuple(dict.fromkeys((*problem.metadata.uses, *cited)))


def _citations(text: str) -> Iterator[Citation]:
    position = 0
    for match in _TOKEN.finditer(text):
        if match.start() < position:
            continue
        if match["verbatim"]:
            position = text.find("\\end{verbatim", match.end())
            if position < 0:
                return
        if match["citation"]:
            label = (match["label"] or "").strip()
            at = text.index(label, match.start("label")) if label else match.start()
            yield Citation(match.start(), match.end(), label, at, bool(match["star"]))
