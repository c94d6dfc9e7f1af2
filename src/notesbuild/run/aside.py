"""Work in a process of its own, beside what this one does meanwhile."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")

_LOOKS = 20
_BETWEEN_LOOKS = 0.001
_PATIENCE = 2_000  # looks at a helper that was asked to end
_LENGTH = 8  # bytes that tell the length of a message
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


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
        os.close(reading)  # so that the end of those who wait for our answer is seen
        _answer(work, writing)
    os.close(writing)
    return lambda: _result(work, child, reading)


class Helper:
    """A copy of this process that makes itself ready for work before that is known.

    It does one piece after another; where there can be none, or where it fails, the work is done
    when its result is asked for. It ends with this process, and whatever it has begun with it.
    """

    def __init__(self, prepare: Callable[[], object]) -> None:
        self._child = 0
        self._busy = False
        if not _alone():
            return
        # The work stands in a file, since a pipe would fill before the helper is ready.
        self._work = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (it lives as long as we)
        hearing, self._asking = os.pipe()
        self._reading, writing = os.pipe()
        here = os.getpid()
        try:
            self._child = os.fork()
        except OSError:
            self._end(hearing, writing)
            return
        if not self._child:
            try:
                os.close(self._asking)
                os.close(self._reading)
                _end_with(here)
                self._help(prepare, hearing, writing)
            finally:
                os._exit(1)
        os.close(hearing)
        os.close(writing)

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Have it do a work that can be pickled; what is returned waits, and gives the result."""
        if not self._child or self._busy:
            return work
        asked = pickle.dumps(work)
        try:
            self._work.truncate(os.pwrite(self._work.fileno(), asked, 0))
            os.write(self._asking, len(asked).to_bytes(_LENGTH))
        except OSError:  # no room for it; or it has come to its end already
            self.close()
            return work
        self._busy = True
        return partial(self._result, work)

    def close(self) -> None:
        """End it, whatever it does."""
        if not self._child:
            return
        child, self._child = self._child, 0
        os.kill(child, signal.SIGTERM)
        for _ in range(_PATIENCE):
            if os.waitpid(child, os.WNOHANG)[0]:
                break
            time.sleep(_BETWEEN_LOOKS)
        else:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        self._end()

    def _help(self, prepare: Callable[[], object], hearing: int, writing: int) -> None:
        with _ended_without_a_word():
            prepare()
        while length := int.from_bytes(os.read(hearing, _LENGTH)):
            told = pickle.dumps(pickle.loads(os.pread(self._work.fileno(), length, 0))())
            _flush()
            with os.fdopen(writing, "wb", closefd=False) as stream:
                stream.write(len(told).to_bytes(_LENGTH) + told)

    def _result(self, work: Callable[[], T]) -> T:
        with os.fdopen(self._reading, "rb", closefd=False) as stream:
            length = int.from_bytes(stream.read(_LENGTH))
            told = stream.read(length)
        self._busy = False
        if length and len(told) == length:
            return cast(T, pickle.loads(told))
        self.close()
        return work()

    def _end(self, *handles: int) -> None:
        self._work.close()
        for handle in (self._asking, self._reading, *handles):
            os.close(handle)


def _end_with(parent: int) -> None:
    """End when the parent does, however it ends; copies of ours then end with us (Linux).

    We are asked to end, so that programs that we have started are stopped; see prctl(2).
    """
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    parents = [parent]

    def follow(number: int) -> None:
        prctl(_PARENT_DEATH, number)
        if os.getppid() != parents[-1]:  # it has ended before we asked
            os._exit(1)

    os.register_at_fork(
        before=lambda: parents.append(os.getpid()),
        after_in_parent=parents.pop,
        after_in_child=partial(follow, signal.SIGKILL),
    )
    follow(signal.SIGTERM)


@contextmanager
def _ended_without_a_word() -> Iterator[None]:
    """End here and now when we are told to: there is nothing to tidy up yet.

    A library that is just being loaded would print the exception that ends us. At Ctrl-C the
    one whose copy we are ends us.
    """
    usual = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    heard = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, usual or signal.SIG_DFL)
        signal.signal(signal.SIGINT, heard or signal.SIG_DFL)


def _flush() -> None:
    """What was printed here goes out before we end without a word."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()


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
