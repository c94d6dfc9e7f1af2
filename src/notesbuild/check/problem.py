"""Rules about one problem by itself; what they find is kept until one of its files changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from notesbuild.check.parameters import check_parameters
from notesbuild.diagnostics import Code, Diagnostic, error, in_order, warning
from notesbuild.model.problem import Kind, Part, Problem
from notesbuild.render.environment import check_template, is_generated


def points_add_up(problem: Problem) -> Iterator[Diagnostic]:
    """``points`` is the sum of the parts' points."""
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


def rubrics_add_up(problem: Problem) -> Iterator[Diagnostic]:
    """The items of a rubric add up to the points of its part."""
    for part in problem.body.parts:
        rubric = part.solution.rubric if part.solution else None
        points = part.points if problem.body.has_parts else problem.points
        if rubric and points is not None and sum(rubric.items) != points:
            message = f"the rubric gives {sum(rubric.items)} points, its part {points}"
            yield error(Code.RUBRIC_MISMATCH, message, rubric.span)


def solutions_complete(problem: Problem) -> Iterator[Diagnostic]:
    """A ready problem has a solution, with a rubric, for every part."""
    if problem.drawable:
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


def choices_fit(problem: Problem) -> Iterator[Diagnostic]:
    """Multiple-choice problems have choices, one of them correct at least."""
    if is_generated(problem.body.text):
        return  # drawing the parameters tells which choices there are
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


class ProblemRule(NamedTuple):
    """A rule's name, and the function that finds what breaks it."""

    name: str
    find: Callable[[Problem], Iterable[Diagnostic]]


PROBLEM_RULES: tuple[ProblemRule, ...] = (
    ProblemRule("points of parts add up", points_add_up),
    ProblemRule("rubrics add up", rubrics_add_up),
    ProblemRule("every part has a solution", solutions_complete),
    ProblemRule("choices fit the kind", choices_fit),
    ProblemRule("the template can be rendered", check_template),
    ProblemRule("parameters can be drawn", check_parameters),
)


def check_problem(problem: Problem) -> tuple[Diagnostic, ...]:
    """Everything that can be said of a problem without looking at any other file."""
    return in_order(found for rule in PROBLEM_RULES for found in rule.find(problem))
