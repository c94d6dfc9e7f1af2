"""Drawing a problem's parameters, and looking at what they make of its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from notesbuild.diagnostics import Code, Diagnostic, Severity, Span, error, warning
from notesbuild.model.problem import Kind, Problem
from notesbuild.render.environment import (
    Printed,
    check_template,
    is_generated,
    is_template,
    print_body,
    with_parameters,
)
from notesbuild.render.operands import printed
from notesbuild.render.parameters import (
    TRIALS,
    Assignment,
    ParameterFault,
    as_diagnostic,
    far_apart,
    meets_requirements,
    resolve,
    unsatisfiable,
)
from notesbuild.source.latex import CHOICES, SOLUTIONS

_SOLUTION = re.compile(
    rf"\\begin\{{(?P<name>{'|'.join(sorted(SOLUTIONS))})\}}.*?\\end\{{(?P=name)\}}", re.S
)
_CHOICES = re.compile(
    rf"\\begin\{{(?P<name>{'|'.join(sorted(CHOICES))})\}}(?P<inside>.*?)\\end\{{(?P=name)\}}", re.S
)
_ITEM = re.compile(r"\\(?P<name>choice|CorrectChoice|correctchoice)(?![A-Za-z])(?:\s*\[fixed\])?")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_FRAME = re.compile(r"^(?:\$|\\\()(?P<inside>[^$]*?)(?:\$|\\\))\.?$", re.S)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class _Choice:
    """A choice in a printed text: what it says, where, and whether it prints one value only."""

    text: str
    start: int
    correct: bool
    value: str | None


@dataclass(frozen=True)
class _Draw:
    """A set of parameters, the text that it leads to, and the answer as it is printed there."""

    problem: Problem
    assignment: Assignment
    printed: Printed
    answer: str | None

    def wrong(self, message: str, position: int) -> Diagnostic:
        """A fault of the choices at a position of the printed text."""
        words = f"{self.problem.id}: {message}{with_parameters(self.assignment)}"
        return error(Code.CHOICES_WRONG, words, self.span(position))

    def span(self, position: int) -> Span:
        """The author's place of a position."""
        return self.problem.at(self.printed.traced().place(position))


def check_parameters(problem: Problem) -> tuple[Diagnostic, ...]:
    """What up to TRIALS draws of the parameters show; one finding of each sort.

    Requirements can be met, derived values, the answer and the text exist; choices differ, and
    the right ones are marked; different draws ask different questions.
    """
    if any(d.severity is Severity.ERROR for d in check_template(problem)):
        return ()  # which says enough
    drawn: list[_Draw] = []
    try:
        met = (a for a in far_apart(problem.metadata) if meets_requirements(problem.metadata, a))
        for assignment in islice(met, TRIALS):
            answer = resolve(problem.metadata, assignment).answer
            text = print_body(problem, assignment)
            if text.value is None:
                return text.diagnostics
            shown = printed(answer, 0) if answer is not None else None
            drawn.append(_Draw(problem, assignment, text.value, shown))
    except ParameterFault as fault:
        return (as_diagnostic(fault, problem),)
    if not drawn:
        return (unsatisfiable(problem),)
    return (*_choices(problem, drawn), *_alike(problem, drawn))


def _alike(problem: Problem, drawn: list[_Draw]) -> Iterator[Diagnostic]:
    """Two versions would ask the same question with different parameters."""
    first: dict[str, Assignment] = {}
    for draw in drawn:
        other = first.setdefault(_question(draw.printed.text), draw.assignment)
        if other != draw.assignment:
            ways = " and".join(with_parameters(a).rstrip(")") for a in (other, draw.assignment))
            ways = ways.replace("(with ", "with ")
            message = f"{problem.id} asks the same question{ways}"
            yield warning(Code.DRAWS_ALIKE, message, problem.origin.span("params"))
            return


def _question(text: str) -> str:
    """What a student reads, but for white space."""
    return _SPACE.sub(" ", _SOLUTION.sub("", text)).strip()


def _choices(problem: Problem, drawn: list[_Draw]) -> Iterator[Diagnostic]:
    """The first finding of each sort."""
    if not drawn[0].assignment and not is_template(problem.body.text):
        drawn = drawn[:1]
    for find in (_missing, _equal, _marked):
        found = (fault for draw in drawn for fault in find(draw))
        yield from islice(found, 1)


Find = Callable[[_Draw], Iterator[Diagnostic]]


def _missing(draw: _Draw) -> Iterator[Diagnostic]:
    """Choices that a template made: two at least, one of them correct."""
    if not is_generated(draw.problem.body.text):
        return  # the structure of the source says it
    lists = tuple(_lists(draw.printed))
    kind = draw.problem.metadata.kind
    if not lists and kind in (Kind.MULTIPLE_CHOICE, Kind.TRUE_FALSE):
        words = f"{draw.problem.id} is {kind.value} but has no choices"
        words += with_parameters(draw.assignment)
        yield error(Code.CHOICES_WRONG, words, draw.problem.origin.span("kind"))
    for start, choices in lists:
        if len(choices) < 2:
            yield draw.wrong("there are fewer than two choices", start)
        elif not any(choice.correct for choice in choices):
            yield draw.wrong("there is no \\CorrectChoice", start)


def _equal(draw: _Draw) -> Iterator[Diagnostic]:
    """Two choices of one list that say the same."""
    for _, choices in _lists(draw.printed):
        seen: set[str] = set()
        for choice in choices:
            if choice.text in seen:
                yield draw.wrong(f"two choices say the same: {choice.text}", choice.start)
            if choice.text:
                seen.add(choice.text)


def _marked(draw: _Draw) -> Iterator[Diagnostic]:
    """The answer stands in the choice that is marked, and in no other one."""
    lists = tuple(_lists(draw.printed))
    if draw.answer is None or len(lists) != 1:
        return  # nobody says which list the answer belongs to
    choices = lists[0][1]
    answer = _SPACE.sub("", draw.answer)
    for choice in choices:
        if choice.value == answer and not choice.correct:
            yield draw.wrong(f"this choice is the answer, {draw.answer}", choice.start)
    right = [choice for choice in choices if choice.correct]
    if right and all(choice.value not in (None, answer) for choice in right):
        message = f"the correct choice is not the answer, {draw.answer}"
        yield draw.wrong(message, right[0].start)


def _lists(text: Printed) -> Iterator[tuple[int, tuple[_Choice, ...]]]:
    """Every list of choices: where it begins, and its choices."""
    for found in _CHOICES.finditer(text.text):
        items = list(_ITEM.finditer(text.text, found.start("inside"), found.end("inside")))
        ends = [*(item.start() for item in items[1:]), found.end("inside")]
        yield (
            found.start(),
            tuple(_choice(text, item, end) for item, end in zip(items, ends, strict=True)),
        )


def _choice(text: Printed, item: re.Match[str], end: int) -> _Choice:
    said = text.text[item.end() : end]
    plain = _SPACE.sub(" ", _COMMENT.sub("", said)).strip()
    frame = _FRAME.match(plain)
    value = None
    if frame and any(item.end() <= a < b <= end for a, b in text.values):
        inside = frame["inside"].strip()
        printed_here = (text.text[a:b] for a, b in text.values if item.end() <= a < b <= end)
        value = _SPACE.sub("", inside) if inside in printed_here else None
    return _Choice(plain, item.start(), item["name"] != "choice", value)
