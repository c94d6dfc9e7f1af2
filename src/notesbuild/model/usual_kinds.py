"""Kinds of results that are always there, and how kinds are called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Style(StrEnum):
    """How a kind is set: amsthm's names of theorem styles."""

    PLAIN = "plain"
    DEFINITION = "definition"
    REMARK = "remark"


BUILT_IN: Mapping[str, Style] = {
    "theorem": Style.PLAIN,
    "lemma": Style.PLAIN,
    "proposition": Style.PLAIN,
    "corollary": Style.PLAIN,
    "conjecture": Style.PLAIN,
    "criterion": Style.PLAIN,
    "property": Style.PLAIN,
    "definition": Style.DEFINITION,
    "assumption": Style.DEFINITION,
    "axiom": Style.DEFINITION,
    "notation": Style.DEFINITION,
    "algorithm": Style.DEFINITION,
    "exercise": Style.REMARK,
    "example": Style.REMARK,
    "observation": Style.REMARK,
    "remark": Style.REMARK,
}
"""The kinds that are always there, which are those of sphinx-proof."""

SHARED = "results"
"""The counter of all kinds that have no other."""


def plain_title(name: str) -> str:
    """The title of a kind that was given none: ``key-fact`` is Key Fact."""
    return name.replace("-", " ").title()


def title_in(titles: Any, name: str, language: str) -> str:
    """A title in a language, or the English one, or the first."""
    if isinstance(titles, Mapping):
        first = next(iter(titles.values()))
        return str(titles.get(language) or titles.get("en") or first)
    return str(titles or plain_title(name))
