"""Blocks that were set before, by the digest of everything that made them.

What one run of TeX set is kept as one file, a pack: its pages are the strips, and beside them
it tells what they belong to.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Name

from notesbuild.exam.blocks import Anchor, Answer, Block, Item, Part, Room, Strip
from notesbuild.pdf.pieces import FontUse, Letter
from notesbuild.run.publish import write_file

_ENTRY = Name("/NotesbuildBlocks")
MANY = 8
"""So many packs are written anew as one."""


@dataclass(frozen=True)
class SetBlock:
    """A block as it was set: its strips are pages of ``pdf``, from ``first`` on.

    ``fonts`` holds for each page what it needs; None: the pages bring their fonts along.
    ``key`` is that of the text; empty where it is not to be met again.
    """

    block: Block
    pdf: bytes
    fonts: tuple[tuple[FontUse, ...], ...] | None
    first: int = 0
    key: str = ""


@dataclass(frozen=True)
class Entry:
    """A block in a pack: its key (empty: it is not to be met again) and its pages' fonts."""

    key: str
    block: Block
    fonts: tuple[tuple[FontUse, ...], ...]


class BlockStore:
    """A folder of packs; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> SetBlock | None:
        """The block of that key; whatever is damaged is not there."""
        return self._known.get(key)

    def put(self, content: bytes, entries: Sequence[Entry]) -> tuple[SetBlock, ...]:
        """Keep a pack of what a run set; a disk that refuses it costs time later, nothing else."""
        if self._folder is not None and any(entry.key for entry in entries):
            write_file(self._folder / _name(content), content, "", durable=False)
        return tuple(_unpacked(content, entries))

    def keep_only(self, keys: frozenset[str], used: Iterable[SetBlock] = ()) -> None:
        """Forget packs of which nothing is wanted any more, and make one of very many.

        The packs of blocks that are ``used`` are wanted, and need not be read for that.
        """
        if self._folder is None:
            return
        known = {_name(pdf) for pdf in {id(block.pdf): block.pdf for block in used}.values()}
        paths = _paths(self._folder)
        wanted = [path for path in paths if path.name in known or _read(path).keys() & keys]
        for path in set(paths) - set(wanted):
            path.unlink(missing_ok=True)
        if len(wanted) > MANY:
            blocks = {key: block for path in wanted for key, block in _read(path).items()}
            self._merge({key: blocks[key] for key in sorted(keys & blocks.keys())})
            for path in wanted:
                path.unlink(missing_ok=True)

    def _merge(self, blocks: dict[str, SetBlock]) -> None:
        with pikepdf.new() as target:
            for block in blocks.values():
                with pikepdf.open(io.BytesIO(block.pdf)) as source:
                    last = block.first + block.block.pages
                    target.pages.extend(source.pages[block.first : last])
            entries = [Entry(key, one.block, one.fonts or ()) for key, one in blocks.items()]
            self.put(packed(target, entries), entries)

    @cached_property
    def _known(self) -> dict[str, SetBlock]:
        if self._folder is None:
            return {}
        return {k: block for path in _paths(self._folder) for k, block in _read(path).items()}


def _paths(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("*.pdf"))) if folder.is_dir() else ()


def _read(path: Path) -> Mapping[str, SetBlock]:
    """The blocks of a pack by key; nothing where it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    # Pieces go into papers as they are, so not a byte of them may be another one.
    return _blocks_of(content) if path.name == _name(content) else {}


@lru_cache(maxsize=2 * MANY)
def _blocks_of(content: bytes) -> Mapping[str, SetBlock]:
    # A build looks for blocks in the packs, and in the end for packs that it has not used.
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            told = json.loads(document.Root[_ENTRY].read_bytes())
            count = len(document.pages)
        entries = tuple(_entries(told))
        blocks = tuple(_unpacked(content, entries))
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return {}
    pages = sum(entry.block.pages for entry in entries)
    named = ((entry.key, block) for entry, block in zip(entries, blocks, strict=True))
    return {key: block for key, block in named if key} if pages == count else {}


def _name(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}.pdf"


def packed(pages: pikepdf.Pdf, entries: Sequence[Entry]) -> bytes:
    """The content of a pack; the pages are those of its entries, in their order."""
    shelf: dict[tuple[str, Letter], int] = {}
    told = [
        [
            entry.key,
            [_told_part(part) for part in entry.block.parts],
            [[a.key, a.x, a.y] for a in entry.block.anchors],
            [[_told_font(use, shelf) for use in uses] for uses in entry.fonts],
        ]
        for entry in entries
    ]
    letters = [[base, x.code, x.glyph, x.width, x.unicode] for base, x in shelf]
    content = json.dumps({"blocks": told, "letters": letters}, separators=(",", ":"))
    pages.Root[_ENTRY] = pages.make_stream(content.encode())
    stream = io.BytesIO()
    pages.save(stream, static_id=True)
    return stream.getvalue()


def _unpacked(content: bytes, entries: Sequence[Entry]) -> Iterator[SetBlock]:
    first = 0
    for entry in entries:
        yield SetBlock(entry.block, content, entry.fonts, first, entry.key)
        first += entry.block.pages


def _entries(told: Any) -> Iterator[Entry]:
    letters = [(base, Letter(*rest)) for base, *rest in told["letters"]]
    for key, parts, anchors, fonts in told["blocks"]:
        uses = tuple(tuple(_font(use, letters) for use in page) for page in fonts)
        yield Entry(key, _block(parts, anchors), uses)


def _told_part(part: Part) -> list[Any]:
    return [part.letter, [_told_item(item) for item in part.items]]


def _told_item(item: Item) -> list[Any]:
    if isinstance(item, Strip):
        return ["strip", *_told_strip(item)]
    if isinstance(item, Room):
        return ["room", item.style, item.asked, item.indent]
    return ["answer", item.indent, [_told_strip(strip) for strip in item.strips]]


def _told_strip(strip: Strip) -> list[Any]:
    return [strip.page, strip.gap, strip.width, strip.height, strip.depth, strip.first]


def _told_font(use: FontUse, shelf: dict[tuple[str, Letter], int]) -> list[Any]:
    """The font of a page; letters are told once for the whole pack."""
    places = [shelf.setdefault((use.base, letter), len(shelf)) for letter in use.letters]
    return [use.name, use.base, places]


def _font(told: list[Any], letters: Sequence[tuple[str, Letter]]) -> FontUse:
    name, base, places = told
    return FontUse(name, base, tuple(letters[place][1] for place in places))


def _block(parts: list[Any], anchors: list[Any]) -> Block:
    read = tuple(Part(letter, tuple(map(_item, items))) for letter, items in parts)
    pages = sum(_pages(item) for part in read for item in part.items)
    return Block(read, pages, tuple(Anchor(*anchor) for anchor in anchors))


def _pages(item: Item) -> int:
    if isinstance(item, Answer):
        return len(item.strips)
    return int(isinstance(item, Strip))


def _item(told: list[Any]) -> Item:
    kind, *rest = told
    if kind == "strip":
        return Strip(*rest)
    if kind == "room":
        return Room(*rest)
    return Answer(rest[0], tuple(Strip(*strip) for strip in rest[1]))
