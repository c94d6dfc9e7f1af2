"""Reading the whole bank: what is known from an earlier run is not read again."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error
from notesbuild.model.problem import Bank, Problem
from notesbuild.model.project import Settings
from notesbuild.source.cache import Cache, Reading, decode, encode, key_of
from notesbuild.source.files import Files, decoded
from notesbuild.source.problem import ProblemFiles, read_files

Reader = Callable[[Files, Sequence[ProblemFiles]], Iterable[Reading]]
"""Reads problems, in their order, and may check each of them."""


@dataclass(frozen=True)
class ReadBank:
    """The bank, and what the checks of its problems found, by id, where they were checked."""

    bank: Bank
    checked: Mapping[str, tuple[Diagnostic, ...]]


@dataclass(frozen=True)
class _Known:
    """A problem's files, their key, and what an earlier run made of them."""

    files: ProblemFiles
    key: str
    reading: Reading | None


def read_each(files: Files, problems: Sequence[ProblemFiles]) -> Iterator[Reading]:
    """Read problems one after another, without checking them."""
    for problem in problems:
        outcome = read_files(files, problem)
        yield Reading(outcome.value, outcome.diagnostics, None)


def read_bank(files: Files, settings: Settings, reader: Reader = read_each) -> Outcome[ReadBank]:
    """Every problem that could be read, ordered by id, and what is wrong with the others.

    What a reader has checked is kept for the next run.
    """
    cache = Cache.opened(files, settings.build)
    with _without_collecting():
        known = [_recall(cache, files, one) for one in find_problems(files, settings.bank)]
    missing = [one.files for one in known if one.reading is None]
    fresh = dict(zip(missing, reader(files, missing), strict=True)) if missing else {}
    readings = [one.reading or fresh[one.files] for one in known]
    checked = [reading.checked is not None for reading in readings]
    if all(checked) and (missing or len(cache.lines) != len({one.key for one in known})):
        lines = {
            one.key: cache.lines[one.key] if one.reading else encode(reading, one.files.path)
            for one, reading in zip(known, readings, strict=True)
            # A file that somebody changed while it was read may have been read in any state.
            if one.reading or _contents(files, one.files)[0] == one.key
        }
        cache.saved(files, lines)
    return _collected(readings)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Python would look for garbage again and again among records that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def find_problems(files: Files, folder: str) -> tuple[ProblemFiles, ...]:
    """The problems by path; a file below ``<id>/`` belongs to ``<id>.tex`` beside it."""
    listed = files.listing(folder)
    stems = {path.removesuffix(".tex") for path in listed if path.endswith(".tex")}
    heads: list[str] = []
    assets: dict[str, list[str]] = {}
    for path in listed:
        owner = _owner(path, stems)
        if owner is not None:
            assets.setdefault(owner, []).append(path)
        elif path.endswith(".tex"):
            heads.append(path)
    return tuple(
        ProblemFiles(path, tuple(assets.get(path.removesuffix(".tex"), ()))) for path in heads
    )


def _owner(path: str, stems: set[str]) -> str | None:
    """The outermost problem in whose folder the file stands."""
    end = path.find("/")
    while end >= 0:
        if path[:end] in stems:
            return path[:end]
        end = path.find("/", end + 1)
    return None


def _recall(cache: Cache, files: Files, problem: ProblemFiles) -> _Known:
    key, content = _contents(files, problem)
    line = cache.lines.get(key)
    if line is None:
        return _Known(problem, key, None)
    text = decoded(content, problem.path).value or ""
    try:
        return _Known(problem, key, decode(line, problem.path, text))
    except (ValueError, TypeError, LookupError):  # written by somebody who has our key
        return _Known(problem, key, None)


def _contents(files: Files, problem: ProblemFiles) -> tuple[str, bytes]:
    """The key of a problem as its files are now, and the bytes of the first of them."""
    names = (problem.path, *problem.assets)
    contents = [(name, files.content(name).value or b"") for name in names]
    return key_of(problem.path, contents), contents[0][1]


def _collected(readings: Iterable[Reading]) -> Outcome[ReadBank]:
    found: list[Diagnostic] = []
    first: dict[str, Problem] = {}
    checked: dict[str, tuple[Diagnostic, ...]] = {}
    for reading in readings:
        found += reading.found
        problem = reading.problem
        if problem is None:
            continue
        if problem.id in first:
            message = f"the id {problem.id!r} is taken by {first[problem.id].origin.path}"
            found.append(error(Code.DUPLICATE_ID, message, problem.span))
            continue
        first[problem.id] = problem
        if reading.checked is not None:
            checked[problem.id] = reading.checked
    problems = tuple(first[name] for name in sorted(first))
    return Outcome(ReadBank(Bank(problems=problems), checked), tuple(found))
