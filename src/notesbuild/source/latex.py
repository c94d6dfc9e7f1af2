"""The structure of a problem's body, with positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from operator import attrgetter
from typing import Any

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.problem import Body, Choice, Part, Rubric, Solution, Stretch, span_in
from notesbuild.source.forbidden import FORBIDDEN, FORBIDDEN_ENVIRONMENTS
from notesbuild.source.marks import Mark, Unbalanced, marks_of

SOLUTIONS = frozenset(
    {
        "solution",
        "solutionorbox",
        "solutionorlines",
        "solutionordottedlines",
        "solutionorgrid",
    }
)
CHOICES = frozenset({"choices", "checkboxes", "oneparchoices", "oneparcheckboxes"})
CHOICE = ("choice", "CorrectChoice")
PARTS = ("part", "subpart", "subsubpart")


# \\VAR may give any length; what it gives is looked at when the text is rendered.
_SPACE = re.compile(
    r"\d*\.?\d+\s*(?:pt|pc|bp|in|cm|mm|em|ex|\\baselineskip|\\textheight)"
    r"|\\fill|\\stretch\s*\{?\s*\d*\.?\d+|.*\\(?:VAR|BLOCK)\{.*",
    re.S,
)

Marks = tuple[Mark, ...]
"""Macros and environments, in reading order."""

MAX_DIGITS = 6
MAX_SHOWN = 40


@dataclass
class _Found:
    """What one walk through the nodes collects."""

    parts: list[Part] = field(default_factory=list)
    choices: list[tuple[Choice, ...]] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True)
class _Text:
    """The text with its places in files."""

    text: str
    stretches: tuple[Stretch, ...]

    def span(self, position: int) -> Span:
        return span_in(self.text, self.stretches, position)


def parse_body(
    text: str, path: str, line: int, stretches: tuple[Stretch, ...] = ()
) -> Outcome[Body]:
    """The parts, solutions, rubrics and choices of a body that begins on ``line`` of ``path``.

    ``stretches`` tells what of it comes from which file, where that is not ``path`` alone.
    The body may still hold Jinja tags: they are blanked before LaTeX is parsed, so that a
    ``%`` or a brace in an expression does not count as LaTeX's.
    """
    place = _Text(text, stretches or (Stretch(0, path, line),))
    masked = mask_jinja(text)
    found = _Found()
    try:
        marks = marks_of(masked)
    except Unbalanced as fault:
        return Outcome(
            Body(text, line, (), (), False, stretches, False), (_unbalanced(fault, place),)
        )
    except RecursionError:
        problem = error(Code.LATEX_SYNTAX, "the groups are nested too deeply", Span(path, line, 1))
        return Outcome(Body(text, line, (), (), False, stretches, False), (problem,))
    _forbid(marks, place, found)
    if "^^" in masked:
        span = place.span(masked.index("^^"))
        found.problems.append(error(Code.FORBIDDEN_LATEX, "^^ notation is not allowed", span))
    has_parts = _collect_parts(marks, place, found)
    _collect_choices(marks, place, found)
    parts, choices = tuple(found.parts), tuple(found.choices)
    sound, before = not found.problems, tuple(found.before)
    body = Body(text, line, parts, choices, has_parts, stretches, sound, before)
    return Outcome(body, tuple(found.problems))


@lru_cache(maxsize=256)
def latex_nodes(text: str) -> tuple[Any, ...]:
    """Every node of LaTeX without Jinja, in reading order; ``pos`` and ``len`` are its place.

    Raises:
        pylatexenc.latexwalker.LatexWalkerParseError: ``parse_body`` would have said so.
    """
    from notesbuild.source.walker import nodes_of, walk

    return tuple(walk(nodes_of(text)))


def mask_jinja(text: str) -> str:
    """The same text, of the same length, with the inside of every Jinja tag blanked."""
    pieces, position = [], 0
    for tag in re.finditer(r"\\(?:VAR|BLOCK|#)\{", text):
        if tag.start() < position:
            continue
        end = _closing_brace(text, tag.end())
        inside = re.sub(r"[^\n]", "x", text[tag.end() : end])
        pieces += [text[position : tag.end()], inside]
        position = end
    return "".join([*pieces, text[position:]])


def _closing_brace(text: str, position: int) -> int:
    depth, quote = 1, ""
    while position < len(text):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if not depth:
                return position
        position += 1
    return position


def _unbalanced(fault: Unbalanced, place: _Text) -> Diagnostic:
    return error(Code.LATEX_SYNTAX, str(fault), place.span(min(fault.place, len(place.text))))


def _forbid(marks: Marks, place: _Text, found: _Found) -> None:
    for mark in marks:
        name = mark.name.strip() if mark.is_environment else mark.name
        known = FORBIDDEN_ENVIRONMENTS if mark.is_environment else FORBIDDEN
        if name in known or "@" in name or name.startswith("pdf"):
            shown = f"\\begin{{{name}}}" if mark.is_environment else f"\\{name}"
            message = f"{shown} is not allowed in a problem"
            found.problems.append(error(Code.FORBIDDEN_LATEX, message, place.span(mark.start)))


@dataclass
class _OpenPart:
    points: int | None
    span: Span
    solutions: list[Solution] = field(default_factory=list)
    subpoints: int = 0

    def close(self) -> Part:
        points = self.points if self.points is not None else (self.subpoints or None)
        rubrics = [s.rubric for s in self.solutions if s.rubric]
        if not self.solutions:
            return Part(points, None, self.span)
        first = self.solutions[0]
        items = tuple(i for rubric in rubrics for i in rubric.items)
        rubric = Rubric(items, rubrics[0].span) if rubrics else None
        return Part(points, Solution(first.space, rubric, first.span), self.span)


def _collect_parts(marks: Marks, place: _Text, found: _Found) -> bool:
    """Fill ``found.parts`` in one pass in reading order."""
    current = _OpenPart(None, place.span(0))
    has_parts = False
    for mark in marks:
        if mark.is_environment:
            if mark.name in SOLUTIONS:
                current.solutions.append(_solution(mark, marks, place, found))
        elif mark.name in PARTS:
            points = _points(mark, place, found)
            if mark.name == "part":
                if has_parts:
                    found.parts.append(current.close())
                has_parts = True
                current = _OpenPart(points, place.span(mark.start))
            else:
                current.subpoints += points or 0
    found.parts.append(current.close())
    return has_parts


def _points(mark: Mark, place: _Text, found: _Found) -> int | None:
    text = _argument(mark)
    if not text:
        return None
    number = _whole(text)
    if number is not None:
        return number
    if "x" in text:  # a Jinja tag that was blanked
        return None
    message = f"\\{mark.name}[{text[:MAX_SHOWN]}]: points are a whole number"
    found.problems.append(error(Code.POINTS_MISMATCH, message, place.span(mark.start)))
    return None


def _argument(mark: Mark) -> str | None:
    return None if mark.argument is None else mark.argument.strip("[]{} \n")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= MAX_DIGITS else None


def _inside(outer: Mark, marks: Marks, name: str) -> Iterator[Mark]:
    """The macros or environments of that name within an environment."""
    first = bisect_right(marks, outer.start, key=attrgetter("start"))
    behind = (marks[index] for index in range(first, len(marks)))
    within = takewhile(lambda mark: mark.start < outer.end, behind)
    return (mark for mark in within if mark.name == name)


def _solution(mark: Mark, marks: Marks, place: _Text, found: _Found) -> Solution:
    rubric = next(_inside(mark, marks, "rubric"), None)
    span, space = place.span(mark.start), _argument(mark)
    if space and not _SPACE.fullmatch(space):
        message = f"[{space[:MAX_SHOWN]}] is no length for the answer space"
        found.problems.append(error(Code.LATEX_SYNTAX, message, span, "write [4cm] or [\\fill]"))
    if rubric is None:
        return Solution(space, None, span)
    items = []
    for item in _inside(rubric, marks, "item"):
        points = _whole(_argument(item))
        if points is None:
            message = "an item of a rubric begins with its points: \\item[2]"
            found.problems.append(error(Code.RUBRIC_MISMATCH, message, place.span(item.start)))
        else:
            items.append(points)
    return Solution(space, Rubric(tuple(items), place.span(rubric.start)), span)


def _collect_choices(marks: Marks, place: _Text, found: _Found) -> None:
    held = defaultdict[int, list[Choice]](list)
    for mark in marks:
        if mark.name in CHOICE:
            held[mark.holder].append(_choice(mark, place))
    parts = 0
    for mark in marks:
        if mark.is_environment and mark.name in CHOICES:
            found.choices.append(tuple(held[mark.start]))
            found.before.append(parts)
        parts += mark.name == "part" and not mark.is_environment


def _choice(mark: Mark, place: _Text) -> Choice:
    fixed = place.text.startswith("[fixed]", mark.end)
    return Choice(mark.name == "CorrectChoice", fixed, place.span(mark.start))
