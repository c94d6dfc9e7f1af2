"""Saving a PDF, also where the disk refuses it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf


def save_pdf(document: pikepdf.Pdf, path: Path, **how: Any) -> None:
    """Write a document to a file; ``how`` is what :meth:`pikepdf.Pdf.save` knows.

    It is finished in memory: where qpdf itself meets a full disk, it meets it again as it tidies
    up, and that ends the process.

    Raises:
        OSError: the file cannot be written, or there is no room for it.
    """
    content = io.BytesIO()
    document.save(content, **how)
    path.write_bytes(content.getbuffer())
