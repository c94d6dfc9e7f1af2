"""The working folder of a course: sources that change only where their content does."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from notesbuild.diagnostics import Diagnostic, Outcome
from notesbuild.source.files import Files, digest

if TYPE_CHECKING:
    from notesbuild.model.project import Project
    from notesbuild.notes.assemble import Assembled

AUTHOR_CONF = "conf_author.py"
"""What the author's own configuration is called among the sources."""

BIBLIOGRAPHY = "references.bib"

NOWHERE = ".no-such-file"
"""Stands in for a path that leads out; what is then said of it says nothing new."""


@dataclass(frozen=True)
class Work:
    """Where a build works; nothing here is a result."""

    root: Path

    @property
    def src(self) -> Path:
        """What Sphinx reads."""
        return self.root / "src"

    @property
    def doctrees(self) -> Path:
        """What Sphinx has read."""
        return self.root / "doctrees"

    @property
    def html(self) -> Path:
        """Pages."""
        return self.root / "html"

    @property
    def latex(self) -> Path:
        """LaTeX, and what TeX makes of it."""
        return self.root / "latex"

    def latex_of(self, form: str) -> Path:
        """The same of another form of the notes; empty for the notes themselves."""
        return self.root / f"latex-{form}" if form else self.latex

    @property
    def templates(self) -> Path:
        """Templates of the theme, compiled."""
        return self.root / "templates"

    @property
    def syllabus(self) -> Path:
        """The syllabus."""
        return self.root / "syllabus"

    @property
    def results(self) -> Path:
        """What the extension writes of the results."""
        return self.root / "results.json"

    @property
    def state(self) -> Path:
        """What the last build has to tell this one."""
        return self.root / "state.json"


def work_of(project: Project, course: str) -> Work:
    """The working folder of a course."""
    return Work(project.build / ".work" / course)


@dataclass(frozen=True)
class Sources:
    """The contents of all sources, by path."""

    contents: tuple[tuple[str, bytes], ...]

    @property
    def digest(self) -> str:
        """The same for the same sources."""
        return digest(
            *(piece for path, content in self.contents for piece in (path.encode(), content))
        )


def read_sources(assembled: Assembled, files: Files) -> Outcome[Sources]:
    """What Sphinx will read: texts of ours, and files of the author's."""
    contents = {file.path: file.text.encode() for file in assembled.generated}
    found: list[Diagnostic] = []
    for path, author in assembled.copied:
        content = files.content(author)
        found += content.diagnostics
        if content.value is not None:
            contents.setdefault(path, content.value)
    return Outcome(Sources(tuple(sorted(contents.items()))), tuple(found))


def lay_out(sources: Sources, folder: Path) -> None:
    """Make ``folder`` hold these sources and nothing else."""
    for path, content in sources.contents:
        _write_if_new(folder / path, content)
    _remove_others(folder, {folder / path for path, _ in sources.contents})


def _write_if_new(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    if path.is_dir():
        shutil.rmtree(path)
    for parent in path.parents:
        if parent.is_file():
            parent.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _remove_others(folder: Path, kept: set[Path]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
