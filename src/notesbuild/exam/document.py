"""The LaTeX of one paper, with the way back from each of its lines to the author's."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from notesbuild.diagnostics import Span
from notesbuild.exam.body import View
from notesbuild.exam.render import Rendered
from notesbuild.model.course import Course
from notesbuild.model.dates import duration_words, hours, long_date, plural
from notesbuild.model.exam import Blueprint, ExamKind, LockedVersion
from notesbuild.model.problem import Kind
from notesbuild.render.environment import render_tex
from notesbuild.render.escape import Tex, escape_tex, pdf_string
from notesbuild.render.macros import read_macros, to_latex
from notesbuild.render.markdown import markdown_to_tex
from notesbuild.render.traced import Traced

COMPACT = (ExamKind.QUIZ, ExamKind.HOMEWORK, ExamKind.PRACTICE)
WITHOUT_NAMES = (ExamKind.HOMEWORK, ExamKind.PRACTICE)

_VIEW_LINES = {View.STUDENT: "", View.SOLUTIONS: "Solutions", View.RUBRIC: "Marking guide"}
_ROW_OF_GRADES = 13


@dataclass(frozen=True)
class Segment:
    """A stretch of a document that comes from an author; ``problem`` is None for other texts."""

    start: int
    end: int
    locate: Callable[[int], Span]
    problem: Rendered | None = None


@dataclass(frozen=True)
class Document:
    """A LaTeX document and its segments, in order."""

    text: str
    segments: tuple[Segment, ...]

    def offset(self, line: int, column: int = 1) -> int:
        """The position of a line and column, both from 1."""
        starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        start = starts[min(max(line, 1), len(starts)) - 1]
        end = self.text.find("\n", start)
        return min(start + column - 1, len(self.text) if end < 0 else end)

    def line(self, number: int) -> str:
        """The text of a line, from 1."""
        start = self.offset(number)
        return self.text[start:].split("\n", 1)[0]

    def segment(self, offset: int) -> Segment | None:
        """The author's stretch around a position."""
        index = bisect.bisect_right([s.start for s in self.segments], offset) - 1
        if index < 0 or offset > self.segments[index].end:
            return None
        return self.segments[index]


@dataclass(frozen=True)
class Question:
    """A question of a version: its number, its section (from 1), its problem."""

    number: int
    section: int
    points: int
    rendered: Rendered


@dataclass(frozen=True)
class Exam:
    """What all papers of an exam share."""

    blueprint: Blueprint
    course: Course | None
    macros: str
    macros_path: str
    paper: str
    several: bool


@dataclass
class _Writer:
    pieces: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def add_from(self, text: str, span: Span) -> None:
        """Text whose author's place is known as a whole."""
        start = self.length
        self.add(text)
        self.segments.append(Segment(start, self.length, lambda offset: span))

    def add_problem(self, rendered: Rendered, before: str, body: Traced, after: str) -> None:
        start = self.length
        self.add(before)
        inside = self.length
        self.add(body.text)
        self.add(after)

        def locate(offset: int) -> Span:
            return rendered.span(body.place(offset - inside))

        self.segments.append(Segment(start, self.length, locate, rendered))

    def document(self) -> Document:
        return Document("".join(self.pieces), tuple(self.segments))


def paper(
    exam: Exam, version: LockedVersion, questions: tuple[Question, ...], view: View
) -> Document:
    """The document of one version in one view."""
    writer = _Writer()
    _write_head(writer, exam, version, questions, view)
    _write_cover(writer, exam, version, questions, view)
    for number, section in enumerate(exam.blueprint.sections, start=1):
        own = [q for q in questions if q.section == number]
        if own:
            span = exam.blueprint.origin.span("sections", number - 1)
            points = plural(sum(q.points for q in own), "point")
            writer.add_from(
                f"\\nbsection{{{escape_tex(section.title)}}}{{{points}}}"
                f"{{{(section.instructions or '').strip()}}}\n",
                span,
            )
            writer.add(f"\\begin{{questions}}\\setcounter{{question}}{{{own[0].number - 1}}}\n")
            for question in own:
                _write_question(writer, question, view)
            writer.add("\\end{questions}\n")
    writer.add("\\nbcomplete\n\\end{document}\n")
    return writer.document()


def alone(exam: Exam, rendered: Rendered, view: View) -> Document:
    """A document of one problem, to find out what TeX says of it."""
    writer = _Writer()
    version = _NoVersion()
    question = Question(1, 1, rendered.problem.points, rendered)
    _write_head(writer, exam, version, (question,), view)
    writer.add("\\begin{questions}\n")
    _write_question(writer, question, view)
    writer.add("\\end{questions}\n\\nbcomplete\n\\end{document}\n")
    return writer.document()


class _NoVersion:
    version = ""


def _write_question(writer: _Writer, question: Question, view: View) -> None:
    body = question.rendered.view(view)
    # A group keeps a problem's own definitions to itself.
    boxes = "\\nbtruefalse" if _is_true_false(question) else ""
    before = f"\\begingroup{_graphics(question)}{boxes}\\nbquestion{{{question.points}}}%\n"
    writer.add_problem(question.rendered, before, body, "%\n\\nbendquestion\\endgroup\n")


def _is_true_false(question: Question) -> bool:
    """Such a question has boxes to tick, since letters would say nothing."""
    return question.rendered.problem.metadata.kind is Kind.TRUE_FALSE


def _graphics(question: Question) -> str:
    if not question.rendered.problem.assets:
        return ""
    return f"\\graphicspath{{{{{asset_folder(question.number)}/}}}}"


def asset_folder(number: int) -> str:
    """Where the pictures of a question stand for TeX; the name tells nothing of the problem."""
    return f"q{number}"


def _write_head(
    writer: _Writer,
    exam: Exam,
    version: LockedVersion | _NoVersion,
    questions: tuple[Question, ...],
    view: View,
) -> None:
    blueprint, course = exam.blueprint, exam.course
    subject = ", ".join(filter(None, (course.code, course.title))) if course else ""
    title = blueprint.title + _suffix(exam, version.version, view)
    running = ", ".join(filter(None, (course.code, course.title))) if course else ""
    tikz = any("tikz" in q.rendered.text.text for q in questions)
    before, after = render_tex(
        "head.tex.j2",
        paper=Tex(exam.paper),
        mode=Tex("student" if view is View.STUDENT else "answers"),
        tikz=tikz,
        title_string=Tex(pdf_string(title)),
        subject_string=Tex(pdf_string(subject)),
        macros=Tex(_HERE),
        running_course=running,
        running_title=blueprint.title,
        version_line=_version_line(exam, version.version, view),
    ).split(_HERE)
    writer.add(before)
    for macro in read_macros(exam.macros):
        writer.add_from(to_latex([macro]), Span(exam.macros_path, macro.line, macro.column))
    writer.add(after)


_HERE = "%%% here %%%"


def _suffix(exam: Exam, version: str, view: View) -> str:
    named = f", version {version}" if version and exam.several else ""
    return named + (f" ({_VIEW_LINES[view].lower()})" if _VIEW_LINES[view] else "")


def _version_line(exam: Exam, version: str, view: View) -> str:
    parts = [f"Version {version}" if version and exam.several else "", _VIEW_LINES[view]]
    return " · ".join(part for part in parts if part)


def _write_cover(
    writer: _Writer,
    exam: Exam,
    version: LockedVersion,
    questions: tuple[Question, ...],
    view: View,
) -> None:
    blueprint, course = exam.blueprint, exam.course
    answers = view is not View.STUDENT
    compact = answers or blueprint.kind in COMPACT
    policy = course.exam_policy if course and not answers else None
    if blueprint.kind in WITHOUT_NAMES:
        policy = None
    instructions = "" if answers else blueprint.instructions.strip()
    text = render_tex(
        "cover.tex.j2",
        institution=course.institution if course else None,
        course_title=course.title if course else None,
        course_line=" · ".join(filter(None, (course.code, course.term))) if course else "",
        title=blueprint.title,
        view_line=_VIEW_LINES[view],
        version=version.version if exam.several else "",
        facts=_facts(blueprint, questions),
        student=not answers and blueprint.kind not in WITHOUT_NAMES,
        compact=compact,
        instructions=Tex(_HERE) if instructions else "",
        policy=Tex(_HERE) if policy else "",
        policy_heading="Rules of this course",
        grade_rows=() if compact else grade_rows(questions),
    )
    between = text.split(_HERE)
    writer.add(between[0])
    if instructions:
        writer.add_from(instructions, blueprint.origin.span("instructions"))
        writer.add(between[1])
    if policy and course:
        writer.add_from(markdown_to_tex(policy), course.origin.span("exam_policy"))
        writer.add(between[-1])


@dataclass(frozen=True)
class GradeCell:
    """A column of the table of grades."""

    number: str
    points: str


@dataclass(frozen=True)
class GradeRow:
    """One table of grades: questions beyond twelve go on in a second one."""

    columns: Tex
    cells: tuple[GradeCell, ...]


def grade_rows(questions: Iterable[Question]) -> tuple[GradeRow, ...]:
    """The tables of grades, the last one with the total."""
    cells = [GradeCell(str(q.number), str(q.points)) for q in questions]
    total = sum(int(cell.points) for cell in cells)
    cells.append(GradeCell("Total", str(total)))
    rows = -(-len(cells) // _ROW_OF_GRADES)
    width = -(-len(cells) // rows)
    parts = [cells[start : start + width] for start in range(0, len(cells), width)]
    column = r">{\centering\arraybackslash}p{8.5mm}|"
    return tuple(GradeRow(Tex((column * len(part)).rstrip("|")), tuple(part)) for part in parts)


def _facts(blueprint: Blueprint, questions: Iterable[Question]) -> list[tuple[str, str]]:
    facts = []
    if blueprint.date is not None:
        facts.append(("Date", long_date(blueprint.date)))
    if blueprint.start is not None:
        end = blueprint.ends.time() if blueprint.ends is not None else None
        facts.append(("Time", hours(blueprint.start, end)))
    if blueprint.duration is not None:
        facts.append(("Duration", duration_words(blueprint.duration)))
    if blueprint.place:
        facts.append(("Place", blueprint.place))
    all_questions = tuple(questions)
    points = plural(sum(q.points for q in all_questions), "point")
    facts.append(("Questions", f"{len(all_questions)}, {points} in total"))
    return facts
