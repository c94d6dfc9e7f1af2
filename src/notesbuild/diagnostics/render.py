"""Diagnostics as text for people, JSON for programs, and annotations for GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from notesbuild.diagnostics.values import Diagnostic, Severity, Span

# Characters that a terminal would obey, or that turn the order of letters, are not shown.
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# So many alike in one file are still told one by one, each with the line that it is about.
_MANY = 3

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
    return "\n".join(_as_texts(items, source_line))


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


def _as_texts(items: Sequence[Diagnostic], source_line: SourceLine) -> Iterator[str]:
    """Each in its turn; where a file has many alike, all of them at the first, a line for each."""
    groups: dict[object, list[Diagnostic]] = {}
    for item in items:
        groups.setdefault(_alike(item) or id(item), []).append(item)
    for group in groups.values():
        if len(group) > _MANY:
            heads = [_shown(_head(one)) for one in group]
            yield "\n".join([*heads, _hint(group[0])])
        else:
            yield from (_as_text(one, source_line) for one in group)


def _alike(diagnostic: Diagnostic) -> object:
    """What diagnostics have in common that are told as one; None for errors: each stands alone."""
    if diagnostic.severity is Severity.ERROR or not diagnostic.span or diagnostic.notes:
        return None
    return diagnostic.span.path, diagnostic.code, diagnostic.severity, _hint(diagnostic)


def _head(diagnostic: Diagnostic) -> str:
    place = f"{diagnostic.span}: " if diagnostic.span else ""
    return f"{place}{diagnostic.severity.value}[{diagnostic.code.slug}]: {diagnostic.message}"


def _hint(diagnostic: Diagnostic) -> str:
    return f"    hint: {diagnostic.hint or diagnostic.code.remedy}"


def _shown(text: str) -> str:
    return _COMMANDING.sub("\N{REPLACEMENT CHARACTER}", text)


def _as_text(diagnostic: Diagnostic, source_line: SourceLine) -> str:
    lines = [_head(diagnostic)]
    if diagnostic.span and diagnostic.span.line:
        text = source_line(diagnostic.span)
        if text is not None:
            lines += _excerpt(diagnostic.span, text)
    lines += [f"    {line}" for note in diagnostic.notes for line in note.splitlines()]
    lines.append(_hint(diagnostic))
    return _shown("\n".join(lines))


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
