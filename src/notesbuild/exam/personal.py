"""Copies for individual students: who gets what, and what is written on every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error
from notesbuild.exam.canvas import Canvas, Fragment
from notesbuild.exam.cover import Allowance
from notesbuild.exam.names import Label, LabelBox, LabelSheets, set_labels
from notesbuild.exam.seating import assign_versions, seat_order
from notesbuild.exam.sheet import Sheet
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.roster import Roster, Student
from notesbuild.pdf.stock import StockItem

FOOT_SCALE = 0.82
COVER_SCALE = 1.1
_SPACE = 8.0


@dataclass(frozen=True)
class Seated:
    """A student with a version and what is granted."""

    student: Student
    version: str
    allowance: Allowance


@dataclass(frozen=True)
class Sitting:
    """Everybody who sits the exam, in the order of seats, and their names as TeX set them.

    ``labels`` holds name, ID and seat of each student, by the student's ID; ``ids`` are in the
    order of the roster.
    """

    seated: tuple[Seated, ...]
    sheets: LabelSheets
    labels: Mapping[str, tuple[LabelBox, LabelBox, LabelBox | None]]
    ids: tuple[str, ...]

    @property
    def seats(self) -> bool:
        """Whether anybody has a seat."""
        return any(seated.student.seat for seated in self.seated)

    def allowances(self, *, large: bool) -> dict[str, frozenset[Allowance]]:
        """By version, the covers that are needed in one size of type."""
        found: dict[str, set[Allowance]] = {}
        for seated in self.seated:
            if seated.allowance.large is large:
                found.setdefault(seated.version, set()).add(seated.allowance)
        return {version: frozenset(granted) for version, granted in found.items()}


def seat(
    roster: Roster, blueprint: Blueprint, lock: Lock, timeout: float
) -> Outcome[Sitting | None]:
    """Give everybody a version, and set their names."""
    versions = tuple(version.version for version in lock.versions)
    found: list[Diagnostic] = []
    if blueprint.versions == "per-student":
        given = {student.id: student.id for student in roster.students}
        undrawn = tuple(_undrawn(roster, frozenset(versions), blueprint))
        if undrawn:
            return Outcome(None, undrawn)
    else:
        assigned = assign_versions(roster, versions, lock.seed)
        found += assigned.diagnostics
        if assigned.value is None:
            return Outcome(None, tuple(found))
        given = dict(assigned.value)
    students = seat_order(roster.students)
    rows = {student.id: row for row, student in enumerate(roster.students)}
    wanted = [label for s in students for label in _labels(s, roster, rows[s.id])]
    sheets = set_labels(wanted, timeout=timeout)
    if sheets.value is None:
        return Outcome(None, (*found, *sheets.diagnostics))
    boxes = iter(sheets.value.boxes)
    labels = {s.id: (next(boxes), next(boxes), next(boxes) if s.seat else None) for s in students}
    seated = tuple(Seated(s, given[s.id], _allowance(s, blueprint)) for s in students)
    ids = tuple(student.id for student in roster.students)
    return Outcome(Sitting(seated, sheets.value, labels, ids), tuple(found))


def _undrawn(roster: Roster, drawn: frozenset[str], blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Students for whom nothing has been drawn."""
    for student, place in zip(roster.students, roster.spans(), strict=True):
        if student.id not in drawn:
            message = f"the lock of {blueprint.exam} has no version for {student.id!r}"
            hint = f"run `notesbuild exam draw {blueprint.exam} --roster {roster.origin.path}`"
            yield error(Code.ROSTER_WRONG, message, place, hint)


def _labels(student: Student, roster: Roster, row: int) -> Iterator[Label]:
    for key in ("name", "id", "seat"):
        text = getattr(student, key)
        if text:
            yield Label(text, student.id, roster.origin.span("students", row, key))


def _allowance(student: Student, blueprint: Blueprint) -> Allowance:
    minutes = student.extra_minutes(blueprint.duration) or 0
    return Allowance(minutes, student.large_print)


def label_items(sitting: Sitting) -> tuple[tuple[StockItem, ...], dict[LabelBox, str]]:
    """The pages of labels for the stock, and the form of every label."""
    used: dict[int, set[int]] = {}
    forms: dict[LabelBox, str] = {}
    for box in sitting.sheets.boxes:
        used.setdefault(box.sheet, set()).add(box.page)
        forms[box] = f"N{box.sheet}p{box.page}"
    items = []
    for number, pages in sorted(used.items()):
        names = tuple(f"N{number}p{page}" for page in range(max(pages) + 1))
        items.append(StockItem(sitting.sheets.sheets[number], names, ((),) * len(names)))
    return tuple(items), forms


@dataclass(frozen=True)
class Anchors:
    """Where a cover has room for a name, an ID and a seat, from the upper left of the text."""

    places: Mapping[str, tuple[float, float]]


def on_cover(
    sitting: Sitting,
    student: Student,
    sheet: Sheet,
    anchors: Anchors,
    forms: Mapping[LabelBox, str],
) -> Fragment:
    """Name, ID and seat in their fields; a long name is made to fit."""
    canvas = Canvas(sheet, {})
    widths = (
        {"name": 0.47, "id": 0.22, "seat": 0.11} if sitting.seats else {"name": 0.56, "id": 0.3}
    )
    for key, box in zip(("name", "id", "seat"), sitting.labels[student.id], strict=True):
        place = anchors.places.get(key)
        if box is not None and place is not None:
            room = widths.get(key, 0.1) * sheet.text_width
            scale = min(COVER_SCALE, room / box.width if box.width else COVER_SCALE)
            canvas.label(forms[box], box, place[0], place[1], scale)
    return canvas.fragment()


def on_foot(
    sitting: Sitting, student: Student, sheet: Sheet, forms: Mapping[LabelBox, str]
) -> Fragment:
    """Name and ID in the middle of the foot."""
    canvas = Canvas(sheet, {})
    name, identity, _ = sitting.labels[student.id]
    same = student.name == student.id
    boxes: Sequence[LabelBox] = (name,) if same else (name, identity)
    width = sum(box.width for box in boxes) + _SPACE * (len(boxes) - 1)
    scale = min(FOOT_SCALE, 0.5 * sheet.text_width / width if width else FOOT_SCALE)
    x = (sheet.text_width - width * scale) / 2
    for box in boxes:
        canvas.label(forms[box], box, x, sheet.text_height + sheet.foot, scale)
        x += (box.width + _SPACE) * scale
    return canvas.fragment()
