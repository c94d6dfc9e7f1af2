"""Papers as web pages, for students who read with a screen reader: one file, without scripts.

A formula is there twice, to be seen and, as MathML, to be read aloud. What a page cannot show is
told at its place; then the students concerned get their PDFs alone.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors, warning
from notesbuild.exam.leak import Secrets
from notesbuild.exam.paper import Copy, Exam
from notesbuild.exam.personal import Seated, Sitting
from notesbuild.exam.webtext import TextReader, WebText
from notesbuild.model.prose import Counting, Prose, Shape, counted
from notesbuild.model.roster import Roster
from notesbuild.render.display import normal_display
from notesbuild.render.environment import render_html
from notesbuild.render.macros import read_macros, to_katex
from notesbuild.run.katex import STYLES, Formula, KatexFailed, render_formulas
from notesbuild.source.files import Files

_TAG, _FONT = re.compile(r"<[^>]*>"), re.compile(r"url\(([^)]+\.woff2)\)")
_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class WebPage:
    """The page of a student."""

    student: str
    content: bytes


@dataclass(frozen=True, eq=False)
class _Wanted:
    seated: Seated
    copy: Copy
    text: WebText


def refused_pages(roster: Roster, passwords: Container[str]) -> Iterator[Diagnostic]:
    """Who asks for a page but has a password, since a page cannot be locked."""
    for student, place in zip(roster.students, roster.spans("html"), strict=True):
        if student.html and student.id in passwords:
            message = f"{student.id} gets no web page, only the PDF: a page has no password"
            yield warning(Code.ROSTER_WRONG, message, place, "build pages without passwords")


def web_pages(
    exam: Exam,
    copies: Sequence[Copy],
    sitting: Sitting,
    passwords: Container[str],
    files: Files,
) -> Outcome[tuple[WebPage, ...]]:
    """The page of every student who asks for one, has no password, and whose version is whole."""
    by_version = {copy.version.version: copy for copy in copies if copy.complete}
    asking = [
        one
        for one in sitting.seated
        if one.student.html and one.student.id not in passwords and one.version in by_version
    ]
    if not asking:
        return Outcome(())
    reader = TextReader(exam)
    wanted = [
        _Wanted(one, by_version[one.version], reader.page(by_version[one.version], one))
        for one in asking
    ]
    try:
        shown = _rendered([page.text for page in wanted], exam.macros)
    except KatexFailed as fault:
        return Outcome((), (error(Code.PROGRAM_FAILED, str(fault)),))
    faults = {page: (*page.text.faults, *_broken(page.text, shown)) for page in wanted}
    made = [_page(page, shown, files) for page in wanted if not faults[page]]
    leaks = [leak for page in made for leak in page.diagnostics]
    pages = tuple(page.value for page in made if page.value is not None)
    return Outcome(pages, (*_concerned(faults), *leaks))


def _concerned(faults: Mapping[_Wanted, tuple[Diagnostic, ...]]) -> Iterator[Diagnostic]:
    """Every fault once, with the students who get no page because of it."""
    students: dict[Diagnostic, list[str]] = {}
    for page, own in faults.items():
        for one in dict.fromkeys(own):
            students.setdefault(one, []).append(page.seated.student.id)
    for one, ids in students.items():
        yield replace(one, notes=(*one.notes, f"no web page, only the PDF: {', '.join(ids)}"))


def _asked(piece: Prose) -> Formula:
    display = piece.shape is Shape.DISPLAY
    return (normal_display(piece.text) if display else piece.text, display)


@dataclass(frozen=True)
class _Shown:
    html: str
    error: str


def _rendered(texts: Sequence[WebText], macros: str) -> dict[Formula, _Shown]:
    """Every formula once, by KaTeX."""
    formulas = list(dict.fromkeys(_asked(one) for text in texts for one in text.formulas()))
    answers = render_formulas(formulas, to_katex(read_macros(macros)))
    return {
        asked: _Shown(answer.html, answer.error)
        for asked, answer in zip(formulas, answers, strict=True)
    }


def _broken(text: WebText, shown: dict[Formula, _Shown]) -> Iterator[Diagnostic]:
    for piece in text.formulas():
        reason = shown[_asked(piece)].error
        if reason:
            place = Span(piece.path, piece.line, 1) if piece.path else None
            yield warning(Code.MATH_WRONG, f"KaTeX: {reason}", place)


def _page(wanted: _Wanted, shown: dict[Formula, _Shown], files: Files) -> Outcome[WebPage | None]:
    student, text = wanted.seated.student, wanted.text
    content = render_html(
        "paper.html.j2",
        page=text,
        formula=lambda piece: shown[_asked(piece)].html,
        picture=lambda piece: _address(piece, files),
        mark=_mark,
        katex=_styles(),
    )
    leaked = tuple(
        error(Code.LEAK, f"the web page of {student.id} holds {what}")
        for what in _leaks(content, wanted.copy)
    )
    if has_errors(leaked):
        return Outcome(None, leaked)
    return Outcome(WebPage(student.id, content.encode()))


def _leaks(page: str, copy: Copy) -> Iterator[str]:
    """What the page should not hold; its words are what stands between tags."""
    secrets = Secrets.of(question.rendered for question in copy.questions)
    words = html.unescape(_TAG.sub(" ", page.partition("</style>")[2]))
    yield from secrets.told_in(words)
    yield from secrets.named_in(_FONT.sub("", page), words)


def _address(picture: Prose, files: Files) -> str:
    """An address that holds all of a picture."""
    content = files.content(picture.text).value or b""
    kind = _TYPES[PurePosixPath(picture.text).suffix.lower()]
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _mark(counting: str, number: int) -> str:
    """What stands before an entry of a numbered list: ``(b)``, ``B.`` or ``2.``."""
    mark = counted(Counting(counting), number)
    return f"{mark}." if counting in (Counting.NUMBERS, Counting.CAPITALS) else f"({mark})"


def _styles() -> str:
    """The styles of KaTeX with their fonts inside."""

    def inside(found: re.Match[str]) -> str:
        font = base64.b64encode((STYLES / found[1]).read_bytes()).decode()
        return f"url(data:font/woff2;base64,{font})"

    return _FONT.sub(inside, (STYLES / "katex.min.css").read_text("utf-8"))
