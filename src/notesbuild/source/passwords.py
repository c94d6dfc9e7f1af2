"""Reading the passwords of students' copies: a CSV file with the columns id and password."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors, warning
from notesbuild.model.names import nearest
from notesbuild.source.csv_cells import Cell
from notesbuild.source.csv_file import read_rows

COLUMNS = ("id", "password")
LONGEST = 127
"""So many bytes a password may have (PDF 2.0, 7.6.4.3.2)."""
_ASCII = "readers of PDFs differ in how they take other letters"


def read_passwords(
    path: Path, shown: str, students: Iterable[str]
) -> Outcome[Mapping[str, str] | None]:
    """The password of each of the ``students`` by ID; ``shown`` is the file's name.

    None where a line is wrong, or a student has no password. A password of somebody who is no
    student of this exam gets a warning. No password is ever part of a message.
    """
    rows = read_rows(path, shown, Code.PASSWORDS_WRONG)
    if rows.value is None:
        return Outcome(None, rows.diagnostics)
    reader = _Reader(shown, dict.fromkeys(students))
    header = [cell.text.strip().casefold() for cell in rows.value[0]] if rows.value else []
    if sorted(filter(None, header)) != sorted(COLUMNS):
        message = "the first row does not name the columns id and password"
        wrong = error(Code.PASSWORDS_WRONG, message, Span(shown, 1, 1), "begin with: id,password")
        return Outcome(None, (wrong,))
    for row in rows.value[1:]:
        reader.read(row, header.index("id"), header.index("password"))
    found = (*reader.found, *reader.missing())
    return Outcome(None if has_errors(found) else reader.passwords, found)


@dataclass
class _Reader:
    """What has been read so far; ``students`` keeps their order."""

    shown: str
    students: Mapping[str, None]
    passwords: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)

    def read(self, row: list[Cell], at_id: int, at_password: int) -> None:
        """One row of the file."""
        beyond = [cell for n, cell in enumerate(row) if n not in (at_id, at_password)]
        if len(row) <= max(at_id, at_password) or any(cell.text.strip() for cell in beyond):
            hint = "put a password with commas or quotes in quotes"
            self._wrong("the row does not have two fields", row[0], hint)
            return
        cell, password = row[at_id], row[at_password].text
        identity = cell.text.strip()
        if identity in self.lines:
            self._wrong(f"{identity!r} is in line {self.lines[identity]} already", cell)
            return
        self.lines[identity] = cell.line
        if identity not in self.students:
            place = Span(self.shown, cell.line, cell.column)
            message = f"no student has the id {identity!r}"
            meant = nearest(identity, self.students)
            self.found.append(warning(Code.PASSWORDS_WRONG, message, place, meant))
        elif not password.strip():
            self._wrong(f"the password of {identity!r} is empty", row[at_password])
        elif not (password.isascii() and password.isprintable()):
            message = f"the password of {identity!r} has letters outside of ASCII"
            self._wrong(message, row[at_password], _ASCII)
        elif len(password) > LONGEST:
            message = f"the password of {identity!r} is longer than {LONGEST} characters"
            self._wrong(message, row[at_password])
        else:
            self.passwords[identity] = password

    def missing(self) -> Iterator[Diagnostic]:
        """Students without a line of their own."""
        for student in self.students:
            if student not in self.lines:
                message = f"student {student!r} has no password"
                yield error(Code.PASSWORDS_WRONG, message, Span(self.shown))

    def _wrong(self, message: str, cell: Cell, hint: str | None = None) -> None:
        place = Span(self.shown, cell.line, cell.column)
        self.found.append(error(Code.PASSWORDS_WRONG, message, place, hint))
