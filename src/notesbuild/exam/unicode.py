"""Which engine can set the characters of an exam."""

from __future__ import annotations

import unicodedata

_LATIN_END = 0x0250


def needs_unicode(text: str) -> bool:
    """Whether a text has letters beyond Latin, such as Hangul, Greek or Arabic ones."""
    return not text.isascii() and any(
        ord(character) >= _LATIN_END and unicodedata.category(character)[0] in "LM"
        for character in text
    )
