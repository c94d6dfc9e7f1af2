"""Blocks that were set before, by the digest of everything that made them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from notesbuild.exam.blocks import Anchor, Answer, Block, Item, Part, Room, Strip
from notesbuild.pdf.pieces import FontUse, Letter
from notesbuild.run.publish import write_file

_ENTRY = "/Block"


@dataclass(frozen=True)
class SetBlock:
    """A block as it was set: its strips are pages of ``pdf``, from ``first`` on.

    ``fonts`` holds for each page what it needs; None: the pages bring their fonts along.
    """

    block: Block
    pdf: bytes
    fonts: tuple[tuple[FontUse, ...], ...] | None
    first: int = 0


class BlockStore:
    """A folder of blocks; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> SetBlock | None:
        """The block of that key; whatever is damaged is not there."""
        if self._folder is None:
            return None
        try:
            content = self._path(self._folder, key).read_bytes()
            with pikepdf.open(io.BytesIO(content)) as document:
                told = json.loads(str(document.docinfo[_ENTRY]))
                pages = len(document.pages)
            block = _block(told["parts"], told["anchors"])
            fonts = tuple(map(_fonts, told["fonts"]))
        except (OSError, pikepdf.PdfError, ValueError, KeyError, TypeError, IndexError):
            return None
        return SetBlock(block, content, fonts) if len(fonts) == block.pages == pages else None

    def put(self, key: str, pages: pikepdf.Pdf, block: Block, fonts: Any) -> SetBlock:
        """Keep a block; a disk that refuses it costs time later, and nothing else."""
        told: dict[str, Any] = {"parts": [_told_part(part) for part in block.parts]}
        told["anchors"] = [[a.key, a.x, a.y] for a in block.anchors]
        told["fonts"] = [[_told_font(use) for use in uses] for uses in fonts]
        pages.docinfo[_ENTRY] = json.dumps(told, separators=(",", ":"))
        stream = io.BytesIO()
        pages.save(stream, static_id=True, compress_streams=False)
        content = stream.getvalue()
        if self._folder is not None:
            write_file(self._path(self._folder, key), content, "", durable=False)
        return SetBlock(block, content, tuple(tuple(uses) for uses in fonts))

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget all other blocks."""
        if self._folder is None or not self._folder.is_dir():
            return
        wanted = {f"{key}.pdf" for key in keys}
        for path in self._folder.iterdir():
            if path.suffix == ".pdf" and path.name not in wanted:
                path.unlink(missing_ok=True)

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / f"{key}.pdf"


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


def _told_font(use: FontUse) -> list[Any]:
    letters = [[x.code, x.glyph, x.width, x.unicode] for x in use.letters]
    return [use.name, use.base, letters]


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


def _fonts(uses: list[Any]) -> tuple[FontUse, ...]:
    return tuple(
        FontUse(name, base, tuple(Letter(*letter) for letter in letters))
        for name, base, letters in uses
    )
