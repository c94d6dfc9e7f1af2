"""The texts of a paper as prose for a web page, and what in them has no form there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notesbuild.diagnostics import Code, Diagnostic, Span, warning
from notesbuild.exam.body import question_alone
from notesbuild.exam.cover import facts_of
from notesbuild.exam.paper import Copy, Exam, Question
from notesbuild.exam.personal import Seated
from notesbuild.model.dates import plural
from notesbuild.model.problem import Kind
from notesbuild.model.prose import Prose, Shape
from notesbuild.render.markdown import markdown_to_tex
from notesbuild.source.prose import read_prose
from notesbuild.source.walker import ParseError

_HINT = "write it with the commands that the reference on problems lists for pages"


@dataclass(frozen=True)
class WebQuestion:
    """A question; ``lettered`` tells whether its choices are named by letters."""

    number: int
    points: str
    text: tuple[Prose, ...]
    lettered: bool


@dataclass(frozen=True)
class WebSection:
    """A section of a paper."""

    title: str
    points: str
    instructions: tuple[Prose, ...]
    questions: tuple[WebQuestion, ...]


@dataclass(frozen=True)
class WebText:
    """All that a student's page says; ``facts`` are names and values, as ``person`` is.

    ``faults`` tell what a page cannot show: then the text is not whole.
    """

    title: str
    course: tuple[str, ...]
    language: str
    person: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    instructions: tuple[Prose, ...]
    policy: tuple[Prose, ...]
    sections: tuple[WebSection, ...]
    faults: tuple[Diagnostic, ...]

    def texts(self) -> Iterator[tuple[Prose, ...]]:
        """Every stretch of prose."""
        yield from (self.instructions, self.policy)
        for section in self.sections:
            yield section.instructions
            yield from (question.text for question in section.questions)

    def formulas(self) -> tuple[Prose, ...]:
        """Every formula."""
        pieces = (one for text in self.texts() for piece in text for one in piece.walk())
        return tuple(one for one in pieces if one.shape in (Shape.MATH, Shape.DISPLAY))


class TextReader:
    """Reads the texts of papers, each distinct one once."""

    def __init__(self, exam: Exam) -> None:
        self._exam = exam
        self._known: dict[tuple[str, Span], tuple[tuple[Prose, ...], tuple[Diagnostic, ...]]] = {}
        self._faults: list[Diagnostic] = []

    def page(self, copy: Copy, seated: Seated) -> WebText:
        """The page of a student who has this version."""
        blueprint, course = self._exam.blueprint, self._exam.course
        student = seated.student
        identity = (("Name", student.name), ("Student ID", student.id), ("Seat", student.seat))
        version = copy.version.version if self._exam.several else ""
        person = (*identity, ("Version", version))
        policy = course.exam_policy if course and not self._exam.is_sheet else None
        origin = blueprint.origin
        policy_place = course.origin.span("exam_policy") if course else Span("")
        self._faults = []
        named = (course.institution, course.title, course.code, course.term) if course else ()
        return WebText(
            blueprint.title,
            tuple(filter(None, named)),
            course.language if course else "en",
            tuple((name, value) for name, value in person if value),
            tuple(facts_of(self._exam, copy.questions, seated.allowance)),
            self._plain(blueprint.instructions, origin.span("instructions")),
            self._plain(markdown_to_tex(policy or ""), policy_place),
            tuple(self._sections(copy)),
            tuple(self._faults),
        )

    def _sections(self, copy: Copy) -> Iterator[WebSection]:
        blueprint = self._exam.blueprint
        for number, section in enumerate(blueprint.sections):
            own = tuple(q for q in copy.questions if q.section == number + 1)
            place = blueprint.origin.span("sections", number, "instructions")
            yield WebSection(
                section.title,
                plural(sum(question.points for question in own), "point"),
                self._plain(section.instructions or "", place),
                tuple(self._question(question) for question in own),
            )

    def _question(self, question: Question) -> WebQuestion:
        rendered = question.rendered
        alone = question_alone(rendered.text)
        beside = rendered.problem.beside

        def place(at: int) -> Span:
            return rendered.span(alone.place(at))

        return WebQuestion(
            question.number,
            plural(question.points, "point"),
            _with_paths(self._prose(alone.text, place, tuple(beside), rendered.drawn), beside),
            rendered.problem.metadata.kind is not Kind.TRUE_FALSE,
        )

    def _plain(self, text: str, span: Span) -> tuple[Prose, ...]:
        return self._prose(text, lambda _: span, (), "") if text.strip() else ()

    def _prose(
        self, text: str, place: Callable[[int], Span], beside: Sequence[str], drawn: str
    ) -> tuple[Prose, ...]:
        key = (text, place(0))
        if key not in self._known:
            self._known[key] = _read(text, place, beside, drawn)
        prose, faults = self._known[key]
        self._faults += faults
        return prose


def _read(
    text: str, place: Callable[[int], Span], beside: Sequence[str], drawn: str
) -> tuple[tuple[Prose, ...], tuple[Diagnostic, ...]]:
    try:
        read = read_prose(text, place, _as_written, beside)
    except ParseError as fault:
        message = f"{str(fault.msg).splitlines()[0]}{drawn}"
        return (), (warning(Code.LATEX_SYNTAX, message, place(fault.pos or 0)),)
    faults = tuple(
        warning(
            Code.LATEX_NOT_SHOWN, f"{one.message}{drawn}", place(one.position), one.hint or _HINT
        )
        for one in read.faults
    )
    return read.question, faults


def _with_paths(pieces: tuple[Prose, ...], paths: Mapping[str, str]) -> tuple[Prose, ...]:
    """Pictures by their paths in the project: their names are those of one problem."""
    return tuple(
        replace(
            piece,
            text=paths[piece.text] if piece.shape is Shape.PICTURE else piece.text,
            children=_with_paths(piece.children, paths),
        )
        for piece in pieces
    )


def _as_written(number: int, fixed: tuple[bool, ...]) -> tuple[int, ...]:
    """The choices stand in the order of the version already."""
    return tuple(range(len(fixed)))
