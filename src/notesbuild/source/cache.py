"""Problems that were read before, kept by the content of their files.

Reading a problem means parsing its LaTeX and drawing its parameters; where neither its files
nor the code have changed since, the result is taken from ``.work/cache`` in the folder of
outputs. The file is sealed: what another machine or another program wrote is not believed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
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
    Stretch,
)
from notesbuild.run.code import code_digest, version_of
from notesbuild.run.publish import write_file
from notesbuild.run.seal import sealed, unsealed
from notesbuild.source.files import Files

FOLDER = ".work/cache"
PROBLEMS = "problems"
_CODE = ("check", "diagnostics", "model", "render", "run", "source")
_LIBRARIES = (
    *("jinja2", "markdown-it-py", "mdit-py-plugins", "pydantic", "pylatexenc", "pyyaml"),
    *("sphinxcontrib-katex", "sympy"),
)


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
    """Readings by key, each as one line of JSON until somebody asks for it.

    ``name`` is the file's: problems, or what else is kept in the same way.
    """

    path: str
    lines: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    name: str = PROBLEMS

    @classmethod
    def opened(cls, files: Files, build: str, name: str = PROBLEMS) -> Cache:
        """What the last run left below the folder of outputs; nothing if it cannot be used."""
        path = f"{build}/{FOLDER}/{name}"
        content = files.content(path).value if files.exists(path) else None
        body = unsealed(content, name) if content is not None else None
        head, _, rest = (body or b"").partition(b"\n")
        if head.decode("ascii", "replace") != _head():
            return cls(path, name=name)
        lines = (line.partition(b" ") for line in rest.split(b"\n") if line)
        return cls(path, {key.decode("ascii", "replace"): line for key, _, line in lines}, name)

    def saved(self, files: Files, lines: Mapping[str, bytes]) -> None:
        """Write these lines in the place of the old ones.

        Where that fails there is no cache, and everything is read anew the next time.
        """
        rows = b"\n".join(key.encode() + b" " + lines[key] for key in sorted(lines))
        content = sealed(_head().encode() + b"\n" + rows + b"\n", self.name)
        if content is not None and files.resolve(self.path) is not None:
            write_file(files.root / self.path, content, self.path, durable=False)


def key_of(path: str, contents: Iterable[tuple[str, bytes]]) -> str:
    """The key of a problem: its path, and the names and bytes of all its files."""
    pieces = [path.encode()]
    for name, content in contents:
        pieces += [f"\0{name}\0{len(content)}\0".encode(), content]
    return hashlib.sha256(b"".join(pieces)).hexdigest()[:32]


@lru_cache(maxsize=1)
def _head() -> str:
    """What must be the same for a reading to hold: our code, the libraries, Python."""
    versions = [f"{sys.version_info.major}.{sys.version_info.minor}", code_digest(*_CODE)]
    return " ".join((*versions, *(version_of(library) or "none" for library in _LIBRARIES)))


# --- JSON --------------------------------------------------------------------------------

# A line has four parts: what every command wants to know, the metadata, the places of its keys,
# and the structure of the body. The last two are read when somebody asks for them.
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
    body = problem.body
    kept = [problem.id, problem.digest, problem.assets, len(body.text), body.line, _included(body)]
    metadata = problem.metadata.model_dump(mode="json", exclude_unset=True)
    places = [[list(location), *place] for location, place in problem.origin.places]
    parts = ([*head, kept], metadata, places, _structure(body, path))
    return _APART.join(_json(part) for part in parts)


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


def encode_found(found: Iterable[Diagnostic], path: str) -> bytes:
    """What was found in the file at ``path``, as one line."""
    return _json([_diagnostic(d, path) for d in found])


def decode_found(line: bytes, path: str) -> tuple[Diagnostic, ...]:
    """The diagnostics again.

    Raises:
        ValueError, TypeError, LookupError: the line is not what :func:`encode_found` writes.
    """
    return tuple(_diagnostic_from(d, path) for d in json.loads(line))


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _problem_from(kept: list[Any], rest: bytes, path: str, text: str) -> Problem:
    name, content_digest, assets, length, first_line, included = kept
    metadata, places, structure = rest.split(_APART)
    return Problem(
        id=name,
        metadata=Metadata.model_validate_json(metadata),
        body=_kept_body(text[len(text) - length :], first_line, path, structure, included),
        digest=content_digest,
        assets=tuple(assets),
        origin=KeptOrigin.kept(path, places),
    )


def _kept_body(
    text: str, line: int, path: str, structure: bytes, included: list[Any] | None
) -> KeptBody:
    if included is None:
        return KeptBody.kept(text, line, path, structure)
    whole, stretches = included
    return KeptBody.kept(whole, line, path, structure, tuple(Stretch(*s) for s in stretches))


class KeptOrigin(Origin):
    """An origin whose places are read from JSON when they are asked for."""

    @classmethod
    def kept(cls, path: str, line: bytes) -> KeptOrigin:
        """The origin whose places are in this line."""
        origin = object.__new__(cls)
        origin.__dict__.update(path=path, _line=line)
        return origin

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
    """A body whose parts and choices are read from JSON when they are asked for.

    What is read so is a cached property, and no plain one: ``dataclasses.replace`` sets it.
    """

    @classmethod
    def kept(
        cls,
        text: str,
        line: int,
        path: str,
        structure: bytes,
        stretches: tuple[Stretch, ...] = (),
    ) -> KeptBody:
        """The body whose structure is in this line."""
        body = object.__new__(cls)
        own = {"text": text, "line": line, "stretches": stretches}
        body.__dict__.update(**own, _path=path, _line=structure)
        return body

    @cached_property
    def _structure(self) -> tuple[Any, ...]:
        path = self.__dict__["_path"]
        has_parts, sound, parts, choices, before = json.loads(self.__dict__["_line"])
        return (
            (bool(has_parts), bool(sound)),
            tuple(Part(p, _solution_from(s, path), _span(at, path)) for p, s, at in parts),
            tuple(tuple(Choice(c, f, _span(at, path)) for c, f, at in row) for row in choices),
            tuple(before),
        )

    @cached_property
    def has_parts(self) -> bool:
        """Whether there are ``\\part`` commands."""
        return bool(self._structure[0][0])

    @cached_property
    def sound(self) -> bool:
        """Whether anything may be made of it."""
        return bool(self._structure[0][1])

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts."""
        return tuple(self._structure[1])

    @cached_property
    def choices(self) -> tuple[tuple[Choice, ...], ...]:
        """The choices of every list."""
        return tuple(self._structure[2])

    @cached_property
    def before(self) -> tuple[int, ...]:
        """How many parts begin before each list of choices."""
        return tuple(self._structure[3])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and _everything(self) == _everything(other)

    def __hash__(self) -> int:
        return hash(_everything(self))


def _everything(body: Body) -> tuple[object, ...]:
    structure = (body.parts, body.choices, body.has_parts, body.sound, body.before)
    return (body.text, body.line, body.stretches, *structure)


def _included(body: Body) -> list[Any] | None:
    """The text of a body that is not in one file alone, and where it comes from."""
    if not body.stretches:
        return None
    return [body.text, [[s.start, s.path, s.line, s.column] for s in body.stretches]]


def _structure(body: Body, path: str) -> list[Any]:
    parts = [[p.points, _solution(p.solution, path), _place(p.span, path)] for p in body.parts]
    choices = [[[c.correct, c.fixed, _place(c.span, path)] for c in row] for row in body.choices]
    return [body.has_parts, body.sound, parts, choices, body.before]


def _solution(solution: Solution | None, path: str) -> list[Any] | None:
    if solution is None:
        return None
    rubric = solution.rubric
    kept = None if rubric is None else [rubric.items, _place(rubric.span, path)]
    return [solution.space, kept, _place(solution.span, path)]


def _solution_from(data: list[Any] | None, path: str) -> Solution | None:
    if data is None:
        return None
    space, kept, at = data
    rubric = None if kept is None else Rubric(tuple(kept[0]), _span(kept[1], path))
    return Solution(space, rubric, _span(at, path))


def _place(span: Span, path: str) -> list[Any]:
    """Line and column, and the file where it is another one than ``path``."""
    own = [span.line, span.column]
    return own if span.path == path else [*own, span.path]


def _span(at: list[Any], path: str) -> Span:
    line, column, *other = at
    return Span(other[0] if other else path, line, column)


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
