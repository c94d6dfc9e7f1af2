"""Looking at files until one of them changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from time import sleep
from typing import Any

try:
    from inotify_simple import INotify, flags
except ImportError:  # it is Linux that tells of changes
    INotify = None

PAUSE = 0.1
"""Seconds between two looks: to look at a thousand files takes a hundredth of one."""
LONG_PAUSE = 1.0
"""The same where the system tells of changes; it knows of none that another machine makes."""
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


def wait_for_change(before: Look, paths: Iterable[Path]) -> Look:
    """Wait until the files differ from what they were ``before``, and have come to rest so."""
    watched = tuple(paths)
    bell = _Bell(watched)
    try:
        last, now = before, look(watched)
        while now == before or now != last:
            if now == before:
                bell.wait()
            else:
                sleep(REST)
            last, now = now, look(watched)
        return now
    finally:
        bell.close()


class _Bell:
    """Rings when something happens beside files or in folders, where the system tells (inotify)."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self._rang = False
        self._ears = _ears()
        self._listen()

    def wait(self) -> None:
        """Return when it rings, or after a pause."""
        if self._ears is None:
            sleep(PAUSE)
            return
        if self._rang:  # in vain: what rings all the time must not keep us busy
            sleep(REST)
        self._rang = bool(self._ears.read(timeout=int(LONG_PAUSE * 1000)))
        if self._rang:
            self._listen()  # there may be new folders

    def close(self) -> None:
        """Hear no more."""
        if self._ears is not None:
            self._ears.close()
            self._ears = None

    def _listen(self) -> None:
        for path in self._paths if self._ears is not None else ():
            for folder in _folders(os.fspath(path)):
                try:
                    self._ears.add_watch(folder, _what_counts())
                except FileNotFoundError:
                    continue  # it has just gone
                except OSError:  # there is a limit to how much the system watches
                    return self.close()


def _ears() -> Any:
    """What hears of changes; None where the system tells of none."""
    try:
        return INotify() if INotify else None
    except OSError:
        return None


def _what_counts() -> Any:
    written = flags.MODIFY | flags.CLOSE_WRITE | flags.ATTRIB
    return written | flags.CREATE | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):  # noqa: PTH112
        yield path
    for base, names in _walk(path):
        yield from (f"{base}/{name}" for name in names if not name.startswith("."))


def _folders(path: str) -> Iterator[str]:
    if not os.path.isdir(path):  # noqa: PTH112
        yield os.path.dirname(path) or "."  # noqa: PTH120
    yield from (base for base, _ in _walk(path))


def _walk(path: str) -> Iterator[tuple[str, list[str]]]:
    for base, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        yield base, names
