"""Blocks: texts that TeX sets once, and what came out of it, strip by strip.

A block is a question in one view with its parameters and its order of choices, or a piece of a
page such as a cover. TeX cuts it into strips wherever a part, an answer space or a solution
begins, ships each strip as a page of its own and writes down what it consists of.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from notesbuild.exam.document import Document
from notesbuild.pdf.units import POINTS_PER_PT, POINTS_PER_SP

PAD = 36.0
"""What a strip's page is larger than the strip on each side, in PDF points."""


@dataclass(frozen=True)
class Asset:
    """A file that TeX needs for a block: its name below the block's own folder."""

    name: str
    content: bytes


@dataclass(frozen=True)
class BlockText:
    """A text to be set, with the way back to its author.

    ``width`` is that of the text in TeX's terms; ``engine`` the program that can set it;
    ``context`` says for whom, such as ``version A, question 3``. ``twice`` asks for two passes,
    since the text refers to itself.
    """

    document: Document
    engine: str
    width: str
    context: str = ""
    tikz: bool = False
    twice: bool = False
    assets: tuple[Asset, ...] = ()

    def key(self, environment: str) -> str:
        """The digest of everything that the outcome depends on; ``environment`` is the rest."""
        parts = [environment, self.document.text, self.engine, self.width, str(self.tikz)]
        digest = hashlib.sha256("\x00".join(parts).encode())
        for asset in self.assets:
            digest.update(asset.name.encode() + b"\x00" + hashlib.sha256(asset.content).digest())
        return digest.hexdigest()


@dataclass(frozen=True)
class Strip:
    """One set piece, all in PDF points: the gap above it, its size, its place in the block's file.

    ``first`` is the distance of the first baseline from the top, where TeX was asked for it.
    """

    page: int
    gap: float
    width: float
    height: float
    depth: float
    first: float | None = None

    @property
    def total(self) -> float:
        """Height and depth."""
        return self.height + self.depth


@dataclass(frozen=True)
class Room:
    """Answer space that a text asks for: its look and its height in PDF points."""

    style: str
    asked: float
    indent: float


@dataclass(frozen=True)
class Answer:
    """A solution, in strips between which a page may end."""

    indent: float
    strips: tuple[Strip, ...]

    @property
    def total(self) -> float:
        """The height of all strips with the gaps between them."""
        return sum(s.gap + s.total for s in self.strips)


Item = Strip | Room | Answer


@dataclass(frozen=True)
class Part:
    """A part of a question (or what precedes its parts), from top to bottom."""

    letter: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Anchor:
    """A place in a piece of a page where something is written later, from its upper left corner."""

    key: str
    x: float
    y: float


@dataclass(frozen=True)
class Block:
    """A set block: its parts, the number of strips in its file, and places to write at."""

    parts: tuple[Part, ...]
    pages: int
    anchors: tuple[Anchor, ...] = ()

    @property
    def strip(self) -> Strip:
        """The only strip of a piece of a page."""
        return next(item for part in self.parts for item in part.items if isinstance(item, Strip))


@dataclass
class _Reading:
    parts: list[Part] = field(default_factory=list)
    letter: str = ""
    items: list[Item] = field(default_factory=list)
    indent: float = 0.0
    strips: list[Strip] = field(default_factory=list)
    page: int = 0
    anchors: list[Anchor] = field(default_factory=list)

    def begin_part(self, letter: str) -> None:
        if self.items:
            self.parts.append(Part(self.letter, tuple(self.items)))
        self.letter, self.items = letter, []

    def strip(self, words: list[str]) -> Strip:
        gap, width, height, depth = (_points(word) for word in words)
        found = Strip(self.page, gap, width, height, depth)
        self.page += 1
        return found


def read_blocks(report: str) -> dict[str, Block]:
    """The finished blocks in the file that TeX wrote, by the name that each was given."""
    found: dict[str, Block] = {}
    for name, lines in _by_block(report):
        if lines and lines[-1] == f"done {name}":
            found[name] = _read(lines[:-1])
    return found


def lost_letters(report: str) -> dict[str, tuple[str, ...]]:
    """The letters of each block that no font has, as :mod:`.letters` reads them."""
    found: dict[str, tuple[str, ...]] = {}
    for name, lines in _by_block(report):
        entries = (line.removeprefix("lost ").split() for line in lines if line.startswith("lost "))
        told = dict.fromkeys(entry for some in entries for entry in some)
        if told:
            found[name] = tuple(told)
    return found


def first_torn(report: str) -> str | None:
    """The first block that left a group open, or closed one too many."""
    found = re.search(r"^torn (\S+)$", report, re.M)
    return found[1] if found else None


def is_complete(report: str) -> bool:
    """Whether TeX reached the end of the document."""
    return report.rstrip().endswith("complete")


def _by_block(report: str) -> Iterator[tuple[str, list[str]]]:
    for section in re.split(r"^block ", report, flags=re.M)[1:]:
        lines = section.strip().split("\n")
        while lines and lines[-1] == "complete":
            lines.pop()
        yield lines[0], lines[1:]


def _read(lines: Iterable[str]) -> Block:
    state = _Reading()
    for line in lines:
        word, *rest = line.split(" ")
        if word == "text":
            state.items.append(state.strip(rest))
        elif word == "first":
            _place_first(state, float(rest[0]) * POINTS_PER_SP)
        elif word == "at":
            _place_anchor(state, rest[0], float(rest[1]), float(rest[2]))
        elif word == "part":
            state.begin_part(" ".join(rest))
        elif word == "space":
            state.items.append(Room(rest[0], max(_points(rest[1]), 0.0), _points(rest[2])))
        elif word == "answer" and len(rest) == 1:
            state.indent, state.strips = _points(rest[0]), []
        elif word == "answer":
            state.strips.append(state.strip(rest))
        elif word == "answered":
            state.items.append(Answer(state.indent, tuple(state.strips)))
            state.strips = []
    state.begin_part("")
    return Block(tuple(state.parts), state.page, tuple(state.anchors))


def _place_first(state: _Reading, height: float) -> None:
    """The first baseline, from its height on the strip's page."""
    if state.items and isinstance(state.items[-1], Strip):
        last = state.items[-1]
        first = last.total + PAD - height
        state.items[-1] = Strip(last.page, last.gap, last.width, last.height, last.depth, first)


def _place_anchor(state: _Reading, key: str, x: float, y: float) -> None:
    if state.items and isinstance(state.items[-1], Strip):
        down = state.items[-1].total + PAD - y * POINTS_PER_SP
        state.anchors.append(Anchor(key, x * POINTS_PER_SP - PAD, down))


def _points(length: str) -> float:
    return float(length.removesuffix("pt")) * POINTS_PER_PT
