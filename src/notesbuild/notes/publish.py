"""Publishing a course: each of its outputs appears whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from notesbuild.diagnostics import Diagnostic, Outcome, has_errors
from notesbuild.model.course import Course
from notesbuild.model.project import Project
from notesbuild.notes.assemble import Assembled
from notesbuild.notes.results import Result, results_json
from notesbuild.notes.work import Work
from notesbuild.run.publish import publish_folder, staging, take_over, write_fault, write_file

# What Sphinx and the theme leave for themselves.
_NOT_FOR_READERS = (".buildinfo*", ".doctrees", "*.map", "*webpack-macros.html", "_sources")
CALENDAR = "calendar.ics"
_WORDS_OF_THEME = "LC_MESSAGES/booktheme.mo"


@dataclass(frozen=True)
class Outputs:
    """What a build has made.

    ``pdfs`` is empty, and ``calendar`` None, where what is published still holds.
    """

    html: bool = False
    pdfs: tuple[tuple[str, bytes], ...] = ()
    pdf_input: str = ""
    results: tuple[Result, ...] = ()
    calendar: bytes | None = None


def published_pdfs(project: Project, course: Course) -> bool:
    """Whether PDFs were published before."""
    folder = project.build / course.name / "pdf"
    forms = (f"notes-{form}.pdf" for form in course.pdf.variants)
    return all((folder / name).is_file() for name in ("notes.pdf", "syllabus.pdf", *forms))


def publish(
    project: Project, course: Course, work: Work, assembled: Assembled, outputs: Outputs
) -> Outcome[tuple[str, ...]]:
    """Put everything in its place; the value lists what a reader would open."""
    target = project.build / course.name
    shown = f"{project.settings.build}/{course.name}"
    ics = outputs.calendar
    if ics is None:
        ics = (target / CALENDAR).read_bytes()
    found: list[Diagnostic] = []
    written: list[str] = []
    if outputs.pdfs:
        found += _publish_tree(target / "pdf", f"{shown}/pdf", outputs.pdfs)
    written += [f"{shown}/{path}" for path in _pdf_names(target, assembled, outputs)]
    if outputs.html and not has_errors(found):
        found += _publish_site(work, target, f"{shown}/html", assembled, ics)
        written.append(f"{shown}/html/index.html")
    for name, content in (
        (CALENDAR, ics),
        ("results.json", results_json(outputs.results)),
    ):
        if not has_errors(found):
            found += write_file(target / name, content, f"{shown}/{name}")
            written.append(f"{shown}/{name}")
    return Outcome((), tuple(found)) if has_errors(found) else Outcome(tuple(written), tuple(found))


def _pdf_names(target: Path, assembled: Assembled, outputs: Outputs) -> Iterator[str]:
    if outputs.pdf_input:
        yield "pdf/notes.pdf"
        yield from (f"pdf/notes-{form}.pdf" for form in assembled.course.pdf.variants)
        yield "pdf/syllabus.pdf"
        yield f"pdf/chapters: {len(assembled.chapters)} files"


def _publish_tree(
    target: Path, shown: str, files: tuple[tuple[str, bytes], ...]
) -> tuple[Diagnostic, ...]:
    try:
        with staging(target) as staged:
            for path, content in files:
                (staged / path).parent.mkdir(parents=True, exist_ok=True)
                (staged / path).write_bytes(content)
            return publish_folder(staged, target, shown)
    except OSError as fault:
        return (write_fault(fault, shown),)


def _take_pages(pages: Path, staged: Path, site: Path) -> None:
    """The pages as Sphinx has written them; what is published already is not copied again."""
    patterns = shutil.ignore_patterns(*_NOT_FOR_READERS)

    def take(source: str, new: str) -> None:
        take_over(site / Path(new).relative_to(staged), Path(source), Path(new))

    def ignored(folder: str, names: list[str]) -> set[str]:
        return {*patterns(folder, names), *_words_of_theme(Path(folder), names)}

    shutil.copytree(pages, staged, ignore=ignored, copy_function=take, dirs_exist_ok=True)


def _words_of_theme(folder: Path, names: list[str]) -> Iterator[str]:
    """The folders with translations of the theme, which are of use to Sphinx alone."""
    if folder.name == "locales":
        yield from (name for name in names if (folder / name / _WORDS_OF_THEME).is_file())


def _publish_site(
    work: Work, target: Path, shown: str, assembled: Assembled, ics: bytes
) -> tuple[Diagnostic, ...]:
    """The pages with everything that they link to: the folder can be put on any server."""
    site = target / "html"
    try:
        with staging(site) as staged:
            _take_pages(work.html, staged, site)
            (staged / CALENDAR).write_bytes(ics)
            if assembled.downloads.notes:
                shutil.copytree(target / "pdf", staged / "pdf", dirs_exist_ok=True)
            for handout in assembled.downloads.handouts:
                for file in handout.files:
                    (staged / file.path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file.source, staged / file.path)
            return publish_folder(staged, site, shown)
    except OSError as fault:
        return (write_fault(fault, shown),)
