"""key.csv: the answers of every version, a row for each question."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from notesbuild.exam.body import View, part_letter
from notesbuild.exam.compose import Paper
from notesbuild.exam.paper import Copy, Question
from notesbuild.exam.render import Rendered
from notesbuild.model.problem import Choice, Kind
from notesbuild.render.parameters import resolve
from notesbuild.render.values import Value

COLUMNS = (
    *("version", "question", "problem", "kind", "points", "parts", "answer", "decimal"),
    *("page", "part_answers"),
)


def key_csv(copies: Iterable[Copy], papers: Iterable[Paper]) -> bytes:
    """The file, in UTF-8, with the answers as exact values and as decimals.

    ``papers`` tell the page on which a question begins; a version without a paper of its own
    has the layout of the first one.
    """
    students = [paper for paper in papers if paper.view is View.STUDENT]
    pages = {paper.version: _first_pages(paper) for paper in students}
    same = _first_pages(students[0]) if students else {}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for copy in copies:
        own = pages.get(copy.version.version, same)
        for question in copy.questions:
            page = own.get(question.number)
            writer.writerow(_row(copy.version.version, question, str(page or "")))
    return stream.getvalue().encode()


def _first_pages(paper: Paper) -> dict[int, int]:
    """The page on which each question begins."""
    found: dict[int, int] = {}
    for spot in paper.spots:
        found[spot.question] = min(spot.page, found.get(spot.question, spot.page))
    return found


def _row(version: str, question: Question, page: str) -> tuple[str, ...]:
    problem = question.rendered.problem
    answer, decimal = answer_of(question.rendered)
    return (
        version,
        str(question.number),
        problem.id,
        problem.metadata.kind.value,
        str(question.points),
        _parts(question.rendered),
        answer,
        decimal,
        page,
        _part_answers(question.rendered),
    )


def _parts(rendered: Rendered) -> str:
    """Points by part, such as ``a:8 b:4``; empty for a question without parts."""
    if not rendered.body.has_parts:
        return ""
    points = (part.points or 0 for part in rendered.body.parts)
    return " ".join(f"{part_letter(n)}:{value}" for n, value in enumerate(points))


def answer_of(rendered: Rendered) -> tuple[str, str]:
    """The answer in one line, and its decimal value where it is a number."""
    if rendered.known_answer is not None:
        return rendered.known_answer
    if rendered.body.choices:
        return _chosen(rendered), ""
    answer = resolve(rendered.problem.metadata, rendered.assignment).answer
    if answer is None:
        return "", ""
    if isinstance(answer, Value):
        return answer.text(), answer.decimal()
    return str(answer), ""


def _chosen(rendered: Rendered) -> str:
    """Letters of the correct choices, in printed order; for true-false their words."""
    if rendered.problem.metadata.kind is Kind.TRUE_FALSE:
        return "; ".join(_correct_words(rendered))
    return "; ".join(map(_letters, rendered.body.choices))


def _letters(row: tuple[Choice, ...]) -> str:
    return "".join(part_letter(n).upper() for n, choice in enumerate(row) if choice.correct)


def _part_answers(rendered: Rendered) -> str:
    """Correct choices by part, such as ``a:B c:AD``; empty for a question without parts."""
    if not rendered.body.has_parts:
        return ""
    rows = zip(rendered.body.choices, rendered.body.before, strict=True)
    found = (f"{part_letter(before - 1)}:{_letters(row)}" for row, before in rows if row and before)
    return " ".join(found)


def _correct_words(rendered: Rendered) -> list[str]:
    """What stands behind each \\CorrectChoice, up to the end of its line or the next choice."""
    found = re.findall(r"\\CorrectChoice\s*([^\\\n%]*)", rendered.text.text)
    return [words.strip() for words in found]
