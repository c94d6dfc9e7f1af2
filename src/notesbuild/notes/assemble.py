"""From a course to the sources that Sphinx reads: a pure function."""

from __future__ import annotations

from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.course import Course
from notesbuild.model.names import nearest
from notesbuild.model.project import Chapter, Project
from notesbuild.model.words import say
from notesbuild.notes.accents import with_letters
from notesbuild.notes.config import notes_engine, people, sphinx_config, subtitle
from notesbuild.notes.downloads import Downloads
from notesbuild.notes.home import docname, home_page
from notesbuild.notes.page import SourceFile
from notesbuild.notes.problems import NO_PROBLEMS, ShownInCourse
from notesbuild.notes.reference import INDEX, reference_pages
from notesbuild.notes.work import AUTHOR_CONF, BIBLIOGRAPHY
from notesbuild.practice.files import FOLDER, ORIGINS
from notesbuild.source.editions import edition

NOTHING = Downloads()
MACROS = "macros.tex"
CONF = "conf.py"
COURSES = "courses/"
FROM_BANK = f"{FOLDER}/{ORIGINS}/"


@dataclass(frozen=True)
class Assembled:
    """The sources of a course.

    ``generated`` are texts; ``copied`` pairs a path for Sphinx with the author's file. A file
    that was copied has the author's lines. ``notes`` is the author's folder of notes.
    """

    course: Course
    chapters: tuple[Chapter, ...]
    generated: tuple[SourceFile, ...]
    copied: tuple[tuple[str, str], ...]
    engine: str
    notes: str
    downloads: Downloads = NOTHING
    problems: ShownInCourse = NO_PROBLEMS

    def origin(self, path: str, line: int) -> Span | None:
        """The author's place of a line of a source."""
        if path.startswith(FROM_BANK):
            return Span(path.removeprefix(FROM_BANK), line, 1 if line else 0)
        for file in self.generated:
            if file.path == path:
                return file.origin(line) or self.course.origin.span()
        author = dict(self.copied).get(path)
        return Span(author, line, 1 if line else 0) if author else None


def chapters_of(course: Course, project: Project) -> Outcome[tuple[Chapter, ...]]:
    """The chapters of a course in its order, and an error for each that is not there."""
    known = [chapter.name for chapter in project.chapters]
    missing = tuple(
        error(
            Code.UNKNOWN_CHAPTER,
            f"there is no chapter {name!r}",
            place,
            nearest(name, known),
        )
        for name, place in zip(course.chapters, course.chapter_spans(), strict=True)
        if name not in known
    )
    found = (project.chapter(name) for name in dict.fromkeys(course.chapters))
    return Outcome(tuple(chapter for chapter in found if chapter is not None), missing)


def assemble(
    course: Course,
    chapters: tuple[Chapter, ...],
    project: Project,
    files: tuple[str, ...],
    bibliography: str,
    downloads: Downloads = NOTHING,
    problems: ShownInCourse = NO_PROBLEMS,
) -> Assembled:
    """All sources; ``files`` are the paths of everything below the folder of notes."""
    notes = f"{project.settings.notes}/"
    below = {path.removeprefix(notes): path for path in files if not _is_ours(path, notes)}
    has_conf = below.pop(CONF, None)
    own = {chapter.path.removeprefix(notes) for chapter in chapters}
    texts = (path for path in below if path.endswith((".md", ".rst")) and path not in own)
    entries = "@" in bibliography
    pages = reference_pages(course, chapters, bibliography=entries)
    engine = _engine(course, chapters, project, bibliography, problems)
    generated = [
        home_page(
            course, chapters, project.blueprints, downloads, reference=[page.name for page in pages]
        ),
        sphinx_config(
            course,
            downloads,
            engine=engine,
            paper=project.settings.paper,
            excluded=texts,
            macros=MACROS in below,
            author_conf=has_conf is not None,
            index=any(page.name == INDEX for page in pages),
            left_out=edition(course, project.chapters).absent,
        ),
    ]
    generated += [page.file for page in pages if page.file is not None]
    generated.append(_bibliography(bibliography, below.pop(BIBLIOGRAPHY, None)))
    generated += problems.files
    copied = dict(below) | dict(problems.pictures)
    if has_conf is not None:
        copied[AUTHOR_CONF] = has_conf
    sources = tuple(sorted(copied.items()))
    folder = project.settings.notes
    return Assembled(
        course, chapters, tuple(generated), sources, engine, folder, downloads, problems
    )


def file_names(chapters: tuple[Chapter, ...]) -> dict[str, str]:
    """The name of each chapter's own PDF, by the chapter's name: its last part where it can be."""
    slugs = [chapter.slug for chapter in chapters]
    return {
        chapter.name: chapter.slug
        if slugs.count(chapter.slug) == 1
        else chapter.name.replace("/", "-")
        for chapter in chapters
    }


def downloads_of(course: Course, chapters: tuple[Chapter, ...]) -> Downloads:
    """Everything that a complete build offers."""
    forms = course.pdf.variants
    names = file_names(chapters)
    return Downloads(
        "pdf/notes.pdf",
        "pdf/syllabus.pdf",
        "calendar.ics",
        tuple((docname(c), f"pdf/chapters/{names[c.name]}.pdf") for c in chapters),
        forms=tuple((say(form.words, course.language), f"pdf/notes-{form}.pdf") for form in forms),
    )


def clashes(assembled: Assembled) -> tuple[Diagnostic, ...]:
    """Files of an author whose place is taken by a page of ours."""
    taken = {file.path for file in assembled.generated}
    return tuple(
        error(Code.MANIFEST_WRONG, f"the site has a page {path} of its own", Span(author))
        for path, author in assembled.copied
        if path in taken or path.removesuffix(".rst") + ".md" in taken
    )


def _is_ours(path: str, notes: str) -> bool:
    return path.startswith(notes + COURSES)


def _bibliography(text: str, path: str | None) -> SourceFile:
    """It is there in any case, or no citation could be reported as unknown."""
    count = text.count("\n") + 1 if path else 0
    origins = tuple((line, Span(path or "", line, 1)) for line in range(1, count + 1))
    return SourceFile(BIBLIOGRAPHY, with_letters(text), origins)


def _engine(
    course: Course,
    chapters: tuple[Chapter, ...],
    project: Project,
    bibliography: str,
    problems: ShownInCourse,
) -> str:
    texts = [chapter.text for chapter in chapters]
    texts += [file.text for file in problems.files]
    texts += [bibliography, course.title, people(course), subtitle(course)]
    # Our own words, and those of the course's kinds.
    texts += [say("Theorem", course.language), *(str(kind.title) for kind in course.kinds)]
    return notes_engine(project.settings.notes_engine, texts)
