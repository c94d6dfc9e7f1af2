"""What a first build of an exam needs is made from its start on, before the bank is read.

TeX dumps the usual format, and a helper loads what computes parameters: both take long.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from notesbuild.model.project import Settings
from notesbuild.run.aside import Helper
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
    """TeX at work on a preamble, beside whatever we do meanwhile, and a helper."""

    def __init__(self, document: Document, timeout: float, helper: Helper | None = None) -> None:
        from notesbuild.exam.batch import begin_dump

        self._text = document.text
        self._run: TexRun | None = None
        self.helper = helper
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
def format_ahead(root: Path, jobs: int) -> Iterator[Ahead | None]:
    """Have TeX read the usual preamble of exams where no format is kept; None where one is.

    Whoever builds an exam takes the format; what is wrong with it is told then. With more than
    one of ``jobs`` there is a helper, too.
    """
    files = Files(root)
    settings = read_settings(files).value
    if settings is None or settings.exam_engine != FORMAT_LOADS:
        yield None
        return
    if any(formats_folder(root / settings.build).glob("*.fmt")):
        yield None
        return
    helper = Helper(_load) if jobs > 1 else None
    ahead: Ahead | None = None
    try:
        document = _preamble(files, settings)
        if document is not None:
            ahead = Ahead(document, settings.tex_timeout, helper)
        yield ahead
    finally:
        if ahead is not None:
            ahead.close()
        if helper is not None:
            helper.close()


def _load() -> None:
    from notesbuild.exam import rendering
    from notesbuild.render import symbolic

    assert rendering and symbolic


def _preamble(files: Files, settings: Settings) -> Document | None:
    """The usual preamble; None where TeX must not be shown the project's macros."""
    from notesbuild.exam.paper import preamble
    from notesbuild.source.latex import forbidden_commands

    path = f"{settings.notes}/macros.tex"
    macros = (files.text(path).value if files.exists(path) else None) or ""
    if any(forbidden_commands(macros)):
        return None
    return preamble(macros, path, tikz=False)
