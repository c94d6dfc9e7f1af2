"""Rules about the macro file."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.model.project import Project
from notesbuild.render.macros import read_macros


def macros_sound(project: Project) -> Iterator[Diagnostic]:
    """Every definition in macros.tex can be handed to KaTeX and to LaTeX."""
    path = f"{project.settings.notes}/macros.tex"
    for line, column, message in read_macros(project.macros).problems:
        yield error(Code.MACRO_WRONG, message, Span(path, line, column))
