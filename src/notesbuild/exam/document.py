"""LaTeX with the way back from each of its lines to the author's."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from notesbuild.diagnostics import Span
from notesbuild.exam.render import Rendered
from notesbuild.render.traced import Traced


@dataclass(frozen=True)
class Segment:
    """A stretch of a document that comes from an author; ``problem`` is None for other texts.

    In a batch of blocks ``owner`` is the block's name, and ``context`` says for whom it is set.
    """

    start: int
    end: int
    locate: Callable[[int], Span]
    problem: Rendered | None = None
    owner: str = ""
    context: str = ""


@dataclass(frozen=True)
class Document:
    """LaTeX and its segments, in order."""

    text: str
    segments: tuple[Segment, ...] = ()

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def offset(self, line: int, column: int = 1) -> int:
        """The position of a line and column, both from 1."""
        start = self._lines[min(max(line, 1), len(self._lines)) - 1]
        end = self.text.find("\n", start)
        return min(start + column - 1, len(self.text) if end < 0 else end)

    def line(self, number: int) -> str:
        """The text of a line, from 1."""
        start = self.offset(number)
        return self.text[start:].split("\n", 1)[0]

    def owner(self, offset: int) -> str:
        """The block in or behind which a position is; empty before the first one."""
        index = bisect.bisect_right(self._starts, offset) - 1
        return self.segments[index].owner if index >= 0 else ""

    @cached_property
    def _starts(self) -> list[int]:
        return [segment.start for segment in self.segments]

    def nearest(self, offset: int) -> Segment | None:
        """The author's stretch around a position, or else the last one of the block before it."""
        index = bisect.bisect_right(self._starts, offset) - 1
        near = self.segments[index] if index >= 0 else None
        return near if near is not None and (near.owner or offset <= near.end) else None


@dataclass
class Writer:
    """Puts a document together."""

    pieces: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        """Text of our own."""
        self.pieces.append(text)
        self.length += len(text)

    def add_from(self, text: str, span: Span) -> None:
        """Text whose author's place is known as a whole."""
        start = self.length
        self.add(text)
        self.segments.append(Segment(start, self.length, lambda offset: span))

    def add_problem(self, rendered: Rendered, before: str, body: Traced, after: str) -> None:
        """A problem's body, with what belongs around it."""
        start = self.length
        self.add(before)
        inside = self.length
        self.add(body.text)
        self.add(after)

        def locate(offset: int) -> Span:
            return rendered.span(body.place(offset - inside))

        self.segments.append(Segment(start, self.length, locate, rendered))

    def add_document(self, document: Document, owner: str = "", context: str = "") -> None:
        """Another document, with its segments."""
        shift = self.length
        self.add(document.text)
        self.segments += [
            Segment(
                s.start + shift, s.end + shift, _shifted(s.locate, shift), s.problem, owner, context
            )
            for s in document.segments
        ]

    def document(self) -> Document:
        """What was put together."""
        return Document("".join(self.pieces), tuple(self.segments))


def _shifted(locate: Callable[[int], Span], shift: int) -> Callable[[int], Span]:
    return lambda offset: locate(offset - shift)
