r"""``\result{label}`` as the words that the course's notes have for it: before TeX runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.exam.render import Rendered
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.names import nearest
from notesbuild.model.problem import Bank
from notesbuild.model.results import NumberedResult, ResultNumbers
from notesbuild.render.escape import escape_tex
from notesbuild.render.traced import Edit, Traced
from notesbuild.source.citations import Citation, find_citations

SpanOf = Callable[[int], Span]
"""From an author's position, such as ``Traced.place`` gives, to the place in the file."""


def cites_results(blueprint: Blueprint, lock: Lock, bank: Bank) -> bool:
    """Whether numbers of results are wanted for an exam: by its problems or its instructions."""
    problems = bank.by_id()
    ids = dict.fromkeys(item.problem for version in lock.versions for item in version.items)
    bodies = (problems[name].body.text for name in ids if name in problems)
    return any("\\result" in text for text in (*_instructions(blueprint), *bodies))


def resolve_results(text: Traced, numbers: ResultNumbers, span_of: SpanOf) -> Outcome[Traced]:
    r"""LaTeX with ``Theorem~7.2`` for every ``\result``, and ``7.2`` for every ``\result*``.

    All other characters keep their author's positions. A citation that leads to no number is an
    error at its label, and stays as it is in the value.
    """
    found: list[Diagnostic] = []
    edits: list[Edit] = []
    for citation in find_citations(text.text):
        result = numbers.find(citation.label)
        if result is not None and result.number:
            edits.append(Edit(citation.start, citation.end, _words(result, citation)))
        else:
            found.append(_wrong(citation.label, numbers, span_of(text.place(citation.at))))
    return Outcome(text.replaced(edits) if edits else text, tuple(found))


def resolve_rendered(rendered: Rendered, numbers: ResultNumbers) -> Outcome[Rendered]:
    """A problem as one course prints it: question, solution and rubric cite its numbers."""
    text = resolve_results(rendered.text, numbers, rendered.span)
    return Outcome(replace(rendered, text=text.value), text.diagnostics)


def resolve_instructions(blueprint: Blueprint, numbers: ResultNumbers) -> Outcome[Blueprint]:
    """The blueprint with citations resolved in its own instructions and in its sections'."""
    found: list[Diagnostic] = []

    def resolved(words: str, *key: str | int) -> str:
        place = blueprint.origin.span(*key, "instructions")
        outcome = resolve_results(Traced.written(words), numbers, lambda _: place)
        found.extend(outcome.diagnostics)
        return outcome.value.text

    if not any(find_citations(text) for text in _instructions(blueprint)):
        return Outcome(blueprint)
    sections = tuple(
        section
        if section.instructions is None
        else section.model_copy(
            update={"instructions": resolved(section.instructions, "sections", number)}
        )
        for number, section in enumerate(blueprint.sections)
    )
    update = {"instructions": resolved(blueprint.instructions), "sections": sections}
    return Outcome(blueprint.model_copy(update=update), tuple(found))


def without_numbers(text: Traced) -> Traced:
    r"""``{[label]}`` for every citation, where a problem is shown outside of any course."""
    edits = (
        Edit(one.start, one.end, f"{{[{escape_tex(one.label)}]}}")
        for one in find_citations(text.text)
    )
    return text.replaced(edits) if "\\result" in text.text else text


def _instructions(blueprint: Blueprint) -> tuple[str, ...]:
    sections = (section.instructions or "" for section in blueprint.sections)
    return (blueprint.instructions, *sections)


def _words(result: NumberedResult, citation: Citation) -> str:
    if citation.starred:
        return escape_tex(result.number)
    return f"{escape_tex(result.name)}~{escape_tex(result.number)}"


def _wrong(label: str, numbers: ResultNumbers, place: Span) -> Diagnostic:
    """Why a label leads to no number."""
    if not label:
        message = r"\result needs a label in braces"
        return error(Code.UNKNOWN_RESULT, message, place, r"write \result{thm-…}")
    if numbers.find(label) is not None:
        message = f"{label!r} has no number in the notes of {numbers.course}"
        return error(Code.UNKNOWN_RESULT, message, place, "say in words what it is")
    other = numbers.other(label)
    if other is None:
        hint = nearest(label, (known.label for known in numbers.results))
        message = f"no chapter defines the label {label!r}"
        return error(Code.UNKNOWN_RESULT, message, place, hint)
    if other.chapter in numbers.chapters:
        message = f"{label!r} is the label of a section, an equation or a figure, not of a result"
        return error(Code.UNKNOWN_RESULT, message, place)
    message = f"{label} is not part of the notes of {numbers.course}: {other.chapter} has it"
    return error(Code.RESULT_LEFT_OUT, message, place)
