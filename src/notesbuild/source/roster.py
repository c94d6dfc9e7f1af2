"""Reading a roster: every mistake in the file is found at once, with its line and column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from notesbuild.diagnostics import Code, Diagnostic, Origin, Outcome, Span, error
from notesbuild.diagnostics.values import Location
from notesbuild.model.names import nearest
from notesbuild.model.roster import Roster, Student, seat_from
from notesbuild.source.csv_cells import Cell
from notesbuild.source.csv_file import read_rows

MAX_STUDENTS = 50_000
COLUMNS = tuple(Student.model_fields)
REQUIRED = ("id", "name")

_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})
_SWITCHES = ("large_print", "html")
_JOINERS = "\u200c\u200d"  # Persian and Indic names need them
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Names that Windows does not allow for files.
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{w}{n}" for w in ("com", "lpt") for n in range(1, 10)}
_ID_WORDS = "an ID has 1 to 64 letters a to z, digits, hyphens, dots and underscores"


def read_roster(path: Path, shown: str) -> Outcome[Roster | None]:
    """The students of a CSV file; ``shown`` is its name in diagnostics.

    The file may stand anywhere, since the user has named it. It is UTF-8, its cells apart by
    commas, semicolons or tabs, its first row names the columns.
    """
    rows = read_rows(path, shown, Code.ROSTER_WRONG)
    if rows.value is None:
        return Outcome(None, rows.diagnostics)
    filled = rows.value
    reader = _Reader(shown)
    if not filled:
        return Outcome(None, (reader.no_columns(Span(shown, 1, 1)),))
    if reader.read_header(filled[0]):
        reader.read_rows(filled[1:])
    if reader.found:
        return Outcome(None, tuple(reader.found))
    origin = Origin(shown, tuple(reader.places))
    return Outcome(Roster(origin=origin, students=tuple(reader.students)))


@dataclass
class _Reader:
    """What has been read of a file so far."""

    shown: str
    columns: list[str] = field(default_factory=list)
    students: list[Student] = field(default_factory=list)
    places: list[tuple[Location, tuple[int, int]]] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    ids: dict[str, tuple[str, int]] = field(default_factory=dict)
    seats: dict[object, tuple[str, int]] = field(default_factory=dict)

    def wrong(self, message: str, cell: Cell, hint: str | None = None) -> None:
        """Note a mistake at a cell."""
        place = Span(self.shown, cell.line, cell.column)
        self.found.append(error(Code.ROSTER_WRONG, message, place, hint))

    def no_columns(self, place: Span) -> Diagnostic:
        """What to say of a file whose first row is no header."""
        message = "the first row does not name the columns"
        hint = f"begin with a row such as id,name,seat; columns are: {', '.join(COLUMNS)}"
        return error(Code.ROSTER_WRONG, message, place, hint)

    def read_header(self, row: list[Cell]) -> bool:
        """Read the names of the columns; False where the rows below cannot be understood."""
        self.columns = [cell.text.strip().casefold() for cell in row]
        if not set(self.columns) & set(COLUMNS):
            self.found.append(self.no_columns(Span(self.shown, row[0].line, row[0].column)))
            return False
        for at, (name, cell) in enumerate(zip(self.columns, row, strict=True)):
            if name and name not in COLUMNS:
                self.wrong(f"unknown column {name!r}", cell, nearest(name, COLUMNS))
            elif name and name in self.columns[:at]:
                self.wrong(f"the column {name!r} is there twice", cell)
        for name in REQUIRED:
            if name not in self.columns:
                self.wrong(f"there is no column {name!r}", row[0])
        return set(REQUIRED) <= set(self.columns)

    def read_rows(self, rows: list[list[Cell]]) -> None:
        """Read the students."""
        if not rows:
            message = "the roster has no students, only the names of columns"
            self.found.append(error(Code.ROSTER_WRONG, message, Span(self.shown, 1, 1)))
        if len(rows) > MAX_STUDENTS:
            self.wrong(f"the roster has more than {MAX_STUDENTS} students", rows[MAX_STUDENTS][0])
        for row in rows[:MAX_STUDENTS]:
            cells = self._cells(row)
            if cells is not None:
                self._read_student(cells)

    def _cells(self, row: list[Cell]) -> dict[str, Cell] | None:
        expected = len(self.columns)
        beyond = [cell for cell in row[expected:] if cell.text.strip()]
        if beyond or len(row) < _needed(self.columns):
            message = f"the row has {len(row)} fields, the header {expected}"
            few = "a cell that is empty has its comma, too"
            hint = "put a text with commas in quotes" if beyond else few
            self.wrong(message, beyond[0] if beyond else row[0], hint)
            return None
        cells = {}
        for name, cell in zip(self.columns, row, strict=False):
            if not name and cell.text.strip():
                self.wrong(f"{cell.text.strip()!r} stands in a column without a name", cell)
            elif name in COLUMNS and (name in REQUIRED or cell.text.strip()):
                cells[name] = cell
        return cells

    def _read_student(self, cells: dict[str, Cell]) -> None:
        before = len(self.found)
        values: dict[str, Any] = {}
        told = set()
        for name, cell in cells.items():
            count = len(self.found)
            values[name] = self._value(name, cell)
            if len(self.found) > count:
                told.add(name)
        self._look_at_id(str(values["id"]), cells["id"])
        if "seat" in cells:
            self._look_at_seat(values, cells["seat"])
        try:
            student = Student(**values)
        except ValidationError as fault:
            for problem in fault.errors():
                name = str(problem["loc"][0])
                if name not in told and values[name]:
                    self.wrong(_in_words(name, str(values[name]), problem), cells[name])
        if len(self.found) > before:
            return
        number = len(self.students)
        self.students.append(student)
        for name, cell in cells.items():
            self.places.append((("students", number, name), (cell.line, cell.column)))

    def _value(self, name: str, cell: Cell) -> Any:
        for index, character in enumerate(cell.text):
            if unicodedata.category(character) in _UNSEEN and character not in _JOINERS:
                line, column = cell.place_of(index)
                at = Cell(character, line, column)
                label = unicodedata.name(character, "a control or unassigned character")
                self.wrong(f"the {name} holds U+{ord(character):04X} ({label})", at, "remove it")
        text = " ".join(unicodedata.normalize("NFC", cell.text).split())
        if name == "name" and not text:
            self.wrong("the name is empty", cell)
        if name not in _SWITCHES:
            return text
        if text.casefold() not in _YES | _NO:
            self.wrong(f"{name} is {text!r}, neither yes nor no", cell, "write yes or no")
        return text.casefold() in _YES

    def _look_at_id(self, text: str, cell: Cell) -> None:
        if not text:
            self.wrong("the id is empty", cell)
            return
        if text.casefold() in _RESERVED:
            self.wrong(f"the id {text!r} cannot be the name of a file on every system", cell)
        other = self.ids.setdefault(text.casefold(), (text, cell.line))
        if other[1] != cell.line:
            same = "" if other[0] == text else f", written {other[0]!r}"
            hint = "IDs that differ only in capital letters would share their files"
            message = f"the id {text!r} is in line {other[1]} already{same}"
            self.wrong(message, cell, hint if same else None)

    def _look_at_seat(self, values: dict[str, Any], cell: Cell) -> None:
        seat = values["seat"]
        # Two sections may sit in two rooms.
        key = (values.get("section"), seat_from(seat) or seat.casefold())
        other = self.seats.setdefault(key, (str(values["id"]), cell.line))
        if other[1] != cell.line:
            self.wrong(f"the seat {seat!r} is taken by {other[0]!r} (line {other[1]})", cell)


def _needed(columns: list[str]) -> int:
    """How many fields a row has at least: empty columns at the end may be missing."""
    return max(at for at, name in enumerate(columns, start=1) if name)


def _in_words(name: str, text: str, problem: Any) -> str:
    if name == "id":
        unfit = next(_unfit(text), None)
        what = f"the character {unfit!r}" if unfit else "its length, or the sign at one of its ends"
        return f"{text!r} is not usable as an id because of {what}; {_ID_WORDS}"
    if name == "extra_time":
        return f"extra_time is {text!r}, but it is written in minutes, or like 1h30 or 25%"
    if problem["type"] == "string_too_long":
        return f"the {name} is longer than {problem['ctx']['max_length']} characters"
    if name == "email":
        return f"{text!r} is no e-mail address"
    return f"{text!r} is not usable as a {name}"


def _unfit(text: str) -> Iterator[str]:
    return (
        letter
        for letter in text
        if not (letter.isascii() and (letter.isalnum() or letter in "._-"))
    )
