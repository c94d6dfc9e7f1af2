"""The pages of a course to look things up in: results, graph, notation, index, references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from notesbuild.model.course import Course
from notesbuild.model.project import Chapter
from notesbuild.model.words import say
from notesbuild.notes.page import Page, SourceFile

INDEX = "genindex"
"""What Sphinx calls the page of the index, which it makes itself."""

# Directives and roles of both languages of chapters.
_RESULT = re.compile(r"\{prf:(?!ref|numref|proof)[a-z]+\}|^\s*\.\. prf:(?!proof)[a-z]+::", re.M)
_NOTATION = re.compile(r"\{notation\}|^\s*\.\. notation::", re.M)
_INDEXED = re.compile(r"\{index\}|:index:`|^\s*\.\. index::", re.M)
_FOR_THE_SITE = "---\nsite-only: true\nnosearch: true\n---\n\n"


@dataclass(frozen=True)
class ReferencePage:
    """A page and its source; Sphinx itself makes the one that has none."""

    name: str
    file: SourceFile | None = None


def reference_pages(
    course: Course, chapters: tuple[Chapter, ...], *, bibliography: bool
) -> tuple[ReferencePage, ...]:
    """The pages for which the chapters have something, in their order."""
    return tuple(_pages(course, [chapter.text for chapter in chapters], bibliography))


def _pages(course: Course, texts: list[str], bibliography: bool) -> Iterator[ReferencePage]:
    def has(word: str, what: re.Pattern[str]) -> bool:
        # Most texts do not even have the word, which is told much sooner.
        return any(word in text and what.search(text) for text in texts)

    if has("prf:", _RESULT):
        yield ReferencePage("results", _results(course))
        yield ReferencePage("graph", _graph(course))
    if has("notation", _NOTATION):
        yield ReferencePage("notation", _page(course, "notation", "Notation", "notation-list"))
    if has("index", _INDEXED):
        yield ReferencePage(INDEX)
    if bibliography:
        yield ReferencePage("references", _page(course, "references", "References", "bibliography"))


def _results(course: Course) -> SourceFile:
    page = Page(course.origin.span("title"))
    page.heading(1, say("Results", course.language))
    page.heading(2, say("By kind", course.language))
    with page.inside("prf:list"):
        pass
    page.heading(2, say("By chapter", course.language))
    with page.inside("prf:list", "", ":by: chapter"):
        pass
    return _for_the_site(page.file("results.md"))


def _graph(course: Course) -> SourceFile:
    return _for_the_site(_page(course, "graph", "Graph of results", "prf:graph"))


def _page(course: Course, name: str, title: str, directive: str) -> SourceFile:
    page = Page(course.origin.span("title"))
    page.heading(1, say(title, course.language))
    with page.inside(directive):
        pass
    return page.file(f"{name}.md")


def _for_the_site(file: SourceFile) -> SourceFile:
    return SourceFile(file.path, _FOR_THE_SITE + file.text, file.origins[:1])
