"""The notes as PDF: one run of TeX, from which the chapters are cut."""

from __future__ import annotations

from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error, has_errors
from notesbuild.model.dates import fixed_moment
from notesbuild.model.project import Chapter, Project
from notesbuild.notes.assemble import Assembled, file_names
from notesbuild.notes.config import people
from notesbuild.notes.cut import Piece, cut, fixed_bytes
from notesbuild.notes.home import docname
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
_MADE = {".aux", ".toc", ".out", ".log", ".pdf", ".lof", ".lot", ".idx", ".ilg", ".ind"}


@dataclass(frozen=True)
class NotesPdf:
    """The whole and its chapters: paths below the folder of PDFs, and contents."""

    files: tuple[tuple[str, bytes], ...]
    pages: int


def build_pdf(project: Project, assembled: Assembled, work: Work) -> Outcome[NotesPdf | None]:
    """Typeset the LaTeX that Sphinx has written."""
    folder = work.latex
    engine = assembled.engine
    epoch = int(fixed_moment(assembled.course).timestamp())
    for ending in _READ_BACK:
        # What an earlier run left could be broken, and would make a difference to this one.
        (folder / f"{JOB}.{ending}").unlink(missing_ok=True)
    run = run_tex(
        folder,
        JOB,
        engine=engine,
        timeout=project.settings.tex_timeout,
        epoch=epoch,
        settle=_READ_BACK,
        passes=_PASSES,
    )
    places = places_of(_text(work, "tex"), assembled)
    found = report(run, engine, _text(work, "log"), places)
    if run.pdf is None or has_errors(found):
        return Outcome(None, found)
    return _pieces(run.pdf, assembled, work, found)


def last_report(assembled: Assembled, work: Work) -> tuple[Diagnostic, ...]:
    """What the last run had to say: warnings do not go away because nothing has changed."""
    log = _text(work, "log")
    places = places_of(_text(work, "tex"), assembled)
    return report(TexRun(b"", read_log(log)), assembled.engine, log, places)


def latex_digest(work: Work) -> str:
    """What the PDF depends on: everything in the folder of LaTeX that TeX has not made."""
    pieces = []
    for path in sorted(work.latex.rglob("*")):
        own = path.stem == JOB and path.suffix in _MADE
        if path.is_file() and not own:
            pieces += [path.relative_to(work.latex).as_posix().encode(), path.read_bytes()]
    return digest(*pieces)


def latex_labels(work: Work) -> dict[str, LatexLabel]:
    """The labels of the last run."""
    return read_labels(_text(work, "aux"))


def _pieces(
    pdf: bytes, assembled: Assembled, work: Work, found: tuple[Diagnostic, ...]
) -> Outcome[NotesPdf | None]:
    course = assembled.course
    starts = _starts(latex_labels(work))
    missing = [c for c in assembled.chapters if docname(c) not in starts]
    if missing:
        message = f"the PDF has no chapter {missing[0].name!r}"
        problem = error(Code.PROGRAM_FAILED, message, course.origin.span())
        return Outcome(None, (*found, problem))
    whole = fixed_bytes(pdf, course.title, people(course))
    total = page_count(whole)
    files = [("notes.pdf", whole)]
    names = file_names(assembled.chapters)
    pieces = tuple(_piece(c, assembled, starts, names, total) for c in assembled.chapters)
    files += [(f"chapters/{piece.name}.pdf", content) for piece, content in cut(whole, pieces)]
    return Outcome(NotesPdf(tuple(files), total), found)


def _starts(labels: dict[str, LatexLabel]) -> dict[str, int]:
    """The first page of every document."""
    return {
        name.removesuffix("::doc"): label.page
        for name, label in labels.items()
        if name.endswith("::doc")
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
    return Piece(names[chapter.name], title, people(assembled.course), first, last)


def _text(work: Work, ending: str) -> str:
    path = work.latex / f"{JOB}.{ending}"
    return path.read_text("utf-8", "replace") if path.is_file() else ""
