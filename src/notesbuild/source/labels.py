"""The labels that chapters define and use, found without running Sphinx.

Reading them from the text keeps ``check`` fast; Sphinx itself has the last word in a build.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from notesbuild.diagnostics import Span
from notesbuild.model.project import Chapter

# Each stays on its line: what could begin anywhere would take forever on a very long text.
_DEFINITIONS = (
    re.compile(r"^[ \t]*:(?:label|name):[ \t]*(?P<label>\S+)", re.M),
    re.compile(r"^[ \t]*\((?P<label>[^()\s]+)\)=[ \t]*$", re.M),
    re.compile(r"^[ \t]*\.\.[ \t]+_(?P<label>[^:\n`]+):[ \t]*$", re.M),
    re.compile(r"^[^$\n]*\$\$[ \t]*\((?P<label>[^()\s]+)\)[ \t]*$", re.M),
)
_REFERENCES = (
    re.compile(r"\{(?:prf:ref|eq|ref|numref|math:numref)\}`(?P<target>[^`]{1,1000})`"),
    re.compile(r":(?:prf:ref|eq|ref|numref|math:numref):`(?P<target>[^`]{1,1000})`"),
)
_EXPLICIT = re.compile(r"^(?P<text>.*?)\s*<(?P<label>[^<>]+)>$", re.S)


@dataclass(frozen=True)
class Label:
    """A label and the place that defines or uses it."""

    name: str
    chapter: str
    span: Span


@lru_cache(maxsize=1024)
def defined_labels(chapter: Chapter) -> tuple[Label, ...]:
    """Every label that a chapter defines, in order."""
    return _in_order(chapter, _DEFINITIONS, "label")


def used_labels(chapter: Chapter) -> tuple[Label, ...]:
    """Every label that a chapter refers to, in order."""
    return _in_order(chapter, _REFERENCES, "target")


def _in_order(
    chapter: Chapter, patterns: tuple[re.Pattern[str], ...], group: str
) -> tuple[Label, ...]:
    starts = [0, *(end.end() for end in re.finditer("\n", chapter.text))]
    found = [label for pattern in patterns for label in _matches(chapter, pattern, group, starts)]
    return tuple(sorted(found, key=lambda label: label.span))


def _matches(
    chapter: Chapter, pattern: re.Pattern[str], group: str, starts: list[int]
) -> Iterator[Label]:
    for match in pattern.finditer(chapter.text):
        name, start = match[group], match.start(group)
        explicit = _EXPLICIT.match(name)
        if explicit:
            name, start = explicit["label"], start + explicit.start("label")
        line = bisect_right(starts, start)
        place = Span(chapter.path, line, start - starts[line - 1] + 1)
        yield Label(name.strip(), chapter.name, place)
