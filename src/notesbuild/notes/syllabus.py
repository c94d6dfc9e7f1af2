"""syllabus.pdf: the manifest on one or two pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import notesbuild
from notesbuild.diagnostics import Code, Outcome, error, has_errors
from notesbuild.model.course import Course, Person, ScheduleRow, Textbook
from notesbuild.model.dates import days_in_words, fixed_moment, hours, short_date
from notesbuild.model.exam import Blueprint
from notesbuild.model.project import Project
from notesbuild.model.words import say
from notesbuild.notes.config import about, notes_engine
from notesbuild.notes.cut import fixed_bytes
from notesbuild.notes.home import exam_day, exam_hours, exams_of, independence, meeting_name
from notesbuild.notes.tex_report import Places, report
from notesbuild.notes.work import Work
from notesbuild.render.environment import render_tex
from notesbuild.render.escape import Tex, escape_tex
from notesbuild.render.macros import read_macros, to_latex
from notesbuild.render.markdown import markdown_to_tex
from notesbuild.tex.engine import run_tex

JOB = "syllabus"
STYLES = Path(notesbuild.__file__).parent / "sphinxext" / "latex_style"

Rows = tuple[tuple[Tex, ...], ...]

_SHORT = 20
"""So many letters stand on a line beside the other cells of a table."""


@dataclass(frozen=True)
class Table:
    """A titled table; ``columns`` is LaTeX's preamble of it."""

    title: str
    columns: Tex
    rows: Rows


@dataclass(frozen=True)
class Section:
    """A titled text, with a list behind it."""

    title: str
    text: Tex
    points: tuple[Tex, ...] = ()


def syllabus_tex(
    course: Course,
    blueprints: Iterable[Blueprint],
    paper: str,
    macros: str,
    titles: Mapping[str, str],
) -> str:
    """The document; ``titles`` are what references to labels print."""
    exams = exams_of(course, blueprints)
    of = _Printer(titles)
    line = " · ".join(filter(None, (course.code, course.term)))
    return render_tex(
        "syllabus.tex.j2",
        paper=Tex(paper),
        macros=Tex(to_latex(read_macros(macros))),
        institution=course.institution,
        title=course.title,
        line=line,
        follows=independence(course.follows, course.language) if course.follows else "",
        description=of.text(course.description),
        words={name: say(name, course.language) for name in ("Announcements", "Schedule")},
        announcements=[of.text(said.text) for said in course.announcements],
        tables=[table for table in _tables(course, exams, of) if table.rows],
        sections=[*_sections(course, of)],
        schedule=[
            (
                escape_tex(short_date(row.date, course.language)),
                _topic(row, exams, course.language, of),
            )
            for row in course.schedule
        ],
    )


def build_syllabus(project: Project, course: Course, tex: str, work: Work) -> Outcome[bytes | None]:
    """Typeset it; what TeX finds is told at the manifest."""
    folder = work.syllabus
    folder.mkdir(parents=True, exist_ok=True)
    for style in sorted(STYLES.iterdir()):
        (folder / style.name).write_bytes(style.read_bytes())
    (folder / f"{JOB}.tex").write_text(tex, "utf-8")
    engine = notes_engine(project.settings.notes_engine, (tex,))
    run = run_tex(
        folder,
        JOB,
        engine=engine,
        timeout=project.settings.tex_timeout,
        epoch=int(fixed_moment(course).timestamp()),
    )
    log = folder / f"{JOB}.log"
    text = log.read_text("utf-8", "replace") if log.is_file() else ""
    places = Places(tuple(tex.split("\n")), (), (), course.origin.span())
    found = report(run, engine, text, places)
    if run.pdf is None or has_errors(found):
        failed = (error(Code.TEX_ERROR, "the syllabus cannot be set", places.fallback),)
        return Outcome(None, found if has_errors(found) else (*found, *failed))
    title = say("{}: syllabus", course.language, course.title)
    return Outcome(fixed_bytes(run.pdf, about(course, title)), found)


@dataclass(frozen=True)
class _Printer:
    titles: Mapping[str, str]

    def text(self, text: str | None) -> Tex:
        return markdown_to_tex(text, self.titles) if text else Tex("")

    def line(self, text: str | None) -> Tex:
        return self.text(" ".join(text.split()) if text else None)


def _tables(course: Course, exams: tuple[Blueprint, ...], of: _Printer) -> Iterator[Table]:
    wide = r">{\raggedright\arraybackslash}p"
    language = course.language
    columns = Tex(rf"l@{{\quad}}{wide}{{0.55\textwidth}}")
    yield Table(say("Staff", language), columns, _staff(course.staff, language, of))
    meetings = tuple(
        (
            escape_tex(meeting_name(m, language)),
            escape_tex(
                ", ".join(filter(None, (days_in_words(m.days, language), hours(m.start, m.end))))
            ),
            escape_tex(m.place or ""),
            of.line(m.notes),
        )
        for m in course.meetings
    )
    place = _fitting((m.place or "" for m in course.meetings), rf"{wide}{{0.28\textwidth}}")
    shape = rf"l@{{\quad}}l@{{\quad}}{place}"
    rows: Rows = tuple(cells[:3] for cells in meetings)
    if any(notes for *_, notes in meetings):
        shape, rows = rf"{shape}@{{\quad}}{wide}{{0.2\textwidth}}", meetings
    yield Table(say("Meetings", language), Tex(shape), rows)
    sittings = tuple(
        (
            escape_tex(exam.title),
            escape_tex(exam_day(exam, language)),
            escape_tex(exam_hours(exam)),
            escape_tex(exam.place or ""),
        )
        for exam in exams
    )
    yield Table(say("Exams", language), Tex(r"l@{\quad}l@{\quad}l@{\quad}l"), sittings)
    grading = tuple(
        (
            escape_tex(part.what),
            Tex(rf"{part.weight:g}\,\%"),
            Tex(rf"\nbbar{{{part.weight:g}}}"),
            of.line(part.notes),
        )
        for part in course.grading
    )
    columns = Tex(rf"l@{{\quad}}r@{{\quad}}l@{{\quad}}{wide}{{0.3\textwidth}}")
    yield Table(say("Grading", language), columns, grading)


def _fitting(cells: Iterable[str], broken: str) -> str:
    """A column as wide as its cells, or one that breaks them if they are long."""
    return "l" if max(map(len, cells), default=0) <= _SHORT else broken


def _staff(staff: tuple[Person, ...], language: str, of: _Printer) -> Rows:
    rows = []
    for person in staff:
        name = f"{person.name} ({person.native_name})" if person.native_name else person.name
        facts = [
            escape_tex(person.role),
            escape_tex(say("office {}", language, person.office) if person.office else ""),
            escape_tex(person.email or ""),
            of.line(person.duties),
            of.line(
                say("office hours {}", language, person.office_hours)
                if person.office_hours
                else None
            ),
        ]
        rows.append((escape_tex(name), Tex(", ".join(fact for fact in facts if fact))))
    return tuple(rows)


def _sections(course: Course, of: _Printer) -> Iterator[Section]:
    for title, text in (
        ("Course information", course.information),
        ("Rules of exams", course.exam_policy),
    ):
        if text:
            yield Section(say(title, course.language), of.text(text))
    asked = course.prerequisites
    if asked is not None and (asked.required or asked.intro):
        required = tuple(of.text(item) for item in asked.required)
        yield Section(say("Prerequisites", course.language), of.text(asked.intro), required)
    if asked is not None and asked.helpful:
        helpful = tuple(of.text(item) for item in asked.helpful)
        yield Section(say("Helpful, but not required", course.language), Tex(""), helpful)
    if course.textbooks:
        books = tuple(_book(book, of) for book in course.textbooks)
        yield Section(say("Textbooks", course.language), Tex(""), books)
    for section in course.policies:
        yield Section(section.title, of.text(section.text))
    if course.honour_code:
        yield Section(say("Honour code", course.language), of.text(course.honour_code))
    for section in course.about:
        yield Section(section.title, of.text(section.text))


def _book(book: Textbook, of: _Printer) -> Tex:
    parts = [escape_tex(book.authors or ""), Tex(rf"\emph{{{escape_tex(book.title)}}}")]
    named = ", ".join(part for part in parts if part)
    role = f" ({of.line(book.role)})" if book.role else ""
    address = of.line(f"<{book.url}>." if book.url else None)
    return Tex(" ".join(part for part in (f"{named}{role}.", of.line(book.notes), address) if part))


def _topic(row: ScheduleRow, exams: tuple[Blueprint, ...], language: str, of: _Printer) -> Tex:
    titles = {exam.name: exam.title for exam in exams}
    parts = [of.line(row.topic)]
    if row.exam:
        parts.append(Tex(rf"\textbf{{{escape_tex(titles.get(row.exam, row.exam))}}}"))
    if row.no_class:
        parts.append(Tex(rf"\emph{{{escape_tex(row.no_class)}}}"))
    if row.homework:
        parts.append(Tex(say("Homework: {}", language, of.line(row.homework))))
    return Tex("; ".join(part for part in parts if part))
