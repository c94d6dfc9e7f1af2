"""What names look like, and the nearest known one, for hints."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

ID_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""The id of a problem."""


_ALIKE = 0.7
"""Commands are so many that something is always a little like a word."""


def nearest_command(name: str, known: Iterable[str]) -> str | None:
    r"""``did you mean \x?`` where a command of that kind is known."""
    close = get_close_matches(name, sorted(set(known)), n=1, cutoff=_ALIKE)
    return f"did you mean \\{close[0]}?" if close else None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """``did you mean 'x'?``, or a short list of all names, or None."""
    names = sorted(set(known))
    close = get_close_matches(word, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    if names and len(names) <= 12:
        return "known are: " + ", ".join(names)
    return None
