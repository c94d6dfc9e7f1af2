"""Chapters with what earlier runs have read of them, kept by content under a seal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pydantic import TypeAdapter

from notesbuild.model.course import Course
from notesbuild.model.project import Chapter, Project
from notesbuild.source.cache import Cache, key_of
from notesbuild.source.files import Files
from notesbuild.source.outline import Outline

CACHE = "chapters"


@dataclass(frozen=True)
class KeptChapter(Chapter):
    """A chapter; ``line`` is its outline as JSON, or empty where nobody has kept it."""

    line: bytes = field(default=b"", compare=False, repr=False)


def with_outlines(
    chapters: Iterable[Chapter], files: Files, build: str, *, read_all: bool
) -> tuple[KeptChapter, ...]:
    """The chapters with their outlines, as far as they are kept.

    With ``read_all`` the others are read now, and kept for the next time.
    """
    cache = Cache.opened(files, build, CACHE)
    known: list[KeptChapter] = []
    lines: dict[str, bytes] = {}
    for chapter in chapters:
        key = key_of(chapter.path, [("", chapter.text.encode())])
        line = cache.lines.get(key, b"")
        if not line and read_all:
            line = _adapter().dump_json(read_outline(chapter))
        if line:
            lines[key] = line
        known.append(KeptChapter(chapter.name, chapter.path, chapter.text, line))
    if read_all and lines.keys() != cache.lines.keys():
        cache.saved(files, lines)
    return tuple(known)


@lru_cache(maxsize=1024)
def outline_of(chapter: Chapter) -> Outline:
    """The outline of a chapter."""
    if isinstance(chapter, KeptChapter) and chapter.line:
        try:
            return _adapter().validate_json(chapter.line)
        except ValueError:
            return outline_of(replace(chapter, line=b""))
    return read_outline(chapter)


def titles_in(project: Project, course: Course) -> dict[str, str]:
    """What the labels of a course's chapters are called, as far as they have a title."""
    own = (chapter for chapter in project.chapters if chapter.name in course.chapters)
    return {mark.name: mark.title for one in own for mark in outline_of(one).marks if mark.title}


def read_outline(chapter: Chapter) -> Outline:
    """The outline, read from the text."""
    if chapter.path.endswith(".rst"):
        from notesbuild.source.rst_outline import read_rst

        return read_rst(chapter.text, chapter.path)
    from notesbuild.source.myst_outline import read_myst

    return read_myst(chapter.text, chapter.path)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Outline]:
    return TypeAdapter(Outline)
