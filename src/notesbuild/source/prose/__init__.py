"""From the LaTeX of a problem to the text that pages show: a question, and its solution.

Importing pylatexenc takes its time, so that this package is imported where a text is read.
"""

from __future__ import annotations

from collections.abc import Iterable

from notesbuild.source.prose.blocks import environment
from notesbuild.source.prose.commands import COMMANDS
from notesbuild.source.prose.reader import Fault, Order, Page, Place, Read, Reader
from notesbuild.source.walker import nodes_of

__all__ = ["Fault", "Read", "read_prose"]


def read_prose(text: str, place: Place, order: Order, pictures: Iterable[str] = ()) -> Read:
    """The text of a problem without Jinja; ``pictures`` are the names of the files beside it.

    Every word and every formula of the LaTeX is in the question or in the solution. What has no
    form on a page is a fault at its position, never left out; only rubrics are, and what lays
    out paper.

    Raises:
        pylatexenc.latexwalker.LatexWalkerParseError: the LaTeX is not balanced.
    """
    reader = Reader(text, place, order, tuple(pictures), COMMANDS, environment)
    page = Page(reader)
    reader.read(nodes_of(text), page)
    question = reader.settled(page.finished())
    solution = reader.settled(tuple(reader.solution))
    faults = tuple(sorted(reader.faults, key=lambda f: f.position))
    return Read(question, solution, faults, tuple(reader.formulas))
