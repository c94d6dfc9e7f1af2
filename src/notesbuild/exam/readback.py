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

Papers = Sequence[tuple[str, bytes]]
"""Versions, and their papers for students."""


@dataclass(frozen=True)
class _Found:
    """What a paper says, the pictures of its pages, what it tells; None: nobody had to look."""

    words: PaperWords | None
    pictures: tuple[Thumbnail, ...] | None
    leaked: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class _Task:
    """What is to be found out about a paper; its ``words`` may be known.

    It may tell nothing of the ``copies``: none, where it was found to be clear.
    """

    version: str
    pdf: bytes
    words: PaperWords | None
    drawn: bool
    copies: tuple[Copy, ...]
    said: Mapping[str, Said]

    @property
    def opens(self) -> bool:
        """Whether the file has to be opened."""
        return self.drawn or self.words is None

    def found(self) -> _Found:
        """Do it."""
        words, pictures = self.words, None
        if self.drawn:
            texts, pictures = read_with_thumbnails(self.pdf)
            words = words or PaperWords.of(self.pdf, texts)
        words = words or PaperWords.read(self.pdf)
        leaked = find_leaks([(self.version, words)], self.copies, self.said) if self.copies else ()
        return _Found(words, pictures, leaked)


class ReadBack:
    """Begins to read the papers; ``pictured`` are those whose pages will be shown."""

    def __init__(
        self, papers: Papers, pictured: Papers, copies: tuple[Copy, ...], memory: Memory
    ) -> None:
        self._papers, self._memory = papers, memory
        self._copies = {copy.version.version: copy for copy in copies}
        said = said_in(copies, memory.recalled)
        shown = frozenset(version for version, _ in pictured)
        self._tasks = tuple(self._needed(v, pdf, v in shown, said) for v, pdf in papers)
        opening = [task for task in self._tasks if task.opens]
        self._given = opening[: (len(opening) + 1) // 2]
        work = partial(_all_found, self._given)
        self._others = aside(work) if self._given else work

    def _needed(self, version: str, pdf: bytes, shown: bool, said: Mapping[str, Said]) -> _Task:
        memory, copy = self._memory, self._copies[version]
        drawn = shown and memory.pictures(pdf) is None
        unclear = () if memory.is_clear(pdf, copy) else (copy,)
        return _Task(version, pdf, memory.words(pdf), drawn, unclear, said)

    @cached_property
    def _found(self) -> dict[str, _Found]:
        given = {task.version for task in self._given}
        own = {task.version: task.found() for task in self._tasks if task.version not in given}
        others = zip(self._given, self._others(), strict=True)
        return {**own, **{task.version: found for task, found in others}}

    def pictures(self, pdf: bytes) -> tuple[Thumbnail, ...]:
        """The pages of a paper that is pictured."""
        known = self._memory.pictures(pdf)
        if known is not None:
            return known
        found = (self._found[task.version].pictures for task in self._tasks if task.pdf == pdf)
        return next(filter(None, found), None) or thumbnails(pdf)

    def leaked(self) -> tuple[Diagnostic, ...]:
        """What the papers tell that they must not; if that is nothing, it is remembered."""
        leaked = tuple(one for task in self._tasks for one in self._found[task.version].leaked)
        if not leaked:
            for task in self._tasks:
                found = self._found[task.version]
                self._memory.keep_read(task.pdf, found.words, found.pictures)
            self._memory.clear((pdf, self._copies[version]) for version, pdf in self._papers)
        return leaked


def _all_found(tasks: Sequence[_Task]) -> list[_Found]:
    return [task.found() for task in tasks]
