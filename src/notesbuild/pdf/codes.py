"""Reading QR codes from finished pages."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import zxingcpp

from notesbuild.pdf.text import ONE_AT_A_TIME

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in PDF points."""

_QR = zxingcpp.barcode_formats_from_str("QRCode")
_SCALES = (2.0, 4.0)
"""Pixels a point: 144 and 288 dots an inch; the finer one where the first finds nothing."""


def read_codes(
    pdf: bytes | Path, corner: Box | None = None, pages: range | None = None
) -> tuple[tuple[int, str], ...]:
    """The index (from 0) of every page with a QR code, and the text of each of its codes.

    ``pages`` are the only ones to look at. ``corner`` is where the codes stand: pages are looked
    at there first, which is quick, and as a whole where nothing is found.
    """
    with ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return tuple(
                (number, text)
                for number in pages or range(len(document))
                for text in _texts(document[number], corner)
            )
        finally:
            document.close()


def _texts(page: pypdfium2.PdfPage, corner: Box | None) -> tuple[str, ...]:
    try:
        width, height = page.get_size()
        whole = (0.0, 0.0, float(width), float(height))
        places = (whole,) if corner is None else (corner, whole)
        for left, bottom, right, top in places:
            crop = (max(left, 0), max(bottom, 0), max(width - right, 0), max(height - top, 0))
            for scale in _SCALES:
                found = _look(page, crop, scale)
                if found:
                    return found
        return ()
    finally:
        page.close()


def _look(page: pypdfium2.PdfPage, crop: Box, scale: float) -> tuple[str, ...]:
    bitmap = page.render(scale=scale, crop=crop, grayscale=True)
    try:
        found = zxingcpp.read_barcodes(bitmap.to_pil(), formats=_QR)
        return tuple(sorted(barcode.text for barcode in found))
    finally:
        bitmap.close()
