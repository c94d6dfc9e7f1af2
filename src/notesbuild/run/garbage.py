"""How often Python looks for objects that nobody can reach any more."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Python looks after so many new objects, not after 700: a document has tens of thousands, and
# the libraries hundreds of thousands, which stay; to look at all of them again takes its time.
_OBJECTS = (500_000, 20, 100)


@contextmanager
def seldom_tidied() -> Iterator[None]:
    """In this block Python looks for garbage less often."""
    usual = gc.get_threshold()
    gc.set_threshold(*_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def let_go() -> None:
    """Look for garbage everywhere now, also among what somebody has left as it is."""
    gc.unfreeze()
    gc.collect()


def leave_it() -> None:
    """What is there now stays until the process ends, which then need not look at it again."""
    gc.freeze()
