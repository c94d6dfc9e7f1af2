"""Rules about the problems of the bank."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.check.problem import check_problem
from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.model.names import nearest
from notesbuild.model.project import Project
from notesbuild.source.labels import defined_labels


def not_empty(project: Project) -> Iterator[Diagnostic]:
    """A bank without problems can make no exam."""
    if not project.bank.problems and project.blueprints:
        first = project.blueprints[0]
        message = f"{first.exam} needs problems; {project.settings.bank} has none to read"
        yield error(Code.EMPTY_BANK, message, Span(project.settings.bank))


def problems_sound(project: Project) -> Iterator[Diagnostic]:
    """Every problem is sound by itself."""
    for problem in project.bank.problems:
        checked = project.checked.get(problem.id)
        yield from check_problem(problem) if checked is None else checked


def enemies_exist(project: Project) -> Iterator[Diagnostic]:
    """``enemies`` are ids of the bank."""
    ids = {problem.id for problem in project.bank.problems}
    for problem in project.bank.problems:
        for position, enemy in enumerate(problem.metadata.enemies):
            if enemy not in ids:
                place = problem.origin.span("enemies", position)
                message = f"there is no problem {enemy!r}"
                yield error(Code.UNKNOWN_PROBLEM, message, place, nearest(enemy, ids))


def used_results_exist(project: Project) -> Iterator[Diagnostic]:
    """``uses`` are labels that some chapter defines."""
    known = {label.name for chapter in project.chapters for label in defined_labels(chapter)}
    for problem in project.bank.problems:
        for position, label in enumerate(problem.metadata.uses):
            if label not in known:
                place = problem.origin.span("uses", position)
                message = f"no chapter defines the label {label!r}"
                yield error(Code.UNKNOWN_RESULT, message, place, nearest(label, known))
