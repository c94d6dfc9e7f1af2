"""Rules about the problems of the bank."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, Span, error, warning
from notesbuild.model.names import nearest
from notesbuild.model.problem import Kind, Part, Problem, Status
from notesbuild.model.project import Project
from notesbuild.render.environment import check_template
from notesbuild.render.parameters import check_parameters
from notesbuild.source.labels import defined_labels


def not_empty(project: Project) -> Iterator[Diagnostic]:
    """A bank without problems can make no exam."""
    if not project.bank.problems and project.blueprints:
        first = project.blueprints[0]
        message = f"{first.exam} needs problems; {project.settings.bank} has none to read"
        yield error(Code.EMPTY_BANK, message, Span(project.settings.bank))


def points_add_up(project: Project) -> Iterator[Diagnostic]:
    """``points`` is the sum of the parts' points."""
    for problem in project.bank.problems:
        stated = problem.metadata.points
        given = [part.points for part in problem.body.parts if part.points is not None]
        complete = len(given) == len(problem.body.parts)
        if stated is None and not complete:
            message = f"{problem.id} has neither `points` nor points on every part"
            yield error(Code.POINTS_MISMATCH, message, problem.span)
        elif stated is not None and complete and problem.body.has_parts and sum(given) != stated:
            shown = " + ".join(str(number) for number in given)
            message = f"the parts of {problem.id} give {shown} = {sum(given)} points, not {stated}"
            yield error(Code.POINTS_MISMATCH, message, problem.origin.span("points"))


def rubrics_add_up(project: Project) -> Iterator[Diagnostic]:
    """The items of a rubric add up to the points of its part."""
    for problem in project.bank.problems:
        for part in problem.body.parts:
            rubric = part.solution.rubric if part.solution else None
            points = part.points if problem.body.has_parts else problem.points
            if rubric and points is not None and sum(rubric.items) != points:
                message = f"the rubric gives {sum(rubric.items)} points, its part {points}"
                yield error(Code.RUBRIC_MISMATCH, message, rubric.span)


def solutions_complete(project: Project) -> Iterator[Diagnostic]:
    """A ready problem has a solution, with a rubric, for every part."""
    for problem in _ready(project):
        for part in problem.body.parts:
            yield from _solution_of(problem, part)


def _solution_of(problem: Problem, part: Part) -> Iterator[Diagnostic]:
    place = part.span if problem.body.has_parts else problem.span
    if part.solution is None:
        what = "a part of " if problem.body.has_parts else ""
        yield error(Code.SOLUTION_MISSING, f"{what}{problem.id} has no solution", place)
    elif part.solution.rubric is None:
        message = f"a solution of {problem.id} has no rubric"
        yield warning(Code.RUBRIC_MISSING, message, part.solution.span)


def choices_fit(project: Project) -> Iterator[Diagnostic]:
    """Multiple-choice problems have choices, one of them correct at least."""
    for problem in project.bank.problems:
        if "\\BLOCK" in problem.body.text:
            continue  # only rendering tells which choices there are
        wanted = problem.metadata.kind in (Kind.MULTIPLE_CHOICE, Kind.TRUE_FALSE)
        if wanted and not problem.body.choices:
            message = f"{problem.id} is {problem.metadata.kind.value} but has no choices"
            yield error(Code.CHOICES_WRONG, message, problem.origin.span("kind"))
        for choices in problem.body.choices:
            correct = sum(choice.correct for choice in choices)
            if len(choices) < 2 or not correct:
                what = "no \\CorrectChoice" if not correct else "fewer than two choices"
                place = choices[0].span if choices else problem.span
                yield error(Code.CHOICES_WRONG, f"{problem.id} has {what}", place)


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


def templates_sound(project: Project) -> Iterator[Diagnostic]:
    """The Jinja of a problem parses, and uses only what it may."""
    for problem in project.bank.problems:
        yield from check_template(problem)


def parameters_sound(project: Project) -> Iterator[Diagnostic]:
    """Requirements can be met, derived values and answers can be computed."""
    for problem in project.bank.problems:
        if problem.metadata.params or problem.metadata.answer:
            yield from check_parameters(problem)


def _ready(project: Project) -> tuple[Problem, ...]:
    return tuple(p for p in project.bank.problems if p.metadata.status is Status.READY)
