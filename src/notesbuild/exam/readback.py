"""Finished papers read back: what they tell that they must not, and how their pages look.

Two processes share the work, one of them a copy of this one, which meanwhile writes what stands
beside the papers. What an earlier build has read of the same file is not read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from notesbuild.diagnostics import Diagnostic
from notesbuild.exam.leak import PaperWords, Said, find_leaks, said_in
from notesbuild.exam.memory import Memory
from notesbuild.exam.paper import Copy
from notesbuild.pdf.thumbnails import Thumbnail, read_with_thumbnails, thumbnails
from notesbuild.run.aside import aside


@dataclass(frozen=True)
class PaperFile:
    """A version's paper for students; ``pages`` tell how each page looks, where that is known."""

    version: str
    pdf: bytes
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """What a paper says, the pictures of its pages, what it tells; None: nobody had to look."""

    words: PaperWords | None
    pictures: tuple[Thumbnail, ...] | None
    leaked: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class _Task:
    """What is to be found out about a paper; its ``words`` may be known, and some ``pictures``.

    It may tell nothing of the ``copies``: none, where it was found to be clear.
    """

    paper: PaperFile
    words: PaperWords | None
    pictures: tuple[Thumbnail | None, ...]
    drawn: bool
    copies: tuple[Copy, ...]
    said: Mapping[str, Said]

    @property
    def opens(self) -> bool:
        """Whether the file has to be opened."""
        return self.drawn or self.words is None

    def found(self) -> _Found:
        """Do it."""
        version, pdf, words = self.paper.version, self.paper.pdf, self.words
        pictures = None
        if self.drawn:
            texts, pictures = read_with_thumbnails(pdf, self.pictures)
            words = words or PaperWords.of(pdf, texts)
        words = words or PaperWords.read(pdf)
        leaked = find_leaks([(version, words)], self.copies, self.said) if self.copies else ()
        return _Found(words, pictures, leaked)


class ReadBack:
    """Begins to read the papers; ``pictured`` are those whose pages will be shown."""

    def __init__(
        self,
        papers: Sequence[PaperFile],
        pictured: Sequence[PaperFile],
        copies: tuple[Copy, ...],
        memory: Memory,
    ) -> None:
        self._memory = memory
        self._copies = {copy.version.version: copy for copy in copies}
        said = said_in(copies, memory.recalled)
        shown = frozenset(paper.version for paper in pictured)
        self._tasks = tuple(self._needed(paper, paper.version in shown, said) for paper in papers)
        opening = [task for task in self._tasks if task.opens]
        self._given = opening[: (len(opening) + 1) // 2]
        work = partial(_all_found, self._given)
        self._others = aside(work) if self._given else work

    def _needed(self, paper: PaperFile, shown: bool, said: Mapping[str, Said]) -> _Task:
        memory, copy = self._memory, self._copies[paper.version]
        pictures = tuple(memory.picture(page) for page in paper.pages) if shown else ()
        drawn = shown and not (pictures and all(pictures))
        unclear = () if memory.is_clear(paper.pdf, copy) else (copy,)
        return _Task(paper, memory.words(paper.pdf), pictures, drawn, unclear, said)

    @cached_property
    def _found(self) -> dict[str, _Found]:
        given = {task.paper.version for task in self._given}
        own = [task for task in self._tasks if task.paper.version not in given]
        found = zip([*own, *self._given], [*map(_Task.found, own), *self._others()], strict=True)
        return {task.paper.version: one for task, one in found}

    def pictures(self, pdf: bytes) -> tuple[Thumbnail, ...]:
        """The pages of a paper that is pictured."""
        task = next((task for task in self._tasks if task.paper.pdf == pdf), None)
        if task is None:
            return thumbnails(pdf)
        known = tuple(filter(None, task.pictures))
        return (self._found[task.paper.version].pictures if task.drawn else known) or ()

    def leaked(self) -> tuple[Diagnostic, ...]:
        """What the papers tell that they must not; if that is nothing, it is remembered."""
        found = [(task.paper, self._found[task.paper.version]) for task in self._tasks]
        leaked = tuple(leak for _, one in found for leak in one.leaked)
        for paper, one in () if leaked else found:
            self._memory.clear(paper.pdf, self._copies[paper.version])
            self._memory.keep_read(paper.pdf, one.words)
            for page, picture in zip(paper.pages, one.pictures or (), strict=False):
                self._memory.keep_picture(page, picture)
        return leaked


def _all_found(tasks: Sequence[_Task]) -> list[_Found]:
    return [task.found() for task in tasks]
