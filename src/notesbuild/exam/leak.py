"""Proof that a student's PDF holds nothing but the paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.exam.paper import Copy
from notesbuild.exam.recalled import Recalled
from notesbuild.exam.render import Rendered
from notesbuild.pdf.inspect import contents
from notesbuild.pdf.text import page_texts
from notesbuild.source.phrases import PHRASE, phrases, question_text, squeezed, words

MANY = 512
"""So many questions are remembered."""


@dataclass(frozen=True)
class Said:
    """What a problem says to students, and the phrases by which its solutions are known."""

    plain: str
    phrases: tuple[str, ...]

    @classmethod
    def by(cls, body: str) -> Said:
        """What this text says."""
        return cls(question_text(body), tuple(phrases(body)))


NOTHING_KNOWN: Mapping[str, Said] = {}


@dataclass(frozen=True)
class PaperWords:
    """All that can be read in a PDF: what it hides, the text of its pages, its other strings."""

    hidden: tuple[str, ...]
    pages: str
    inside: str

    @classmethod
    def read(cls, pdf: bytes) -> PaperWords:
        """What this PDF says."""
        return cls.of(pdf, page_texts(pdf))

    @classmethod
    def of(cls, pdf: bytes, pages: Iterable[str]) -> PaperWords:
        """What a PDF says whose pages have these texts."""
        hidden, strings = contents(pdf)
        return cls(hidden, "\n".join(pages), "\n".join(strings))


def find_leaks(
    papers: Iterable[tuple[str, PaperWords]],
    copies: Iterable[Copy],
    known: Mapping[str, Said] = NOTHING_KNOWN,
) -> tuple[Diagnostic, ...]:
    """Everything in the students' papers (version and words) that belongs to somebody else."""
    by_version = {copy.version.version: copy for copy in copies}
    return tuple(
        error(Code.LEAK, f"the paper of version {version} holds {what}")
        for version, read in papers
        for what in _leaks_in(read, _asked(by_version[version]), known)
    )


def specimen_leaks(
    pdf: bytes, copies: Iterable[Copy], known: Mapping[str, Said] = NOTHING_KNOWN
) -> tuple[Diagnostic, ...]:
    """Everything of that sort in a PDF that shows each question of all copies once."""
    distinct = {id(q.rendered): q.rendered for copy in copies for q in copy.questions}
    found = _leaks_in(PaperWords.read(pdf), tuple(distinct.values()), known)
    return tuple(error(Code.LEAK, f"the students' papers hold {what}") for what in found)


def leaks(pdf: bytes, copy: Copy) -> Iterator[str]:
    """What the paper of one version should not hold, in words."""
    return leaks_of(pdf, _asked(copy))


def leaks_of(pdf: bytes, asked: Sequence[Rendered]) -> Iterator[str]:
    """What a PDF that asks these questions should not hold, in words."""
    return _leaks_in(PaperWords.read(pdf), asked, NOTHING_KNOWN)


def _leaks_in(
    read: PaperWords, asked: Sequence[Rendered], known: Mapping[str, Said]
) -> Iterator[str]:
    yield from read.hidden
    secrets = Secrets.of(asked, known)
    yield from secrets.told_in(read.pages)
    yield from secrets.named_in(read.inside, read.pages)


def _asked(copy: Copy) -> tuple[Rendered, ...]:
    return tuple(question.rendered for question in copy.questions)


def said_in(copies: Iterable[Copy], recalled: Recalled) -> Mapping[str, Said]:
    """What each text of the first questions says, as far as it was not known already."""
    texts = dict.fromkeys(q.rendered.text.text for copy in copies for q in copy.questions)

    def told(text: str) -> tuple[str, list[str]]:
        said = Said.by(text)
        return said.plain, list(said.phrases)

    known = {text: recalled("said", text, partial(told, text)) for text in islice(texts, MANY)}
    return {text: Said(plain, tuple(told)) for text, (plain, told) in known.items()}


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
    def of(cls, asked: Iterable[Rendered], known: Mapping[str, Said] = NOTHING_KNOWN) -> Secrets:
        """The secrets of these questions; what any of them says openly is none.

        What some texts say may be ``known``.
        """
        bodies = [(rendered.problem, rendered.text.text) for rendered in asked]
        texts = [(problem, known.get(body) or Said.by(body)) for problem, body in bodies]
        plain = [said.plain for _, said in texts]
        shown = squeezed(" ".join(word for text in plain for word in words(text)))
        told = {phrase: problem.id for problem, said in texts for phrase in said.phrases}
        hidden = {phrase: name for phrase, name in told.items() if phrase not in shown}
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
