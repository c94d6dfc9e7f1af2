"""Rules about labels and references between chapters."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.check.practice import shown_labels
from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.model.names import nearest
from notesbuild.model.project import Project
from notesbuild.source.labels import Label, defined_labels, used_labels


def unique(project: Project) -> Iterator[Diagnostic]:
    """A label is defined once in the whole pool of chapters."""
    first: dict[str, Label] = {}
    for chapter in project.chapters:
        for label in defined_labels(chapter):
            if label.name in first:
                message = f"the label {label.name!r} is taken at {first[label.name].span}"
                yield error(Code.DUPLICATE_LABEL, message, label.span)
            else:
                first[label.name] = label


def resolved(project: Project) -> Iterator[Diagnostic]:
    """A reference in a chapter leads to a label of some chapter."""
    known = {label.name for chapter in project.chapters for label in defined_labels(chapter)}
    known |= shown_labels(project)
    for chapter in project.chapters:
        for label in used_labels(chapter):
            if label.name not in known:
                message = f"no chapter defines the label {label.name!r}"
                yield error(Code.UNKNOWN_REFERENCE, message, label.span, nearest(label.name, known))
