"""What LaTeX's commands for letters and marks stand for, in running text."""

from __future__ import annotations

import re
import unicodedata

NO_BREAK = "\N{NO-BREAK SPACE}"

SYMBOLS = {
    **{mark: mark for mark in "%&#$_{}"},
    " ": " ",
    "\n": " ",
    "\t": " ",
    ",": NO_BREAK,
    "thinspace": NO_BREAK,
    "quad": f"{NO_BREAK} ",
    "qquad": f"{NO_BREAK}{NO_BREAK} ",
    "enspace": NO_BREAK,
    "enskip": " ",
    "space": " ",
    "nobreakspace": NO_BREAK,
    "hfill": " ",
    "hfil": " ",
    "S": "§",
    "P": "¶",
    "ss": "ß",
    "SS": "ẞ",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "th": "þ",
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "textendash": "–",
    "textemdash": "—",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textunderscore": "_",
    "textdegree": "°",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "lq": "‘",
    "rq": "’",
    "textexclamdown": "¡",
    "textquestiondown": "¿",
    "copyright": "©",
    "pounds": "£",
    "euro": "€",
    "texteuro": "€",
    "dag": "†",
    "ddag": "‡",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "slash": "/",
}

ACCENTS = {
    "'": "\N{COMBINING ACUTE ACCENT}",
    "`": "\N{COMBINING GRAVE ACCENT}",
    "^": "\N{COMBINING CIRCUMFLEX ACCENT}",
    '"': "\N{COMBINING DIAERESIS}",
    "~": "\N{COMBINING TILDE}",
    "=": "\N{COMBINING MACRON}",
    ".": "\N{COMBINING DOT ABOVE}",
    "u": "\N{COMBINING BREVE}",
    "v": "\N{COMBINING CARON}",
    "H": "\N{COMBINING DOUBLE ACUTE ACCENT}",
    "c": "\N{COMBINING CEDILLA}",
    "k": "\N{COMBINING OGONEK}",
    "r": "\N{COMBINING RING ABOVE}",
    "d": "\N{COMBINING DOT BELOW}",
    "b": "\N{COMBINING MACRON BELOW}",
}

# They move or space what stands on paper, and say nothing.
LAYOUT = frozenset(
    """
    / @ - ! allowbreak bigskip centering clearpage flushbottom footnotesize goodbreak hskip
    indent large Large LARGE huge Huge linebreak medskip newpage noindent nolinebreak
    nopagebreak normalfont normalsize null pagebreak raggedleft raggedright relax scriptsize
    selectfont sloppy small smallskip strut tiny upshape vfil vfill vfilneg mdseries rmfamily
    """.split()  # noqa: SIM905 (a list of names reads better as words)
)

_TYPED = (
    ("---", "—"),
    ("--", "–"),
    ("``", "“"),
    ("''", "”"),
    ("!`", "¡"),
    ("?`", "¿"),
    (",,", "„"),
    ("`", "‘"),
    ("'", "’"),
    ('"', "”"),
    ("~", NO_BREAK),
)


def typeset(text: str) -> str:
    """Characters as TeX's fonts show them, with one space for any run of them."""
    for typed, shown in _TYPED:
        text = text.replace(typed, shown)
    return re.sub(r"[ \t\n]+", " ", text)


def accented(name: str, letter: str) -> str:
    """The letter below an accent."""
    base = {"ı": "i", "ȷ": "j"}.get(letter[:1], letter[:1] or NO_BREAK)
    return unicodedata.normalize("NFC", base + ACCENTS[name]) + letter[1:]
