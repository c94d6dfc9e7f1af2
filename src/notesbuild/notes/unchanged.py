"""Whether a build would publish what is published already.

A build that ended without a word leaves a digest of what it read and of the files that it
published, by their names, sizes and times. While both are the same, there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from notesbuild.model.course import Course
from notesbuild.model.project import Project
from notesbuild.notes.calendar import calendar_input
from notesbuild.notes.prepare import Prepared
from notesbuild.source.files import digest

_PUBLISHED = ("calendar.ics", "html", "pdf", "results.json")


def finished(
    project: Project, course: Course, prepared: Prepared, syllabus: str | None, *, html: bool
) -> str:
    """The digest of everything that goes into a build, and of all that it has published.

    ``syllabus`` is its LaTeX; None where no PDFs are made.
    """
    handed_out = [
        piece
        for handout in prepared.assembled.downloads.handouts
        for file in handout.files
        for piece in (file.path.encode(), _content(file.source))
    ]
    return digest(
        f"{html} {prepared.assembled.engine} {prepared.laid_out} {syllabus}".encode(),
        calendar_input(course, project.blueprints).encode(),
        *handed_out,
        published(project, course).encode(),
    )


def published(project: Project, course: Course, names: Iterable[str] = _PUBLISHED) -> str:
    """A digest of the files that are published under these names: of their sizes and times."""
    return digest(*(line.encode() for line in _listing(project.build / course.name, names)))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # publishing will say what is wrong with it


def _listing(folder: Path, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        top = folder / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                known = path.stat()
                yield f"{path.relative_to(folder)} {known.st_size} {known.st_mtime_ns}"
            elif path == top:
                yield f"{name} is missing"
