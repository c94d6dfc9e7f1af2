"""Rules about the macro file."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.model.project import Project
from notesbuild.render.macros import macro_problems


def macros_sound(project: Project) -> Iterator[Diagnostic]:
    """Every definition in macros.tex can be handed to KaTeX and to LaTeX."""
    path = f"{project.settings.notes}/macros.tex"
    for problem in macro_problems(project.macros):
        place = Span(path, problem.line, problem.column)
        yield error(Code.MACRO_WRONG, problem.message, place)
