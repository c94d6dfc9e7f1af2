"""Runs of words by which a solution is recognized, wherever it turns up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notesbuild.source.latex import SOLUTIONS
from notesbuild.source.marks import marks_of

# So many letters in a row, without mathematics between them, are no coincidence.
PHRASE = 28


SECRETS = SOLUTIONS | {"rubric"}


def phrases(body: str, names: frozenset[str] = SECRETS) -> Iterator[str]:
    """Runs of words from solutions and rubrics, as squeezed letters, each of ``PHRASE``."""
    for start, end in _secrets(body, names):
        for run in words(body[start:end]):
            letters = squeezed(run)
            yield from (
                letters[first : first + PHRASE]
                for first in range(0, len(letters) - PHRASE + 1, PHRASE // 2)
            )


def question_text(body: str, names: frozenset[str] = SECRETS) -> str:
    """A body without its secrets: what it says may be repeated in an answer.

    This does not ask the renderer, whose mistakes are to be found here.
    """
    pieces, position = [], 0
    for start, end in _secrets(body, names):
        if start >= position:
            pieces.append(body[position:start])
            position = end
    return " ".join([*pieces, body[position:]])


def _secrets(body: str, names: frozenset[str] = SECRETS) -> Iterator[tuple[int, int]]:
    for mark in marks_of(body):
        if mark.is_environment and mark.name in names:
            yield mark.start, mark.end


_MATH = re.compile(
    r"\$\$.*?\$\$|\$.*?(?<!\\)\$|\\\[.*?\\\]|\\\(.*?\\\)"
    r"|\\begin\{(align|equation|gather|multline|aligned|array)\*?\}.*?\\end\{\1\*?\}",
    re.S,
)
_COMMAND = re.compile(r"\\(?:begin|end)\{[^}]*\}(?:\[[^\]]*\])?|\\[A-Za-z]+\*?(?:\[[^\]]*\])?|\\.")


def words(text: str) -> list[str]:
    """Stretches of running text between mathematics and commands."""
    plain = re.sub(r"(?<!\\)%[^\n]*", "", text)
    plain = _COMMAND.sub("\x00", _MATH.sub("\x00", plain))
    return [stretch for stretch in re.split(r"[\x00{}]", plain) if stretch.strip()]


def squeezed(text: str) -> str:
    """Lower-case letters only: no space, hyphen, digit or accent can hide a phrase."""
    return "".join(character for character in text.lower() if character.isalpha())
