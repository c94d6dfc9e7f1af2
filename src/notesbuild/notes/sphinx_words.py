"""What Sphinx says, as diagnostics of ours."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Severity, Span, error
from notesbuild.notes.assemble import FROM_BANK, Assembled
from notesbuild.notes.home import docname
from notesbuild.notes.sphinx_order import ENTIRELY, Fault, SphinxSaid
from notesbuild.notes.work import NOWHERE, Work
from notesbuild.run.publish import write_fault

OUTSIDE = "notesbuild.outside"
"""The type of our own message about a file that is not the project's."""


@dataclass(frozen=True)
class _Rule:
    """Messages of a type, or with certain words, become a code."""

    code: Code
    severity: Severity | None
    types: tuple[str, ...] = ()
    words: str = ""
    hint: str | None = None

    def fits(self, kind: str, text: str) -> bool:
        if self.types and not kind.startswith(self.types):
            return False
        return bool(re.search(self.words, text)) if self.words else True


_RULES = (
    _Rule(Code.FILE_OUTSIDE, Severity.ERROR, (OUTSIDE,)),
    _Rule(Code.FILE_OUTSIDE, Severity.ERROR, words=r"leads out of the notes$"),
    _Rule(Code.FORBIDDEN_LATEX, Severity.ERROR, ("notesbuild.latex",)),
    _Rule(Code.FILE_MISSING, Severity.ERROR, words=r"file not readable|^Include file .* not found"),
    _Rule(Code.DUPLICATE_LABEL, Severity.ERROR, ("notesbuild.label",)),
    _Rule(Code.DUPLICATE_LABEL, Severity.ERROR, words=r"(?i)^duplicate (label|equation)"),
    _Rule(Code.UNKNOWN_REFERENCE, Severity.ERROR, ("notesbuild.ref", "ref.", "bibtex.key_not")),
    _Rule(Code.UNKNOWN_REFERENCE, Severity.ERROR, ("myst.xref", "myst.iref")),
    _Rule(Code.UNKNOWN_REFERENCE, Severity.ERROR, words=r"^(equation not found|undefined label)"),
    _Rule(
        *(Code.FORBIDDEN_LATEX, Severity.ERROR, ("notesbuild.tikz",), "is not allowed"),
        hint="write what the picture needs into its code; it reads no file",
    ),
    _Rule(Code.PROGRAM_MISSING, Severity.ERROR, ("notesbuild.tikz",), "is not installed"),
    _Rule(Code.TEX_ERROR, Severity.ERROR, ("notesbuild.tikz",)),
    _Rule(Code.NOTES_WARNING, Severity.ERROR, ("notesbuild.image",)),
    _Rule(Code.NOTES_WARNING, Severity.ERROR, words=r"a picture (needs|has) "),
    _Rule(Code.MATH_WRONG, Severity.WARNING, ("notesbuild.math",), "LaTeX would not"),
    _Rule(Code.MATH_WRONG, Severity.ERROR, ("notesbuild.math",)),
    _Rule(Code.MACRO_WRONG, Severity.ERROR, ("notesbuild.macros",)),
    _Rule(Code.PROGRAM_FAILED, Severity.ERROR, ("notesbuild.assets",)),
    # What Sphinx does not know, it leaves out: the text would be lost.
    _Rule(Code.NOTES_WARNING, Severity.ERROR, words=r"(?i)^unknown (directive|role|interpreted)"),
    _Rule(Code.NOTES_WARNING, None),
)
_WARNING = re.compile(
    r"^(?:(?P<place>.*?): )?(?P<level>WARNING|ERROR|CRITICAL): (?P<text>.*?)"
    r"(?: \[(?P<type>[\w.-]+)\])?$",
    re.DOTALL,
)
# Sphinx says of the same equation that its label is a duplicate, and where; and we say which
# chapters have no title.
# An extension of the author's may be none for several processes; then there is one.
# For LaTeX's own words in a language that babel lacks there are ours.
_SAID_TWICE = (
    'Duplicate ID: "equation-',
    "that doesn't have a title: no link will be generated",
    "no Babel option known",
    "safe for parallel ",
    "doing serial ",
)
_NO_ROOM = os.strerror(errno.ENOSPC)
_TITLE_HINT = "begin with a heading: # Title in Markdown, or an underlined line in .rst"
_PLACE = re.compile(r"^(?P<path>.*?)(?::(?P<line>\d+))?(?::\d+)?(?::<[^>]*>)?$")
_FAR = 60
_QUOTED = re.compile(r"[“‘'\"`]([^“”‘’'\"`]+)[”’'\"`]|: ([\w:./-]+)$")


@dataclass(frozen=True)
class SphinxRun:
    """What a run had to say, and the documents that must be read again for it to say so."""

    diagnostics: tuple[Diagnostic, ...]
    complaining: frozenset[str]


def understood(said: SphinxSaid, assembled: Assembled, work: Work) -> SphinxRun:
    """What Sphinx said, at the author's own places."""
    failure = [*_outside(said, assembled), *_untitled(said, assembled)]
    if said.fault is not None:
        failure = [_placed(said.fault, assembled, work)]
    found: list[Diagnostic] = []
    complaining = {ENTIRELY} if failure else set()
    for entry in said.warnings:
        if _NO_ROOM in entry:
            found.append(write_fault(OSError(errno.ENOSPC, _NO_ROOM), "the site"))
            complaining.add(ENTIRELY)
            continue
        if NOWHERE in entry or any(words in entry for words in _SAID_TWICE):
            continue
        match = _WARNING.match(entry)
        if match is None:
            found.append(diagnose("WARNING", entry.strip(), "", None, None))
            complaining.add(ENTIRELY)
            continue
        path, line = _source(match["place"] or "", work)
        kind = match["type"] or ""
        span = assembled.origin(path, line or int(kind == OUTSIDE)) if path else None
        text = _in_notes(match["text"], assembled, work)
        found.append(diagnose(match["level"], text, kind, span, assembled))
        own = path and not path.startswith(FROM_BANK)
        complaining.add(path.rsplit(".", 1)[0] if own else ENTIRELY)
    return SphinxRun((*found, *failure), frozenset(complaining))


def _source(place: str, work: Work) -> tuple[str, int]:
    """The path below the sources, and the line, of a place that Sphinx names."""
    match = _PLACE.match(place)
    assert match is not None
    path = Path(match["path"])
    if not path.is_relative_to(work.src):
        return "", 0
    return path.relative_to(work.src).as_posix(), int(match["line"] or 0)


def _in_notes(text: str, assembled: Assembled, work: Work) -> str:
    """With the author's folder in place of the working one."""
    for folder in (str(work.src), os.path.relpath(work.src)):
        text = text.replace(f"{folder}/", f"{assembled.notes}/")
    return text


def _outside(said: SphinxSaid, assembled: Assembled) -> Iterator[Diagnostic]:
    """Whatever a chapter has read that does not belong to the project."""
    for path, file in said.outside:
        message = f"“{file}” is not a file of the notes"
        yield diagnose("ERROR", message, OUTSIDE, assembled.origin(path, 1), assembled)


def _untitled(said: SphinxSaid, assembled: Assembled) -> Iterator[Diagnostic]:
    """Chapters that no page and no table of contents could name."""
    for chapter in assembled.chapters:
        if docname(chapter) not in said.titled:
            message = "the chapter does not begin with a title"
            yield error(Code.NOTES_WARNING, message, Span(chapter.path, 1, 1), _TITLE_HINT)


def _placed(fault: Fault, assembled: Assembled, work: Work) -> Diagnostic:
    """Why Sphinx gave up, at the place where the author would mend it."""
    reason = replace(fault.reason, message=_in_notes(fault.reason.message, assembled, work))
    if fault.path is None:
        return reason
    place = assembled.origin(fault.path, fault.line) if fault.path else None
    return replace(reason, span=place or assembled.course.origin.span())


def diagnose(
    level: str, text: str, kind: str, span: Span | None, assembled: Assembled | None
) -> Diagnostic:
    """One message; ``kind`` is Sphinx's type and subtype, which ``suppress_warnings`` knows."""
    rule = next(rule for rule in _RULES if rule.fits(kind, text))
    severe = Severity.WARNING if level == "WARNING" else Severity.ERROR
    placed = _with_column(span, text, kind, assembled) if span and assembled else span
    return Diagnostic(rule.code, rule.severity or severe, text, placed, rule.hint)


def _with_column(span: Span, text: str, kind: str, assembled: Assembled) -> Span:
    """The place of what the message quotes, on its line or one of the next."""
    chapter = next((c for c in assembled.chapters if c.path == span.path), None)
    if chapter is None or not span.line:
        return span
    lines = chapter.text.split("\n")
    words = [found for pair in _QUOTED.findall(text) for found in pair if found]
    far = len(lines) if kind == OUTSIDE else _FAR
    for number in range(span.line, min(span.line + far, len(lines)) + 1):
        for word in words:
            column = lines[number - 1].find(word)
            if column >= 0:
                return Span(span.path, number, column + 1)
    return span
