"""Plain text for TeX."""

from __future__ import annotations

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\u00a0": "~",
    "\t": " ",
    "\n": "\n",
}
_TABLE: dict[int, str] = dict.fromkeys((*range(32), *range(127, 160)), "")
_TABLE.update(str.maketrans(_SPECIAL))


class Tex(str):
    """Text that is TeX already; templates print it as it is."""

    __slots__ = ()


def escape_tex(text: str) -> Tex:
    """TeX that prints exactly ``text``; control characters are left out."""
    return Tex(text.translate(_TABLE))


def pdf_string(text: str) -> str:
    """A string of a PDF's dictionary: UTF-16 in hexadecimal digits."""
    return "<" + (b"\xfe\xff" + text.encode("utf-16-be", "replace")).hex().upper() + ">"
