"""The numbered results of a course's notes, as exams and reports speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class NumberedResult:
    """A labelled result of a chapter.

    ``kind`` is the name of its directive, ``name`` that kind as readers see it, in the language
    of the course. ``number`` is empty for a result without a number. ``title`` is plain text
    with formulas as LaTeX. ``href`` is its address below the course's site, ``page`` its page in
    the notes as PDF, or None while there is no PDF of the same sources.
    """

    label: str
    kind: str
    name: str
    number: str
    title: str
    chapter: str
    href: str
    page: int | None = None

    @property
    def heading(self) -> str:
        """``Theorem 7.2``."""
        return f"{self.name} {self.number}".rstrip()


@dataclass(frozen=True)
class OtherLabel:
    """A label of some chapter that is no result of the course.

    Either the course leaves the chapter out, or the label is one of a section, an equation or a
    figure.
    """

    label: str
    chapter: str


@dataclass(frozen=True)
class ResultNumbers:
    """Every labelled result of a course in reading order, and all other labels of the pool.

    ``chapters`` are the names of the course's own chapters.
    """

    course: str
    chapters: tuple[str, ...] = ()
    results: tuple[NumberedResult, ...] = ()
    others: tuple[OtherLabel, ...] = ()

    @cached_property
    def _by_label(self) -> dict[str, NumberedResult]:
        return {result.label: result for result in reversed(self.results)}

    @property
    def printed(self) -> str:
        """All that papers may print of the results: the same text, the same citations."""
        return "\n".join(f"{result.label} {result.heading}" for result in self.results)

    def find(self, label: str) -> NumberedResult | None:
        """The result of that label."""
        return self._by_label.get(label)

    def other(self, label: str) -> OtherLabel | None:
        """The label if it is there, but no result of the course."""
        return next((other for other in self.others if other.label == label), None)
