"""Which engine can set the characters of an exam."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from notesbuild.model.project import Project

_LATIN_END = 0x0250


def engine_for(project: Project, texts: Iterable[str]) -> str:
    """The engine of the settings, or lualatex where a text has letters that pdflatex lacks."""
    if any(needs_unicode(text) for text in texts):
        return "lualatex"
    return project.settings.exam_engine


def needs_unicode(text: str) -> bool:
    """Whether a text has letters beyond Latin, such as Hangul, Greek or Arabic ones."""
    return not text.isascii() and any(
        ord(character) >= _LATIN_END and unicodedata.category(character)[0] in "LM"
        for character in text
    )
