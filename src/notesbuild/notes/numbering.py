"""Numbering a course's results without building its notes: Sphinx reads, and writes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from notesbuild.diagnostics import Outcome, has_errors
from notesbuild.model.course import Course
from notesbuild.model.project import Project
from notesbuild.model.results import ResultNumbers
from notesbuild.notes.numbers import Record, keep_numbers, numbered_sources, numbers_file
from notesbuild.notes.prepare import prepare
from notesbuild.notes.results import read_records
from notesbuild.notes.sphinx_order import SphinxOrder, run_here
from notesbuild.notes.sphinx_words import understood
from notesbuild.notes.state import State, unbroken, write_state
from notesbuild.notes.work import Work
from notesbuild.run.publish import build_lock, busy, is_refusal, write_fault
from notesbuild.sphinxext.results_file import NumbersBuilder


def number_results(project: Project, course: Course) -> Outcome[ResultNumbers | None]:
    """The numbers that the course's notes give to their results; they are kept for the next time.

    None where the notes have errors, which are then told; their warnings are not.
    """
    folder = numbers_file(project, course).with_suffix("")
    shown = folder.relative_to(project.root).as_posix()
    sources = numbered_sources(project, course)
    try:
        with build_lock(folder) as free:
            read = _read(project, course, folder) if free else Outcome([], (busy(shown),))
    except OSError as fault:
        if not is_refusal(fault):
            raise
        read = Outcome([], (write_fault(fault, shown),))
    if has_errors(read.diagnostics):
        return Outcome(None, tuple(d for d in read.diagnostics if has_errors((d,))))
    kept = keep_numbers(project, course, sources, read.value, {})
    return Outcome(kept.value, kept.diagnostics)


def _read(project: Project, course: Course, folder: Path) -> Outcome[list[Record]]:
    work = Work(folder)
    with unbroken(work):
        prepared = prepare(project, course, work, pdf=False)
        if prepared.value is None:
            return Outcome([], prepared.diagnostics)
        said = run_here(SphinxOrder(work, NumbersBuilder.name, frozenset()))
        run = understood(said, prepared.value.assembled, work)
        if has_errors(run.diagnostics):
            shutil.rmtree(work.doctrees, ignore_errors=True)  # or they would not be told again
            return Outcome([], run.diagnostics)
        write_state(work, State())
        return Outcome(read_records(work.results))
