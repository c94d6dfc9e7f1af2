"""A problem of the bank: its metadata and the structure of its body."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from notesbuild.diagnostics import Origin, Span
from notesbuild.model.base import Id, Record

Scalar = bool | int | float | str


class Kind(StrEnum):
    """The five kinds of problem."""

    PROOF = "proof"
    COMPUTATION = "computation"
    SHORT = "short"
    MULTIPLE_CHOICE = "multiple-choice"
    TRUE_FALSE = "true-false"


class Visibility(StrEnum):
    """Who may see a problem outside an exam."""

    EXAM = "exam"
    PRACTICE = "practice"
    PUBLIC = "public"


class Status(StrEnum):
    """Only ready problems are drawn."""

    DRAFT = "draft"
    READY = "ready"
    RETIRED = "retired"


def _text_of_number(value: Any) -> Any:
    """``answer: 3`` and ``value: 3`` are expressions too."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Expression = Annotated[str, BeforeValidator(_text_of_number), Field(min_length=1)]


Bound = Annotated[int, Field(ge=-(10**12), le=10**12)]


class Parameter(Record):
    """One parameter: drawn with ``choose`` or ``between``, or derived with ``value``."""

    choose: tuple[Scalar, ...] | None = Field(default=None, min_length=1)
    """A list of values, of which chance takes one."""
    between: tuple[Bound, Bound] | None = None
    """The lowest and the highest integer that chance may take."""
    value: Expression | None = None
    """An expression in the parameters above it, computed exactly."""

    @model_validator(mode="after")
    def _one_form(self) -> Parameter:
        given = [f for f in ("choose", "between", "value") if getattr(self, f) is not None]
        if len(given) != 1:
            raise ValueError("a parameter has exactly one of choose, between and value")
        if self.between and self.between[0] > self.between[1]:
            raise ValueError("between needs its lower end first")
        return self

    @property
    def drawn(self) -> bool:
        """Whether chance decides it."""
        return self.value is None

    def candidates(self) -> Sequence[Scalar]:
        """The values that chance chooses from."""
        if self.choose is not None:
            return self.choose
        if self.between is not None:
            return range(self.between[0], self.between[1] + 1)
        return ()


ParameterName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class Metadata(Record):
    """The YAML at the head of ``problem_bank/<topic>/<id>.tex``."""

    title: str = Field(min_length=1)
    """What the problem is called in lists; students do not see it."""
    kind: Kind
    """`proof`, `computation`, `short`, `multiple-choice` or `true-false`."""
    topics: tuple[Id, ...] = Field(min_length=1)
    """What it is about; the first one counts as the main topic."""
    tags: tuple[Id, ...] = ()
    """Further words that queries can ask for."""
    difficulty: int = Field(ge=1, le=5)
    """From 1 (routine) to 5 (hard)."""
    points: int | None = Field(default=None, gt=0, le=1000)
    """The points; if left out, the sum of the parts' points."""
    minutes: int = Field(gt=0, le=600)
    """How long a student needs."""
    uses: tuple[str, ...] = ()
    """Labels of the results in the notes that a solution needs."""
    enemies: tuple[Id, ...] = ()
    """Ids of problems that never stand in the same version."""
    visibility: Visibility = Visibility.EXAM
    """`exam`, `practice` or `public`: who may see it outside an exam."""
    status: Status = Status.DRAFT
    """`draft`, `ready` or `retired`; only ready problems are drawn."""
    source: str | None = None
    """Where the problem comes from."""
    shuffle: bool = True
    """Whether the order of its choices is drawn."""
    params: dict[ParameterName, Parameter] = Field(default_factory=dict)
    """Parameters by name."""
    require: tuple[str, ...] = ()
    """Conditions on the parameters that every draw meets."""
    answer: Expression | None = None
    """The final answer as an expression in the parameters, for the key."""


@dataclass(frozen=True)
class Rubric:
    """The marks of one solution: points and place of each item."""

    items: tuple[int, ...]
    span: Span


@dataclass(frozen=True)
class Solution:
    """A solution environment; ``space`` is the answer space it asks for (TeX length)."""

    space: str | None
    rubric: Rubric | None
    span: Span


@dataclass(frozen=True)
class Part:
    """A ``\\part`` (or the whole problem where it has none)."""

    points: int | None
    solution: Solution | None
    span: Span


@dataclass(frozen=True)
class Choice:
    """One choice of a multiple-choice or true-false problem, in the author's order."""

    correct: bool
    fixed: bool
    span: Span


@dataclass(frozen=True)
class Stretch:
    """A stretch of a text that comes from one file.

    ``start`` is its first position in the text, ``line`` and ``column`` where that is in ``path``.
    """

    start: int
    path: str
    line: int
    column: int = 1


def span_in(text: str, stretches: Sequence[Stretch], position: int) -> Span:
    """The place of a position of a text that consists of stretches, the first one from 0 on."""
    position = min(max(position, 0), len(text))
    found = stretches[bisect_right(stretches, position, key=lambda s: s.start) - 1]
    before = text[found.start : position]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else found.column + len(before)
    return Span(found.path, found.line + lines, column)


@dataclass(frozen=True)
class Body:
    """The LaTeX of a problem and what it consists of.

    ``text`` begins on ``line`` of the file; where it includes other files, ``stretches`` tells
    what comes from which. ``choices`` holds one tuple for every choices environment, and ``before``
    how many ``\\part`` stand before it. A problem without ``\\part`` has one Part. Nothing may be
    made of a body that is not ``sound``: its LaTeX is broken or forbidden.
    """

    text: str
    line: int
    parts: tuple[Part, ...]
    choices: tuple[tuple[Choice, ...], ...] = ()
    has_parts: bool = False
    stretches: tuple[Stretch, ...] = ()
    sound: bool = True
    before: tuple[int, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A problem: id, metadata, body, the digest and the paths of all its files."""

    id: str
    metadata: Metadata
    body: Body
    digest: str
    assets: tuple[str, ...] = ()
    origin: Origin = field(default=Origin(""), repr=False)

    @property
    def points(self) -> int:
        """The points given, or the sum of the parts'."""
        if self.metadata.points is not None:
            return self.metadata.points
        return sum(part.points or 0 for part in self.body.parts)

    @property
    def span(self) -> Span:
        """The head of the file."""
        return Span(self.origin.path, 1, 1)

    def at(self, position: int) -> Span:
        """The place of a position of the body's text."""
        own = (Stretch(0, self.origin.path, self.body.line),)
        return span_in(self.body.text, self.body.stretches or own, position)

    @property
    def beside(self) -> dict[str, str]:
        """The paths of the files in its folder, by the names that its LaTeX has for them."""
        home = self.origin.path.removesuffix(".tex") + "/"
        return {asset.removeprefix(home): asset for asset in self.assets}

    @property
    def drawable(self) -> bool:
        """Whether an exam may use it."""
        return self.metadata.status is Status.READY


@dataclass(frozen=True)
class Bank:
    """All problems, ordered by id."""

    problems: tuple[Problem, ...] = ()

    def get(self, problem_id: str) -> Problem | None:
        """The problem of that id."""
        return next((p for p in self.problems if p.id == problem_id), None)

    def by_id(self) -> dict[str, Problem]:
        """A dictionary of all problems, for many look-ups."""
        return {problem.id: problem for problem in self.problems}

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic of the bank, sorted."""
        return tuple(sorted({t for p in self.problems for t in p.metadata.topics}))

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag of the bank, sorted."""
        return tuple(sorted({t for p in self.problems for t in p.metadata.tags}))
