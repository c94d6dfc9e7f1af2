"""Chapters with what earlier runs have read of them, kept by content under a seal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pydantic import TypeAdapter

from notesbuild.model.course import Course
from notesbuild.model.project import Chapter, Project
from notesbuild.source.cache import Cache, key_of
from notesbuild.source.files import Files
from notesbuild.source.outline import Mark, Outline

CACHE = "chapters"
_APART = b"\t"  # JSON has none


@dataclass(frozen=True)
class KeptChapter(Chapter):
    """A chapter; ``line`` is empty where nobody has kept its outline.

    It is JSON twice: the names of the labels, which every build asks for, then the outline.
    """

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
            line = _line(read_outline(chapter))
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
            return _adapter().validate_json(chapter.line.partition(_APART)[2])
        except ValueError:
            return outline_of(replace(chapter, line=b""))
    return read_outline(chapter)


def label_names(chapter: Chapter) -> tuple[str, ...]:
    """The names of the labels that a chapter defines, in order."""
    if isinstance(chapter, KeptChapter):
        names, apart, _ = chapter.line.partition(_APART)
        if apart:
            return tuple(json.loads(names))
    return tuple(mark.name for mark in outline_of(chapter).marks)


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


def result_marks(chapter: Chapter) -> tuple[Mark, ...]:
    """The labels of a chapter's results, perhaps among others, without its whole outline."""
    if chapter.path.endswith(".rst"):
        return outline_of(chapter).marks
    from notesbuild.source.myst_outline import read_myst

    return read_myst(chapter.text, chapter.path, results_only=True).marks


def _line(outline: Outline) -> bytes:
    names = json.dumps([mark.name for mark in outline.marks])
    return names.encode() + _APART + _adapter().dump_json(outline)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Outline]:
    return TypeAdapter(Outline)
