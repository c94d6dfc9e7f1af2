"""The covers of papers, and the words around their pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from notesbuild.exam.blocks import BlockText
from notesbuild.exam.body import View
from notesbuild.exam.document import Writer
from notesbuild.exam.paper import COMPACT, VIEW_LINES, Exam, Question, piece
from notesbuild.exam.sheet import LARGE, Sheet
from notesbuild.model.dates import duration_words, hours, long_date, plural
from notesbuild.pdf.units import POINTS_PER_PT
from notesbuild.render.escape import Tex
from notesbuild.render.markdown import markdown_to_tex

_HERE = "%%% here %%%"
_COLUMNS = 13


@dataclass(frozen=True, order=True)
class Allowance:
    """What a student is granted: minutes on top of the duration, larger type."""

    minutes: int = 0
    large: bool = False


NOTHING = Allowance()


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


def has_own_page(exam: Exam, view: View) -> bool:
    """Whether the cover fills the first page."""
    return exam.blueprint.kind not in COMPACT and view is not View.RUBRIC


def cover_text(
    exam: Exam,
    version: str,
    questions: tuple[Question, ...],
    view: View,
    sheet: Sheet,
    *,
    seats: bool = False,
    allowance: Allowance = NOTHING,
) -> BlockText:
    """The cover; it fills its page where the exam is one to be sat."""
    blueprint, course = exam.blueprint, exam.course
    student = view is View.STUDENT
    own_page = has_own_page(exam, view)
    policy = course.exam_policy if course and student and not exam.is_sheet else None
    instructions = blueprint.instructions.strip() if student else ""
    height = f"{sheet.text_height / POINTS_PER_PT:.4f}pt" if own_page else ""
    text = exam.render(
        "cover.tex.j2",
        height=Tex(height),
        institution=course.institution if course else None,
        course_title=course.title if course else None,
        course_line=" · ".join(filter(None, (course.code, course.term))) if course else "",
        title=blueprint.title,
        view_line=VIEW_LINES[view],
        version=version if exam.several else "",
        facts=facts_of(exam, questions, allowance),
        fields=student and not exam.is_sheet,
        seats=seats,
        # In large print there is no room for everything.
        signature=own_page and student and sheet.scale < LARGE,
        instructions=Tex(_HERE) if instructions else "",
        policy=Tex(_HERE) if policy else "",
        policy_heading="Rules of this course",
        grade_rows=grade_rows(questions, sheet) if own_page else (),
        cell_space=Tex("3pt" if sheet.scale < LARGE else "1.6pt"),
        cell_size=Tex("" if sheet.scale < LARGE else r"\footnotesize"),
    )
    between = text.split(_HERE)
    writer = Writer()
    writer.add(between[0])
    if instructions:
        writer.add_from(instructions, blueprint.origin.span("instructions"))
        writer.add(between[1])
    if policy and course:
        rules = exam.recalled("policy", policy, partial(markdown_to_tex, policy))
        writer.add_from(rules, course.origin.span("exam_policy"))
        writer.add(between[-1])
    return piece(exam, writer, sheet, "the cover")


def grade_rows(questions: Iterable[Question], sheet: Sheet) -> tuple[GradeRow, ...]:
    """The tables of grades, the last one with the total."""
    cells = [GradeCell(str(q.number), str(q.points)) for q in questions]
    total = sum(int(cell.points) for cell in cells)
    cells.append(GradeCell("Total", str(total)))
    rows = -(-len(cells) // _COLUMNS)
    width = -(-len(cells) // rows)
    parts = [cells[start : start + width] for start in range(0, len(cells), width)]
    cell = "8.5mm" if sheet.scale < LARGE else "6.4mm"
    column = rf">{{\centering\arraybackslash}}p{{{cell}}}|"
    return tuple(GradeRow(Tex((column * len(part)).rstrip("|")), tuple(part)) for part in parts)


def facts_of(
    exam: Exam, questions: Iterable[Question], allowance: Allowance
) -> list[tuple[str, str]]:
    """What a cover tells of the exam: names and values."""
    blueprint = exam.blueprint
    facts = []
    if blueprint.date is not None:
        facts.append(("Due" if exam.is_sheet else "Date", long_date(blueprint.date)))
    if blueprint.start is not None:
        end = blueprint.ends_after(allowance.minutes)
        facts.append(("Time", hours(blueprint.start, end.time() if end is not None else None)))
    if blueprint.duration is not None:
        extra = f", {allowance.minutes} minutes of them extra time" if allowance.minutes else ""
        facts.append(("Duration", duration_words(blueprint.duration + allowance.minutes) + extra))
    if blueprint.place:
        facts.append(("Place", blueprint.place))
    all_questions = tuple(questions)
    points = plural(sum(q.points for q in all_questions), "point")
    facts.append(("Questions", f"{len(all_questions)}, {points} in total"))
    return facts
