"""Reading finished PDFs back."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2

# PDFium is not made for several threads at once.
ONE_AT_A_TIME = threading.Lock()


def page_texts(pdf: bytes | Path) -> tuple[str, ...]:
    """The text of each page; ligatures are taken apart, hyphens at line ends removed."""
    import pypdfium2

    with ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return tuple(page_text(page) for page in pages_of(document))
        finally:
            document.close()


def pages_of(document: pypdfium2.PdfDocument) -> Iterator[pypdfium2.PdfPage]:
    """Each page while it is looked at; an open one takes memory."""
    for number in range(len(document)):
        page = document[number]
        try:
            yield page
        finally:
            page.close()


def page_text(page: pypdfium2.PdfPage) -> str:
    """The text of a page, as :func:`page_texts` gives it."""
    text_page = page.get_textpage()
    try:
        raw = str(text_page.get_text_bounded())
    finally:
        text_page.close()
    # PDFium marks a hyphen at the end of a line with U+FFFE or U+0002.
    joined = raw.replace("\r", "").replace("\ufffe\n", "").replace("\x02\n", "")
    return unicodedata.normalize("NFKC", joined.replace("\ufffe", "").replace("\x02", ""))
