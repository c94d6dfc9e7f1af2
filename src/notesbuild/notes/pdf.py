"""The notes as PDF: one run of TeX, from which the chapters are cut."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error, has_errors
from notesbuild.model.course import Course
from notesbuild.model.dates import fixed_moment
from notesbuild.model.project import Chapter, Project
from notesbuild.model.words import say
from notesbuild.notes.addresses import addresses_of
from notesbuild.notes.assemble import Assembled, file_names
from notesbuild.notes.config import about
from notesbuild.notes.cut import Piece, cut, fixed_bytes
from notesbuild.notes.home import docname
from notesbuild.notes.slim import slim
from notesbuild.notes.tex_labels import LatexLabel, read_labels
from notesbuild.notes.tex_report import places_of, report
from notesbuild.notes.titles import chapter_title
from notesbuild.notes.work import Work
from notesbuild.pdf.inspect import page_count
from notesbuild.source.files import digest
from notesbuild.tex.engine import TexRun, run_tex
from notesbuild.tex.log import read_log

JOB = "notes"
_READ_BACK = ("aux", "toc", "out")
# Two for the pages, two for those that references say, one to see that nothing moves; the rest
# is for pages that move once more when a reference has become longer.
_PASSES = 9
_CUTTERS = 4
_PART = re.compile(r":nb-part-\d+$")
_MADE = {".aux", ".toc", ".out", ".log", ".pdf", ".lof", ".lot", ".idx", ".ilg", ".ind"}


@dataclass(frozen=True)
class NotesPdf:
    """The whole and its chapters: paths below the folder of PDFs, and contents."""

    files: tuple[tuple[str, bytes], ...]
    pages: int


def build_pdf(project: Project, assembled: Assembled, work: Work) -> Outcome[NotesPdf | None]:
    """Typeset the LaTeX that Sphinx has written: the notes with their chapters, and other forms."""
    run = _typeset(project, assembled, work, "")
    found = _report(run, assembled, work, "")
    if run.pdf is None or has_errors(found):
        return Outcome(None, found)
    made = _pieces(project, run.pdf, assembled, work, found)
    if made.value is None:
        return made
    files, told = list(made.value.files), list(made.diagnostics)
    for form in assembled.course.pdf.variants:
        run = _typeset(project, assembled, work, form)
        told += _report(run, assembled, work, form)
        if run.pdf is None or has_errors(told):
            return Outcome(None, tuple(told))
        course = assembled.course
        title = f"{course.title} ({say(form.words, course.language)})"
        files.append((f"notes-{form}.pdf", fixed_bytes(run.pdf, about(course, title))))
    return Outcome(NotesPdf(tuple(files), made.value.pages), tuple(told))


def _typeset(project: Project, assembled: Assembled, work: Work, form: str) -> TexRun:
    folder = work.latex_of(form)
    for ending in _READ_BACK:
        # What an earlier run left could be broken, and would make a difference to this one.
        (folder / f"{JOB}.{ending}").unlink(missing_ok=True)
    return run_tex(
        folder,
        JOB,
        engine=assembled.engine,
        timeout=project.settings.tex_timeout,
        epoch=int(fixed_moment(assembled.course).timestamp()),
        settle=_READ_BACK,
        passes=_PASSES,
    )


def _report(run: TexRun, assembled: Assembled, work: Work, form: str) -> tuple[Diagnostic, ...]:
    places = places_of(_text(work, "tex", form), assembled)
    return report(run, assembled.engine, _text(work, "log", form), places)


def last_report(assembled: Assembled, work: Work) -> tuple[Diagnostic, ...]:
    """What the last run had to say: warnings do not go away because nothing has changed."""
    found: list[Diagnostic] = []
    for form in ("", *assembled.course.pdf.variants):
        run = TexRun(b"", read_log(_text(work, "log", form)))
        found += _report(run, assembled, work, form)
    return tuple(found)


def latex_digest(work: Work, course: Course) -> str:
    """What the PDFs depend on: everything in the folders of LaTeX that TeX has not made."""
    pieces = []
    for form in ("", *course.pdf.variants):
        folder = work.latex_of(form)
        for path in sorted(folder.rglob("*")):
            own = path.stem == JOB and path.suffix in _MADE
            if path.is_file() and not own:
                name = path.relative_to(folder).as_posix()
                pieces += [f"{form}/{name}".encode(), path.read_bytes()]
    return digest(*pieces)


def latex_labels(work: Work) -> dict[str, LatexLabel]:
    """The labels of the last run."""
    return read_labels(_text(work, "aux"))


def _pieces(
    project: Project,
    pdf: bytes,
    assembled: Assembled,
    work: Work,
    found: tuple[Diagnostic, ...],
) -> Outcome[NotesPdf | None]:
    course = assembled.course
    starts = _starts(latex_labels(work))
    missing = [c for c in assembled.chapters if docname(c) not in starts]
    if missing:
        message = f"the PDF has no chapter {missing[0].name!r}"
        problem = error(Code.PROGRAM_FAILED, message, course.origin.span())
        return Outcome(None, (*found, problem))
    whole = fixed_bytes(pdf, about(course, course.title))
    total = page_count(whole)
    files = [("notes.pdf", whole)]
    names = file_names(assembled.chapters)
    addresses = addresses_of(whole, latex_labels(work), course.site)
    pieces = tuple(_piece(c, assembled, starts, names, total) for c in assembled.chapters)
    chapters = tuple(cut(whole, pieces, addresses))
    timeout = project.settings.tex_timeout
    with ThreadPoolExecutor(_CUTTERS) as pool:
        slimmed = list(pool.map(lambda made: slim(made[1], timeout), chapters))
    told = tuple(diagnostic for made in slimmed for diagnostic in made.diagnostics)
    for (piece, _), made in zip(chapters, slimmed, strict=True):
        if made.value is not None:
            files.append((f"chapters/{piece.name}.pdf", made.value))
    return Outcome(None if told else NotesPdf(tuple(files), total), (*found, *told))


def _starts(labels: dict[str, LatexLabel]) -> dict[str, int]:
    """The first page of every document, and that of every part."""
    return {
        name.removesuffix("::doc"): label.page
        for name, label in labels.items()
        if name.endswith("::doc") or _PART.search(name)
    }


def _piece(
    chapter: Chapter,
    assembled: Assembled,
    starts: dict[str, int],
    names: dict[str, str],
    total: int,
) -> Piece:
    first = starts[docname(chapter)]
    later = [page for page in starts.values() if page > first]
    last = min(later, default=total + 1) - 1
    title = f"{chapter_title(chapter)} ({assembled.course.title})"
    return Piece(names[chapter.name], about(assembled.course, title), first, last)


def _text(work: Work, ending: str, form: str = "") -> str:
    path = work.latex_of(form) / f"{JOB}.{ending}"
    return path.read_text("utf-8", "replace") if path.is_file() else ""
