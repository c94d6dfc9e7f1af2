"""What ``bank show`` prints: a problem's source, or its LaTeX with drawn parameters."""

from __future__ import annotations

from itertools import islice

from notesbuild.diagnostics import Code, Outcome, error
from notesbuild.exam.body import View
from notesbuild.exam.citations import without_numbers
from notesbuild.exam.render import render_problem
from notesbuild.model.problem import Problem
from notesbuild.render.parameters import (
    Assignment,
    ParameterFault,
    admissible,
    as_diagnostic,
    no_such_version,
    resolve,
    versions,
)
from notesbuild.render.traced import Traced
from notesbuild.render.values import Value
from notesbuild.source.latex import SOLUTIONS, mask_jinja


def source_text(problem: Problem, *, solution: bool) -> str:
    """Title and source; solutions are left out unless asked for."""
    body = problem.body.text.strip("\n")
    return f"{_heading(problem)}\n\n{body if solution else _without_solutions(body)}"


def version_text(problem: Problem, number: int, *, solution: bool) -> Outcome[str | None]:
    """The LaTeX with the ``number``-th set of parameters, spread over all that there are."""
    try:
        chosen = versions(problem.metadata)
    except ParameterFault as fault:
        return Outcome(None, (as_diagnostic(fault, problem),))
    if number > len(chosen):
        message = no_such_version(problem, number, len(chosen))
        return Outcome(None, (error(Code.PARAMETER_WRONG, message, problem.span),))
    assignment = chosen[number - 1]
    rendered = render_problem(problem, assignment, View.RUBRIC)
    if rendered.value is None:
        return rendered
    body = without_numbers(Traced.written(rendered.value)).text.strip("\n")
    if not solution:
        body = _without_solutions(body)
    lines = [_heading(problem)]
    if assignment:
        lines.append("% " + ", ".join(f"{name} = {value}" for name, value in assignment))
    answer = resolve(problem.metadata, assignment).answer
    if solution and answer is not None:
        lines.append(f"% answer: {answer.text() if isinstance(answer, Value) else answer}")
    return Outcome("\n".join([*lines, "", body]))


def first_assignment(problem: Problem) -> Assignment | None:
    """The first admissible set of parameters; None where none can be drawn."""
    try:
        return next(islice(admissible(problem.metadata), 1), None)
    except ParameterFault:
        return None


def _heading(problem: Problem) -> str:
    data = problem.metadata
    return (
        f"% {problem.id}: {data.title}\n"
        f"% {data.kind.value}, difficulty {data.difficulty}, {problem.points} points, "
        f"{data.minutes} minutes"
    )


def _without_solutions(body: str) -> str:
    """The source without its solution environments, whatever Jinja it holds."""
    masked = mask_jinja(body)
    kept, position = [], 0
    for start, end in _solutions(masked):
        kept.append(body[position:start].rstrip(" \t\n") + "\n")
        position = end
    return "".join([*kept, body[position:].lstrip("\n")]).rstrip("\n")


def _solutions(masked: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    position = 0
    while True:
        starts = [(masked.find(f"\\begin{{{n}}}", position), n) for n in sorted(SOLUTIONS)]
        starts = [item for item in starts if item[0] >= 0]
        if not starts:
            return found
        start, name = min(starts)
        closing = f"\\end{{{name}}}"
        end = masked.find(closing, start)
        position = len(masked) if end < 0 else end + len(closing)
        found.append((start, position))
