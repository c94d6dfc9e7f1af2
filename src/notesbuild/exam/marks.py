"""marks.csv: the table to fill in, a row for each student and a column for each part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notesbuild.exam.body import part_letter
from notesbuild.exam.paper import Copy, Question
from notesbuild.exam.personal import Sitting
from notesbuild.run.table import csv_safe

FILE = "marks.csv"
STUDENT = ("id", "name", "section", "seat", "version")


@dataclass(frozen=True)
class Column:
    """A question, or one of its parts (``label``: ``2`` or ``2a``), and its points.

    ``least`` and ``most`` differ where versions give different points in this place.
    """

    label: str
    least: int
    most: int

    @property
    def heading(self) -> str:
        """``2a (6)``, or ``2a (4–6)`` where it depends on the version."""
        points = str(self.most) if self.least == self.most else f"{self.least}–{self.most}"
        return f"{self.label} ({points})"


def columns(copies: Iterable[Copy]) -> tuple[Column, ...]:
    """The columns that hold for all copies, the total last.

    A question has a column for each part where its parts are the same in all copies, and
    otherwise one for the whole.
    """
    everything = tuple(copies)
    slots: dict[int, list[Question]] = {}
    for copy in everything:
        for question in copy.questions:
            slots.setdefault(question.number, []).append(question)
    found = [column for number in sorted(slots) for column in _of_slot(number, slots[number])]
    totals = [sum(question.points for question in copy.questions) for copy in everything]
    return (*found, Column("total", min(totals, default=0), max(totals, default=0)))


def _of_slot(number: int, questions: Sequence[Question]) -> list[Column]:
    # Personal copies share their questions; each is looked at once.
    distinct = list({(id(q.rendered), q.points): q for q in questions}.values())
    parts = [part_points(question) for question in distinct]
    if len({len(points) for points in parts}) > 1 or not parts[0]:
        points = [question.points for question in distinct]
        return [Column(str(number), min(points), max(points))]
    return [
        Column(f"{number}{part_letter(place)}", min(points), max(points))
        for place, points in enumerate(zip(*parts, strict=True))
    ]


def part_points(question: Question) -> tuple[int, ...]:
    """The points of each part; empty where the question is marked as a whole."""
    body = question.rendered.body
    points = tuple(part.points or 0 for part in body.parts) if body.has_parts else ()
    return points if sum(points) == question.points and all(points) else ()


def marks_csv(copies: Iterable[Copy], sitting: Sitting) -> bytes:
    """The file, with students in the order of the roster.

    It is UTF-8 with a byte order mark, without which spreadsheets take names for something
    else. Text that a spreadsheet would take for a formula gets an apostrophe. The column
    ``email`` is there if anybody has an address.
    """
    seated = {seated.student.id: seated for seated in sitting.seated}
    rows = [seated[identity] for identity in sitting.ids]
    addresses = any(row.student.email for row in rows)
    empty = columns(copies)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    known = (*STUDENT, "email") if addresses else STUDENT
    writer.writerow((*known, *(column.heading for column in empty)))
    for row in rows:
        student = row.student
        told = [student.id, student.name, student.section, student.seat, row.version]
        told += [student.email] if addresses else []
        writer.writerow((*(csv_safe(text or "") for text in told), *("" for _ in empty)))
    return stream.getvalue().encode("utf-8-sig")
