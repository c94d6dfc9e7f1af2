"""Writing PDFs, on all cores: each is composed from forms of the stock, and soon forgotten."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pikepdf
from pikepdf import Dictionary

CHUNK = 20
"""So many files go to a process at once."""
ENOUGH = 60
"""From so many files on, processes of their own pay off."""


@dataclass(frozen=True)
class PageToWrite:
    """The operators of a page and the forms that they show; ``code`` is what its QR code says."""

    operators: bytes
    forms: frozenset[str]
    code: str = ""


@dataclass(frozen=True)
class FileToWrite:
    """A PDF: its name below the folder, its title and subject, and its pages."""

    name: str
    title: str
    subject: str
    size: tuple[float, float]
    pages: tuple[PageToWrite, ...]
    password: str = ""


@dataclass(frozen=True)
class Written:
    """A finished file, and the SHA-256 of its content."""

    name: str
    digest: str


def digest_of(content: bytes) -> str:
    """The SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def write_files(
    stock: Path, files: Iterable[FileToWrite], folder: Path, *, jobs: int, count: int
) -> Iterator[Written]:
    """Write all files below ``folder``, in order; only a few are in memory at any time.

    ``count`` is how many there will be: few are written here, many by ``jobs`` processes.
    """
    if jobs == 1 or count < ENOUGH:
        with pikepdf.open(stock) as source:
            writer = _Writer(source)
            for file in files:
                yield writer.write(file, folder)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_open, initargs=(str(stock),)) as pool:
        waiting: list[Future[list[Written]]] = []
        rest = iter(files)
        while chunk := list(islice(rest, CHUNK)):
            waiting.append(pool.submit(_write_chunk, chunk, str(folder)))
            if len(waiting) > 2 * jobs:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()


class _Writer:
    """Writes files from one open stock."""

    def __init__(self, stock: pikepdf.Pdf) -> None:
        self._forms = stock.pages[0].Resources.XObject

    def write(self, file: FileToWrite, folder: Path) -> Written:
        """Compose one file and write it."""
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with pikepdf.new() as document:
            copied: dict[str, pikepdf.Object] = {}
            for page in file.pages:
                self._page(document, page, file.size, copied)
            document.docinfo["/Title"] = file.title
            if file.subject:
                document.docinfo["/Subject"] = file.subject
            document.save(
                path,
                deterministic_id=not file.password,
                encryption=_encryption(file.password),
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
        return Written(file.name, digest_of(path.read_bytes()))

    def _page(
        self,
        document: pikepdf.Pdf,
        page: PageToWrite,
        size: tuple[float, float],
        copied: dict[str, pikepdf.Object],
    ) -> None:
        shown = Dictionary()
        for form in sorted(page.forms):
            if form not in copied:
                copied[form] = document.copy_foreign(self._forms[f"/{form}"])
            shown[f"/{form}"] = copied[form]
        new = document.add_blank_page(page_size=size)
        new.Resources = Dictionary(XObject=shown)
        new.Contents = document.make_stream(page.operators + _code(page.code, size))


def _code(text: str, size: tuple[float, float]) -> bytes:
    if not text:
        return b""
    from notesbuild.exam.codes import corner_operators

    return corner_operators(text, size)


def _encryption(password: str) -> pikepdf.Encryption | bool:
    return pikepdf.Encryption(user=password, owner=password, R=6) if password else False


# --- in processes of their own ---

_writers: list[_Writer] = []


def _open(stock: str) -> None:
    _writers.append(_Writer(pikepdf.open(stock)))


def _write_chunk(files: list[FileToWrite], folder: str) -> list[Written]:
    return [_writers[0].write(file, Path(folder)) for file in files]
