"""Writing PDFs, on all cores: each is composed from forms of the stock, and soon forgotten."""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Dictionary, Name

from notesbuild.exam.codes import corner_operators
from notesbuild.exam.written import Written, digest_of
from notesbuild.pdf.saving import save_pdf
from notesbuild.run.cluster import Cluster, Task

if TYPE_CHECKING:
    from concurrent.futures import Future

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
    """A PDF: its name below the folder, its title and subject, and its pages.

    ``printed`` asks for its pages in the file that holds everything to be printed.
    """

    name: str
    title: str
    subject: str
    size: tuple[float, float]
    pages: tuple[PageToWrite, ...]
    password: str = ""
    printed: bool = False


@dataclass(frozen=True)
class _Page:
    """A page whose operators are compressed already."""

    content: bytes
    forms: tuple[str, ...]


_Finished = tuple[Written, tuple[_Page, ...]]


@dataclass(frozen=True)
class Crew:
    """Who writes: ``jobs`` processes here or the workers of a ``cluster``; few files we write.

    ``count`` is how many files there will be.
    """

    jobs: int = 1
    cluster: Cluster | None = None
    count: int = 1


def write_files(
    stock: Path,
    files: Iterable[FileToWrite],
    folder: Path,
    printed: FileToWrite | None,
    crew: Crew,
) -> Iterator[Written]:
    """Write all files below ``folder``, in order; only a few are in memory at any time.

    ``printed`` is a file for the pages of all those that are to be printed.
    """
    with pikepdf.open(stock) as source:
        writer = _Writer(source)
        sheaf = writer.sheaf()
        for written, pages in _finished(writer, stock, files, folder, crew):
            yield written
            for page in pages:
                sheaf.add(page)
        if printed is not None:
            yield sheaf.save(printed, folder)


def _finished(
    writer: _Writer, stock: Path, files: Iterable[FileToWrite], folder: Path, crew: Crew
) -> Iterator[_Finished]:
    if crew.count >= ENOUGH and crew.cluster is not None:
        return _on_cluster(stock, files, folder, crew.cluster)
    if crew.count >= ENOUGH and crew.jobs > 1:
        return _in_processes(stock, files, folder, crew.jobs)
    return (writer.write(file, folder) for file in files)


def _on_cluster(
    stock: Path, files: Iterable[FileToWrite], folder: Path, cluster: Cluster
) -> Iterator[_Finished]:
    shared = cluster.share(stock.read_bytes())
    waiting: list[Task[list[_Carried]]] = []
    rest = iter(files)
    while chunk := list(islice(rest, CHUNK)):
        waiting.append(cluster.submit(_write_elsewhere, shared, chunk))
        if len(waiting) > 2 * cluster.cores:
            yield from _put_down(waiting.pop(0), folder)
    for task in waiting:
        yield from _put_down(task, folder)


def _put_down(task: Task[list[_Carried]], folder: Path) -> Iterator[_Finished]:
    for (written, pages), content in task.result():
        path = folder / written.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        yield written, pages


def _in_processes(
    stock: Path, files: Iterable[FileToWrite], folder: Path, jobs: int
) -> Iterator[_Finished]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_open, initargs=(str(stock),)) as pool:
        waiting: list[Future[list[_Finished]]] = []
        rest = iter(files)
        while chunk := list(islice(rest, CHUNK)):
            waiting.append(pool.submit(_write_chunk, chunk, str(folder)))
            if len(waiting) > 2 * jobs:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()


class _Sheaf:
    """A document in the making, whose pages show forms of the stock."""

    def __init__(self, stock: pikepdf.Pdf) -> None:
        self._stock = stock  # its objects live as long as it does
        self._forms = stock.pages[0].Resources.XObject
        self._copied: dict[str, pikepdf.Object] = {}
        self._document = pikepdf.new()
        self._pages: list[_Page] = []

    def add(self, page: _Page) -> None:
        """One more page."""
        self._pages.append(page)

    def save(self, file: FileToWrite, folder: Path) -> Written:
        """Write the document; it cannot be used any more."""
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._document as document:
            for page in self._pages:
                self._put(document, page, file.size)
            document.docinfo["/Title"] = file.title
            if file.subject:
                document.docinfo["/Subject"] = file.subject
            save_pdf(
                document,
                path,
                deterministic_id=not file.password,
                encryption=_encryption(file.password),
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                # Everything is compressed already; this setting and encryption exclude each other.
                stream_decode_level=None if file.password else pikepdf.StreamDecodeLevel.none,
                compress_streams=bool(file.password),
            )
        return Written(file.name, digest_of(path.read_bytes()), bool(file.password))

    def _put(self, document: pikepdf.Pdf, page: _Page, size: tuple[float, float]) -> None:
        for form in page.forms:
            if form not in self._copied:
                self._copied[form] = document.copy_foreign(self._forms[f"/{form}"])
        new = document.add_blank_page(page_size=size)
        shown = Dictionary({f"/{form}": self._copied[form] for form in page.forms})
        new.Resources = Dictionary(XObject=shown)
        new.Contents = document.make_stream(page.content, Filter=Name.FlateDecode)


class _Writer:
    """Writes files from one open stock."""

    def __init__(self, stock: pikepdf.Pdf) -> None:
        self._stock = stock

    def sheaf(self) -> _Sheaf:
        """A new document."""
        return _Sheaf(self._stock)

    def write(self, file: FileToWrite, folder: Path) -> _Finished:
        """Compose one file and write it."""
        sheaf = self.sheaf()
        pages = tuple(_compressed(page, file.size) for page in file.pages)
        for page in pages:
            sheaf.add(page)
        return sheaf.save(file, folder), pages if file.printed else ()


def _compressed(page: PageToWrite, size: tuple[float, float]) -> _Page:
    operators = page.operators + _code(page.code, size)
    return _Page(zlib.compress(operators, 6), tuple(sorted(page.forms)))


def _code(text: str, size: tuple[float, float]) -> bytes:
    if not text:
        return b""
    return corner_operators(text, size)


def _encryption(password: str) -> pikepdf.Encryption | bool:
    return pikepdf.Encryption(user=password, owner=password, R=6) if password else False


# --- in processes of their own ---

_writers: list[_Writer] = []


def _open(stock: str) -> None:
    _writers.append(_Writer(pikepdf.open(stock)))


_Carried = tuple[_Finished, bytes]


def _write_elsewhere(stock: bytes, files: list[FileToWrite]) -> list[_Carried]:
    """What a worker of a cluster does: its files travel back."""
    with (
        tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as name,
        pikepdf.open(io.BytesIO(stock)) as source,
    ):
        writer = _Writer(source)
        finished = [writer.write(file, Path(name)) for file in files]
        return [(one, (Path(name) / one[0].name).read_bytes()) for one in finished]


def _write_chunk(files: list[FileToWrite], folder: str) -> list[_Finished]:
    return [_writers[0].write(file, Path(folder)) for file in files]
