"""What TeX says of the notes, at the author's nearest label."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Span, error, warning
from notesbuild.notes.assemble import Assembled
from notesbuild.notes.home import docname
from notesbuild.source.labels import defined_labels
from notesbuild.tex.engine import TexRun, program_missing
from notesbuild.tex.log import MessageKind, TexMessage, in_plain_words

OVERFULL_LIMIT = 5.0
MAX_ERRORS = 10

_LABEL = re.compile(r"\\label\{(?:\\detokenize\{)?(?:equation:)?([^:{}]*):([^{}]*)\}")
_UNDEFINED = re.compile(r"Warning: (?:Hyper r|R)eference `([^']*)' on page \d+ undefined")
_MULTIPLE = re.compile(r"Warning: Label `([^']*)' multiply defined")
_CITATION = re.compile(r"Warning: Citation `([^']*)' on page \d+ undefined")
_ON_LINE = re.compile(r"on input line (\d+)")
_GLYPH = re.compile(r"^Missing character: There is no (\S+)", re.M)
_SHOWN = 90


@dataclass(frozen=True)
class Places:
    """The way from lines of the generated LaTeX back to the author's files."""

    lines: tuple[str, ...]
    starts: tuple[int, ...]
    spans: tuple[Span, ...]
    fallback: Span

    def span(self, line: int) -> Span:
        """The nearest label before a line, from 1."""
        index = bisect_right(self.starts, line) - 1
        return self.spans[index] if index >= 0 else self.fallback

    def words(self, line: int) -> str:
        """What stands on a line, shortened."""
        text = " ".join(self.lines[line - 1].split()) if 0 < line <= len(self.lines) else ""
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def places_of(tex: str, assembled: Assembled) -> Places:
    """Where each part of the LaTeX comes from."""
    chapters = {docname(chapter): chapter for chapter in assembled.chapters}
    known = {
        (name, label.name): label.span
        for name, chapter in chapters.items()
        for label in defined_labels(chapter)
    }
    known |= {
        (name, problem): span
        for (chapter, problem), span in assembled.problems.places
        for name, own in chapters.items()
        if own.name == chapter
    }
    lines = tuple(tex.split("\n"))
    starts: list[int] = []
    spans: list[Span] = []
    for number, line in enumerate(lines, start=1):
        for name, anchor in _LABEL.findall(line):
            if name in chapters:
                span = known.get((name, anchor))
                if span is None and anchor != ":doc":
                    continue
                starts.append(number)
                spans.append(span or Span(chapters[name].path, 1, 1))
    return Places(lines, tuple(starts), tuple(spans), assembled.course.origin.span())


def report(run: TexRun, engine: str, log: str, places: Places) -> tuple[Diagnostic, ...]:
    """Everything that a run found; without a PDF there is at least one error."""
    if run.missing_program:
        return (program_missing(run.missing_program),)
    if run.timed_out:
        message = f"{engine} did not come to an end"
        hint = "look for a macro that calls itself, in the formulas and raw LaTeX of the chapters"
        return (error(Code.TEX_TIMEOUT, message, places.fallback, hint, (run.last_words,)),)
    found = [_error(message, places) for message in run.errors[:MAX_ERRORS]]
    if run.pdf is None and not found:
        message = f"{engine} made no PDF"
        return (error(Code.PROGRAM_FAILED, message, places.fallback, notes=(run.last_words,)),)
    found += filter(None, (_overfull(message, places) for message in run.messages))
    if run.errors:
        return tuple(found)  # it was not repeated, so its references are not settled
    return (*found, *dict.fromkeys(_in_log(log, places)))


def _error(message: TexMessage, places: Places) -> Diagnostic:
    words, hint = in_plain_words(message.text)
    own = message.file.endswith(".tex") or not message.file
    span = places.span(message.line) if own else places.fallback
    notes = (f"TeX: {message.text}", f"near: {places.words(message.line)}")
    return error(Code.TEX_ERROR, f"{words} (after this place)", span, hint, notes)


def _overfull(message: TexMessage, places: Places) -> Diagnostic | None:
    if message.kind is not MessageKind.OVERFULL or message.excess <= OVERFULL_LIMIT:
        return None
    side = "high" if message.vertical else "wide"
    text = f"a box after this place is {message.excess:.0f} pt too {side}"
    notes = (f"near: {places.words(message.line)}",) if message.line else ()
    return warning(Code.TEX_OVERFULL, text, places.span(message.line), notes=notes)


def _in_log(log: str, places: Places) -> Iterator[Diagnostic]:
    for line in log.split("\n"):
        if "Warning: " not in line:
            continue
        where = _ON_LINE.search(line)
        span = places.span(int(where[1])) if where else places.fallback
        for pattern, code, words in (
            (_UNDEFINED, Code.UNKNOWN_REFERENCE, "in the PDF, a reference leads nowhere"),
            (_CITATION, Code.UNKNOWN_REFERENCE, "in the PDF, a citation leads nowhere"),
            (_MULTIPLE, Code.DUPLICATE_LABEL, "in the PDF, a label is there twice"),
        ):
            match = pattern.search(line)
            if match:
                yield error(code, f"{words}: {match[1]}", span)
    for glyph in sorted(set(_GLYPH.findall(log))):
        message = f"the PDF lacks the character {glyph}: its fonts do not have it"
        yield warning(Code.NOTES_WARNING, message, places.fallback)
