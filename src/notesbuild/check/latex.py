"""Rules about LaTeX that stands outside of problems: it stays inside the project, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.diagnostics.values import Location
from notesbuild.model.project import Project
from notesbuild.source.forbidden import forbidden_commands

HINT = "leave the command out"


def latex_stays_inside(project: Project) -> Iterator[Diagnostic]:
    """No macro and no formula of a manifest reads, writes or runs anything.

    A build asks this, too, before it starts TeX: macros reach every document.
    """
    path, text = f"{project.settings.notes}/macros.tex", project.macros
    for position, shown in forbidden_commands(text):
        before = text[:position]
        place = Span(path, before.count("\n") + 1, position - before.rfind("\n"))
        yield error(Code.FORBIDDEN_LATEX, f"{shown} is not allowed in a macro", place, HINT)
    for course in project.courses:
        for location, words in texts_of(course.model_dump(exclude={"origin"}, by_alias=True)):
            if "$" in words:
                for _, shown in forbidden_commands(words):
                    place = course.origin.span(*location)
                    message = f"{shown} is not allowed in a formula"
                    yield error(Code.FORBIDDEN_LATEX, message, place, HINT)


def texts_of(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every text of plain data, and where it stands."""
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_of(item, (*location, key))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from texts_of(item, (*location, number))
