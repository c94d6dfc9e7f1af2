"""The labels that chapters define and use, found without running Sphinx.

Reading them from the text keeps ``check`` fast; Sphinx itself has the last word in a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from notesbuild.diagnostics import Span
from notesbuild.model.project import Chapter

_DEFINITIONS = (
    re.compile(r"^\s*:(?:label|name):\s*(?P<label>\S+)", re.M),
    re.compile(r"^\s*\((?P<label>[^()\s]+)\)=\s*$", re.M),
    re.compile(r"^\s*\.\.\s+_(?P<label>[^:\n`]+):\s*$", re.M),
    re.compile(r"^\s*(?:[^$\n]*)\$\$\s*\((?P<label>[^()\s]+)\)\s*$", re.M),
)
_REFERENCES = (
    re.compile(r"\{(?:prf:ref|eq|ref|numref|math:numref)\}`(?P<target>[^`]+)`"),
    re.compile(r":(?:prf:ref|eq|ref|numref|math:numref):`(?P<target>[^`]+)`"),
)
_EXPLICIT = re.compile(r"^(?P<text>.*?)\s*<(?P<label>[^<>]+)>$", re.S)


@dataclass(frozen=True)
class Label:
    """A label and the place that defines or uses it."""

    name: str
    chapter: str
    span: Span


def defined_labels(chapter: Chapter) -> tuple[Label, ...]:
    """Every label that a chapter defines, in order."""
    return _in_order(chapter, _DEFINITIONS, "label")


def used_labels(chapter: Chapter) -> tuple[Label, ...]:
    """Every label that a chapter refers to, in order."""
    return _in_order(chapter, _REFERENCES, "target")


def _in_order(
    chapter: Chapter, patterns: tuple[re.Pattern[str], ...], group: str
) -> tuple[Label, ...]:
    found = [label for pattern in patterns for label in _matches(chapter, pattern, group)]
    return tuple(sorted(found, key=lambda label: label.span))


def _matches(chapter: Chapter, pattern: re.Pattern[str], group: str) -> Iterator[Label]:
    for match in pattern.finditer(chapter.text):
        name, start = match[group], match.start(group)
        explicit = _EXPLICIT.match(name)
        if explicit:
            name, start = explicit["label"], start + explicit.start("label")
        line = chapter.text.count("\n", 0, start) + 1
        column = start - chapter.text.rfind("\n", 0, start)
        yield Label(name.strip(), chapter.name, Span(chapter.path, line, column))
