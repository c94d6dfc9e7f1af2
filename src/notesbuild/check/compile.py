"""``check --compile``: what LaTeX says of every formula of the chapters, in one run."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from notesbuild.check.formulas import katex_text, position_in
from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.model.project import Project
from notesbuild.render.display import latex_display
from notesbuild.render.macros import read_macros, to_katex, to_latex
from notesbuild.run.katex import KatexFailed, render_formulas
from notesbuild.source.chapters import outline_of
from notesbuild.source.outline import Formula
from notesbuild.tex.engine import TexRun, program_missing, run_tex
from notesbuild.tex.log import TexMessage, in_plain_words

JOB = "formulas"
_LATIN_END = 0x180
_ROUNDS = 20
_TAIL = 14

_HEAD = r"""\documentclass{article}
\ifdefined\directlua\usepackage[no-math]{fontspec}\else\usepackage[T1]{fontenc}\fi
\usepackage{lmodern,amsmath,amssymb,amsthm}
\maxdeadcycles=1000000 \hbadness=10000 \vbadness=10000 \hfuzz=\maxdimen \vfuzz=\maxdimen
"""


def compile_formulas(project: Project, *, say: Callable[[str], None]) -> tuple[Diagnostic, ...]:
    """Every formula that KaTeX can read, each once; ``check`` has told of the others."""
    formulas = _sound(project)
    if not formulas:
        return ()
    say(f"Compiling {len(formulas)} formulas")
    found: list[Diagnostic] = []
    for _ in range(_ROUNDS):
        run, starts = _run(project, formulas)
        if run.missing_program:
            return (program_missing(run.missing_program),)
        guilty: dict[int, TexMessage] = {}
        for message in run.errors:
            number = bisect_right(starts, message.line) - 1
            if number >= 0:
                guilty.setdefault(number, message)
        if run.timed_out and not guilty:
            words = "TeX did not come to an end with the formulas of the chapters"
            found.append(error(Code.TEX_TIMEOUT, words, Span(formulas[0].path)))
        elif run.fatal and not guilty:
            found.append(error(Code.PROGRAM_FAILED, f"TeX gave up: {run.last_words}"))
        found += [_diagnostic(formulas[n], message) for n, message in guilty.items()]
        if not run.fatal or not guilty:
            break
        # What stands behind the formula at which TeX gave up has not been read.
        formulas = [one for number, one in enumerate(formulas) if number not in guilty]
    return tuple(found)


def _sound(project: Project) -> list[Formula]:
    """The different formulas of all chapters that KaTeX can read."""
    first: dict[tuple[str, bool], Formula] = {}
    for chapter in project.chapters:
        for formula in outline_of(chapter).formulas:
            first.setdefault((katex_text(formula), formula.display), formula)
    try:
        macros = to_katex(read_macros(project.macros))
        answers = render_formulas(list(first), macros, html=False)
    except KatexFailed:
        return list(first.values())
    return [one for one, answer in zip(first.values(), answers, strict=True) if not answer.error]


def _run(project: Project, formulas: Sequence[Formula]) -> tuple[TexRun, list[int]]:
    """A run of TeX, and the line of the document on which each formula begins."""
    text = _HEAD + to_latex(read_macros(project.macros)) + "\\begin{document}\n"
    pieces, starts, line = [text], [], text.count("\n") + 1
    for formula in formulas:
        starts.append(line)
        inside = latex_display(formula.text, None) if formula.display else f"${formula.text}$"
        piece = f"\\begingroup\n{inside}\n\\par\\endgroup\n"
        pieces.append(piece)
        line += piece.count("\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"{JOB}.tex").write_text("".join([*pieces, "\\end{document}\n"]), "utf-8")
        engine = _engine(project, formulas)
        timeout = project.settings.tex_timeout
        return run_tex(folder, JOB, engine=engine, timeout=timeout, settle=()), starts


def _engine(project: Project, formulas: Iterable[Formula]) -> str:
    """The engine of the notes, or the one that sets the letters of the formulas."""
    asked = project.settings.notes_engine
    if asked != "auto":
        return asked
    letters = set().union(*(formula.text for formula in formulas))
    plain = all(ord(letter) < _LATIN_END or not letter.isalpha() for letter in letters)
    return "pdflatex" if plain else "lualatex"


def _diagnostic(formula: Formula, message: TexMessage) -> Diagnostic:
    words, hint = in_plain_words(message.text)
    tail = message.before[-_TAIL:].strip()
    place = formula.span(position_in(formula, tail))
    return error(Code.TEX_ERROR, f"LaTeX: {words}", place, hint)
