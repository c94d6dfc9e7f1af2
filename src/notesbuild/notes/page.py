"""Writing MyST, with the way back from each line to the manifest."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from notesbuild.diagnostics import Span

# More than any fence that an author writes, so that nothing inside can end ours.
_FENCE = 12

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:@^=\"'&%])")
# What would begin a heading, a list, a quotation or a fence.
_BLOCK = re.compile(r"^(\d*)(#{1,6}\s|>|[-+*]\s|[.)]\s|:{3}|`{3}|~{3}|\|)")


@dataclass(frozen=True)
class SourceFile:
    """A file that Sphinx will read; ``origins`` says where lines of it, from 1, come from."""

    path: str
    text: str
    origins: tuple[tuple[int, Span], ...] = ()

    def origin(self, line: int) -> Span | None:
        """What the author wrote there."""
        index = bisect_right([first for first, _ in self.origins], line) - 1
        return self.origins[index][1] if index >= 0 else None


@dataclass
class Page:
    """A page in the making."""

    place: Span
    lines: list[str] = field(default_factory=list)
    origins: list[tuple[int, Span]] = field(default_factory=list)
    depth: int = 0

    def add(self, text: str = "", place: Span | None = None) -> None:
        """Lines of Markdown; ``place`` is where the author wrote what they hold."""
        self.origins.append((len(self.lines) + 1, place or self.place))
        self.lines += text.rstrip().split("\n")

    def block(self, text: str, place: Span | None = None) -> None:
        """Lines with an empty one behind them."""
        self.add(text, place)
        self.add()

    def heading(self, level: int, title: str, place: Span | None = None) -> None:
        """A heading; its title is plain text."""
        self.block(f"{'#' * level} {plain(title)}", place)

    @contextmanager
    def inside(self, directive: str, argument: str = "", *options: str) -> Iterator[None]:
        """What is added inside stands in a directive."""
        fence = ":" * (_FENCE - self.depth)
        self.add(f"{fence}{{{directive}}} {argument}".rstrip())
        for option in options:
            self.add(option)
        self.add()
        self.depth += 1
        yield
        self.depth -= 1
        self.block(fence)

    def markdown(self, text: str, place: Span, name: str = "nb-text") -> None:
        """An author's Markdown: a fence that it does not close ends with it."""
        with self.inside("container", name):
            self.block(text, place)

    def table(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[tuple[Sequence[str], Span]],
        *options: str,
    ) -> None:
        """A table; its cells are lines of Markdown."""
        named = (f":class: {name}", *options, *((":header-rows: 1",) if header else ()))
        with self.inside("list-table", "", *named):
            if header:
                self._row(header, None)
            for cells, place in rows:
                self._row(cells, place)

    def _row(self, cells: Sequence[str], place: Span | None) -> None:
        for number, cell in enumerate(cells):
            self.add(f"{'  ' if number else '* '}- {cell}".rstrip(), place)

    def file(self, path: str) -> SourceFile:
        """The finished page."""
        return SourceFile(path, "\n".join(self.lines).rstrip() + "\n", tuple(self.origins))


def plain(text: str) -> str:
    """Markdown that shows exactly ``text``, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def inline(text: str) -> str:
    """An author's Markdown on one line, which begins no list and no heading."""
    return _BLOCK.sub(r"\1\\\2", " ".join(text.split()))


def quoted(text: str) -> str:
    """The value of an option of a directive that is exactly ``text``, on one line."""
    escaped = " ".join(text.split()).replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
