"""Letters that no font has, as lualatex tells them: ``13000:`` or ``AC00:NotoSerifCJK.ttc``."""

from __future__ import annotations

import unicodedata

from notesbuild.diagnostics import Code, Diagnostic, Span, error


def letter_of(entry: str) -> str:
    """The letter that an entry is about."""
    return chr(int(entry.partition(":")[0], 16))


def letter_missing(entry: str, span: Span | None, what: str, whose: str = "") -> Diagnostic:
    """What to say of an entry; ``what`` is the thing to be written in other letters."""
    letter, wanted = letter_of(entry), entry.partition(":")[2]
    name = unicodedata.name(letter, "no character of Unicode")
    message = f"no font has the letter {letter!r} (U+{ord(letter):04X}, {name}){whose}"
    hint = f"write {what} without it"
    if wanted:
        package = "fonts-noto-cjk" if "CJK" in wanted else "fonts-noto-core"
        hint = f"install {wanted} (Debian and Ubuntu: apt install {package})"
        hint += "; see `notesbuild doctor`"
    return error(Code.LETTER_MISSING, message, span, hint)
