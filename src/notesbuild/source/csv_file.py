"""Reading a CSV file that a user names: its rows, or what keeps it from being read."""

from __future__ import annotations

from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.source.csv_cells import Cell, CsvFault, delimiter_of, read_cells
from notesbuild.source.files import Files

MAX_BYTES = 20 * 1024 * 1024
_AS_UTF8 = "save it as UTF-8 (in Excel: Save As, type “CSV UTF-8”)"


def read_rows(path: Path, shown: str, code: Code) -> Outcome[list[list[Cell]] | None]:
    """The rows that hold anything, with the place of each cell; ``shown`` is the file's name.

    The file may stand anywhere, since the user has named it. It is UTF-8, its cells apart by
    commas, semicolons or tabs. ``code`` is that of an error in its syntax.
    """
    text = _text(path, shown)
    if text.value is None:
        return Outcome(None, text.diagnostics)
    try:
        rows = read_cells(text.value, delimiter_of(text.value))
    except CsvFault as fault:
        place = Span(shown, fault.line, fault.column)
        return Outcome(None, (error(code, f"{fault} ({shown})", place),))
    return Outcome([row for row in rows if any(cell.text.strip() for cell in row)])


def _text(path: Path, shown: str) -> Outcome[str | None]:
    place = Span(shown)
    try:
        real = path.resolve()
    except (OSError, RuntimeError, ValueError):  # links that lead to each other, zero bytes
        return Outcome(None, (error(Code.FILE_MISSING, f"{shown} is not there", place),))
    content = Files(real.parent).content(real.name, MAX_BYTES, place)
    if content.value is None:
        return Outcome(None, content.diagnostics)
    if content.value.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "the file is UTF-16, not UTF-8"
        return Outcome(None, (error(Code.NOT_UTF8, message, Span(shown, 1, 1), _AS_UTF8),))
    try:
        text = content.value.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return Outcome(None, (_not_utf8(content.value, fault, shown),))
    return Outcome(text.replace("\r\n", "\n").replace("\r", "\n"))


def _not_utf8(content: bytes, fault: UnicodeDecodeError, shown: str) -> Diagnostic:
    before = content[: fault.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + 1
    column = len(before) - before.rfind(b"\n")
    message = f"the byte 0x{content[fault.start]:02x} in line {line} is not UTF-8"
    return error(Code.NOT_UTF8, message, Span(shown, line, column), _AS_UTF8)
