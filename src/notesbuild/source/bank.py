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

    def serves(self, checks: bool) -> bool:
        """Whether the problem need not be read again."""
        return self.reading is not None and (self.reading.checked is not None or not checks)


def read_each(files: Files, problems: Sequence[ProblemFiles]) -> Iterator[Reading]:
    """Read problems one after another, without checking them."""
    for problem in problems:
        outcome = read_files(files, problem)
        yield Reading(outcome.value, outcome.diagnostics, None)


def read_bank(
    files: Files,
    settings: Settings,
    reader: Reader = read_each,
    *,
    checks: bool = False,
    wanted: frozenset[str] | None = None,
) -> Outcome[ReadBank]:
    """Every problem that could be read, ordered by id, and what is wrong with the others.

    ``wanted`` are the ids of those that are needed, if not all are; where one of them is not
    there, all are read, so that a message can name the nearest. With ``checks`` the reader
    checks what it reads, and what was only read before is read again. What has been read for a
    purpose is kept for the next run.
    """
    cache = Cache.opened(files, settings.build)
    found = find_problems(files, settings.bank)
    if wanted is not None and wanted <= {one.id for one in found}:
        found = tuple(one for one in found if one.id in wanted)
    with _without_collecting():
        known = [_recall(cache, files, one) for one in found]
    missing = [one.files for one in known if not one.serves(checks)]
    fresh = dict(zip(missing, reader(files, missing), strict=True)) if missing else {}
    if checks or wanted is not None:
        _keep(cache, files, known, fresh, everything=wanted is None)
    readings = [fresh.get(one.files) or one.reading for one in known]
    return _collected(reading for reading in readings if reading is not None)


def _keep(
    cache: Cache,
    files: Files,
    known: Sequence[_Known],
    fresh: Mapping[ProblemFiles, Reading],
    *,
    everything: bool,
) -> None:
    """Add what was read to the cache; what nobody has any more goes when all was looked at."""
    keys = {one.key for one in known}
    lines = {key: line for key, line in cache.lines.items() if key in keys or not everything}
    for one in known:
        reading = fresh.get(one.files)
        # A file that somebody changed while it was read may have been read in any state.
        if reading is not None and _contents(files, one.files)[0] == one.key:
            lines[one.key] = encode(reading, one.files.path)
    if fresh or len(lines) != len(cache.lines):
        cache.saved(files, lines)


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
