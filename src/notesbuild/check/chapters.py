"""Rules about what chapters hold besides proofs: labels that are used, pictures in words."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.check.pool import pool_of
from notesbuild.diagnostics import Code, Diagnostic, error, note, warning
from notesbuild.model.project import Project
from notesbuild.source.citations import find_citations, needed_results
from notesbuild.source.outline import LabelKind

_BROKEN = frozenset(" \t`<>{}\\\"'")


def used(project: Project) -> Iterator[Diagnostic]:
    """A numbered equation and a lemma are there because something refers to them.

    Other results are read for their own sake, and sections have labels for exams and schedules.
    """
    pool = pool_of(project)
    wanted = {one.label for outline in pool.outlines.values() for one in outline.references}
    for problem in project.bank.problems:
        wanted.update(needed_results(problem))
    for course in project.courses:
        wanted.update(covered for row in course.schedule for covered in row.covers)
    for blueprint in project.blueprints:
        texts = (blueprint.instructions, *(s.instructions or "" for s in blueprint.sections))
        wanted.update(one.label for text in texts for one in find_citations(text))
    for outline in pool.outlines.values():
        for mark in outline.marks:
            if mark.name in wanted:
                continue
            if mark.kind is LabelKind.EQUATION:
                message = f"nothing refers to the equation {mark.name}, so its number is not needed"
                yield warning(Code.LABEL_UNUSED, message, mark.span)
            elif mark.result == "lemma":
                message = f"nothing refers to the lemma {mark.name}"
                yield note(Code.LABEL_UNUSED, message, mark.span)


def well_formed(project: Project) -> Iterator[Diagnostic]:
    """A label can be written in a reference; an empty one cannot."""
    for outline in pool_of(project).outlines.values():
        for mark in outline.marks:
            wrong = sorted(_BROKEN & set(mark.name))
            # reStructuredText has phrases as the names of targets.
            if wrong and not (mark.span.path.endswith(".rst") and wrong == [" "]):
                shown = "a space" if wrong[0].isspace() else wrong[0]
                message = f"the label {mark.name!r} holds {shown}"
                yield error(Code.LABEL_WRONG, message, mark.span)
        for result in outline.results:
            options = dict(result.options)
            if "label" in options and not options["label"]:
                yield error(Code.LABEL_WRONG, f"a {result.kind} has an empty label", result.span)


def closed(project: Project) -> Iterator[Diagnostic]:
    """Markdown says nothing about a block without an end: it ends with the chapter."""
    for outline in pool_of(project).outlines.values():
        for mark in outline.unclosed:
            what = f"the directive {mark.name}" if mark.name else "a block"
            message = f"{what} begins here and is never closed, so all that follows belongs to it"
            yield warning(Code.BLOCK_UNCLOSED, message, mark.span)


def described(project: Project) -> Iterator[Diagnostic]:
    """Every picture has words for those who cannot see it, or says that it is decoration."""
    for outline in pool_of(project).outlines.values():
        for image in outline.images:
            if (image.alt or "").strip() or image.decoration:
                continue
            said = "an empty text" if image.alt is not None else "no text"
            message = f"the picture {image.target} has {said} for those who cannot see it"
            yield warning(Code.ALT_MISSING, message, image.span)
