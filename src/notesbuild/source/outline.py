"""What a chapter consists of: results, proofs, references, formulas, each with its place.

`myst_outline` and `rst_outline` read chapters into this; Sphinx itself has the last word in a
build.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from notesbuild.diagnostics import Span

PROVED_KINDS = frozenset({"theorem", "lemma", "proposition", "corollary"})
REFERENCE_ROLES = frozenset({"prf:ref", "prf:numref", "eq", "ref", "numref", "math:numref", "any"})
LINK = "link"
"""The role of a Markdown link to a label."""
LOOSE = frozenset({LINK, "any"})
"""Roles that may lead to something else than a label, such as the anchor of a heading."""


class LabelKind(StrEnum):
    """What a label stands at."""

    RESULT = "result"
    EQUATION = "equation"
    FIGURE = "figure"
    SECTION = "section"
    OTHER = "other"


@dataclass(frozen=True)
class Mark:
    """A label; ``title`` is that of the result or section, or what a figure shows.

    ``result`` is the kind of a result, such as ``lemma``.
    """

    name: str
    kind: LabelKind
    span: Span
    title: str = ""
    result: str = ""


@dataclass(frozen=True)
class Home:
    """The result and the proof around something, as positions in the outline's lists."""

    result: int | None = None
    proof: int | None = None


@dataclass(frozen=True)
class Result:
    """A result. ``elsewhere``: it says where its proof is. ``end`` is its last line."""

    kind: str
    label: str
    title: str
    span: Span
    end: int
    options: tuple[tuple[str, str], ...] = ()
    elsewhere: bool = False


@dataclass(frozen=True)
class Proof:
    """A proof; ``of`` is the label that it names, ``result`` the result that it follows.

    ``result`` is a position in the outline's list of results: the nearest one before the proof.
    """

    of: str
    result: int | None
    span: Span
    end: int


@dataclass(frozen=True)
class Reference:
    """A reference to a label."""

    role: str
    label: str
    span: Span
    home: Home


@dataclass(frozen=True)
class Formula:
    """A formula; ``spots`` holds the place at which each of its lines begins."""

    text: str
    display: bool
    path: str
    spots: tuple[tuple[int, int], ...]

    def span(self, position: int = 0) -> Span:
        """The place of a character of the formula."""
        before = self.text[:position]
        number = before.count("\n")
        line, column = self.spots[min(number, len(self.spots) - 1)]
        return Span(self.path, line, column + len(before) - (before.rfind("\n") + 1))


@dataclass(frozen=True)
class Image:
    """A picture; ``alt`` is None where nothing is said, and ``options`` are its directive's."""

    target: str
    alt: str | None
    span: Span
    decoration: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading; the title of the chapter is the first of level 1."""

    level: int
    title: str
    span: Span


@dataclass(frozen=True)
class Directive:
    """A directive of any other kind."""

    name: str
    argument: str
    options: tuple[tuple[str, str], ...]
    body: str
    span: Span
    home: Home


@dataclass(frozen=True)
class Outline:
    """All of a chapter, each list in reading order.

    ``unclosed`` are the directives and blocks of Markdown that only the end of the text ends.
    """

    results: tuple[Result, ...] = ()
    proofs: tuple[Proof, ...] = ()
    references: tuple[Reference, ...] = ()
    formulas: tuple[Formula, ...] = ()
    images: tuple[Image, ...] = ()
    headings: tuple[Heading, ...] = ()
    marks: tuple[Mark, ...] = ()
    directives: tuple[Directive, ...] = ()
    unclosed: tuple[Mark, ...] = ()

    @property
    def title(self) -> str:
        """The title of the chapter."""
        return next((heading.title for heading in self.headings), "")


@dataclass
class Draft:
    """An outline that is being read; of some only the labels of results are wanted."""

    path: str
    results_only: bool = False
    results: list[Result | None] = field(default_factory=list)
    proofs: list[Proof | None] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    unclosed: list[Mark] = field(default_factory=list)
    elsewhere: set[int] = field(default_factory=set)
    waiting: list[Mark] = field(default_factory=list)

    def span(self, line: int, column: int) -> Span:
        """A place in the chapter."""
        return Span(self.path, line, column)

    def opened_result(self) -> int:
        """Room for a result whose body is read next."""
        self.settle()
        self.results.append(None)
        return len(self.results) - 1

    def opened_proof(self) -> int:
        """Room for a proof whose body is read next."""
        self.settle()
        self.proofs.append(None)
        return len(self.proofs) - 1

    def target(self, name: str, span: Span) -> None:
        """A label whose kind is that of what comes next."""
        self.waiting.append(Mark(name, LabelKind.OTHER, span))

    def settle(self, kind: LabelKind = LabelKind.OTHER, title: str = "") -> None:
        """Something comes that the labels before it stand at."""
        self.marks += [Mark(one.name, kind, one.span, title) for one in self.waiting]
        self.waiting.clear()

    def heading(self, level: int, title: str, span: Span) -> None:
        """A heading, which takes the labels before it."""
        self.settle(LabelKind.SECTION, title)
        self.headings.append(Heading(level, title, span))

    def finished(self) -> Outline:
        """What has been read."""
        self.settle()
        results = tuple(one for one in self.results if one is not None)
        return Outline(
            tuple(
                _with_proof_elsewhere(one) if number in self.elsewhere else one
                for number, one in enumerate(results)
            ),
            tuple(one for one in self.proofs if one is not None),
            tuple(sorted(self.references, key=lambda one: one.span)),
            tuple(sorted(self.formulas, key=lambda one: one.spots)),
            tuple(self.images),
            tuple(self.headings),
            tuple(sorted(self.marks, key=lambda one: one.span)),
            tuple(self.directives),
            tuple(self.unclosed),
        )


def _with_proof_elsewhere(result: Result) -> Result:
    return Result(
        *(result.kind, result.label, result.title, result.span, result.end, result.options),
        elsewhere=True,
    )
