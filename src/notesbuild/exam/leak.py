"""Proof that a student's PDF holds nothing but the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.exam.paper import Copy
from notesbuild.exam.render import Rendered
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


def specimen_leaks(pdf: bytes, copies: Iterable[Copy]) -> tuple[Diagnostic, ...]:
    """Everything of that sort in a PDF that shows each question of all copies once."""
    distinct = {id(q.rendered): q.rendered for copy in copies for q in copy.questions}
    found = leaks_of(pdf, tuple(distinct.values()))
    return tuple(error(Code.LEAK, f"the students' papers hold {what}") for what in found)


def leaks(pdf: bytes, copy: Copy) -> Iterator[str]:
    """What the paper of one version should not hold, in words."""
    return leaks_of(pdf, [question.rendered for question in copy.questions])


def leaks_of(pdf: bytes, asked: Sequence[Rendered]) -> Iterator[str]:
    """What a PDF that asks these questions should not hold, in words."""
    yield from hidden_things(pdf)
    pages = "\n".join(page_texts(pdf))
    secrets = Secrets.of(asked)
    yield from secrets.told_in(pages)
    yield from secrets.named_in("\n".join(strings(pdf)), pages)


@dataclass(frozen=True)
class Secrets:
    """What must not be read on a paper with some questions.

    ``phrases`` leads from runs of letters to the problem whose solution holds them; ``names`` are
    ids and paths, ``open_names`` those among them that a question itself prints.
    """

    phrases: Mapping[str, str]
    names: Mapping[str, str]
    open_names: frozenset[str]

    @classmethod
    def of(cls, asked: Iterable[Rendered]) -> Secrets:
        """The secrets of these questions; what any of them says openly is none."""
        texts = [(rendered.problem, rendered.text.text) for rendered in asked]
        plain = [question_text(text) for _, text in texts]
        shown = squeezed(" ".join(word for text in plain for word in _words(text)))
        said = {phrase: problem.id for problem, text in texts for phrase in phrases(text)}
        hidden = {phrase: name for phrase, name in said.items() if phrase not in shown}
        problems = [problem for problem, _ in texts]
        names = {name: p.id for p in problems for name in (p.id, p.origin.path)}
        everything = "\n".join(plain)
        return cls(hidden, names, frozenset(name for name in names if name in everything))

    def told_in(self, pages: str) -> Iterator[str]:
        """What the text of the pages tells of solutions, once for each problem."""
        letters = squeezed(pages)
        runs = {letters[at : at + PHRASE] for at in range(len(letters) - PHRASE + 1)}
        told = {self.phrases[run]: run for run in sorted(runs & self.phrases.keys(), reverse=True)}
        for problem, phrase in sorted(told.items()):
            yield f"words of the solution of {problem}: “{phrase}”"

    def named_in(self, inside: str, pages: str) -> Iterator[str]:
        """Which problems are named, in the file outside of its pages or on them."""
        found = {
            problem
            for name, problem in self.names.items()
            if name in inside or (name in pages and name not in self.open_names)
        }
        yield from (f"the name of the problem {problem}" for problem in sorted(found))


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
