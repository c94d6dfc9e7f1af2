"""What every command shares: the project, and how it speaks and ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from notesbuild.diagnostics import Diagnostic, Outcome, Span
    from notesbuild.model.project import Project

Say = Callable[[str], None]


@dataclass(frozen=True)
class Context:
    """The folder that ``--project`` named, if it did."""

    folder: Path | None

    def root(self) -> Path:
        """The project's root; without one the command ends with exit code 1."""
        from notesbuild.diagnostics import Code, Span, error
        from notesbuild.source.project import find_root

        start = (self.folder or Path()).resolve()
        root = find_root(start) if start.is_dir() else None
        if root is None or (self.folder is not None and root != start):
            message = "there is no notesbuild.toml here or above"
            if self.folder is not None:
                message = f"{self.folder} holds no notesbuild.toml"
            finish([error(Code.PROJECT_MISSING, message, Span(str(self.folder or ".")))], start)
        return root

    def load(self) -> tuple[Project, tuple[Diagnostic, ...]]:
        """The project and what reading it found; ends the command if nothing can be read."""
        return self._read_by(self.read)

    def load_for_exam(self, exam: str) -> tuple[Project, tuple[Diagnostic, ...]]:
        """The same with those problems only that the exam has drawn."""
        from notesbuild import pipeline

        return self._read_by(lambda: pipeline.read_for_exam(self.root(), exam))

    def _read_by(
        self, read: Callable[[], Outcome[Project | None]]
    ) -> tuple[Project, tuple[Diagnostic, ...]]:
        outcome = read()
        if outcome.value is None:
            finish(outcome.diagnostics, self.root())
        return outcome.value, outcome.diagnostics

    def read(self) -> Outcome[Project | None]:
        """The project, or why there is none."""
        from notesbuild import pipeline

        return pipeline.read(self.root())


pass_project = click.make_pass_decorator(Context)


def report(diagnostics: Iterable[Diagnostic], root: Path) -> None:
    """Print diagnostics for people, on standard error, in the order of the files."""
    from notesbuild.diagnostics import in_order, render
    from notesbuild.source.files import Files

    files = Files(root)

    @lru_cache(maxsize=8)
    def lines_of(path: str) -> list[str]:
        text = files.text(path).value if files.exists(path) else None
        return text.split("\n") if text is not None else []

    def source_line(span: Span) -> str | None:
        lines = lines_of(span.path)
        return lines[span.line - 1] if 0 < span.line <= len(lines) else None

    ordered = in_order(diagnostics)
    if ordered:
        click.echo(render(ordered, source_line=source_line), err=True)


def finish(diagnostics: Iterable[Diagnostic], root: Path) -> NoReturn:
    """Report, count, and end the command with the exit code that the diagnostics ask for."""
    from notesbuild.diagnostics import exit_code

    found = tuple(dict.fromkeys(diagnostics))
    report(found, root)
    if found:
        click.echo(count(found), err=True)
    sys.exit(exit_code(found))


def count(diagnostics: Iterable[Diagnostic]) -> str:
    """``2 errors, 1 warning``."""
    found = tuple(diagnostics)
    parts = []
    for severity in ("error", "warning", "note"):
        number = sum(d.severity.value == severity for d in found)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return ", ".join(parts)
