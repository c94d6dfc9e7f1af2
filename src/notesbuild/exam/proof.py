"""Proof, file by file, that students hold nothing but their papers.

Finished files are read back by other means than those that wrote them: pikepdf takes them apart,
PDFium reads their text, and a reader of bar codes their codes.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
from pypdfium2 import PdfiumError

from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.exam.codes import corner_box, page_code, parse_code
from notesbuild.exam.known import Known
from notesbuild.exam.places import Layout, misplaced
from notesbuild.pdf.anatomy import Anatomy, anatomy
from notesbuild.pdf.codes import read_codes
from notesbuild.pdf.text import page_texts

ENOUGH = 12
"""From so many pieces of work on, processes of their own pay off."""
CHUNK = 4
"""So many of them go to a process at once."""
SHEAF = 200
"""So many pages of the file to be printed are looked at in one go."""
# What is raised for a file that is damaged, in whatever way.
_UNREADABLE = (
    *(OSError, pikepdf.PdfError, PdfiumError),
    *(ValueError, TypeError, KeyError, IndexError, AttributeError),
)
SHOWN = 3
"""So many faults of one sort are told of one file."""


@dataclass(frozen=True)
class StudentFile:
    """A file for students: what version it has, and whose copy it is.

    ``copy`` is empty for a version's own paper; the file to be printed has neither.
    """

    name: str
    version: str = ""
    copy: str = ""
    large: bool = False
    password: str = ""


@dataclass(frozen=True)
class Sheaf:
    """Pages of the file to be printed from ``start`` (from 0) on: whose they are, and which."""

    file: StudentFile
    start: int
    wanted: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Examined:
    """What was found in a file, and the number of its pages."""

    file: StudentFile
    found: tuple[Diagnostic, ...]
    pages: int = 0


@dataclass(frozen=True)
class Examiner:
    """What processes need: the folder of the files, its name in diagnostics, what is known."""

    folder: Path
    shown: str
    known: Known
    layouts: tuple[Layout | None, Layout | None]

    def examine(self, file: StudentFile) -> Examined:
        """Look at one file in every way."""
        try:
            content = (self.folder / file.name).read_bytes()
            with pikepdf.open(BytesIO(content), password=file.password) as document:
                read = anatomy(document)
                plain = _plain(document) if document.is_encrypted else content
            told = [
                *((Code.LEAK, f"the file holds {what}") for what in self._pieces(file, read)),
                *((Code.LEAK, f"the file holds {what}") for what in self._words(file, read, plain)),
                *((Code.LAYOUT_DIFFERS, what) for what in self._misplaced(file, read)),
            ]
            if content.count(b"startxref") != 1:
                told.append((Code.LEAK, "the file holds an earlier version of itself"))
            if file.copy and self.known.codes:
                wanted = [(file.copy, page) for page in range(1, len(read.pages) + 1)]
                told += [(Code.PAGE_CODE_WRONG, what) for what in self._codes(plain, wanted)]
        except _UNREADABLE as fault:
            message = f"the file cannot be read back: {fault}"
            return Examined(file, (self._error(Code.LEAK, file, message),))
        return Examined(file, self._errors(file, told), len(read.pages))

    def examine_sheaf(self, sheaf: Sheaf) -> Examined:
        """The codes of some pages of the file to be printed."""
        path = self.folder / sheaf.file.name
        try:
            wrong = tuple(self._codes(path, sheaf.wanted, sheaf.start))
        except _UNREADABLE as fault:
            wrong = (f"the codes cannot be read: {fault}",)
        told = [(Code.PAGE_CODE_WRONG, what) for what in wrong]
        return Examined(sheaf.file, self._errors(sheaf.file, told), len(sheaf.wanted))

    def _errors(self, file: StudentFile, told: list[tuple[Code, str]]) -> tuple[Diagnostic, ...]:
        return tuple(self._error(code, file, message) for code, message in _few(told))

    def _error(self, code: Code, file: StudentFile, message: str) -> Diagnostic:
        return error(code, message, Span(f"{self.shown}/{file.name}"))

    def _pieces(self, file: StudentFile, read: Anatomy) -> Iterator[str]:
        """Forms that are no student's to see, and whatever no paper needs."""
        yield from read.oddities
        known = self.known
        for digest in sorted(read.forms):
            owners = known.labels.get(digest)
            if digest in known.secret:
                yield f"a piece of {known.secret[digest]}"
            elif owners is not None:
                if file.copy and file.copy not in owners:
                    yield f"the name, ID or seat of {sorted(owners)[0]}"
            elif digest not in known.students:
                yield "a piece that was not set for students"

    def _words(self, file: StudentFile, read: Anatomy, plain: bytes) -> Iterator[str]:
        """Words of solutions, names of problems and paths, on the pages or beside them."""
        # The pages of the file to be printed are those of the copies, piece by piece.
        text = "\n".join(page_texts(plain)) if file.version else ""
        inside = "\n".join(read.words)
        yield from self.known.secrets.told_in(text)
        yield from self.known.secrets.named_in(inside, text)
        if self.known.folder in inside or self.known.folder in text:
            yield "a path of this computer"

    def _misplaced(self, file: StudentFile, read: Anatomy) -> Iterator[str]:
        layout = self.layouts[file.large]
        asked = self.known.asked.get((file.version, file.large))
        if layout is None or asked is None:
            return
        if len(read.pages) != layout.pages:
            yield f"the paper has {len(read.pages)} pages, the others {layout.pages}"
        yield from misplaced(read.pages, asked, layout)

    def _codes(
        self, pdf: bytes | Path, wanted: Sequence[tuple[str, int]], start: int = 0
    ) -> Iterator[str]:
        """What is wrong with the codes of pages that should be those of ``wanted``."""
        pages = range(start, start + len(wanted))
        read = read_codes(pdf, corner_box(_size(pdf, start)), pages)
        told = {page: [t for _, t in texts] for page, texts in groupby(read, lambda one: one[0])}
        for page, (copy, number) in zip(pages, wanted, strict=True):
            found = told.get(page, [])
            if not found:
                yield f"page {page + 1}: no QR code can be read"
            elif found != [page_code(self.known.exam, copy, number)]:
                yield f"page {page + 1}: the QR code is {_in_words(found[0])}, not that of {copy}"


def _plain(document: pikepdf.Pdf) -> bytes:
    stream = BytesIO()
    document.save(stream, encryption=False)
    return stream.getvalue()


def _size(pdf: bytes | Path, page: int) -> tuple[float, float]:
    with pikepdf.open(BytesIO(pdf) if isinstance(pdf, bytes) else pdf) as document:
        box = [float(side) for side in document.pages[page].mediabox]
    return box[2] - box[0], box[3] - box[1]


def _in_words(text: str) -> str:
    code = parse_code(text)
    if code is None:
        return f"{text!r}"
    return f"that of {code.exam}, copy {code.copy}, page {code.page}"


def _few(told: list[tuple[Code, str]]) -> Iterator[tuple[Code, str]]:
    """The first faults of each sort."""
    for code in dict.fromkeys(code for code, _ in told):
        messages = list(dict.fromkeys(message for own, message in told if own is code))
        yield from ((code, message) for message in messages[:SHOWN])
        if len(messages) > SHOWN:
            yield code, f"and {len(messages) - SHOWN} more of this sort"


# --- on all cores ---


def prove(
    examiner: Examiner, files: Sequence[StudentFile], printed: StudentFile | None, jobs: int
) -> tuple[Diagnostic, ...]:
    """Look at all files, and at the one to be printed, whose pages are those of the copies.

    ``files`` are in the order in which their copies are printed. Each process has one file
    in memory at any time.
    """
    with _crew(examiner, jobs if len(files) >= ENOUGH else 1) as work:
        examined = list(work(Examiner.examine, files))
        if printed is not None:
            wanted = [
                (one.file.copy, page)
                for one in examined
                if one.file.copy
                for page in range(1, one.pages + 1)
            ]
            # The codes are read elsewhere while this process takes the file apart.
            sheaves = work(Examiner.examine_sheaf, _sheaves(printed, wanted, examiner))
            whole = examiner.examine(printed)
            examined += [*sheaves, whole]
            if whole.pages != len(wanted):
                message = f"the file has {whole.pages} pages, the copies {len(wanted)}"
                place = Span(f"{examiner.shown}/{printed.name}")
                wrong = error(Code.LAYOUT_DIFFERS, message, place)
                examined.append(Examined(printed, (wrong,)))
    return tuple(found for one in examined for found in one.found)


def _sheaves(
    printed: StudentFile, wanted: Sequence[tuple[str, int]], examiner: Examiner
) -> list[Sheaf]:
    if not examiner.known.codes:
        return []
    starts = range(0, len(wanted), SHEAF)
    return [Sheaf(printed, start, tuple(wanted[start : start + SHEAF])) for start in starts]


@contextmanager
def _crew(examiner: Examiner, jobs: int) -> Iterator[Callable[..., Iterable[Examined]]]:
    """What applies a method of the examiner to many things, here or in processes."""
    if jobs == 1:
        yield lambda method, items: map(partial(method, examiner), items)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(examiner,)) as pool:
        yield lambda method, items: pool.map(partial(_apply, method), items, chunksize=CHUNK)


_examiners: list[Examiner] = []


def _begin(examiner: Examiner) -> None:
    _examiners.append(examiner)


def _apply(method: Callable[[Examiner, Any], Examined], item: Any) -> Examined:
    return method(_examiners[0], item)
