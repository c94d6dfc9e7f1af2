r"""Accents of a bibliography as letters: labels made of ``Sch{\"o}lkopf`` need the ö."""

from __future__ import annotations

import re
import unicodedata

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "c": "\u0327",
    "k": "\u0328",
}
_LETTERS = {"l": "ł", "L": "Ł", "o": "ø", "O": "Ø", "ss": "ß", "ae": "æ", "AE": "Æ", "i": "ı"}

# {\"o}, {\"{o}}, {\v c}, {\'\i}; the braces around it tell that it is text.
_ACCENT = re.compile(
    r"\{\\([`'^~=.\"])\s*\{?(\\?[A-Za-z])\}?\}|\{\\([urHvck])[\s{]\s*([A-Za-z])\}?\}"
)
_LETTER = re.compile(r"\{\\(ss|ae|AE|[lLoOi])\s*\}")


def with_letters(bibliography: str) -> str:
    """The same text, line by line, with accented letters in place of commands."""
    text = _ACCENT.sub(_accented, bibliography)
    return _LETTER.sub(lambda match: _LETTERS[match[1]], text)


def _accented(match: re.Match[str]) -> str:
    accent, letter = (match[1], match[2]) if match[1] else (match[3], match[4])
    letter = letter.removeprefix("\\")
    composed = unicodedata.normalize("NFC", letter + _COMBINING[accent])
    return composed if len(composed) == 1 else match[0]
