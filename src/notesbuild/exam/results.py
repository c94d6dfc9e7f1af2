"""The labelled results of a course's notes, as far as an exam needs to know them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from notesbuild.diagnostics import Span
from notesbuild.model.course import Course
from notesbuild.model.project import Chapter, Project
from notesbuild.source.labels import result_labels

_OPENING = re.compile(
    r"^[ \t]*(?:[:`~]{3,}\{prf:(?P<kind>[a-z]+)\*?\}|\.\.[ \t]+prf:(?P<rst>[a-z]+)\*?::)"
    r"[ \t]*(?P<title>.*?)[ \t]*$"
)
_OPTION = re.compile(r"^[ \t]*:[a-z-]+:")
_HEADING = re.compile(r"^#[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*$", re.M)
_RST_HEADING = re.compile(r"^(?P<title>\S.*)\n(?:={3,}|-{3,}|\*{3,})[ \t]*$", re.M)


Labelled = tuple[str, str, str, str]
"""The label of a result, its kind, its title, the title of its chapter."""


@dataclass(frozen=True)
class KnownResult:
    """A labelled result of a course's notes, such as a theorem.

    ``chapter`` is the title of its chapter. ``number`` and ``href`` (its address below the
    course's site) are empty as long as the notes have not been built.
    """

    label: str
    kind: str
    title: str
    chapter: str
    number: str = ""
    href: str = ""


def known_results(
    project: Project, course: Course | None, labelled: Iterable[Labelled] | None = None
) -> tuple[KnownResult, ...]:
    """The labelled results of the course's chapters, in reading order.

    They are read from the chapters, unless ``labelled`` has them; their numbers and addresses
    from ``results.json``, where the notes have been built. What cannot be read there is left out.
    """
    if course is None:
        return ()
    found = labelled_results(chapters_of(project, course)) if labelled is None else labelled
    built = _built(project, course)
    return tuple(_with_number(KnownResult(*told), built.get(told[0])) for told in found)


def chapters_of(project: Project, course: Course | None) -> tuple[Chapter, ...]:
    """The chapters of a course, as far as they are there."""
    chapters = (project.chapter(name) for name in course.chapters) if course else ()
    return tuple(chapter for chapter in chapters if chapter)


def labelled_results(chapters: Iterable[Chapter]) -> list[Labelled]:
    """The labelled results of some chapters."""
    return [result for chapter in chapters for result in _of_chapter(chapter)]


def _of_chapter(chapter: Chapter) -> Iterable[Labelled]:
    lines = chapter.text.split("\n")
    heading = _HEADING.search(chapter.text) or _RST_HEADING.search(chapter.text)
    title = heading["title"] if heading else chapter.slug
    for label in result_labels(chapter):
        opening = _opening(lines, label.span)
        kind = (opening["kind"] or opening["rst"]) if opening else "proof"
        if opening and kind != "proof":
            yield label.name, kind, opening["title"], title


def _opening(lines: list[str], label: Span) -> re.Match[str] | None:
    """The directive whose option the label is."""
    line = label.line - 1
    while line > 0 and _OPTION.match(lines[line]):
        line -= 1
    return _OPENING.match(lines[line])


def built_results(project: Project, course: Course | None) -> bytes:
    """What a build of the notes has said of their results; empty where there was none."""
    try:
        name = course.name if course else ""
        return (project.build / name / "results.json").read_bytes()
    except OSError:
        return b""


def _built(project: Project, course: Course) -> dict[str, dict[str, Any]]:
    try:
        records = json.loads(built_results(project, course))
        return {str(record["label"]): record for record in records}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def _with_number(result: KnownResult, record: dict[str, Any] | None) -> KnownResult:
    if record is None:
        return result
    told = {key: record[key] for key in ("number", "title", "href") if record.get(key)}
    return replace(result, **{key: text for key, text in told.items() if isinstance(text, str)})
