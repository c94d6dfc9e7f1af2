"""Pages of a PDF as small pictures inside a page of HTML."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

from notesbuild.pdf.text import ONE_AT_A_TIME, page_text, pages_of

if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image

WIDTH = 240
"""In pixels: twice what a page shows, so that it is sharp on any screen."""

_GREYS = 16
_TO_GREYS = [value * _GREYS // 256 for value in range(256)]
_PALETTE = [value * 255 // (_GREYS - 1) for value in range(_GREYS) for _ in "rgb"]


@dataclass(frozen=True)
class Thumbnail:
    """A page in sixteen greys: its size in pixels, and a PNG as the address of a picture."""

    width: int
    height: int
    uri: str


def load_pdfium() -> None:
    """Load what draws pages, which takes a while."""
    import pypdfium2  # noqa: F401
    from PIL import Image  # noqa: F401


def thumbnails(pdf: bytes) -> tuple[Thumbnail, ...]:
    """One for each page; the same page always gives the same bytes."""
    with _opened(pdf) as pages:
        return tuple(map(_thumbnail, pages))


def read_with_thumbnails(
    pdf: bytes, known: Iterable[Thumbnail | None] = ()
) -> tuple[tuple[str, ...], tuple[Thumbnail, ...]]:
    """The text of each page, and its picture: a page is opened once for both.

    Of the pictures those that are ``known``, from the first page on, are not drawn again.
    """
    texts, pictures = [], []
    with _opened(pdf) as pages:
        for page, picture in zip(pages, chain(known, repeat(None)), strict=False):
            texts.append(page_text(page))
            pictures.append(picture or _thumbnail(page))
    return tuple(texts), tuple(pictures)


@contextmanager
def _opened(pdf: bytes) -> Iterator[Iterable[pypdfium2.PdfPage]]:
    import pypdfium2

    with ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield pages_of(document)
        finally:
            document.close()


def _thumbnail(page: pypdfium2.PdfPage) -> Thumbnail:
    bitmap = page.render(scale=WIDTH / page.get_width(), grayscale=True)
    try:
        return _encoded(bitmap.to_pil())
    finally:
        bitmap.close()


def _encoded(picture: Image.Image) -> Thumbnail:
    greys = picture.convert("L").point(_TO_GREYS)
    greys.putpalette(_PALETTE)
    content = io.BytesIO()
    greys.save(content, "PNG", bits=4, compress_level=6)
    text = base64.b64encode(content.getvalue()).decode("ascii")
    return Thumbnail(greys.width, greys.height, f"data:image/png;base64,{text}")
