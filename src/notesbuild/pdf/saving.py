"""Saving a PDF, also where the disk refuses it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf

_PIECE = 1 << 20


def save_pdf(document: pikepdf.Pdf, path: Path, **how: Any) -> None:
    """Write a document to a file; ``how`` is what :meth:`pikepdf.Pdf.save` knows.

    Raises:
        OSError: the file cannot be written, or there is no room for it.
    """
    with path.open("wb", buffering=0) as file:
        sink = _Sink(file)
        with io.BufferedWriter(sink, _PIECE) as buffer:
            document.save(buffer, **how)
    if sink.fault is not None:
        raise sink.fault


class _Sink(io.RawIOBase):
    """Takes everything, and keeps the first fault.

    After a fault qpdf writes on as it tidies up, where a second one ends the process.
    """

    def __init__(self, file: io.RawIOBase | io.FileIO) -> None:
        self.fault: OSError | None = None
        self._file = file

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """As in the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As in the file."""
        return self._file.tell()

    def write(self, content: Any) -> int:
        """Write, as long as that is possible."""
        if self.fault is None:
            try:
                return self._file.write(content) or 0
            except OSError as fault:
                self.fault = fault
        return len(content)
