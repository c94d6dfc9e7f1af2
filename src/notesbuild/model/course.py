"""A course: everything that its manifest says."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from notesbuild.diagnostics import Span
from notesbuild.model.base import FileRecord, Record
from notesbuild.model.forms import PdfForm
from notesbuild.model.kinds import CounterEntry, KindEntry, check_kinds

Markdown = Annotated[str, Field(min_length=1)]


class Weekday(StrEnum):
    """Days as manifests write them."""

    MONDAY = "Mon"
    TUESDAY = "Tue"
    WEDNESDAY = "Wed"
    THURSDAY = "Thu"
    FRIDAY = "Fri"
    SATURDAY = "Sat"
    SUNDAY = "Sun"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        message = "not a time zone of the tz database, such as Asia/Seoul"
        raise ValueError(message) from fault
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]


class Follows(Record):
    """The public syllabus that an edition follows."""

    title: str
    """The title of that course."""
    instructor: str
    """Who taught it."""
    institution: str | None = None
    """Where."""
    url: str | None = None
    """The address of its page."""


class Person(Record):
    """A member of the staff."""

    name: str
    """The name."""
    native_name: str | None = None
    """The name in the person's own script, such as 이재호."""
    role: str
    """Instructor, teaching assistant and so on."""
    duties: str | None = None
    """What students turn to this person for."""
    office: str | None = None
    """Where to find the person."""
    office_hours: str | None = None
    """When to find the person there."""
    email: str | None = None
    """The address to write to."""


class Meeting(Record):
    """A weekly meeting, or a series of them."""

    what: str = "Lectures"
    """What kind of meeting it is."""
    days: tuple[Weekday, ...] = ()
    """Days of the week: `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat`, `Sun`."""
    start: datetime.time | None = None
    """When it begins, such as `"10:30"`."""
    end: datetime.time | None = None
    """When it ends."""
    place: str | None = None
    """Where it is."""
    notes: str | None = None
    """Anything else about it."""


class Announcement(Record):
    """A line at the head of the course page."""

    text: Markdown
    """What is announced."""
    date: datetime.date | None = None
    """The day of the announcement."""


class Material(Record):
    """A link in the schedule."""

    title: str
    """The text of the link."""
    href: str | None = None
    """Where the link leads; without one it is plain text."""


class ScheduleRow(Record):
    """One day of the schedule.

    ``covers`` names chapters, or labels of sections; ``no_class`` holds the reason.
    """

    date: datetime.date
    """The day."""
    topic: str | None = None
    """What the day is about."""
    covers: tuple[str, ...] = ()
    """Chapters, or labels of sections, that are taught on this day."""
    materials: tuple[Material, ...] = ()
    """Links to slides, recordings and so on."""
    homework: str | None = None
    """What is set or due on this day."""
    exam: str | None = None
    """The name of an exam of this course that is held on this day, or of a sheet that is due."""
    no_class: str | None = None
    """Why there is no class."""

    @model_validator(mode="after")
    def _says_something(self) -> ScheduleRow:
        if not (self.topic or self.covers or self.exam or self.no_class):
            raise ValueError("a row needs topic, covers, exam or no_class")
        return self


class GradeWeight(Record):
    """A component of the grade, in percent."""

    what: str
    """What is graded."""
    weight: float = Field(gt=0, le=100)
    """Its share in percent; all shares add up to 100."""
    notes: str | None = None
    """How it is graded."""


class Prerequisites(Record):
    """What students must know, and what helps."""

    intro: Markdown | None = None
    """A sentence before the lists."""
    required: tuple[Markdown, ...] = ()
    """What students must know."""
    helpful: tuple[Markdown, ...] = ()
    """What helps to know."""


class Textbook(Record):
    """A book or a set of notes."""

    title: str
    """The title."""
    authors: str | None = None
    """Who wrote it."""
    role: str | None = None
    """What the course uses it for."""
    url: str | None = None
    """Its address."""
    notes: str | None = None
    """Anything else about it."""


class TextSection(Record):
    """A titled piece of Markdown for whatever has no field of its own."""

    title: str
    """The heading."""
    text: Markdown
    """The text below it."""


class SolutionRelease(Record):
    """When the solutions of problems that chapters show appear in the notes.

    What is said of a chapter counts before the schedule, and the schedule before `release`;
    a directive may say otherwise. Where nothing is said, solutions are never shown.
    """

    release: datetime.date | None = None
    """The day from which on all solutions are there."""
    after: int | None = Field(default=None, ge=0, le=366)
    """How many days after the last lecture on a chapter its solutions are there."""
    chapters: dict[str, datetime.date] = Field(default_factory=dict)
    """The day for a chapter, by its name."""


def _has_letters(title: str) -> str:
    if not title.strip():
        raise ValueError("a part needs a title")
    return title


def _has_chapters(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError("a part needs at least one chapter")
    return names


class Part(Record):
    """A part of the notes: a title, and the chapters below it."""

    part: Annotated[str, AfterValidator(_has_letters)]
    """The title of the part, as plain text."""
    chapters: Annotated[tuple[str, ...], AfterValidator(_has_chapters)]
    """Its chapters, named as outside of a part."""


def _form_of_entry(entry: Any) -> str:
    # Brackets tell these words from keys of a file.
    return "[part]" if isinstance(entry, (dict, Part)) else "[name]"


ChapterEntry = Annotated[
    Annotated[str, Tag("[name]")] | Annotated[Part, Tag("[part]")], Discriminator(_form_of_entry)
]


class Pdf(Record):
    """How the notes are set on paper."""

    variants: tuple[PdfForm, ...] = ()
    """Further PDFs with the same numbers: `statements`, `no-proofs`, `large-print`."""
    page_references: bool = True
    """Whether references to far results, sections and figures say the page, too."""
    twoside: bool = False
    """Whether the pages are for both sides of the paper; chapters begin on the right."""


class Course(FileRecord):
    """``notes/courses/<course>.yaml``."""

    name: str = Field(default="", exclude=True)
    title: str = Field(min_length=1)
    """The title of the course."""
    subtitle: str | None = None
    """A line below the title."""
    code: str | None = None
    """The code in the catalogue."""
    institution: str | None = None
    """Where it is taught."""
    term: str | None = None
    """When it is taught, such as `Spring 2027`."""
    publisher: str | None = None
    """Who answers for the page, as its footer says; the staff if left out."""
    language: str = "en"
    """The language of site, notes and syllabus; `en`, `de`, `fr` and `ko` are complete."""
    timezone: TimeZone = "UTC"
    """The time zone of all hours, such as `Asia/Seoul`."""
    follows: Follows | None = None
    """The public syllabus that this edition follows; the page says that the two are independent."""
    site: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    """The address of the published site; PDFs of chapters then link to its pages there."""
    pdf: Pdf = Pdf()
    """How the notes are set on paper."""
    description: Markdown | None = None
    """What the course is about."""
    information: Markdown | None = None
    """Practical matters: where files are, how to hand in."""
    announcements: tuple[Announcement, ...] = ()
    """News at the head of the page."""
    staff: tuple[Person, ...] = ()
    """Everybody who teaches."""
    meetings: tuple[Meeting, ...] = ()
    """Lectures, exercise classes and their hours."""
    contents: tuple[ChapterEntry, ...] = Field(min_length=1, alias="chapters")
    """The chapters in order: paths below `notes/chapters`, without ending; or parts of them."""
    solutions: SolutionRelease = SolutionRelease()
    """When solutions of the problems in the notes appear."""
    schedule: tuple[ScheduleRow, ...] = ()
    """Days in their order."""
    grading: tuple[GradeWeight, ...] = ()
    """What counts how much."""
    exam_policy: Markdown | None = None
    """The rules for exams; they are printed on every paper, too."""
    policies: tuple[TextSection, ...] = ()
    """Further rules."""
    prerequisites: Prerequisites | None = None
    """What students should bring along."""
    textbooks: tuple[Textbook, ...] = ()
    """Books and other notes."""
    honour_code: Markdown | None = None
    """What students promise."""
    about: tuple[TextSection, ...] = ()
    """Further sections at the end of the page."""
    kinds: tuple[KindEntry, ...] = ()
    """Kinds of results besides the usual ones."""
    counters: dict[str, CounterEntry] = Field(default={})
    """Counters of results, by name; `results` is the one of all kinds that have no other."""

    @model_validator(mode="after")
    def _kinds_fit(self) -> Course:
        check_kinds(self.kinds, self.counters)
        return self

    @property
    def chapters(self) -> tuple[str, ...]:
        """The names of all chapters in their order, whatever part they are in."""
        return tuple(name for _, names in self.parts for name in names)

    @property
    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The chapters by parts; those that stand together outside of a part have no title."""
        found: list[tuple[str, tuple[str, ...]]] = []
        for entry in self.contents:
            if isinstance(entry, Part):
                found.append((entry.part, entry.chapters))
            elif found and not found[-1][0]:
                found[-1] = ("", (*found[-1][1], entry))
            else:
                found.append(("", (entry,)))
        return tuple(found)

    def chapter_spans(self) -> tuple[Span, ...]:
        """Where each of ``chapters`` is named."""
        return tuple(
            self.origin.span("chapters", number, *within)
            for number, entry in enumerate(self.contents)
            for within in (
                [("chapters", inner) for inner in range(len(entry.chapters))]
                if isinstance(entry, Part)
                else [()]
            )
        )
