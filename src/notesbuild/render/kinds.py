"""Kinds of results and macros share LaTeX's names."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.model.course import Course
from notesbuild.render.macros import read_macros


def kinds_named_like_macros(course: Course, macros: str) -> Iterator[Diagnostic]:
    """A kind is an environment, which LaTeX cannot have beside a command of that name."""
    taken = {macro.name: macro.line for macro in read_macros(macros)}
    for position, kind in enumerate(course.kinds):
        if kind.name in taken:
            message = f"{kind.name!r} is a macro, too: \\{kind.name} in line {taken[kind.name]}"
            place = course.origin.span("kinds", position, "name")
            yield error(Code.MANIFEST_WRONG, message, place, "give one of them another name")
