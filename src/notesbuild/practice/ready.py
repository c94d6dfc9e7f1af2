"""A problem with its parameters put in, its choices in order, and no LaTeX left but formulas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error
from notesbuild.model.problem import Problem
from notesbuild.model.prose import Prose, Shape
from notesbuild.model.shown import ShownProblem
from notesbuild.practice.formula import ShownFormula, shown_formula
from notesbuild.practice.plan import Placed
from notesbuild.render.environment import render_body, with_parameters
from notesbuild.render.parameters import (
    Assignment,
    ParameterFault,
    as_diagnostic,
    keyed,
    no_such_version,
    unsatisfiable,
    versions,
)
from notesbuild.render.traced import Traced
from notesbuild.source.prose import Read, read_prose
from notesbuild.source.walker import ParseError

_KEY = "notes"


@dataclass(frozen=True)
class Ready:
    """A problem that is shown, and the LaTeX that it was read from, solutions included."""

    shown: ShownProblem
    latex: str

    def before_release(self) -> Ready:
        """The same without its solution, and without the pictures of that."""
        asked = frozenset(_names_of_pictures(self.shown.question))
        pictures = tuple(one for one in self.shown.pictures if one[0] in asked)
        return replace(self, shown=replace(self.shown, solution=None, pictures=pictures))


def make_ready(placed: Placed, course: str) -> Outcome[Ready | None]:
    """The problem and its solution as the notes of a course show them, each time the same."""
    made = _made(placed, course)
    if made.value is None:
        return Outcome(None, made.diagnostics)
    problem, text, read = placed.problem, made.value.text, made.value.read
    ready = ShownProblem(
        problem.id,
        problem.points,
        read.question,
        read.solution or None,
        tuple(_pictures(problem, (*read.question, *read.solution))),
    )
    return Outcome(Ready(ready, text.text))


def formulas_of(placed: Placed, course: str) -> tuple[ShownFormula, ...]:
    """The formulas of a problem and of its solution; none where it cannot be shown."""
    made = _made(placed, course).value
    if made is None:
        return ()
    different = dict.fromkeys(made.read.formulas)
    return tuple(shown_formula(placed.problem, made.text, spot, made.words) for spot in different)


@dataclass(frozen=True)
class _Made:
    """The LaTeX of a problem with its parameters, which are told in ``words``, and its text."""

    text: Traced
    read: Read
    words: str


def _made(placed: Placed, course: str) -> Outcome[_Made | None]:
    problem = placed.problem
    drawn = _assignment(placed, course)
    if drawn.value is None:
        return Outcome(None, drawn.diagnostics)
    rendered = render_body(problem, drawn.value)
    if rendered.value is None:
        return Outcome(None, rendered.diagnostics)
    text = rendered.value
    shown = with_parameters(drawn.value)
    try:
        read = _read(problem, text, course)
    except ParseError as fault:
        place = problem.at(text.place(fault.pos or 0))
        message = f"{str(fault.msg).splitlines()[0]}{shown}"
        return Outcome(None, (error(Code.LATEX_SYNTAX, message, place),))
    if read.faults:
        return Outcome(None, tuple(_diagnostics(problem, text, read, shown)))
    return Outcome(_Made(text, read, shown))


def _assignment(placed: Placed, course: str) -> Outcome[Assignment | None]:
    """The set of parameters that the directive asks for, or one by a key of its own."""
    problem = placed.problem
    try:
        chosen = versions(problem.metadata)
    except ParameterFault as fault:
        return Outcome(None, (as_diagnostic(fault, problem),))
    if not chosen:
        return Outcome(None, (unsatisfiable(problem),))
    if placed.version is None:
        return Outcome(chosen[keyed(_KEY, course, problem.id) % len(chosen)])
    if placed.version > len(chosen):
        option = placed.asked.option("version")
        message = no_such_version(problem, placed.version, len(chosen))
        place = option.span if option else placed.asked.span
        return Outcome(None, (error(Code.DIRECTIVE_WRONG, message, place),))
    return Outcome(chosen[placed.version - 1])


def _read(problem: Problem, text: Traced, course: str) -> Read:
    def order(number: int, fixed: tuple[bool, ...]) -> tuple[int, ...]:
        author = tuple(range(len(fixed)))
        if not problem.metadata.shuffle:
            return author
        moving = sorted(
            (place for place in author if not fixed[place]),
            key=lambda place: (keyed(_KEY, course, problem.id, "choice", number, place), place),
        )
        moved = iter(moving)
        return tuple(place if fixed[place] else next(moved) for place in author)

    return read_prose(text.text, lambda at: problem.at(text.place(at)), order, problem.beside)


def _diagnostics(problem: Problem, text: Traced, read: Read, shown: str) -> list[Diagnostic]:
    return [
        error(
            Code.LATEX_NOT_SHOWN,
            f"{fault.message}{shown}",
            problem.at(text.place(fault.position)),
            fault.hint,
        )
        for fault in read.faults
    ]


def _pictures(problem: Problem, pieces: Iterable[Prose]) -> list[tuple[str, str]]:
    beside = problem.beside
    return [(name, beside[name]) for name in dict.fromkeys(_names_of_pictures(pieces))]


def _names_of_pictures(pieces: Iterable[Prose]) -> list[str]:
    walked = (one for piece in pieces for one in piece.walk())
    return [one.text for one in walked if one.shape is Shape.PICTURE]
