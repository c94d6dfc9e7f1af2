"""CSV with positions: every cell knows its line and column."""

from __future__ import annotations

from dataclasses import dataclass

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Cell:
    """The text of a cell, and where it begins; line and column count from 1."""

    text: str
    line: int
    column: int
    quoted: bool = False

    def place_of(self, index: int) -> tuple[int, int]:
        """Line and column of a character of the text."""
        before = self.text[:index]
        breaks = before.count("\n")
        if breaks:
            return self.line + breaks, index - before.rfind("\n")
        # Quotes are doubled in the file.
        shift = 1 + before.count('"') if self.quoted else 0
        return self.line, self.column + index + shift


class CsvFault(ValueError):
    """Text that is no CSV."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def delimiter_of(text: str) -> str:
    """The delimiter that the first line with any text has most often; a comma without any."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    plain = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=lambda sign: (plain.count(sign), -DELIMITERS.index(sign)))


def read_cells(text: str, delimiter: str) -> list[list[Cell]]:
    """The rows of a text whose lines end with ``\\n``; blank lines are rows of one empty cell.

    Raises:
        CsvFault: a quote that is not closed, or text behind a closing quote.
    """
    rows: list[list[Cell]] = [[]]
    position, line, start = 0, 1, 0
    while True:
        column = position - start + 1
        if text.startswith('"', position):
            value, end = _quoted(text, position, line, column)
        else:
            end = _next(text, position, delimiter)
            value = text[position:end]
        quoted = text.startswith('"', position)
        rows[-1].append(Cell(value, line, column, quoted))
        breaks = text.count("\n", position, end)
        if breaks:
            line += breaks
            start = text.rfind("\n", position, end) + 1
        if end == len(text):
            return rows
        if text[end] == "\n":
            line, start = line + 1, end + 1
            if start == len(text):
                return rows
            rows.append([])
        elif text[end] != delimiter:
            raise CsvFault("text behind a closing quote", line, end - start + 1)
        position = end + 1


def _quoted(text: str, position: int, line: int, column: int) -> tuple[str, int]:
    """The text between quotes, and the position behind the closing one."""
    at = position + 1
    while True:
        end = text.find('"', at)
        if end < 0:
            raise CsvFault("a quote that is not closed", line, column)
        if not text.startswith('"', end + 1):
            return text[position + 1 : end].replace('""', '"'), end + 1
        at = end + 2


def _next(text: str, position: int, delimiter: str) -> int:
    ends = (text.find(delimiter, position), text.find("\n", position))
    return min((end for end in ends if end >= 0), default=len(text))
