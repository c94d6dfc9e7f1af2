"""Proof that a student's PDF holds nothing but the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.exam.paper import Copy
from notesbuild.pdf.inspect import hidden_things, strings
from notesbuild.pdf.text import page_texts
from notesbuild.source.latex import SOLUTIONS, latex_nodes

# So many letters in a row, without mathematics between them, are no coincidence.
PHRASE = 28


def find_leaks(
    papers: Iterable[tuple[str, bytes]], copies: Iterable[Copy]
) -> tuple[Diagnostic, ...]:
    """Everything in the students' papers (version and PDF) that belongs to somebody else."""
    by_version = {copy.version.version: copy for copy in copies}
    return tuple(
        error(Code.LEAK, f"the paper of version {version} holds {what}")
        for version, pdf in papers
        for what in leaks(pdf, by_version[version])
    )


def leaks(pdf: bytes, copy: Copy) -> Iterator[str]:
    """What one PDF should not hold, in words."""
    yield from hidden_things(pdf)
    pages = "\n".join(page_texts(pdf))
    letters = squeezed(pages)
    asked = {q.number: question_text(q.rendered.text.text) for q in copy.questions}
    shown = squeezed(" ".join(word for text in asked.values() for word in _words(text)))
    for question in copy.questions:
        problem = question.rendered.problem
        for phrase in phrases(question.rendered.text.text):
            if phrase in letters and phrase not in shown:
                yield f"words of the solution of {problem.id}: “{phrase}”"
                break
    inside = "\n".join(strings(pdf))
    for question in copy.questions:
        problem = question.rendered.problem
        names = (problem.origin.path, problem.id)
        own = asked[question.number]
        if any(name in inside or (name in pages and name not in own) for name in names):
            yield f"the name of the problem {problem.id}"


def phrases(body: str) -> Iterator[str]:
    """Runs of words from solutions and rubrics, as squeezed letters, each of ``PHRASE``."""
    for start, end in _secrets(body):
        for run in _words(body[start:end]):
            letters = squeezed(run)
            yield from (
                letters[first : first + PHRASE]
                for first in range(0, len(letters) - PHRASE + 1, PHRASE // 2)
            )


def question_text(body: str) -> str:
    """A body without its secrets: what it says may be repeated in an answer.

    This does not ask the renderer, whose mistakes are to be found here.
    """
    pieces, position = [], 0
    for start, end in _secrets(body):
        if start >= position:
            pieces.append(body[position:start])
            position = end
    return " ".join([*pieces, body[position:]])


def _secrets(body: str) -> Iterator[tuple[int, int]]:
    for node in latex_nodes(body):
        name = getattr(node, "environmentname", None)
        if name in SOLUTIONS or name == "rubric":
            yield node.pos, node.pos + node.len


_MATH = re.compile(
    r"\$\$.*?\$\$|\$.*?(?<!\\)\$|\\\[.*?\\\]|\\\(.*?\\\)"
    r"|\\begin\{(align|equation|gather|multline|aligned|array)\*?\}.*?\\end\{\1\*?\}",
    re.S,
)
_COMMAND = re.compile(r"\\(?:begin|end)\{[^}]*\}(?:\[[^\]]*\])?|\\[A-Za-z]+\*?(?:\[[^\]]*\])?|\\.")


def _words(text: str) -> list[str]:
    """Stretches of running text between mathematics and commands."""
    plain = re.sub(r"(?<!\\)%[^\n]*", "", text)
    plain = _COMMAND.sub("\x00", _MATH.sub("\x00", plain))
    return [stretch for stretch in re.split(r"[\x00{}]", plain) if stretch.strip()]


def squeezed(text: str) -> str:
    """Lower-case letters only: no space, hyphen, digit or accent can hide a phrase."""
    return "".join(character for character in text.lower() if character.isalpha())
