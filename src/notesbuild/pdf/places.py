"""Where the named destinations of a PDF are, and what is printed there."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2

from notesbuild.pdf.text import ONE_AT_A_TIME


@dataclass(frozen=True, order=True)
class Place:
    """A destination: the page, from 1, how far it is from the page's top, and the left edge."""

    page: int
    down: float
    left: float


@dataclass(frozen=True)
class Area:
    """A part of a page over its whole width, in points from its top; None is its end."""

    page: int
    top: float
    bottom: float | None


def destinations(pdf: bytes) -> dict[str, Place]:
    """Every named destination that says where on its page it is."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.get("/Names")
        if names is None or "/Dests" not in names:
            return {}
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages, start=1)}
        heights = [float(page.mediabox[3]) for page in document.pages]
        return dict(_places(pikepdf.NameTree(names.Dests), pages, heights))


def _places(
    tree: pikepdf.NameTree, pages: dict[tuple[int, int], int], heights: list[float]
) -> Iterator[tuple[str, Place]]:
    for name, value in tree.items():
        array = value.get("/D") if isinstance(value, pikepdf.Dictionary) else value
        if array is None or len(array) < 4 or array[1] != pikepdf.Name.XYZ:
            continue
        page = pages.get(array[0].objgen)
        if page is not None and array[2] is not None and array[3] is not None:
            left, up = float(array[2]), float(array[3])
            yield str(name), Place(page, heights[page - 1] - up, left)


def texts_in(pdf: bytes, areas: Iterable[Area]) -> tuple[str, ...]:
    """The text in each area."""
    with ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            reader = _Reader(document)
            return tuple(reader.text(area) for area in areas)
        finally:
            document.close()


class _Reader:
    """Keeps the page that was read last: areas come page by page."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._number = 0
        self._page: pypdfium2.PdfPage | None = None
        self._text: pypdfium2.PdfTextPage | None = None

    def text(self, area: Area) -> str:
        if area.page != self._number:
            self._number, self._page = area.page, self._document[area.page - 1]
            self._text = self._page.get_textpage()
        assert self._page is not None
        assert self._text is not None
        width, height = self._page.get_size()
        bottom = 0.0 if area.bottom is None else height - area.bottom
        raw = self._text.get_text_bounded(
            left=0.0, bottom=bottom, right=width, top=height - area.top
        )
        return unicodedata.normalize("NFKC", raw.replace("\r", ""))
