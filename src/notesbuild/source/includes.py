r"""Files that a problem's template includes: ``\BLOCK{include "steps.tex"}``.

Only files of the problem's own folder ``<id>/`` can be included, and what they hold is part of
the body from then on: its parts and rubrics count, its LaTeX and its Jinja are checked. A tag
that cannot be followed is left where it stands; the checks of templates tell why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from notesbuild.model.problem import Stretch

MAX_DEPTH = 8
MAX_LENGTH = 1_000_000

_NAME = r"""include\s+(?:"(?P<{0}1>[^"\n]+)"|'(?P<{0}2>[^'\n]+)')"""
_TAG = re.compile(
    r"\\#\{.*?\}"  # whatever a comment holds is not there
    rf"|(?:^[ \t]+)?\\BLOCK\{{\s*{_NAME.format('tag')}\s*\}}\n?"
    rf"|^[ \t]*%%[ \t]*{_NAME.format('line')}[ \t]*(?:\n|\Z)",
    re.M | re.S,
)

Read = Callable[[str], str | None]
"""The text of a file by its name below ``<id>/``; None where there is none to be had."""


@dataclass(frozen=True)
class Included:
    """A text with everything that it includes; ``stretches`` is empty if that is nothing."""

    text: str
    stretches: tuple[Stretch, ...]


def with_includes(text: str, path: str, line: int, read: Read) -> Included:
    """The text, which begins on ``line`` of ``path``, with the files that it includes."""
    if "include" not in text:
        return Included(text, ())
    home = path.removesuffix(".tex")
    expansion = _Expansion(home, read)
    expansion.add(text, Stretch(0, path, line), ())
    if not expansion.followed:
        return Included(text, ())
    return Included("".join(expansion.pieces), tuple(expansion.stretches))


@dataclass
class _Expansion:
    home: str
    read: Read
    pieces: list[str] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    length: int = 0
    followed: bool = False

    def add(self, text: str, whole: Stretch, trail: tuple[str, ...]) -> None:
        """A file's text; ``trail`` are the names of the files that it is included from."""
        position = 0
        for tag in _TAG.finditer(text):
            name = tag["tag1"] or tag["tag2"] or tag["line1"] or tag["line2"]
            inside = self._followed(name, trail) if name else None
            if inside is None:
                continue
            self._own(text, whole, position, tag.start())
            self.followed = True
            self.add(inside, Stretch(0, f"{self.home}/{name}", 1), (*trail, name))
            position = tag.end()
            if text.endswith("\n", tag.start(), tag.end()) and not inside.endswith("\n"):
                position -= 1  # the line ends with the tag, even if the file does not say so
        self._own(text, whole, position, len(text))

    def _followed(self, name: str, trail: tuple[str, ...]) -> str | None:
        if name in trail or len(trail) >= MAX_DEPTH:
            return None
        text = self.read(name)
        return text if text is not None and self.length + len(text) <= MAX_LENGTH else None

    def _own(self, text: str, whole: Stretch, start: int, end: int) -> None:
        """A piece of a file's own text."""
        before = text[:start]
        line, column = whole.line + before.count("\n"), start - before.rfind("\n")
        self.stretches.append(Stretch(self.length, whole.path, line, column))
        self.pieces.append(text[start:end])
        self.length += end - start
