"""Everything that has to be set for an exam, each text under a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notesbuild.exam.blocks import Asset, BlockText
from notesbuild.exam.body import View
from notesbuild.exam.compose import Ask, Version
from notesbuild.exam.cover import NOTHING, Allowance, cover_text
from notesbuild.exam.paper import (
    VIEW_LINES,
    Copy,
    Exam,
    Question,
    heading_text,
    question_text,
    words_text,
)
from notesbuild.exam.sheet import Sheet
from notesbuild.model.dates import plural
from notesbuild.model.problem import Problem
from notesbuild.source.files import Files

AT_MOST = 3
"""So many versions are named where a question of theirs is broken."""

SMALL = "\\small "
NOTE = "\\itshape\\small\\color{nbline}"


@dataclass(frozen=True)
class Inventory:
    """Texts by name, the versions that consist of them, and who needs which question.

    ``asks`` are the questions of all copies, those too of which there will be no paper.
    """

    texts: Mapping[str, BlockText]
    versions: tuple[Version, ...]
    questions: Mapping[str, Question]
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Wanted:
    """What is to be set: views, and for students' own copies seats and allowances."""

    views: tuple[View, ...]
    seats: bool = False
    allowances: Mapping[str, frozenset[Allowance]] | None = None


def inventory(
    exam: Exam, copies: Iterable[Copy], sheet: Sheet, wanted: Wanted, files: Files
) -> Inventory:
    """All texts of the copies. What several copies share has one name.

    A copy that is not complete becomes no version, but what it has is looked at as well.
    """
    shelf = _Shelf(exam, sheet, wanted, files)
    asks: list[Ask] = []
    versions = []
    all_copies = tuple(copies)
    for copy in all_copies:
        shelf.note(copy)
    for copy in all_copies:
        own = tuple(shelf.ask(question) for question in copy.questions)
        asks += own
        if copy.complete:
            versions.append(shelf.version(copy, own))
    shelf.pieces(versions)
    return Inventory(shelf.texts, tuple(versions), shelf.questions, tuple(asks))


def cover_name(version: str, view: View, allowance: Allowance = NOTHING) -> str:
    """The name of a cover."""
    extra = f"-{allowance.minutes}" if allowance.minutes else ""
    return f"cover-{view.value}-{version}{extra}"


class _Shelf:
    def __init__(self, exam: Exam, sheet: Sheet, wanted: Wanted, files: Files) -> None:
        self._exam = exam
        self._sheet = sheet
        self._wanted = wanted
        self._files = files
        self._names: dict[object, str] = {}
        self._shown: dict[object, list[str]] = {}
        self._assets: dict[str, tuple[Asset, ...]] = {}
        self._sections: dict[int, int] = {}
        self._most = 0
        self.texts: dict[str, BlockText] = {}
        self.questions: dict[str, Question] = {}

    def version(self, copy: Copy, asks: tuple[Ask, ...]) -> Version:
        """A version with its cover and its last line."""
        name = copy.version.version
        covers = {view: self._cover(copy, view) for view in self._wanted.views}
        footers = {view: self._footer(name, view) for view in self._wanted.views}
        for number in {question.section for question in copy.questions}:
            points = sum(q.points for q in copy.questions if q.section == number)
            self._sections[number] = points
        return Version(name, asks, covers, footers)

    def note(self, copy: Copy) -> None:
        """Which questions a copy has, to be told where one of them is broken."""
        version = f"version {copy.version.version}, " if self._exam.several else ""
        for question in copy.questions:
            shown = self._shown.setdefault(_key(question), [])
            shown.append(f"{version}question {question.number}")

    def ask(self, question: Question) -> Ask:
        """A question of a version; the texts of its views."""
        key = _key(question)
        if key not in self._names:
            name = f"question-text-{len(self._names)}"
            self._names[key] = name
            self.questions[name] = question
            context = _listed(self._shown[key])
            context += ", large print" if self._sheet.scale > 1 else ""
            for view in self._wanted.views:
                self.texts[f"{name}-{view.value}"] = question_text(
                    self._exam, question, view, self._sheet, context, self._assets_of(question)
                )
        name = self._names[key]
        blocks = {view: f"{name}-{view.value}" for view in self._wanted.views}
        return Ask(question.number, question.section, blocks)

    def _assets_of(self, question: Question) -> tuple[Asset, ...]:
        problem = question.rendered.problem
        if problem.id not in self._assets:
            self._assets[problem.id] = assets_of(problem, self._files)
        return self._assets[problem.id]

    def _cover(self, copy: Copy, view: View) -> str:
        shown = copy.version.version if self._exam.several else ""
        name = cover_name(shown, view)
        granted = (self._wanted.allowances or {}).get(copy.version.version, frozenset())
        for allowance in sorted({NOTHING, *granted}) if view is View.STUDENT else (NOTHING,):
            own = cover_name(shown, view, allowance)
            if own not in self.texts:
                self.texts[own] = cover_text(
                    self._exam,
                    shown,
                    copy.questions,
                    view,
                    self._sheet,
                    seats=self._wanted.seats,
                    allowance=allowance,
                )
        return name

    def _footer(self, version: str, view: View) -> str:
        parts = [f"Version {version}" if self._exam.several else "", VIEW_LINES[view]]
        words = " · ".join(part for part in parts if part)
        if not words:
            return ""
        name = f"footer-{words}"
        self.texts[name] = words_text(self._exam, words, self._sheet, SMALL)
        return name

    def pieces(self, versions: Sequence[Version]) -> None:
        """Headings, numbers, and the words around every page."""
        exam, sheet = self._exam, self._sheet
        for number, points in sorted(self._sections.items()):
            words = plural(points, "point")
            self.texts[f"section-{number}"] = heading_text(exam, number - 1, words, sheet)
        course = exam.course
        running = ", ".join(filter(None, (course.code, course.title))) if course else ""
        self.texts |= {
            name: words_text(exam, words, sheet, style)
            for name, words, style in _words(running, exam)
        }
        numbers = sorted({ask.number for version in versions for ask in version.asks})
        for number in numbers:
            self.texts[f"number-{number}"] = words_text(exam, f"{number}.", sheet, "\\bfseries ")
            words = f"Question {number}, continued"
            self.texts[f"question-{number}"] = words_text(exam, words, sheet, "\\bfseries ")
        self.texts |= dict(page_words(exam, sheet, 1, pages_at_most(versions)))


def _key(question: Question) -> tuple[int, int]:
    """What makes two questions the same text."""
    return id(question.rendered), question.points


def _listed(places: Sequence[str]) -> str:
    more = len(places) - AT_MOST
    return "; ".join(places[:AT_MOST]) + (f" and {more} more" if more > 0 else "")


def assets_of(problem: Problem, files: Files) -> tuple[Asset, ...]:
    """The files that stand beside a problem."""
    contents = ((name, files.content(path).value) for name, path in problem.beside.items())
    return tuple(Asset(name, content) for name, content in contents if content is not None)


def pages_at_most(versions: Sequence[Version]) -> int:
    """A number of pages that most papers stay below."""
    return max((len(version.asks) for version in versions), default=0) * 2 + 8


def page_words(exam: Exam, sheet: Sheet, first: int, last: int) -> Iterator[tuple[str, BlockText]]:
    """``Page 3 of`` and ``8`` for every page."""
    for number in range(first, last + 1):
        words = f"Page {number} of "
        yield f"page-{number}", words_text(exam, words, sheet, SMALL)
        yield f"of-{number}", words_text(exam, str(number), sheet, SMALL)


def _words(running: str, exam: Exam) -> Iterator[tuple[str, str, str]]:
    if running:
        yield "course", running, SMALL
    yield "title", exam.blueprint.title, SMALL
    yield "more", "The solution goes on after the last question.", NOTE
    yield "blank", "This page is for drafts.", NOTE
    yield "empty", "This page is left blank.", NOTE
