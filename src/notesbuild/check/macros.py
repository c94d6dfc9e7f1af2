"""Rules about the macro file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Span, error, warning
from notesbuild.model.names import nearest, nearest_command
from notesbuild.model.project import Project
from notesbuild.render.latex_names import defined_names, in_exams, in_notes, used_names
from notesbuild.render.macros import Macro, read_macros, wrong_macros
from notesbuild.source.latex import mask_jinja

# What exam.cls defines only within its environments, and what is replaced before TeX runs.
_VOCABULARY = frozenset(
    {
        *("part", "subpart", "subsubpart", "choice", "CorrectChoice", "correctchoice"),
        *("VAR", "BLOCK", "result", "question", "titledquestion", "item"),
    }
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_LOOP = re.compile(r"\\foreach[^{]*?\\([A-Za-z]+)")
_DRAWING = re.compile(r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}|\\verb(.).*?\1", re.S)


def macros_sound(project: Project) -> Iterator[Diagnostic]:
    """Every definition in macros.tex can be handed to KaTeX and to LaTeX."""
    return wrong_macros(project.macros, f"{project.settings.notes}/macros.tex")


def names_free(project: Project) -> Iterator[Diagnostic]:
    """A macro takes no name that LaTeX has, renews only what is there, and uses what is known."""
    path = f"{project.settings.notes}/macros.tex"
    macros = read_macros(project.macros)
    own = {macro.name for macro in macros}
    known = in_notes().names | in_exams().names
    for macro in macros:
        place = Span(path, macro.line, macro.column)
        if macro.name in known and not macro.renew:
            where = "" if macro.name in in_notes().names else ", in exams"
            message = f"\\{macro.name} is a command of LaTeX{where}"
            hint = "choose another name, or write \\renewcommand if you mean to replace it"
            yield error(Code.MACRO_WRONG, message, place, hint)
        elif macro.renew and macro.name not in known and not _defined_before(macro, macros):
            message = f"there is no \\{macro.name} to renew"
            yield warning(Code.MACRO_WRONG, message, place, "write \\newcommand")
        for used in used_names(macro.body):
            if used.name not in own | known:
                message = f"\\{macro.name} uses {used.shown}, which LaTeX does not know"
                yield error(Code.MACRO_UNKNOWN, message, place, nearest(used.name, own))


def known_in_problems(project: Project) -> Iterator[Diagnostic]:
    """The LaTeX of a problem uses commands that exams have, macros, and what it defines."""
    known = in_exams().names | {macro.name for macro in read_macros(project.macros)} | _VOCABULARY
    for problem in project.bank.problems:
        text = problem.body.text
        if not set(_COMMAND.findall(text)) - known:
            continue
        local = known | defined_names(text) | set(_LOOP.findall(text))
        masked = _DRAWING.sub(lambda found: " " * len(found[0]), mask_jinja(text))
        told: set[str] = set()
        for used in used_names(masked):
            if used.environment or used.name in local or used.name in told:
                continue
            told.add(used.name)
            message = f"\\{used.name} is not defined"
            hint = nearest_command(used.name, known)
            yield error(Code.MACRO_UNKNOWN, message, problem.at(used.position), hint)


def _defined_before(macro: Macro, macros: tuple[Macro, ...]) -> bool:
    return any(one.name == macro.name and one.line < macro.line for one in macros)
