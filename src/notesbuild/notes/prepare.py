"""Laying out the sources of a course for Sphinx."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from notesbuild.diagnostics import Outcome, has_errors
from notesbuild.model.course import Course
from notesbuild.model.handout import Handout
from notesbuild.model.project import Project
from notesbuild.notes.assemble import Assembled, assemble, chapters_of, clashes, downloads_of
from notesbuild.notes.downloads import Downloads
from notesbuild.notes.numbers import numbered_sources
from notesbuild.notes.problems import shown_in_course
from notesbuild.notes.publish import published_pdfs
from notesbuild.notes.state import read_state
from notesbuild.notes.work import BIBLIOGRAPHY, Work, lay_out, read_sources
from notesbuild.render.kinds import kinds_named_like_macros
from notesbuild.source.files import Files

CALENDAR = Downloads(calendar="calendar.ics")


@dataclass(frozen=True)
class Prepared:
    """A course whose sources are laid out for Sphinx.

    ``digest`` is that of everything that Sphinx reads but for what the site offers besides,
    ``laid_out`` with that; ``numbered`` of what numbers depend on.
    """

    assembled: Assembled
    digest: str
    laid_out: str
    numbered: str


def prepare(
    project: Project,
    course: Course,
    work: Work,
    handouts: tuple[Handout, ...] = (),
    *,
    pdf: bool,
    day: date | None = None,
) -> Outcome[Prepared | None]:
    """Assemble the sources and lay them out; ``pdf`` tells that PDFs will be made of them.

    Solutions of problems are laid out if they are released on that day.
    """
    numbered = numbered_sources(project, course)
    chapters = chapters_of(course, project)
    if chapters.diagnostics:
        return Outcome(None, chapters.diagnostics)
    problems = shown_in_course(project, course, day)
    if problems.value is None:
        return Outcome(None, problems.diagnostics)
    files = Files(project.root)
    notes = project.settings.notes
    listing = files.listing(notes)
    path = f"{notes}/{BIBLIOGRAPHY}"
    bibliography = files.text(path) if path in listing else Outcome[str | None]("")
    parts = (course, chapters.value, project, listing, bibliography.value or "")
    bare = assemble(*parts, problems=problems.value)
    kinds = kinds_named_like_macros(course, project.macros)
    found = (*problems.diagnostics, *bibliography.diagnostics, *clashes(bare), *kinds)
    if has_errors(found):
        return Outcome(None, found)
    # What the site offers follows from whether its PDFs are of these very sources.
    plain = read_sources(bare, files).value.digest
    current = plain == read_state(work).pdf_sources and published_pdfs(project, course)
    downloads = downloads_of(course, chapters.value) if pdf or current else CALENDAR
    offered = replace(downloads, handouts=handouts)
    assembled = assemble(*parts, offered, problems.value)
    sources = read_sources(assembled, files)
    found += sources.diagnostics
    if has_errors(found):
        return Outcome(None, found)
    lay_out(sources.value, work.src)
    return Outcome(Prepared(assembled, plain, sources.value.digest, numbered), found)
