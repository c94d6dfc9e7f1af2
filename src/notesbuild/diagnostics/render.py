"""Diagnostics as text for people, JSON for programs, and annotations for GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from enum import StrEnum

from notesbuild.diagnostics.values import Diagnostic, Severity, Span

# Characters that a terminal would obey, or that turn the order of letters, are not shown.
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

SourceLine = Callable[[Span], str | None]


class Format(StrEnum):
    """The forms that ``check --format`` knows."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def render(
    diagnostics: Iterable[Diagnostic],
    form: Format = Format.TEXT,
    source_line: SourceLine = lambda span: None,
) -> str:
    """Every diagnostic in the asked form; ``source_line`` gives the author's own line."""
    items = tuple(diagnostics)
    if form is Format.JSON:
        return json.dumps([as_json(d) for d in items], indent=2, ensure_ascii=False)
    if form is Format.GITHUB:
        return "\n".join(_as_github(d) for d in items)
    return "\n".join(_as_text(d, source_line) for d in items)


def as_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The JSON object of one diagnostic (keys never change, new ones may come)."""
    span = diagnostic.span
    return {
        "code": diagnostic.code.slug,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "path": span.path if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "hint": diagnostic.hint or diagnostic.code.remedy,
        "notes": list(diagnostic.notes),
    }


def _as_text(diagnostic: Diagnostic, source_line: SourceLine) -> str:
    place = f"{diagnostic.span}: " if diagnostic.span else ""
    head = f"{place}{diagnostic.severity.value}[{diagnostic.code.slug}]: {diagnostic.message}"
    lines = [head]
    if diagnostic.span and diagnostic.span.line:
        text = source_line(diagnostic.span)
        if text is not None:
            lines += _excerpt(diagnostic.span, text)
    lines += [f"    {line}" for note in diagnostic.notes for line in note.splitlines()]
    lines.append(f"    hint: {diagnostic.hint or diagnostic.code.remedy}")
    return _COMMANDING.sub("\N{REPLACEMENT CHARACTER}", "\n".join(lines))


def _excerpt(span: Span, text: str) -> list[str]:
    """The author's line with a caret; a long line is cut around the column."""
    width = 88
    start = max(0, span.column - 1 - width // 2) if len(text) > width else 0
    shown = text[start : start + width].rstrip().replace("\t", " ")
    number = str(span.line)
    caret = " " * (max(span.column, 1) - 1 - start) + "^"
    return [f"    {number} | {shown}", f"    {' ' * len(number)} | {caret}"]


def _as_github(diagnostic: Diagnostic) -> str:
    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    fields = []
    if diagnostic.span:
        fields.append(f"file={_escape_property(diagnostic.span.path)}")
        if diagnostic.span.line:
            fields += [f"line={diagnostic.span.line}", f"col={max(diagnostic.span.column, 1)}"]
    fields.append(f"title={_escape_property(diagnostic.code.slug)}")
    parts = [diagnostic.message, *diagnostic.notes, diagnostic.hint or diagnostic.code.remedy]
    body = "\n".join(parts)
    body = body.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level[diagnostic.severity]} {','.join(fields)}::{body}"


def _escape_property(text: str) -> str:
    return (
        text.replace("%", "%25")
        .replace("\r", "%0D")
        .replace("\n", "%0A")
        .replace(":", "%3A")
        .replace(",", "%2C")
    )
