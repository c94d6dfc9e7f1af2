"""Reading finished PDFs back."""

from __future__ import annotations

import threading
import unicodedata
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
            return tuple(_page_text(document, number) for number in range(len(document)))
        finally:
            document.close()


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            raw = str(text_page.get_text_bounded())
        finally:
            text_page.close()
    finally:
        page.close()
    # PDFium marks a hyphen at the end of a line with U+FFFE or U+0002.
    joined = raw.replace("\r", "").replace("\ufffe\n", "").replace("\x02\n", "")
    return unicodedata.normalize("NFKC", joined.replace("\ufffe", "").replace("\x02", ""))
