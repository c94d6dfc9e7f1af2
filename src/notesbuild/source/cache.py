"""Problems that were read before, kept by the content of their files.

Reading a problem means parsing its LaTeX and drawing its parameters; where neither its files
nor the code have changed since, the result is taken from ``.work/cache`` in the folder of
outputs. The file is sealed: what another machine or another program wrote is not believed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from notesbuild.diagnostics import Code, Diagnostic, Origin, Severity, Span
from notesbuild.diagnostics.values import Location
from notesbuild.model.problem import (
    Body,
    Choice,
    Metadata,
    Part,
    Problem,
    Rubric,
    Solution,
)
from notesbuild.run.code import code_digest
from notesbuild.run.publish import write_file
from notesbuild.run.seal import sealed, unsealed
from notesbuild.source.files import Files, digest

FILE = ".work/cache/problems"
_PURPOSE = "problems"
_CODE = ("check", "diagnostics", "model", "render", "source")
_LIBRARIES = ("jinja2", "pydantic", "pylatexenc", "pyyaml", "sympy")


@dataclass(frozen=True)
class Reading:
    """What came of reading one problem's files, and of checking that problem by itself.

    ``checked`` is None where nobody has checked it.
    """

    problem: Problem | None
    found: tuple[Diagnostic, ...]
    checked: tuple[Diagnostic, ...] | None


@dataclass(frozen=True)
class Cache:
    """Readings by key, each as one line of JSON until somebody asks for it."""

    path: str
    lines: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def opened(cls, files: Files, build: str) -> Cache:
        """What the last run left below the folder of outputs; nothing if it cannot be used."""
        path = f"{build}/{FILE}"
        content = files.content(path).value if files.exists(path) else None
        body = unsealed(content, _PURPOSE) if content is not None else None
        head, _, rest = (body or b"").partition(b"\n")
        if head.decode("ascii", "replace") != _head():
            return cls(path)
        lines = (line.partition(b" ") for line in rest.split(b"\n") if line)
        return cls(path, {key.decode("ascii", "replace"): line for key, _, line in lines})

    def saved(self, files: Files, lines: Mapping[str, bytes]) -> None:
        """Write these lines in the place of the old ones.

        Where that fails there is no cache, and everything is read anew the next time.
        """
        rows = b"\n".join(key.encode() + b" " + lines[key] for key in sorted(lines))
        content = sealed(_head().encode() + b"\n" + rows + b"\n", _PURPOSE)
        if content is not None and files.resolve(self.path) is not None:
            write_file(files.root / self.path, content, self.path, durable=False)


def key_of(path: str, contents: Iterable[tuple[str, bytes]]) -> str:
    """The key of a problem: its path, and the names and bytes of all its files."""
    pieces = (piece for name, content in contents for piece in (name.encode(), content))
    return digest(path.encode(), *pieces)


@lru_cache(maxsize=1)
def _head() -> str:
    """What must be the same for a reading to hold: our code, the libraries, Python."""
    versions = [f"{sys.version_info.major}.{sys.version_info.minor}", code_digest(*_CODE)]
    for library in _LIBRARIES:
        try:
            versions.append(version(library))
        except PackageNotFoundError:
            versions.append("none")
    return " ".join(versions)


# --- JSON --------------------------------------------------------------------------------

# A line has three parts: what every command wants to know, the places of the keys of the
# metadata, and the structure of the body. The last two are read when somebody asks for them.
_APART = b"\t"


def encode(reading: Reading, path: str) -> bytes:
    """A reading of the problem at ``path`` as one line, without the text of its body."""
    problem, checked = reading.problem, reading.checked
    head = [
        [_diagnostic(d, path) for d in reading.found],
        None if checked is None else [_diagnostic(d, path) for d in checked],
    ]
    if problem is None:
        return _json(head)
    metadata = problem.metadata.model_dump(mode="json", exclude_unset=True)
    body = problem.body
    kept = [problem.id, problem.digest, problem.assets, metadata, len(body.text), body.line]
    places = [[list(location), *place] for location, place in problem.origin.places]
    return _APART.join((_json([*head, kept]), _json(places), _json(_structure(body))))


def decode(line: bytes, path: str, text: str) -> Reading:
    """The reading again; ``text`` is the whole text of the problem's file.

    Raises:
        ValueError, TypeError, LookupError: the line is not what :func:`encode` writes.
    """
    head, _, rest = line.partition(_APART)
    found, checked, *kept = json.loads(head)
    return Reading(
        _problem_from(kept[0], rest, path, text) if kept else None,
        tuple(_diagnostic_from(d, path) for d in found),
        None if checked is None else tuple(_diagnostic_from(d, path) for d in checked),
    )


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _problem_from(kept: list[Any], rest: bytes, path: str, text: str) -> Problem:
    name, content_digest, assets, metadata, length, first_line = kept
    places, _, structure = rest.partition(_APART)
    # Built without validation: only what passed it once is kept, and the seal says it is ours.
    return Problem.model_construct(
        id=name,
        metadata=Metadata.model_validate(metadata),
        body=KeptBody(text[len(text) - length :], first_line, path, structure),
        digest=content_digest,
        assets=tuple(assets),
        origin=KeptOrigin(path, places),
    )


class KeptOrigin(Origin):
    """An origin whose places are read from JSON when they are asked for."""

    def __init__(self, path: str, line: bytes) -> None:
        self.__dict__.update(path=path, _line=line)

    @cached_property
    def places(self) -> tuple[tuple[Location, tuple[int, int]], ...]:
        """The location of each key, with its line and column."""
        rows = json.loads(self.__dict__["_line"])
        return tuple((tuple(spot), (line, column)) for spot, line, column in rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Origin):
            return NotImplemented
        return (self.path, self.places) == (other.path, other.places)

    def __hash__(self) -> int:
        return hash((self.path, self.places))


class KeptBody(Body):
    """A body whose parts and choices are read from JSON when they are asked for."""

    def __init__(self, text: str, line: int, path: str, structure: bytes) -> None:
        self.__dict__.update(text=text, line=line, _path=path, _line=structure)

    @cached_property
    def _structure(self) -> tuple[Any, ...]:
        path = self.__dict__["_path"]
        has_parts, parts, choices = json.loads(self.__dict__["_line"])
        return (
            bool(has_parts),
            tuple(Part(p, _solution_from(s, path), Span(path, *at)) for p, s, at in parts),
            tuple(tuple(Choice(c, f, Span(path, *at)) for c, f, at in row) for row in choices),
        )

    @property
    def has_parts(self) -> bool:
        """Whether there are ``\\part`` commands."""
        return bool(self._structure[0])

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts."""
        return tuple(self._structure[1])

    @property
    def choices(self) -> tuple[tuple[Choice, ...], ...]:
        """The choices of every list."""
        return tuple(self._structure[2])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and _everything(self) == _everything(other)

    def __hash__(self) -> int:
        return hash(_everything(self))


def _everything(body: Body) -> tuple[object, ...]:
    return body.text, body.line, body.parts, body.choices, body.has_parts


def _structure(body: Body) -> list[Any]:
    parts = [[p.points, _solution(p.solution), _place(p.span)] for p in body.parts]
    choices = [[[c.correct, c.fixed, _place(c.span)] for c in row] for row in body.choices]
    return [body.has_parts, parts, choices]


def _solution(solution: Solution | None) -> list[Any] | None:
    if solution is None:
        return None
    rubric = solution.rubric
    kept = None if rubric is None else [rubric.items, _place(rubric.span)]
    return [solution.space, kept, _place(solution.span)]


def _solution_from(data: list[Any] | None, path: str) -> Solution | None:
    if data is None:
        return None
    space, kept, at = data
    rubric = None if kept is None else Rubric(tuple(kept[0]), Span(path, *kept[1]))
    return Solution(space, rubric, Span(path, *at))


def _place(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _diagnostic(found: Diagnostic, path: str) -> list[Any]:
    span = found.span
    place = None
    if span is not None:
        place = [None if span.path == path else span.path, span.line, span.column]
    return [found.code.name, found.severity, found.message, place, found.hint, found.notes]


def _diagnostic_from(data: list[Any], path: str) -> Diagnostic:
    code, severity, message, place, hint, notes = data
    span = None
    if place is not None:
        span = Span(path if place[0] is None else place[0], place[1], place[2])
    return Diagnostic(Code[code], Severity(severity), message, span, hint, tuple(notes))
