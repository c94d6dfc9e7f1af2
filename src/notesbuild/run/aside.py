"""Work in a process of its own, beside what this one does meanwhile."""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")

_LOOKS = 20
_BETWEEN_LOOKS = 0.001


def aside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin the work; what is returned waits for the end, and gives its result.

    The process is a copy of this one: it computes and starts nothing, and ends with its work.
    Where there can be none, or where it fails, the work is done when its result is asked for.
    """
    if not _alone():
        return work
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return work
    if not child:
        _answer(work, writing)
    os.close(writing)
    return lambda: _result(work, child, reading)


class Helper:
    """A copy of this process that makes itself ready for a piece of work before that is known.

    It is asked once at most; where there can be none, the work is done when its result is.
    """

    def __init__(self, prepare: Callable[[], object]) -> None:
        self._child = 0
        if not _alone():
            return
        # The work stands in a file, since a pipe would fill before the helper is ready.
        self._work = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the helper)
        hearing, self._asking = os.pipe()
        self._reading, writing = os.pipe()
        try:
            self._child = os.fork()
        except OSError:
            self._end(self._asking, self._reading, hearing, writing)
            return
        if not self._child:
            os.close(self._asking)
            _answer(lambda: self._helped(prepare, hearing), writing)
        os.close(hearing)
        os.close(writing)

    def _helped(self, prepare: Callable[[], object], hearing: int) -> object:
        prepare()
        if not os.read(hearing, 1):
            os._exit(1)  # nobody needs us any more
        self._work.seek(0)
        return pickle.load(self._work)()

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Have it do a work that can be pickled; what is returned waits, and gives the result."""
        if not self._child:
            return work
        pickle.dump(work, self._work)
        self._work.flush()
        child, self._child = self._child, 0
        with suppress(OSError):  # it has come to its end already, which its result will show
            os.write(self._asking, b"!")
        self._end(self._asking)
        return lambda: _result(work, child, self._reading)

    def close(self) -> None:
        """End it, unless it has been asked."""
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0
            self._end(self._asking, self._reading)

    def _end(self, *handles: int) -> None:
        self._work.close()
        for handle in handles:
            os.close(handle)


def _result(work: Callable[[], T], child: int, reading: int) -> T:
    """What the copy has answered; where it failed, the work is done here."""
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    return work() if status else cast(T, pickle.loads(told))


def _alone() -> bool:
    """Whether there is one thread only, of Python's or of a library's.

    A copy has none of the other threads, but all the locks that they hold just now. A thread
    that was joined is seen by the system for a moment longer.
    """
    try:
        for _ in range(_LOOKS):
            if len(list(Path("/proc/self/task").iterdir())) == 1:
                return True
            if threading.active_count() > 1:
                return False
            time.sleep(_BETWEEN_LOOKS)
    except OSError:
        return False
    return False


def _answer(work: Callable[[], object], writing: int) -> None:
    """What the copy does: nothing of ours behind this call may happen twice."""
    try:
        told = pickle.dumps(work())
        with os.fdopen(writing, "wb") as stream:
            stream.write(told)
        os._exit(0)
    finally:
        os._exit(1)
