"""From a course to its site, PDFs, calendar and results: every step by name.

What makes and reads PDFs is imported where it is used: a site alone does not need it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from notesbuild.diagnostics import Diagnostic, Outcome, has_errors
from notesbuild.model.course import Course
from notesbuild.model.handout import Handout
from notesbuild.model.project import Project
from notesbuild.notes.assemble import Assembled
from notesbuild.notes.calendar import calendar, calendar_input
from notesbuild.notes.leaks import leaks
from notesbuild.notes.numbers import keep_numbers
from notesbuild.notes.prepare import Prepared, prepare
from notesbuild.notes.publish import CALENDAR, Outputs, publish
from notesbuild.notes.results import read_records, results_of
from notesbuild.notes.sphinx_order import RunSphinx, SphinxOrder, run_here
from notesbuild.notes.sphinx_words import understood
from notesbuild.notes.state import State, read_state, unbroken, write_state
from notesbuild.notes.unchanged import finished, published
from notesbuild.notes.work import Work, work_of
from notesbuild.run.publish import build_lock, busy
from notesbuild.run.workplace import cores
from notesbuild.source.chapters import titles_in
from notesbuild.source.files import digest

if TYPE_CHECKING:
    from notesbuild.notes.pdf import NotesPdf
    from notesbuild.notes.tex_labels import LatexLabel

Say = Callable[[str], None]


def build_course(
    project: Project,
    course: Course,
    handouts: tuple[Handout, ...] = (),
    day: date | None = None,
    *,
    html: bool,
    pdf: bool,
    progress: Say,
    sphinx: RunSphinx = run_here,
) -> Outcome[tuple[str, ...]]:
    """Build and publish; the value lists what was published, and the site has the ``handouts``.

    Solutions of problems are those that are released on ``day``; without one, none that waits for
    a day. With errors nothing is published, and the last good outputs stay as they are.
    """
    shown = f"{project.settings.build}/{course.name}"
    with build_lock(project.build / course.name) as free:
        if not free:
            return Outcome((), (busy(shown),))
        work = work_of(project, course.name)
        with unbroken(work):
            progress(f"{course.name}: assembling")
            prepared = prepare(project, course, work, handouts, pdf=pdf, day=day)
            if prepared.value is None:
                write_state(work, read_state(work))
                return Outcome((), prepared.diagnostics)
            syllabus = _syllabus(project, course) if pdf else None
            mark = partial(finished, project, course, prepared.value, syllabus, html=html)
            state = read_state(work)
            if state.finished == mark():
                return Outcome(state.outputs, prepared.diagnostics)
            parts = (project, course, work, prepared.value, syllabus)
            built = _build(*parts, html=html, progress=progress, sphinx=sphinx)
            if built.value and not built.diagnostics:
                state = replace(read_state(work), finished=mark(), outputs=built.value)
                write_state(work, state)
            return Outcome(built.value, _once([*prepared.diagnostics, *built.diagnostics]))


def _build(
    project: Project,
    course: Course,
    work: Work,
    prepared: Prepared,
    syllabus: str | None,
    *,
    html: bool,
    progress: Say,
    sphinx: RunSphinx,
) -> Outcome[tuple[str, ...]]:
    """Build, publish, and compare the site with the PDFs; there are PDFs with a ``syllabus``."""
    pdf = syllabus is not None
    state = read_state(work)
    found = _run_builders(
        work,
        prepared.assembled,
        html=html,
        pdf=pdf,
        latex_holds=state.pdf_sources == prepared.digest and not state.complaining,
        progress=progress,
        sphinx=sphinx,
    )
    if has_errors(found):
        return Outcome((), _once(found))
    state = read_state(work)
    made: Outcome[Outputs | None] = Outcome(Outputs())
    if syllabus is not None:
        made = _typeset(project, course, work, prepared, syllabus, state, progress)
        found += made.diagnostics
    if made.value is None or has_errors(found):
        return Outcome((), _once(found))
    current = pdf or state.pdf_sources == prepared.digest
    records, labels = read_records(work.results), _labels(work) if current else {}
    kept = keep_numbers(project, course, prepared.numbered, records, labels)
    found += kept.diagnostics
    results = results_of(records, labels)
    ics = _calendar(project, course, state)
    outputs = replace(made.value, html=html, results=results, calendar=ics)
    found += leaks(prepared.assembled, outputs, work)
    if has_errors(found):
        return Outcome((), _once(found))
    progress(f"{course.name}: publishing")
    done = publish(project, course, work, prepared.assembled, outputs)
    if not has_errors(done.diagnostics):
        state = replace(state, calendar=_calendar_state(project, course))
        if pdf:
            known = replace(state, pdf_sources=prepared.digest, pdf_input=outputs.pdf_input)
            state = replace(known, pdf_files=published(project, course, ("pdf",)))
        write_state(work, state)
    found += done.diagnostics
    if html and pdf and done.value:
        from notesbuild.notes.parity import parity

        # No build ends well whose finished site and PDFs show different numbers.
        found += parity(project, course).diagnostics
    return Outcome(done.value, _once(found))


def _calendar(project: Project, course: Course, state: State) -> bytes | None:
    """The calendar; None where the published one says the same."""
    if state.calendar == _calendar_state(project, course):
        return None
    return calendar(course, project.blueprints)


def _calendar_state(project: Project, course: Course) -> str:
    made_from = calendar_input(course, project.blueprints)
    return f"{made_from} {published(project, course, (CALENDAR,))}"


def _run_builders(
    work: Work,
    assembled: Assembled,
    *,
    html: bool,
    pdf: bool,
    latex_holds: bool,
    progress: Say,
    sphinx: RunSphinx,
) -> list[Diagnostic]:
    """Sphinx for each form; what was read for one is not read again for the other.

    ``latex_holds`` tells that the LaTeX of the last build is of the same sources.
    """
    state = read_state(work)
    reread = frozenset(state.complaining)
    found: list[Diagnostic] = []
    complaining: set[str] = set()
    forms = [("latex", form) for form in ("", *assembled.course.pdf.variants)] if pdf else []
    for builder, form in [*([("html", "")] if html else []), *forms]:
        if has_errors(found):
            continue
        if builder == "latex" and latex_holds and not complaining:
            continue
        progress(f"{assembled.course.name}: {' '.join(filter(None, (builder, form)))}")
        said = sphinx(SphinxOrder(work, builder, reread, form, cores()))
        run = understood(said, assembled, work)
        reread = frozenset()
        found += run.diagnostics
        complaining |= run.complaining
    write_state(work, state.complains_about(frozenset(complaining)))
    return found


def _syllabus(project: Project, course: Course) -> str:
    from notesbuild.notes.syllabus import syllabus_tex

    settings, titles = project.settings, titles_in(project, course)
    return syllabus_tex(course, project.blueprints, settings.paper, project.macros, titles)


def _typeset(
    project: Project,
    course: Course,
    work: Work,
    prepared: Prepared,
    syllabus: str,
    state: State,
    progress: Say,
) -> Outcome[Outputs | None]:
    """The PDFs, unless the published ones were made from the same LaTeX."""
    from notesbuild.notes.pdf import build_pdf, last_report, latex_digest, latex_labels
    from notesbuild.notes.syllabus import build_syllabus

    same = digest(
        latex_digest(work, course).encode(), syllabus.encode(), prepared.assembled.engine.encode()
    )
    untouched = state.pdf_files == published(project, course, ("pdf",))
    if same == state.pdf_input and latex_labels(work) and untouched:
        return Outcome(Outputs(pdf_input=same), last_report(prepared.assembled, work))
    progress(f"{course.name}: typesetting")
    notes = build_pdf(project, prepared.assembled, work)
    sheet = build_syllabus(project, course, syllabus, work)
    found = (*notes.diagnostics, *sheet.diagnostics)
    if notes.value is None or sheet.value is None:
        return Outcome(None, found)
    return Outcome(Outputs(pdfs=_files(notes.value, sheet.value), pdf_input=same), found)


def _labels(work: Work) -> dict[str, LatexLabel]:
    from notesbuild.notes.pdf import latex_labels

    return latex_labels(work)


def _files(notes: NotesPdf, syllabus: bytes) -> tuple[tuple[str, bytes], ...]:
    return (*notes.files, ("syllabus.pdf", syllabus))


def _once(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(dict.fromkeys(found))
