"""Looking at files until one of them changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from time import sleep

PAUSE = 0.1
"""Seconds between two looks: to look at a thousand files takes a hundredth of one."""
REST = 0.02
"""Seconds in which nothing may change any more: whoever saves several files saves them together."""

Look = Mapping[str, tuple[int, int, int]]
"""Size, age and number of each file."""


def look(paths: Iterable[Path]) -> Look:
    """How these files, and those below these folders, are now; hidden ones do not count."""
    found: dict[str, tuple[int, int, int]] = {}
    for path in paths:
        for file in _files(os.fspath(path)):
            try:
                state = os.stat(file)  # noqa: PTH116 (it is done for every file, again and again)
            except OSError:
                continue  # it has just gone
            if stat.S_ISREG(state.st_mode):
                found[file] = (state.st_size, state.st_mtime_ns, state.st_ino)
    return found


def wait_for_change(before: Look, paths: Iterable[Path]) -> None:
    """Return when the files differ from what they were ``before``, and have come to rest."""
    watched = tuple(paths)
    last, now = before, look(watched)
    while now == before or now != last:
        sleep(PAUSE if now == before else REST)
        last, now = now, look(watched)


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):  # noqa: PTH112
        yield path
    for base, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        yield from (f"{base}/{name}" for name in names if not name.startswith("."))
