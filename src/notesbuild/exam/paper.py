"""The texts of a paper: what TeX is asked to set, each once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from notesbuild.diagnostics import Span
from notesbuild.exam.blocks import Asset, BlockText
from notesbuild.exam.body import View
from notesbuild.exam.document import Document, Writer
from notesbuild.exam.recalled import Recalled, anew
from notesbuild.exam.render import Rendered
from notesbuild.exam.sheet import Sheet
from notesbuild.exam.unicode import needs_unicode
from notesbuild.model.course import Course
from notesbuild.model.exam import SHEETS, Blueprint, ExamKind, LockedVersion
from notesbuild.model.problem import Kind
from notesbuild.render.environment import render_tex
from notesbuild.render.escape import escape_tex
from notesbuild.render.macros import read_macros, to_latex

COMPACT = (ExamKind.QUIZ, ExamKind.HOMEWORK, ExamKind.PRACTICE)
VIEW_LINES = {View.STUDENT: "", View.SOLUTIONS: "Solutions", View.RUBRIC: "Marking guide"}
_HEAD = "\\documentclass[11pt]{exam}\n\\usepackage{nbexam}\n"
_BODY = "\n\\noaddpoints\n\\nofiles\n\\begin{document}\n\\nbready\n"
_REFERS = re.compile(r"\\(?:eq|page)?ref\b")


@dataclass(frozen=True)
class Question:
    """A question of a version: its number, its section (from 1), its problem."""

    number: int
    section: int
    points: int
    rendered: Rendered


@dataclass(frozen=True)
class Copy:
    """A version with its questions; ``complete`` is False where a problem could not be rendered."""

    version: LockedVersion
    questions: tuple[Question, ...]
    complete: bool = True


@dataclass(frozen=True)
class Exam:
    """What all papers of an exam share; ``engine`` is the one that the settings ask for.

    ``recalled`` gives what an earlier build has made of templates.
    """

    blueprint: Blueprint
    course: Course | None
    macros: str
    macros_path: str
    paper: str
    engine: str
    several: bool
    recalled: Recalled = field(default=anew, compare=False, repr=False)

    def render(self, name: str, **values: object) -> str:
        """One of our own TeX templates; Jinja is loaded where this is new."""
        return self.recalled(name, sorted(values.items()), partial(render_tex, name, **values))

    @property
    def is_sheet(self) -> bool:
        """Whether it is handed out for work at home."""
        return self.blueprint.kind in SHEETS


def preamble(macros: str, path: str, *, tikz: bool) -> Document:
    """What every run begins with, up to the first text; the macros are those of the file."""
    writer = Writer()
    writer.add(_HEAD + ("\\usepackage{tikz}\n" if tikz else ""))
    for macro in read_macros(macros):
        place = Span(path, macro.line, macro.column)
        writer.add_from(to_latex([macro]), place)
    writer.add(_BODY)
    return writer.document()


def question_text(
    exam: Exam,
    question: Question,
    view: View,
    sheet: Sheet,
    context: str,
    assets: tuple[Asset, ...],
) -> BlockText:
    """A question in one view; its number is not part of it, since versions differ in it."""
    rendered = question.rendered
    body = rendered.view(view)
    answers = "" if view is View.STUDENT else "\\nbanswers"
    boxes = "\\nbtruefalse" if rendered.problem.metadata.kind is Kind.TRUE_FALSE else ""
    writer = Writer()
    before = f"{answers}\\nbblock{{{question.points}}}{{{boxes}}}%\n"
    writer.add_problem(rendered, before, body, "%\n\\nbendblock\n")
    return BlockText(
        writer.document(),
        engine_of(exam, body.text),
        sheet.tex_width,
        context + rendered.drawn,
        tikz="tikz" in body.text,
        twice=_REFERS.search(body.text) is not None,
        assets=assets,
    )


def heading_text(exam: Exam, number: int, points: str, sheet: Sheet) -> BlockText:
    """The heading of a section (counted from 0)."""
    section = exam.blueprint.sections[number]
    span = exam.blueprint.origin.span("sections", number)
    instructions = (section.instructions or "").strip()
    writer = Writer()
    title = escape_tex(section.title)
    heading = f"\\nbheading{{{title}}}{{{points}}}{{{instructions}}}"
    writer.add_from(f"\\nbpiece{heading}\\nbendpiece\n", span)
    return piece(exam, writer, sheet, f"section {section.title!r}")


def words_text(exam: Exam, words: str, sheet: Sheet, style: str = "") -> BlockText:
    """Words in one line; ``style`` is TeX that comes before them."""
    writer = Writer()
    writer.add(f"\\nbwords{{{style}{escape_tex(words)}}}\n")
    return piece(exam, writer, sheet, "")


def piece(exam: Exam, writer: Writer, sheet: Sheet, context: str) -> BlockText:
    """A piece of a page that has been written."""
    document = writer.document()
    engine = engine_of(exam, document.text)
    return BlockText(document, engine, sheet.tex_width, context, tikz="tikz" in document.text)


def engine_of(exam: Exam, text: str) -> str:
    """The engine of the settings, or lualatex where a text has letters that pdflatex lacks."""
    return "lualatex" if needs_unicode(text) else exam.engine
