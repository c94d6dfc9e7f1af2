"""Formulas as plain text, where nothing else can be shown: tooltips, searches, lists of hits."""

import re
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text

_SUB = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SUP = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
)
_SCRIPT = re.compile(r"([_^])(?:\{([^{}\\]*)\}|([^\s{}\\]))")
_LATEX = re.compile(r"[\\$^_{}]")


@cache
def readable(text: str) -> str:
    r"""Text in which formulas are LaTeX, in letters alone: ``\ell_1`` becomes ``ℓ₁``."""
    if not _LATEX.search(text):
        return text
    raised = _SCRIPT.sub(_script, text)
    words = LatexNodes2Text(math_mode="text", keep_comments=True).latex_to_text(raised)
    return " ".join(words.split())


def _script(match: re.Match[str]) -> str:
    table = _SUB if match[1] == "_" else _SUP
    inner = match[2] if match[2] is not None else match[3]
    if all(ord(char) in table for char in inner):
        return inner.translate(table)
    return match[0]
