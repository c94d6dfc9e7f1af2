"""A lock as the text of its file: stable, readable, and fit to be edited."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notesbuild.model.exam import Lock, LockedItem
from notesbuild.model.problem import Scalar

HEADER = (
    "# Drawn by notesbuild exam draw.\n"
    "# Edit by hand if you like; `notesbuild exam build` follows it. Positions of choices\n"
    "# are the author's, counted from 0, in printed order.\n"
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_WORDS_OF_YAML = ("true", "false", "null")


def lock_text(lock: Lock) -> str:
    """The YAML of the lock; reading it gives the same lock back."""
    return HEADER + "".join(f"{line}\n" for line in _lines(lock))


def _lines(lock: Lock) -> Iterator[str]:
    yield f"format: {lock.format}"
    yield f"exam: {scalar(lock.exam)}"
    yield f"seed: {lock.seed}"
    if lock.date is not None:
        yield f"date: {lock.date.isoformat()}"
    yield "versions:"
    for version in lock.versions:
        yield f"  - version: {scalar(version.version)}"
        yield "    items:"
        for item in version.items:
            yield from _item(item)


def _item(item: LockedItem) -> Iterator[str]:
    yield f"      - section: {item.section}"
    yield f"        problem: {scalar(item.problem)}"
    yield f"        points: {item.points}"
    # Digits alone, or digits around an e, would be read as a number.
    yield f"        digest: {_quoted(item.digest)}"
    if item.params:
        params = ", ".join(f"{name}: {scalar(value)}" for name, value in item.params.items())
        yield f"        params: {{{params}}}"
    if item.choices:
        orders = ", ".join(f"[{', '.join(map(str, order))}]" for order in item.choices)
        yield f"        choices: [{orders}]"
    if item.pinned:
        yield "        pinned: true"


def scalar(value: Scalar) -> str:
    """A value as YAML that is read back as the same value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML
    return value if plain else _quoted(value)


def _quoted(text: str) -> str:
    return '"' + "".join(map(_character, text)) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08X}"
