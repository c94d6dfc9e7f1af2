"""Saving a PDF, also where the disk refuses it."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf


def save_pdf(document: pikepdf.Pdf, path: Path, **how: Any) -> None:
    """Write a document to a file; ``how`` is what :meth:`pikepdf.Pdf.save` knows.

    It is finished in memory: where qpdf itself meets a full disk, it meets it again as it tidies
    up, and that ends the process.

    Raises:
        OSError: the file cannot be written, or there is no room for it.
    """
    with _in_memory() as content:
        document.save(content, **how)
        content.seek(0)
        path.write_bytes(content.read())


def _in_memory() -> BinaryIO:
    """A file in memory; to write into one of Python's own takes twice as long."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("pdf"), "w+b")
    return io.BytesIO()
