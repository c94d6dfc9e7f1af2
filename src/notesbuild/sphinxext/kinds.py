"""The one table of kinds: directives, counters, HTML classes, LaTeX environments and styles."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sphinx.locale import get_translation

CATALOG = "proof"
"""sphinx-proof's catalogue of messages, which has the names of its kinds in many languages."""

COUNTER = "result"
"""The counter that all kinds share, in Sphinx's table of numbers and in LaTeX."""


class Style(StrEnum):
    """How a kind is set: amsthm's names of theorem styles, prefixed in LaTeX."""

    PLAIN = "plain"
    DEFINITION = "definition"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of result; ``name`` is its directive, its CSS class and its LaTeX environment."""

    name: str
    style: Style

    @property
    def title(self) -> str:
        """Its name in English, which is the key of its translations."""
        return self.name.title()


KINDS: tuple[Kind, ...] = (
    Kind("theorem", Style.PLAIN),
    Kind("lemma", Style.PLAIN),
    Kind("proposition", Style.PLAIN),
    Kind("corollary", Style.PLAIN),
    Kind("conjecture", Style.PLAIN),
    Kind("criterion", Style.PLAIN),
    Kind("property", Style.PLAIN),
    Kind("definition", Style.DEFINITION),
    Kind("assumption", Style.DEFINITION),
    Kind("axiom", Style.DEFINITION),
    Kind("notation", Style.DEFINITION),
    Kind("algorithm", Style.DEFINITION),
    Kind("exercise", Style.REMARK),
    Kind("example", Style.REMARK),
    Kind("observation", Style.REMARK),
    Kind("remark", Style.REMARK),
)

BY_NAME = {kind.name: kind for kind in KINDS}

# What sphinx-proof's catalogue lacks.
_WORDS = {
    "de": {
        "Contents": "Inhalt",
        "Exercise": "Aufgabe",
        "Proof": "Beweis",
        "Proof of {}": "Beweis von {}",
    },
    "fr": {
        "Contents": "Table des matières",
        "Exercise": "Exercice",
        "Proof": "Preuve",
        "Proof of {}": "Preuve ({})",
    },
    "ko": {
        "Contents": "차례",
        "Exercise": "연습문제",
        "Proof": "증명",
        "Proof of {}": "{}의 증명",
    },
}


def translate(message: str, language: str | None) -> str:
    """A word of this module in the language of the project; English where none is known."""
    words = _WORDS.get((language or "en").split("_")[0].split("-")[0], {})
    return words.get(message) or str(get_translation(CATALOG)(message))


def latex_declarations(kinds: Iterable[Kind], language: str | None) -> str:
    """Declare every kind as an amsthm environment on the one shared counter."""
    lines = []
    current = None
    for kind in kinds:
        if kind.style != current:
            current = kind.style
            lines.append(rf"\theoremstyle{{nb{current}}}")
        name = translate(kind.title, language)
        lines.append(rf"\newtheorem{{{kind.name}}}[{COUNTER}]{{{name}}}")
        lines.append(rf"\newtheorem*{{{kind.name}*}}{{{name}}}")
    lines.append(rf"\renewcommand{{\proofname}}{{{translate('Proof', language)}}}")
    return "\n".join(lines)
