"""One run of TeX over many blocks: its document, and what came out of it."""

from __future__ import annotations

import importlib.resources
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from notesbuild.exam.ahead import Start
from notesbuild.exam.blocks import (
    Block,
    BlockText,
    first_torn,
    is_complete,
    lost_letters,
    read_blocks,
)
from notesbuild.exam.document import Document, Writer
from notesbuild.run.program import Watch
from notesbuild.tex.engine import (
    USUAL_LINE,
    TexRun,
    begin_waiting,
    dump_format,
    run_tex,
)

JOB = "paper"


@dataclass(frozen=True)
class Member:
    """A block of a batch under its name there."""

    name: str
    text: BlockText


@dataclass(frozen=True)
class Batch:
    """Blocks of one engine, one preamble and one width."""

    members: tuple[Member, ...]

    @property
    def first(self) -> BlockText:
        """The text that says how all of them are set."""
        return self.members[0].text

    @property
    def has_long_lines(self) -> bool:
        """Whether TeX may have to read longer lines than usual."""
        texts = (member.text for member in self.members)
        return any(
            max(len(t.document.text.encode()), *(len(a.content) for a in t.assets), 0) > USUAL_LINE
            for t in texts
        )


@dataclass(frozen=True)
class Finished:
    """A run: its document, TeX's outcome, and the blocks that were finished, by name.

    ``last`` is the block at which TeX was in the end (empty: before the first one); behind
    ``torn`` nothing can be relied on. ``lost`` are the letters of blocks that no font has.
    ``head`` counts the lines of the preamble in the document.
    """

    document: Document
    run: TexRun
    blocks: dict[str, Block]
    complete: bool
    last: str
    torn: str | None
    lost: Mapping[str, tuple[str, ...]]
    head: int = 0

    @property
    def cut_short(self) -> bool:
        """Whether the end was not reached, although TeX may have left a PDF."""
        return self.run.fatal or not self.complete

    @property
    def never_began(self) -> bool:
        """Whether TeX gave up before the first block, without a word about the document."""
        return self.run.fatal and not self.last and not self.run.messages

    @property
    def sound(self) -> bool:
        """Whether every block that began was finished and is in the PDF."""
        return not self.cut_short and self.torn is None and self.last in self.blocks


@dataclass(frozen=True)
class Preamble:
    """What runs begin with, and the format that was dumped of it, where there is one."""

    document: Document
    format_file: Path | None = None


def run_batch(
    batch: Batch, preamble: Preamble, *, timeout: float, patience: float, epoch: int
) -> Finished:
    """Set the blocks; each strip is a page of the PDF. No block may take beyond ``patience``."""
    document = _document(batch, preamble)
    with tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / f"{JOB}.tex").write_text(document.text, "utf-8")
        if preamble.format_file is None:
            write_styles(folder)
        _lay_out_assets(folder, batch)
        run = run_tex(
            folder,
            JOB,
            engine=batch.first.engine,
            timeout=timeout,
            epoch=epoch,
            settle=(),
            format_file=preamble.format_file,
            patience=patience,
        )
        return _finished(document, preamble, run, folder)


class Waiting:
    """TeX that has read a preamble and waits for blocks; each is asked once.

    Raises:
        OSError: the system does not know how to wait.
    """

    def __init__(self, start: Start) -> None:
        self._preamble = Preamble(start.preamble)
        self._folder = tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True)
        write_styles(self._path)
        self._run = begin_waiting(
            self._path,
            JOB,
            start.preamble.text,
            engine=start.engine,
            timeout=start.timeout,
            epoch=start.epoch,
        )

    @property
    def _path(self) -> Path:
        return Path(self._folder.name)

    def set(self, batch: Batch, *, patience: float) -> Finished:
        """Set the blocks, as :func:`run_batch` does; their time begins now."""
        document = _document(batch, self._preamble)
        rest = document.text.removeprefix(self._preamble.document.text)
        try:
            _lay_out_assets(self._path, batch)
            run = self._run.finish(Watch(self._path / f"{JOB}.tick", patience), rest)
            return _finished(document, self._preamble, run, self._path)
        finally:
            self.stop()

    def stop(self) -> None:
        """End the run, should it still be at work, and leave nothing behind."""
        self._run.stop()
        self._folder.cleanup()


def _finished(document: Document, preamble: Preamble, run: TexRun, folder: Path) -> Finished:
    report, last = (_text(folder / f"{JOB}.{ending}") for ending in ("blk", "tick"))
    complete, torn = is_complete(report), first_torn(report)
    blocks, lost = read_blocks(report), lost_letters(report)
    own = 0 if preamble.format_file is not None else preamble.document.text.count("\n")
    return Finished(document, run, blocks, complete, last.strip(), torn, lost, own)


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def dumped(preamble: Document, engine: str, timeout: float) -> TexRun:
    """The run that makes the format of a preamble."""
    with tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_styles(folder)
        (folder / f"{JOB}.tex").write_text(preamble.text + "\\nbdump\n", "utf-8")
        return dump_format(folder, JOB, engine=engine, timeout=timeout)


def _document(batch: Batch, preamble: Preamble) -> Document:
    writer = Writer()
    if preamble.format_file is None:
        writer.add_document(preamble.document)
    writer.add(f"\\nbstart{{{batch.first.width}}}\n")
    for member in batch.members:
        pictures = f"\\graphicspath{{{{{member.name}/}}}}" if member.text.assets else ""
        writer.add(f"\\nbid{{{member.name}}}%\n")
        # A group keeps a problem's own definitions to itself.
        if member.text.twice:
            writer.add(f"\\nbfirst\\begingroup{pictures}%\n")
            writer.add_document(member.text.document, member.name, member.text.context)
            writer.add("\\endgroup\\nblast\n")
        writer.add(f"\\begingroup{pictures}%\n")
        writer.add_document(member.text.document, member.name, member.text.context)
        writer.add("\\endgroup\n")
    writer.add("\\nbcomplete\n")
    return writer.document()


def _lay_out_assets(folder: Path, batch: Batch) -> None:
    for member in batch.members:
        for asset in member.text.assets:
            target = folder / member.name / asset.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(asset.content)


def write_styles(folder: Path) -> None:
    """Lay the files of style where TeX finds them."""
    for name, content in styles():
        (folder / name).write_bytes(content)


@lru_cache(maxsize=1)
def styles() -> tuple[tuple[str, bytes], ...]:
    """The files of style that every document needs: name and content."""
    package = importlib.resources.files("notesbuild")
    own = package / "render" / "templates" / "nbexam.sty"
    shared = [
        item
        for item in sorted((package / "sphinxext" / "latex_style").iterdir(), key=lambda i: i.name)
        if item.name.startswith("nbfonts")
    ]
    return tuple((item.name, item.read_bytes()) for item in (own, *shared))
