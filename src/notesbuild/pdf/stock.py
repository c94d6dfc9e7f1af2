"""The stock: every piece as a form that pages can show, with fonts that all pieces share."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from notesbuild.pdf.fonts import descriptors, font_dictionary
from notesbuild.pdf.pieces import FontUse, Letter, copied
from notesbuild.pdf.saving import save_pdf


@dataclass(frozen=True)
class StockItem:
    """Pages of one PDF from ``first`` on, their names, and the fonts to be put into each.

    Pages that bring their own fonts need none. ``key`` tells the pages from all others; it is
    empty where nobody knows it.
    """

    pdf: bytes
    names: tuple[str, ...]
    fonts: tuple[tuple[FontUse, ...], ...]
    first: int = 0
    key: str = ""


class Stock:
    """Every form that papers may show, under its name; all of them share the fonts.

    ``fonts`` is the PDF with all fonts that the items' letters need (see
    :func:`notesbuild.pdf.fonts.request`).
    """

    def __init__(self, items: Iterable[StockItem], fonts: bytes | None) -> None:
        self._items = tuple(items)
        self._fonts = fonts
        self._shelf = _Shelf(u for item in self._items for uses in item.fonts for u in uses)

    def marks(self) -> Mapping[str, str]:
        """For each form a text that tells it from all others, with its fonts, in any build.

        Forms that nobody knows have none.
        """
        fonts = hashlib.sha256(self._fonts or b"").hexdigest()
        everything = hashlib.sha256(repr((fonts, self._shelf.contents())).encode()).hexdigest()
        return {
            name: f"{everything} {item.key} {page} {self._shelf.places(uses)}"
            for item in self._items
            if item.key
            for page, (name, uses) in enumerate(zip(item.names, item.fonts, strict=True))
        }

    def write(self, path: Path, shown: Container[str] | None = None) -> None:
        """One page, whose resources hold each form that is ``shown`` (or all) under its name."""
        _write(self._items, self._shelf, self._fonts, path, shown)


def _write(
    items: tuple[StockItem, ...],
    shelf: _Shelf,
    fonts: bytes | None,
    path: Path,
    shown: Container[str] | None,
) -> None:
    with pikepdf.new() as stock:
        shelf.fill(stock, fonts)
        forms = Dictionary()
        # Pages of one file share what they have in common only if it is opened once.
        by_file: dict[int, list[StockItem]] = {}
        for item in items:
            if shown is None or any(name in shown for name in item.names):
                by_file.setdefault(id(item.pdf), []).append(item)
        for own in by_file.values():
            with pikepdf.open(io.BytesIO(own[0].pdf)) as source:
                for item in own:
                    pages = source.pages[item.first : item.first + len(item.names)]
                    for page, name, uses in zip(pages, item.names, item.fonts, strict=True):
                        if shown is None or name in shown:
                            forms[f"/{name}"] = _form(stock, page, uses, shelf)
        page = stock.add_blank_page(page_size=(10, 10))
        page.Resources = Dictionary(XObject=forms)
        save_pdf(stock, path, static_id=True)


class _Shelf:
    """One font dictionary for all uses of a font, as long as their codes mean the same."""

    def __init__(self, uses: Iterable[FontUse]) -> None:
        self._letters: dict[tuple[str, int], dict[int, Letter]] = {}
        self._shown: dict[tuple[str, int], set[Letter]] = {}
        self._places: dict[int, tuple[str, int]] = {}
        self._fonts: dict[tuple[str, int], pikepdf.Object] = {}
        for use in uses:
            self._places[id(use)] = self._place(use)

    def _place(self, use: FontUse) -> tuple[str, int]:
        """The first font in which all the letters are, or have room beside the others."""
        number = 0
        while True:
            place = (use.base, number)
            shown = self._shown.setdefault(place, set())
            if shown.issuperset(use.letters):
                return place
            known = self._letters.setdefault(place, {})
            new = set(use.letters) - shown
            if all(letter.code not in known for letter in new):
                shown |= new
                known.update((letter.code, letter) for letter in new)
                return place
            number += 1

    def contents(self) -> object:
        """All letters of all fonts."""
        return [(place, sorted(self._letters[place].values())) for place in sorted(self._letters)]

    def places(self, uses: Iterable[FontUse]) -> tuple[int, ...]:
        """Which of several fonts of one name each use is shown in."""
        return tuple(self._places[id(use)][1] for use in uses)

    def fill(self, stock: pikepdf.Pdf, fonts: bytes | None) -> None:
        """Put the fonts into the stock."""
        if fonts is None or not self._letters:
            return
        with pikepdf.open(io.BytesIO(fonts)) as source:
            found = descriptors(source)
            bases = sorted({base for base, _ in self._letters})
            copied = {base: stock.copy_foreign(found[base]) for base in bases}
        for place in sorted(self._letters):
            letters = self._letters[place].values()
            self._fonts[place] = font_dictionary(stock, copied[place[0]], letters)

    def font(self, use: FontUse) -> pikepdf.Object:
        """The font in which the letters of the use are shown."""
        return self._fonts[self._places[id(use)]]


def _form(
    stock: pikepdf.Pdf, page: pikepdf.Page, uses: tuple[FontUse, ...], shelf: _Shelf
) -> pikepdf.Object:
    resources = Dictionary()
    for key in sorted(page.Resources.keys()):
        resources[key] = copied(page.Resources[key], stock)
    if uses:
        resources["/Font"] = Dictionary({use.name: shelf.font(use) for use in uses})
    box = Array([float(side) for side in page.mediabox])
    form = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=resources)
    contents = page.Contents
    if isinstance(contents, Stream) and _is_deflated(contents):
        form.Filter = Name.FlateDecode
        return Stream(stock, contents.read_raw_bytes(), form)
    parts = list(contents) if isinstance(contents, Array) else [contents]
    return Stream(stock, b"\n".join(part.read_bytes() for part in parts), form)


def _is_deflated(contents: Stream) -> bool:
    """Whether a form can take the stream as it is, which need not be compressed again then."""
    return contents.get("/Filter") == Name.FlateDecode and "/DecodeParms" not in contents
