"""What each edition leaves out of the pool of chapters although its own chapters cite it."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.check.pool import place_of
from notesbuild.diagnostics import Code, Diagnostic, Severity
from notesbuild.model.project import Project
from notesbuild.source.editions import Absent, Citation, Edition, edition

_SHOWN = 8


def complete(project: Project) -> Iterator[Diagnostic]:
    """Every citation of a chapter that is left out is told: as a warning where a proof needs it."""
    known = {chapter.name for chapter in project.chapters}
    for course in project.courses:
        if not set(course.chapters) <= known:
            continue  # another rule says so
        found = edition(course, project.chapters)
        for absent in found.absent:
            yield _cited(found, absent)
        if found.citations:
            yield _summary(found)


def _cited(found: Edition, absent: Absent) -> Diagnostic:
    """One label that is left out, at the first place that cites it."""
    citing = [one for one in found.citations if one.absent == absent]
    in_proof = [one for one in citing if one.in_proof]
    first = (in_proof or citing)[0]
    what = "a proof depends on" if in_proof else "the text mentions"
    message = (
        f"{what} {absent.mark.name}, which {found.course.name} leaves out with {absent.chapter}"
    )
    severity = Severity.WARNING if in_proof else Severity.NOTE
    others = [one for one in citing if one is not first]
    return Diagnostic(
        *(Code.LEFT_OUT_CITED, severity, message, first.reference.span, None, _places(others))
    )


def _places(citing: list[Citation]) -> tuple[str, ...]:
    shown = [place_of(one.reference.span) for one in citing[:_SHOWN]]
    if not shown:
        return ()
    more = len(citing) - len(shown)
    return (f"also cited at {', '.join(shown)}" + (f" and {more} more" if more else ""),)


def _summary(found: Edition) -> Diagnostic:
    """What would close the gaps of an edition."""
    chapters = sorted({one.absent.chapter for one in found.citations})
    notes = []
    for chapter in chapters:
        own = [one for one in found.citations if one.absent.chapter == chapter]
        of_proofs = sum(one.in_proof for one in own)
        notes.append(
            f"{chapter} would resolve {_count(len(own), 'citation')}, {of_proofs} in proofs"
        )
    proofs = found.missing_for_proofs
    if proofs:
        notes.append(f"for all proofs, it needs {', '.join(proofs)}")
    notes.append(f"for all citations, it needs {', '.join(found.missing)}")
    cited = _count(len(found.absent), "label")
    message = f"{found.course.name} cites {cited} of {_count(len(chapters), 'chapter')} left out"
    place = found.course.origin.span("chapters")
    return Diagnostic(Code.LEFT_OUT_CITED, Severity.NOTE, message, place, None, tuple(notes))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
