"""TeX's messages as diagnostics in the author's own files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Severity, Span, error, warning
from notesbuild.exam.document import Document, Segment
from notesbuild.exam.letters import letter_missing, letter_of
from notesbuild.tex.engine import TexRun, program_missing
from notesbuild.tex.log import (
    INTERRUPTED,
    MessageKind,
    TexMessage,
    follows_from,
    in_plain_words,
    is_echo,
    is_missing_file,
)

OVERFULL_LIMIT = 2.0
MM_PER_PT = 25.4 / 72.27

# One unbalanced brace makes a hundred errors; the first ones say it all.
MAX_ERRORS = 5

# The command at which TeX stopped, with the arguments that it had taken.
_LAST_TOKEN = re.compile(
    r"(\\[A-Za-z@]+\*?(?:\[[^\[\]]*\]|\{[^{}]*\})+|\\[A-Za-z@]+|\\.|[^\s])\s*$"
)
_SAME = 20


@dataclass(frozen=True)
class Finding:
    """One diagnostic of one run: which problem it is about, and where it was met.

    ``owner`` is the name of the block in whose text it stands; empty for what stands elsewhere.
    """

    diagnostic: Diagnostic
    problem: str | None
    context: str
    owner: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it keeps a paper from being published."""
        return self.diagnostic.severity is Severity.ERROR


def findings(document: Document, run: TexRun, fallback: Span) -> list[Finding]:
    """What a run has to say; ``fallback`` is the place of whatever has no better one."""
    found: list[Finding] = []
    errors: dict[str, list[TexMessage]] = {}
    for message in run.messages:
        finding = _finding(document, message, fallback)
        if finding is None:
            continue
        if finding.is_error:
            earlier = errors.setdefault(finding.owner, [])
            echo = _is_echo(document, message, earlier)
            earlier.append(message)
            if echo:
                continue
            if "\\verb " in message.text:  # which explains all that went wrong before it
                found = [f for f in found if f.owner != finding.owner or not f.is_error]
        found.append(finding)
    return _few(found)


def letters_missing(document: Document, lost: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """The letters of each block that no font has, where they stand."""
    found = []
    for segment in document.segments:
        for entry in lost.get(segment.owner, ()):
            position = document.text.find(letter_of(entry), segment.start, segment.end)
            if position >= 0:
                what = letter_missing(entry, segment.locate(position), "the text")
                found.append(Finding(what, None, segment.context, segment.owner))
    return found


def _is_echo(document: Document, message: TexMessage, earlier: Sequence[TexMessage]) -> bool:
    if follows_from(message.text, [other.text for other in earlier]) or is_echo(message, earlier):
        return True
    # An error that shows only at the end of a problem comes from the ones before.
    behind = bool(message.line) and "\\nbendblock" in document.line(message.line)
    return behind and bool(earlier)


def _few(found: Iterable[Finding]) -> list[Finding]:
    """The first errors of each text."""
    counts: dict[str, int] = {}
    kept = []
    for finding in found:
        counts[finding.owner] = counts.get(finding.owner, 0) + finding.is_error
        if not finding.is_error or counts[finding.owner] <= MAX_ERRORS:
            kept.append(finding)
    return kept


def gave_up(run: TexRun, engine: str, context: str, fallback: Span, limit: float) -> Diagnostic:
    """Why there is no PDF although no message says so."""
    if run.missing_program is not None:
        return program_missing(engine)
    if run.timed_out:
        message = f"TeX did not come to an end within {limit:g} s in {context}"
        return error(Code.TEX_TIMEOUT, message, fallback)
    if run.no_room:
        message = "there is no room for what TeX writes while it works"
        hint = "make room on the disk of the temporary folder (TMPDIR)"
        return error(Code.WRITE_FAILED, message, hint=hint)
    message = f"{engine} left no PDF of {context}"
    return error(Code.PROGRAM_FAILED, message, fallback, notes=(run.last_words,))


def merged(found: Iterable[Finding]) -> tuple[Diagnostic, ...]:
    """The same finding of several versions and views, told once."""
    contexts: dict[tuple[Code, Span | None, str], list[str]] = {}
    first: dict[tuple[Code, Span | None, str], Diagnostic] = {}
    for finding in found:
        diagnostic = finding.diagnostic
        key = (diagnostic.code, diagnostic.span, diagnostic.message)
        first.setdefault(key, diagnostic)
        if finding.context and finding.context not in contexts.setdefault(key, []):
            contexts[key].append(finding.context)
    return tuple(
        Diagnostic(
            diagnostic.code,
            diagnostic.severity,
            diagnostic.message,
            diagnostic.span,
            diagnostic.hint,
            (*diagnostic.notes, *_where(contexts.get(key, []))),
        )
        for key, diagnostic in first.items()
    )


def _where(contexts: list[str]) -> tuple[str, ...]:
    if not contexts:
        return ()
    shown = "; ".join(contexts[:4])
    more = len(contexts) - 4
    return (f"in {shown}" + (f" and {more} more" if more > 0 else ""),)


def _finding(document: Document, message: TexMessage, fallback: Span) -> Finding | None:
    offset = _offset(document, message)
    segment = document.nearest(offset) if offset is not None else None
    place = segment.locate(offset) if segment and offset is not None else fallback
    if not place.path and message.kind is MessageKind.OVERFULL:
        return None  # in what we made of the bank; the problem's own box says so, too
    problem = segment.problem.problem.id if segment and segment.problem else None
    shown = segment.context if segment else ""
    owner = document.owner(offset) if offset is not None else ""
    if message.kind is MessageKind.OVERFULL:
        if message.excess <= OVERFULL_LIMIT:
            return None
        return Finding(_overfull(message, place), problem, shown, owner)
    return Finding(_error(message, segment, place), problem, shown, owner)


def is_in_document(message: TexMessage) -> bool:
    """Whether the line of a message is one of the document that TeX was given."""
    return bool(message.line) and message.file in ("", "./paper.tex", "paper.tex")


def _offset(document: Document, message: TexMessage) -> int | None:
    if not is_in_document(message):
        return None
    start = document.offset(message.line)
    if "\\verb " in message.text:
        # It takes along what stands behind it, to the end of a line of ours.
        end = start + len(document.line(message.line))
        return max(document.text.rfind("\\verb", 0, end), 0) or start
    if not message.before:
        return start
    if message.runaway:
        argument = re.split(r"\\|\$", message.runaway[:_SAME])[0]
        return max(document.text.rfind(argument, 0, start + len(message.before)), 0) or start
    line = document.text[start:].split("\n", 1)[0]
    tail = message.before[3:] if message.before.startswith("...") else message.before
    position = line.find(tail)
    if position < 0:
        return start
    token = _LAST_TOKEN.search(tail)
    return start + position + (token.start() if token else max(len(tail) - 1, 0))


def _error(message: TexMessage, segment: Segment | None, place: Span) -> Diagnostic:
    meaning, remedy = in_plain_words(message.text)
    notes = [f"TeX says: {message.text}"]
    if message.before and not message.runaway:
        notes.append(f"l.{place.line} {message.before.strip()[-120:]}")
    if segment is None:
        return _own_error(message, meaning, place, notes)
    if message.text.startswith(INTERRUPTED):
        return error(Code.TEX_TIMEOUT, "TeX does not come to an end here", place, remedy, notes[1:])
    if message.text.startswith("Undefined control sequence") and message.token:
        meaning = f"{meaning} {message.token}"
    return error(Code.TEX_ERROR, meaning, place, remedy, notes)


def _own_error(message: TexMessage, meaning: str, place: Span, notes: list[str]) -> Diagnostic:
    """An error in what no author wrote: most likely a package that is not installed."""
    missing = is_missing_file(message.text)
    if missing is not None:
        hint = "install the missing part of TeX Live; `notesbuild doctor` says which"
        return error(Code.PROGRAM_MISSING, f"TeX has no file {missing}", None, hint)
    return error(Code.TEX_ERROR, meaning, place, notes=notes)


def _overfull(message: TexMessage, place: Span) -> Diagnostic:
    excess = f"{message.excess:.1f} pt ({message.excess * MM_PER_PT:.1f} mm)"
    what = "a box is too high" if message.vertical else "a line is too wide"
    return warning(Code.TEX_OVERFULL, f"{what}, by {excess}", place)
