"""What names look like, and the nearest known one, for hints."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

ID_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""The id of a problem."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """``did you mean 'x'?``, or a short list of all names, or None."""
    names = sorted(set(known))
    close = get_close_matches(word, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    if names and len(names) <= 12:
        return "known are: " + ", ".join(names)
    return None
