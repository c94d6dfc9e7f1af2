"""Which engine can set the characters of an exam."""

from __future__ import annotations

import re
import unicodedata

_BEYOND_LATIN = re.compile("[\u0250-\U0010ffff]")


def needs_unicode(text: str) -> bool:
    """Whether a text has letters beyond Latin, such as Hangul, Greek or Arabic ones."""
    found = set(_BEYOND_LATIN.findall(text))
    return any(unicodedata.category(character)[0] in "LM" for character in found)
