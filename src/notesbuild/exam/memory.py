"""What a build found out, for the next one: rendered problems, papers that hold no secret,
pictures of their pages, charts, what was made of templates.

It is sealed, so that nobody else's word is taken for ours, and void when our code changes, or a
library that has a part in the bytes.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

from notesbuild.diagnostics import Span
from notesbuild.exam.key import answer_of
from notesbuild.exam.leak import PaperWords
from notesbuild.exam.paper import Copy
from notesbuild.exam.render import Rendered
from notesbuild.model.exam import LockedItem
from notesbuild.model.problem import Body, Choice, Part, Problem
from notesbuild.pdf.thumbnails import Thumbnail
from notesbuild.render.parameters import Assignment
from notesbuild.render.traced import NOWHERE, Traced
from notesbuild.run.aside import aside
from notesbuild.run.code import code_digest, version_of
from notesbuild.run.publish import write_file
from notesbuild.run.seal import sealed, unsealed

T = TypeVar("T")

_PURPOSE = "memory of exams"
_LIBRARIES = (
    *("jinja2", "markdown-it-py", "mdit-py-plugins", "pikepdf", "pillow", "pygal"),
    *("pylatexenc", "pypdfium2", "sympy"),
)
_CODE = ("diagnostics", "exam", "model", "pdf", "render", "source")


class Memory:
    """The memory of one exam; without a path everything is found out anew."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known = _read(path) if path is not None else {}
        self._used: dict[str, Any] = {}

    def rendered(
        self, problem: Problem, assignment: Assignment, item: LockedItem
    ) -> Rendered | None:
        """The problem as it was rendered before with these parameters and orders."""
        known = self._recall(_key(problem, assignment, item))
        try:
            return None if known is None else _rendered(known, problem, assignment)
        except (ValueError, TypeError, IndexError):
            return None

    def keep(self, rendered: Rendered, item: LockedItem) -> None:
        """Remember what rendering a problem took time for."""
        problem = rendered.problem
        if self._path is not None and (problem.metadata.params or rendered.body.choices):
            self._used[_key(problem, rendered.assignment, item)] = told(rendered)

    def learn(
        self, problem: Problem, assignment: Assignment, item: LockedItem, words: list[Any]
    ) -> None:
        """Take what somebody else has rendered just now."""
        self._known[_key(problem, assignment, item)] = words

    def recalled(self, what: str, made_from: object, make: Callable[[], T]) -> T:
        """What was made before from the same; ``make`` makes plain data, as JSON has them."""
        key = _digest(what, made_from)
        if key not in self._known:
            self._known[key] = make()
        return cast(T, self._recall(key))

    def begun(self, what: str, made_from: object, make: Callable[[], T]) -> Callable[[], T]:
        """The same for what takes long: it is made in a process of its own meanwhile."""
        later = make if _digest(what, made_from) in self._known else aside(make)
        return lambda: self.recalled(what, made_from, later)

    def written(self, key: str) -> str | None:
        """The digest of the file that was made of this."""
        digest = self._recall(key)
        return digest if isinstance(digest, str) else None

    def keep_written(self, key: str, digest: str) -> None:
        """Remember what a file was made of."""
        self._used[key] = digest

    def words(self, pdf: bytes) -> PaperWords | None:
        """What is to be read in this very paper."""
        told = self._recall(_words_key(pdf))
        try:
            return None if told is None else PaperWords(tuple(told[0]), told[1], told[2])
        except (TypeError, IndexError):
            return None

    def picture(self, page: str) -> Thumbnail | None:
        """A page that looks so."""
        told = self._recall(f"picture {page}")
        try:
            return None if told is None else Thumbnail(*told)
        except TypeError:
            return None

    def keep_read(self, pdf: bytes, words: PaperWords | None) -> None:
        """Remember what a paper says, as far as that is known."""
        if words is not None:
            told = [list(words.hidden), words.pages, words.inside]
            self._used[_words_key(pdf)] = told

    def keep_picture(self, page: str, picture: Thumbnail) -> None:
        """Remember a page that looks so."""
        self._used[f"picture {page}"] = [picture.width, picture.height, picture.uri]

    def is_clear(self, pdf: bytes, copy: Copy) -> bool:
        """Whether this very paper was found to hold nothing of these very solutions."""
        return self._recall(_paper_key(pdf, copy)) is True

    def clear(self, pdf: bytes, copy: Copy) -> None:
        """Remember a paper without leaks."""
        self._used[_paper_key(pdf, copy)] = True

    def save(self) -> None:
        """Leave what was of use this time to the next build."""
        if self._path is None or self._used == self._known:
            return
        content = json.dumps([_head(), self._used], separators=(",", ":")).encode()
        kept = sealed(content, _PURPOSE)
        if kept is not None:
            write_file(self._path, kept, "", durable=False)

    def _recall(self, key: str) -> Any:
        if key in self._known:
            self._used[key] = self._known[key]
        return self._known.get(key)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = unsealed(path.read_bytes(), _PURPOSE)
        head, known = json.loads(content) if content is not None else (None, {})
    except (OSError, ValueError, TypeError):
        return {}
    return known if head == _head() and isinstance(known, dict) else {}


def _head() -> list[str]:
    return [code_digest(*_CODE), *(f"{name} {version_of(name)}" for name in _LIBRARIES)]


def _digest(what: str, made_from: object) -> str:
    return hashlib.sha256(f"{what}\x00{made_from!r}".encode()).hexdigest()


def _key(problem: Problem, assignment: Assignment, item: LockedItem) -> str:
    files = repr((problem.origin.path, problem.assets))
    parts = (problem.id, files, problem.digest, repr(assignment), repr(item.choices))
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _words_key(pdf: bytes) -> str:
    return hashlib.sha256(b"words\x00" + pdf).hexdigest()


def _paper_key(pdf: bytes, copy: Copy) -> str:
    state = hashlib.sha256(pdf)
    for question in copy.questions:
        problem = question.rendered.problem
        state.update(f"\x00{problem.id}\x00{problem.origin.path}\x00".encode())
        state.update(question.rendered.text.text.encode())
    return state.hexdigest()


def told(rendered: Rendered) -> list[Any]:
    """A rendered problem as plain data."""
    body = rendered.body
    return [
        rendered.text.text,
        list(_runs(rendered.text.places)),
        [[part.points, part.span.line, part.span.column] for part in body.parts],
        [[[c.correct, c.fixed, c.span.line, c.span.column] for c in row] for row in body.choices],
        body.has_parts,
        list(body.before),
        list(answer_of(rendered)),
    ]


def _rendered(known: list[Any], problem: Problem, assignment: Assignment) -> Rendered:
    text, runs, parts, choices, has_parts, before, (exact, decimal) = known
    path = problem.origin.path
    body = Body(
        text,
        problem.body.line,
        tuple(Part(points, None, Span(path, *place)) for points, *place in parts),
        tuple(tuple(Choice(c, f, Span(path, *place)) for c, f, *place in row) for row in choices),
        has_parts,
        before=tuple(before),
    )
    traced = Traced(text, _places(runs))
    if len(traced.places) != len(text):
        raise ValueError("places that do not fit the text")
    return replace(Rendered(problem, assignment, traced, body), known_answer=(exact, decimal))


def _runs(places: array[int]) -> Iterable[tuple[int, int, int]]:
    """Stretches of places: the first one, the length, and the step from each to the next."""
    start = 0
    while start < len(places):
        step = int(start + 1 < len(places) and places[start] != NOWHERE)
        if step and places[start + 1] != places[start] + 1:
            step = 0
        end = start + 1
        while end < len(places) and places[end] == places[end - 1] + step:
            end += 1
        yield places[start], end - start, step
        start = end


def _places(runs: list[list[int]]) -> array[int]:
    places: array[int] = array("l")
    for first, length, step in runs:
        places.extend(range(first, first + length) if step else [first] * length)
    return places
