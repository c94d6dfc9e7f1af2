"""``check --compile``: what TeX says of every problem of the bank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from notesbuild.diagnostics import Diagnostic
from notesbuild.exam.body import View
from notesbuild.exam.citations import without_numbers
from notesbuild.exam.inventory import assets_of
from notesbuild.exam.paper import Exam, Question, question_text
from notesbuild.exam.render import Rendered, render
from notesbuild.exam.sheet import sheet_for
from notesbuild.exam.show import first_assignment
from notesbuild.exam.typeset import Setting, typeset
from notesbuild.model.exam import Blueprint, ExamKind, Section
from notesbuild.model.problem import Problem
from notesbuild.model.project import Project
from notesbuild.source.files import Files

_AT_ONCE = 40


def compile_problems(
    project: Project, *, jobs: int, say: Callable[[str], None]
) -> tuple[Diagnostic, ...]:
    """Every problem with its first parameters, with solution and rubric."""
    found: list[Diagnostic] = []
    usable: list[Rendered] = []
    for problem in project.bank.problems:
        outcome = _rendered(problem)
        found += outcome[1]
        if outcome[0] is not None:
            usable.append(outcome[0])
    for start in range(0, len(usable), _AT_ONCE):
        some = tuple(usable[start : start + _AT_ONCE])
        say(f"Compiling problems {start + 1} to {start + len(some)} of {len(usable)}")
        found += compile_problem(project, some, jobs=jobs)
    return tuple(found)


def compile_problem(
    project: Project, problems: tuple[Rendered, ...], *, jobs: int
) -> tuple[Diagnostic, ...]:
    """What TeX says of some rendered problems."""
    exam = _bank_as_exam(project)
    sheet = sheet_for(project.settings.paper)
    files = Files(project.root)
    texts = {
        rendered.problem.id: question_text(
            exam,
            Question(1, 1, max(rendered.problem.points, 1), rendered),
            View.RUBRIC,
            sheet,
            "",
            assets_of(rendered.problem, files),
        )
        for rendered in problems
    }
    setting = Setting(project.settings.tex_timeout, jobs)
    return typeset(exam, texts, setting, lambda words: None).diagnostics


def _rendered(problem: Problem) -> tuple[Rendered | None, tuple[Diagnostic, ...]]:
    assignment = first_assignment(problem)
    if assignment is None:
        return None, ()  # the rules about parameters tell why
    outcome = render(problem, assignment)
    if outcome.value is None:
        return None, outcome.diagnostics
    return replace(outcome.value, text=without_numbers(outcome.value.text)), outcome.diagnostics


def _bank_as_exam(project: Project) -> Exam:
    section = Section(title="Problems", pick=1)
    blueprint = Blueprint(title="Problems", kind=ExamKind.PRACTICE, seed=0, sections=(section,))
    macros_path = f"{project.settings.notes}/macros.tex"
    settings = project.settings
    return Exam(
        blueprint, None, project.macros, macros_path, settings.paper, settings.exam_engine, False
    )
