"""What a report draws may have been drawn for an earlier one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Recalled(Protocol):
    """Gives what was made before from the same, or else makes it: plain data, as JSON has them."""

    def __call__(self, what: str, made_from: object, make: Callable[[], T], /) -> T:
        """``what`` tells one sort of thing from another."""


def anew(what: str, made_from: object, make: Callable[[], T], /) -> T:
    """Everything is made anew."""
    return make()
