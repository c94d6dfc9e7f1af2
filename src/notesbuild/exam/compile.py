"""``check --compile``: what TeX says of every problem of the bank."""

from __future__ import annotations

from collections.abc import Callable

from notesbuild.diagnostics import Diagnostic
from notesbuild.exam.document import Exam
from notesbuild.exam.render import Rendered, render
from notesbuild.exam.show import first_assignment
from notesbuild.exam.typeset import Setting, examine_together
from notesbuild.exam.unicode import engine_for
from notesbuild.model.exam import Blueprint, ExamKind, LockedItem, LockedVersion, Section
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
    exam, version = _bank_as_exam(project, problems)
    engine = engine_for(project, (rendered.text.text for rendered in problems))
    setting = Setting(Files(project.root), engine, project.settings.tex_timeout, jobs)
    return examine_together(exam, version, problems, setting)


def _rendered(problem: Problem) -> tuple[Rendered | None, tuple[Diagnostic, ...]]:
    assignment = first_assignment(problem)
    if assignment is None:
        return None, ()  # the rules about parameters tell why
    outcome = render(problem, assignment)
    return outcome.value, outcome.diagnostics


def _bank_as_exam(project: Project, problems: tuple[Rendered, ...]) -> tuple[Exam, LockedVersion]:
    section = Section(title="Problems", pick=1)
    blueprint = Blueprint(title="Problems", kind=ExamKind.PRACTICE, seed=0, sections=(section,))
    problem = problems[0].problem
    item = LockedItem(section=1, problem=problem.id, points=1, digest="0" * 16)
    macros_path = f"{project.settings.notes}/macros.tex"
    exam = Exam(blueprint, None, project.macros, macros_path, project.settings.paper, False)
    return exam, LockedVersion(version="A", items=(item,))
