"""Spans, diagnostics and outcomes: frozen values without I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from notesbuild.diagnostics.codes import Code

T = TypeVar("T")

Location = tuple[str | int, ...]


class Severity(StrEnum):
    """How grave a diagnostic is; only errors make a command fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, order=True)
class Span:
    """A place in an author's file.

    ``path`` is relative to the project, with forward slashes; ``line`` and ``column``
    count from 1, and 0 means that only the file is known.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{max(self.column, 1)}"


@dataclass(frozen=True)
class Origin:
    """Where a record was read: its file, and the place of each of its keys.

    ``places`` maps a location such as ``("sections", 0, "where")`` to line and column.
    """

    path: str
    places: tuple[tuple[Location, tuple[int, int]], ...] = field(default=(), repr=False)

    @cached_property
    def _known(self) -> dict[Location, tuple[int, int]]:
        return dict(self.places)

    def span(self, *location: str | int) -> Span:
        """The place of ``location``, or of the nearest enclosing one that is known."""
        for length in range(len(location), -1, -1):
            place = self._known.get(location[:length])
            if place is not None:
                return Span(self.path, *place)
        return Span(self.path, 1, 1)


@dataclass(frozen=True)
class Diagnostic:
    """One finding: what is wrong, where, and what to do about it."""

    code: Code
    severity: Severity
    message: str
    span: Span | None = None
    hint: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What a stage returns: its value, and everything that it has to say."""

    value: T
    diagnostics: tuple[Diagnostic, ...] = ()


def error(
    code: Code,
    message: str,
    span: Span | None = None,
    hint: str | None = None,
    notes: Iterable[str] = (),
) -> Diagnostic:
    """A diagnostic that makes the command fail."""
    return Diagnostic(code, Severity.ERROR, message, span, hint, tuple(notes))


def warning(
    code: Code,
    message: str,
    span: Span | None = None,
    hint: str | None = None,
    notes: Iterable[str] = (),
) -> Diagnostic:
    """A diagnostic that an author should look at; the build goes on."""
    return Diagnostic(code, Severity.WARNING, message, span, hint, tuple(notes))


def note(code: Code, message: str, span: Span | None = None) -> Diagnostic:
    """A remark."""
    return Diagnostic(code, Severity.NOTE, message, span)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    """0 without errors; 1 if the input has errors; 3 if only programs are to blame."""
    statuses = {d.code.status for d in diagnostics if d.severity is Severity.ERROR}
    if not statuses:
        return 0
    return 1 if 1 in statuses else 3


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place, each once."""
    no_place = Span("")
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.span or no_place, d.code.slug, d.message)))
