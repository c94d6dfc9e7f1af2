"""Text that remembers where each of its characters comes from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Traced:
    """A text with, for each character, its position in the author's text.

    Templates and the edits of a body take an author's text apart; a message of TeX still has
    to lead back to the line that was written. ``NOWHERE`` marks characters of our own.
    """

    text: str
    places: array[int]

    @classmethod
    def written(cls, text: str, start: int = 0) -> Traced:
        """An author's own characters, from the position ``start`` on."""
        return cls(text, array("l", range(start, start + len(text))))

    @classmethod
    def stands_for(cls, text: str, place: int = NOWHERE) -> Traced:
        """Characters that stand in the place of whatever begins at ``place``."""
        return cls(text, array("l", [place]) * len(text))

    @classmethod
    def joined(cls, pieces: Iterable[Traced]) -> Traced:
        """All the pieces, one after another."""
        everything = tuple(pieces)
        places: array[int] = array("l")
        for piece in everything:
            places.extend(piece.places)
        return cls("".join(piece.text for piece in everything), places)

    def cut(self, start: int, end: int | None = None) -> Traced:
        """The part from ``start`` to ``end``."""
        return Traced(self.text[start:end], self.places[start:end])

    def stripped(self) -> Traced:
        """Without white space at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))

    def place(self, position: int) -> int:
        """The author's position nearest to ``position``: here, or else before it, or after it."""
        position = min(max(position, 0), len(self.places) - 1)
        for index in chain(range(position, -1, -1), range(position + 1, len(self.places))):
            if self.places[index] != NOWHERE:
                return int(self.places[index])
        return NOWHERE

    def replaced(self, edits: Iterable[Edit]) -> Traced:
        """With every edit done; edits inside a replaced stretch are dropped."""
        pieces, position = [], 0
        for edit in sorted(edits, key=lambda e: (e.start, -e.end, e.rank)):
            if edit.start < position:
                continue
            place = self.place(edit.start) if self.text else NOWHERE
            pieces += [self.cut(position, edit.start), Traced.stands_for(edit.text, place)]
            position = edit.end
        return Traced.joined([*pieces, self.cut(position)])


@dataclass(frozen=True)
class Edit:
    """Put ``text`` in the place of what stands from ``start`` to ``end``.

    Where several insertions meet, the one of the lowest ``rank`` comes first.
    """

    start: int
    end: int
    text: str
    rank: int = 0
