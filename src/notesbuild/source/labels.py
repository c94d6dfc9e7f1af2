"""The labels that chapters define and use, found without running Sphinx.

Reading it from the text keeps ``check`` fast; Sphinx itself has the last word in a build.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from notesbuild.diagnostics import Span
from notesbuild.model.project import Chapter
from notesbuild.source.chapters import outline_of, result_marks
from notesbuild.source.outline import LOOSE


@dataclass(frozen=True)
class Label:
    """A label and the place that defines or uses it."""

    name: str
    chapter: str
    span: Span


@lru_cache(maxsize=1024)
def defined_labels(chapter: Chapter) -> tuple[Label, ...]:
    """Every label that a chapter defines, in order."""
    return tuple(Label(one.name, chapter.name, one.span) for one in outline_of(chapter).marks)


def result_labels(chapter: Chapter) -> tuple[Label, ...]:
    """The labels of a chapter's results, in order, perhaps among others: less has to be read."""
    return tuple(Label(one.name, chapter.name, one.span) for one in result_marks(chapter))


def used_labels(chapter: Chapter) -> tuple[Label, ...]:
    """Every label that a chapter refers to, in order, by roles that lead to nothing else."""
    found = outline_of(chapter).references
    return tuple(Label(one.label, chapter.name, one.span) for one in found if one.role not in LOOSE)
