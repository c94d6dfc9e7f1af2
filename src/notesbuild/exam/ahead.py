"""The usual format, dumped from the start of a build: what it takes is known before the bank is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from notesbuild.source.files import Files
from notesbuild.source.project import read_settings

if TYPE_CHECKING:
    from notesbuild.exam.document import Document
    from notesbuild.tex.engine import TexRun

FORMAT_LOADS = "pdflatex"
"""The engine whose formats can be dumped; lualatex's fonts do not survive it."""


def formats_folder(build: Path) -> Path:
    """Where the dumped formats of all exams are kept."""
    return build / ".work" / "exams" / "formats"


class Ahead:
    """TeX at work on a preamble, beside whatever we do meanwhile."""

    def __init__(self, document: Document, timeout: float) -> None:
        from notesbuild.exam.batch import begin_dump

        self._text = document.text
        self._run: TexRun | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True)
        self._dumping = begin_dump(Path(self._folder.name), document, FORMAT_LOADS, timeout)

    def take(self, document: Document) -> TexRun | None:
        """The run that has read this very document; None if it was another one."""
        return self.finish() if document.text == self._text else None

    def finish(self) -> TexRun:
        """The run, when it has come to its end."""
        if self._run is None:
            self._run = self._dumping.finish()
        return self._run

    def close(self) -> None:
        """Stop TeX, should it still be at work, and leave nothing behind."""
        self._dumping.stop()
        self._folder.cleanup()


@contextmanager
def format_ahead(root: Path) -> Iterator[Ahead | None]:
    """Have TeX read the usual preamble of exams where no format is kept; None where one is.

    Whoever builds an exam takes the format; what is wrong with it is told then.
    """
    document = _unread_preamble(Files(root))
    if document is None:
        yield None
        return
    ahead = Ahead(*document)
    try:
        yield ahead
    finally:
        ahead.close()


def _unread_preamble(files: Files) -> tuple[Document, float] | None:
    """The preamble of which there is no format yet, and for how long TeX may read it."""
    settings = read_settings(files).value
    if settings is None or settings.exam_engine != FORMAT_LOADS:
        return None
    if any(formats_folder(files.root / settings.build).glob("*.fmt")):
        return None
    from notesbuild.exam.paper import preamble
    from notesbuild.source.latex import forbidden_commands

    path = f"{settings.notes}/macros.tex"
    macros = (files.text(path).value if files.exists(path) else None) or ""
    if any(forbidden_commands(macros)):
        return None  # TeX must not be shown this
    return preamble(macros, path, tikz=False), settings.tex_timeout
