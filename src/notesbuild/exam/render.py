"""One problem with its parameters: its LaTeX in each view, its choices, its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.exam.body import OrderFault, Orders, View, for_view, order_choices
from notesbuild.model.problem import Body, Choice, Problem
from notesbuild.render.environment import render_body, with_parameters
from notesbuild.render.parameters import Assignment
from notesbuild.render.traced import Traced
from notesbuild.source.latex import parse_body


@dataclass(frozen=True)
class Rendered:
    """A problem with its parameters put in and its choices in printed order.

    ``known_answer`` is the answer exactly and as a decimal, where an earlier build computed it.
    """

    problem: Problem
    assignment: Assignment
    text: Traced
    body: Body
    known_answer: tuple[str, str] | None = None

    def view(self, view: View) -> Traced:
        """The LaTeX of one view."""
        return for_view(self.text, view)

    def span(self, place: int) -> Span:
        """An author's position as a place in the file."""
        return self.problem.at(place)

    @property
    def drawn(self) -> str:
        """`` (with n = 50)``, to stand behind a message."""
        return with_parameters(self.assignment)


def render(
    problem: Problem, assignment: Assignment, orders: Orders = (), asked_by: Span | None = None
) -> Outcome[Rendered | None]:
    """The problem as a version has it; ``asked_by`` is the place of the drawn orders."""
    drawn = _parsed(problem, assignment)
    if drawn.value is None:
        return Outcome(None, drawn.diagnostics)
    text, body = drawn.value
    if not orders and not any(choice.fixed for row in body.choices for choice in row):
        return Outcome(Rendered(problem, assignment, text, body))
    try:
        ordered = order_choices(text, orders)
    except OrderFault as fault:
        message = f"{problem.id}: {fault}"
        return Outcome(None, (error(Code.LOCK_WRONG, message, asked_by or problem.span),))
    rows = zip(body.choices, orders, strict=True) if orders else ()
    choices = tuple(tuple(row[position] for position in order) for row, order in rows)
    return Outcome(
        Rendered(problem, assignment, ordered, replace(body, choices=choices or body.choices))
    )


def choices_of(problem: Problem, assignment: Assignment) -> tuple[tuple[Choice, ...], ...]:
    """The choices that the parameters lead to; the source's own where it cannot be rendered."""
    drawn = _parsed(problem, assignment)
    return problem.body.choices if drawn.value is None else drawn.value[1].choices


def render_problem(problem: Problem, assignment: Assignment, view: View) -> Outcome[str | None]:
    """The LaTeX of one problem alone, in the author's order of choices."""
    rendered = render(problem, assignment)
    if rendered.value is None:
        return Outcome(None, rendered.diagnostics)
    return Outcome(rendered.value.view(view).text)


def _parsed(problem: Problem, assignment: Assignment) -> Outcome[tuple[Traced, Body] | None]:
    # Four versions and three views ask for the same text again and again.
    return _parsed_once(_Key(problem, assignment))


class _Key:
    """A problem as a cache key: its digest says what its files hold, but not their names."""

    def __init__(self, problem: Problem, assignment: Assignment) -> None:
        self.problem = problem
        self.assignment = assignment
        self._identity = (
            *(problem.id, problem.digest, problem.origin.path, problem.assets),
            repr(assignment),
        )

    def __hash__(self) -> int:
        return hash(self._identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._identity == other._identity


@lru_cache(maxsize=512)
def _parsed_once(key: _Key) -> Outcome[tuple[Traced, Body] | None]:
    problem, assignment = key.problem, key.assignment
    rendered = render_body(problem, assignment)
    if rendered.value is None:
        return Outcome(None, rendered.diagnostics)
    text = rendered.value
    if text.text == problem.body.text and problem.body.sound:
        return Outcome((text, problem.body))  # it was parsed when it was read
    parsed = parse_body(text.text, problem.origin.path, 1)
    if parsed.diagnostics:
        shown = with_parameters(assignment)
        found = tuple(_at_author(d, problem, text, shown) for d in parsed.diagnostics)
        return Outcome(None, found)
    return Outcome((text, parsed.value))


def _at_author(diagnostic: Diagnostic, problem: Problem, text: Traced, shown: str) -> Diagnostic:
    """A diagnostic about the rendered text, moved to the author's own line."""
    span = diagnostic.span
    if span is None or not text.text:
        return diagnostic
    lines = text.text.split("\n")
    position = sum(len(line) + 1 for line in lines[: span.line - 1]) + max(span.column, 1) - 1
    place = problem.at(text.place(position))
    return error(diagnostic.code, diagnostic.message + shown, place, diagnostic.hint)
