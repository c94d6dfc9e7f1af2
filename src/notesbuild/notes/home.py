"""The home page of a course, from its manifest."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from notesbuild.diagnostics import Span
from notesbuild.model.course import (
    Course,
    Follows,
    Meeting,
    Person,
    ScheduleRow,
    Textbook,
    TextSection,
)
from notesbuild.model.dates import days_in_words, hours, long_date, short_date
from notesbuild.model.exam import SHEETS, Blueprint, ExamKind
from notesbuild.model.handout import Handout
from notesbuild.model.project import Chapter
from notesbuild.model.words import say
from notesbuild.notes.downloads import Downloads
from notesbuild.notes.page import Page, SourceFile, inline, plain, quoted

FOLLOWS = "This edition follows the public syllabus of {} ({}), and is independent of it."
SHOWN_EXAMS = (ExamKind.MIDTERM, ExamKind.FINAL, ExamKind.QUIZ)


def home_page(
    course: Course,
    chapters: tuple[Chapter, ...],
    blueprints: Sequence[Blueprint],
    downloads: Downloads,
    *,
    reference: Sequence[str],
) -> SourceFile:
    """``index.md``: all that the manifest says; ``reference`` are pages to look things up in."""
    exams = exams_of(course, blueprints)
    page = Page(course.origin.span("title"))
    page.heading(1, course.title, course.origin.span("title"))
    _lead(page, course)
    _announcements(page, course)
    _text(page, course, "description", course.description)
    _buttons(page, course, downloads)
    _notes(page, course, chapters, reference)
    _section(page, course, "information", "Course information", course.information)
    _staff(page, course)
    _meetings(page, course)
    _exams(page, course, exams)
    _sheets(page, course, downloads.handouts)
    _grading(page, course)
    _prerequisites(page, course)
    _textbooks(page, course)
    _texts(page, course, "policies", course.policies)
    _section(page, course, "honour_code", "Honour code", course.honour_code)
    _schedule(page, course, blueprints, downloads.handouts, chapters)
    _texts(page, course, "about", course.about)
    return page.file("index.md")


def exams_of(course: Course, blueprints: Iterable[Blueprint]) -> tuple[Blueprint, ...]:
    """The exams that students come to, in order of date."""
    own = (b for b in blueprints if b.course == course.name and b.kind in SHOWN_EXAMS)
    return tuple(sorted(own, key=lambda b: (b.date is None, b.date, b.name)))


def exam_hours(exam: Blueprint) -> str:
    """17:00–21:00, or what is known of it."""
    return hours(exam.start, exam.ends.time() if exam.ends is not None else None)


def exam_day(exam: Blueprint, language: str) -> str:
    """Thursday, 11 April 2024, or that it is not known yet."""
    if exam.date is None:
        return say("to be announced", language)
    return long_date(exam.date, language)


def meeting_name(meeting: Meeting, language: str) -> str:
    """What a meeting is called; where an author says nothing, the word is ours."""
    return meeting.what if "what" in meeting.model_fields_set else say(meeting.what, language)


def independence(follows: Follows, language: str) -> str:
    """Whose syllabus an edition follows, as plain text."""
    whose = ", ".join(filter(None, (follows.instructor, follows.institution)))
    return say(FOLLOWS, language, follows.title, whose)


def _heading(page: Page, course: Course, message: str, place: Span | None = None) -> None:
    page.heading(2, say(message, course.language), place)


def _heads(course: Course, *messages: str) -> tuple[str, ...]:
    return tuple(plain(say(message, course.language)) for message in messages)


def _lead(page: Page, course: Course) -> None:
    if course.subtitle:
        with page.inside("container", "nb-subtitle"):
            page.block(plain(course.subtitle), course.origin.span("subtitle"))
    parts = [part for part in (course.institution, course.term, course.code) if part]
    if parts:
        with page.inside("container", "nb-lead"):
            page.block(" · ".join(plain(part) for part in parts))
    if course.follows:
        place = course.origin.span("follows")
        with page.inside("container", "nb-follows"):
            text = plain(independence(course.follows, course.language))
            if course.follows.url:
                words = say("The public syllabus", course.language)
                text += f" [{plain(words)}]({_url(course.follows.url)})."
            page.block(text, place)


def _announcements(page: Page, course: Course) -> None:
    if not course.announcements:
        return
    with page.inside(
        "admonition", say("Announcements", course.language), ":class: nb-announcements"
    ):
        for number, said in enumerate(course.announcements):
            place = course.origin.span("announcements", number)
            with page.inside("container", "nb-announcement"):
                if said.date is not None:
                    page.block(f"**{plain(long_date(said.date, course.language))}**", place)
                page.block(said.text, place)


def _buttons(page: Page, course: Course, downloads: Downloads) -> None:
    buttons = [
        f'<a class="nb-button" href="{html.escape(path)}">{words}</a>'
        for words, path in downloads.buttons(course.language)
    ]
    if buttons:
        page.block(f'<p class="nb-buttons">{" ".join(buttons)}</p>')


def _notes(
    page: Page, course: Course, chapters: tuple[Chapter, ...], reference: Sequence[str]
) -> None:
    words = say("Lecture notes", course.language)
    page.heading(2, words)
    known = {chapter.name: f"/{docname(chapter)}" for chapter in chapters}
    for title, names in course.parts:
        # Without parts the sidebar has the heading that the list has on the page.
        caption = title if has_parts(course) else words
        options = (f":caption: {quoted(caption)}",) if caption else ()
        named = f":class: {'nb-part' if title else 'nb-alone'}"
        with page.inside("toctree", "", *options, named, ":maxdepth: 1", ":numbered:"):
            page.add("\n".join(known[name] for name in names if name in known))
    if reference:
        caption = f":caption: {say('Reference', course.language)}"
        with page.inside("toctree", "", caption, ":hidden:"):
            page.add("\n".join(reference))


def has_parts(course: Course) -> bool:
    """Whether some chapters of a course stand in a part."""
    return any(title for title, _ in course.parts)


def docname(chapter: Chapter) -> str:
    """What Sphinx calls a chapter."""
    return f"chapters/{chapter.name}"


def _staff(page: Page, course: Course) -> None:
    if not course.staff:
        return
    _heading(page, course, "Staff", course.origin.span("staff"))
    with page.inside("grid", "1 2 2 3", ":gutter: 2", ":padding: 0", ":class-container: nb-staff"):
        for number, person in enumerate(course.staff):
            place = course.origin.span("staff", number)
            with page.inside("grid-item-card", "", ":shadow: none"):
                for line in _person(person, course.language):
                    page.block(line, place)


def _person(person: Person, language: str) -> Iterator[str]:
    native = f" ({plain(person.native_name)})" if person.native_name else ""
    yield f"**{plain(person.name)}**{native}"
    yield plain(person.role)
    if person.duties:
        yield inline(person.duties)
    if person.office:
        yield say("Office {}", language, plain(person.office))
    if person.office_hours:
        yield say("Office hours: {}", language, inline(person.office_hours))
    if person.email:
        yield f"[{plain(person.email)}]({_url('mailto:' + person.email)})"


def _meetings(page: Page, course: Course) -> None:
    if not course.meetings:
        return
    _heading(page, course, "Meetings", course.origin.span("meetings"))
    rows = []
    for number, meeting in enumerate(course.meetings):
        time = hours(meeting.start, meeting.end)
        when = plain(", ".join(filter(None, (days_in_words(meeting.days, course.language), time))))
        said = " ".join(filter(None, (when, inline(meeting.notes or ""))))
        cells = (plain(meeting_name(meeting, course.language)), said, plain(meeting.place or ""))
        rows.append((cells, course.origin.span("meetings", number)))
    page.table("nb-meetings", _heads(course, "Meeting", "Time", "Place"), rows)


def _exams(page: Page, course: Course, exams: tuple[Blueprint, ...]) -> None:
    if not exams and not course.exam_policy:
        return
    _heading(page, course, "Exams")
    if exams:
        rows = [
            (
                (
                    plain(exam.title),
                    plain(exam_day(exam, course.language)),
                    plain(exam_hours(exam)),
                    plain(exam.place or ""),
                ),
                exam.origin.span(),
            )
            for exam in exams
        ]
        page.table("nb-exams", _heads(course, "Exam", "Date", "Time", "Place"), rows)
    if course.exam_policy:
        page.markdown(course.exam_policy, course.origin.span("exam_policy"))


def _sheets(page: Page, course: Course, handouts: tuple[Handout, ...]) -> None:
    """Homework and practice sheets that are released."""
    if not handouts:
        return
    _heading(page, course, "Homework and practice")
    rows = []
    for handout in handouts:
        sheet = handout.blueprint
        due = plain(long_date(sheet.date, course.language)) if sheet.date else ""
        rows.append(
            (
                (plain(sheet.title), due, ", ".join(_links(handout, course.language))),
                sheet.origin.span(),
            )
        )
    page.table("nb-sheets", _heads(course, "Sheet", "Due", "Files"), rows)


def _links(handout: Handout, language: str) -> Iterator[str]:
    for file in handout.files:
        words = say(file.words, language)
        yield f'<a href="{html.escape(file.path)}">{html.escape(words)} (PDF)</a>'


def _grading(page: Page, course: Course) -> None:
    if not course.grading:
        return
    _heading(page, course, "Grading", course.origin.span("grading"))
    rows = []
    for number, part in enumerate(course.grading):
        bar = f'<span class="nb-bar" style="width: {part.weight:g}%"></span>'
        name = plain(part.what) + (f": {inline(part.notes)}" if part.notes else "")
        place = course.origin.span("grading", number)
        rows.append(((name, f"{plain(f'{part.weight:g}')}&nbsp;%", bar), place))
    page.table("nb-grading", _heads(course, "Part", "Weight", "Share"), rows, ":widths: 40 12 48")


def _prerequisites(page: Page, course: Course) -> None:
    asked = course.prerequisites
    if asked is None:
        return
    origin = course.origin
    _heading(page, course, "Prerequisites", origin.span("prerequisites"))
    if asked.intro:
        page.markdown(asked.intro, origin.span("prerequisites", "intro"))
    for key, items in (("required", asked.required), ("helpful", asked.helpful)):
        if not items:
            continue
        if key == "helpful":
            page.heading(3, say("Helpful, but not required", course.language))
        for number, item in enumerate(items):
            place = origin.span("prerequisites", key, number)
            lines = item.strip().split("\n")
            page.add(
                "\n".join([f"- {lines[0]}", *(f"  {line}".rstrip() for line in lines[1:])]), place
            )
        page.add()


def _textbooks(page: Page, course: Course) -> None:
    if not course.textbooks:
        return
    _heading(page, course, "Textbooks", course.origin.span("textbooks"))
    for number, book in enumerate(course.textbooks):
        page.add(f"- {_book(book)}", course.origin.span("textbooks", number))
    page.add()


def _book(book: Textbook) -> str:
    title = f"*{plain(book.title)}*"
    if book.url:
        title = f"[{title}]({_url(book.url)})"
    named = ", ".join(filter(None, (plain(book.authors or ""), title)))
    role = f" ({inline(book.role)})" if book.role else ""
    return f"{named}{role}.{f' {inline(book.notes)}' if book.notes else ''}"


def _schedule(
    page: Page,
    course: Course,
    blueprints: Iterable[Blueprint],
    handouts: tuple[Handout, ...],
    chapters: tuple[Chapter, ...],
) -> None:
    if not course.schedule:
        return
    _heading(page, course, "Schedule", course.origin.span("schedule"))
    exams = {exam.name: exam for exam in blueprints if exam.course == course.name}
    known = {chapter.name: docname(chapter) for chapter in chapters}
    sheets = {handout.blueprint.name: handout for handout in handouts}
    rows = [
        (
            (
                plain(short_date(row.date, course.language)),
                _topic(row, exams, course.language),
                _reading(row, known, sheets, course.language),
            ),
            course.origin.span("schedule", number),
        )
        for number, row in enumerate(course.schedule)
    ]
    page.table("nb-schedule", _heads(course, "Date", "Topic", "Notes"), rows, ":widths: 14 46 40")


def _topic(row: ScheduleRow, exams: dict[str, Blueprint], language: str) -> str:
    parts = []
    if row.topic:
        parts.append(inline(row.topic))
    if row.exam:
        exam = exams.get(row.exam)
        title = f"**{plain(exam.title if exam else row.exam)}**"
        if exam and exam.kind in SHEETS:
            title = say("{} is due", language, title)
        parts.append(", ".join(filter(None, (title, plain(exam_hours(exam)) if exam else ""))))
    if row.no_class:
        parts.append(f"*{plain(row.no_class)}*")
    if row.homework:
        parts.append(say("Homework: {}", language, inline(row.homework)))
    return "; ".join(parts)


def _reading(
    row: ScheduleRow, known: dict[str, str], sheets: dict[str, Handout], language: str
) -> str:
    links = [
        f"{{doc}}`/{known[name]}`" if name in known else f"{{ref}}`{name}`" for name in row.covers
    ]
    links += [_material(material.title, material.href) for material in row.materials]
    if row.exam in sheets:
        links += _links(sheets[row.exam], language)
    return ", ".join(links)


def _material(title: str, href: str | None) -> str:
    if href is None:
        return plain(title)
    if href.startswith(("https://", "http://", "mailto:")):
        return f"[{plain(title)}]({_url(href)})"
    return f"{{download}}`{title} </{href.lstrip('/')}>`"


def _text(page: Page, course: Course, key: str, text: str | None) -> None:
    if text:
        page.markdown(text, course.origin.span(key))


def _section(page: Page, course: Course, key: str, title: str, text: str | None) -> None:
    if text:
        _heading(page, course, title, course.origin.span(key))
        page.markdown(text, course.origin.span(key))


def _texts(page: Page, course: Course, key: str, sections: tuple[TextSection, ...]) -> None:
    for number, section in enumerate(sections):
        place: Span = course.origin.span(key, number)
        page.heading(2, section.title, place)
        page.markdown(section.text, place)


def _url(address: str) -> str:
    return f"<{address.replace('<', '%3C').replace('>', '%3E').replace(' ', '%20')}>"
