"""key.csv: the answers of every version, a row for each question."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from notesbuild.exam.body import part_letter
from notesbuild.exam.paper import Copy, Question
from notesbuild.exam.render import Rendered
from notesbuild.model.problem import Kind
from notesbuild.render.parameters import resolve
from notesbuild.render.values import Value

COLUMNS = ("version", "question", "problem", "kind", "points", "parts", "answer", "decimal")


def key_csv(copies: Iterable[Copy]) -> bytes:
    """The file, in UTF-8, with the answers as exact values and as decimals."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for copy in copies:
        for question in copy.questions:
            writer.writerow(_row(copy.version.version, question))
    return stream.getvalue().encode()


def _row(version: str, question: Question) -> tuple[str, ...]:
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
    )


def _parts(rendered: Rendered) -> str:
    """Points by part, such as ``a:8 b:4``; empty for a question without parts."""
    if not rendered.body.has_parts:
        return ""
    points = (part.points or 0 for part in rendered.body.parts)
    return " ".join(f"{part_letter(n)}:{value}" for n, value in enumerate(points))


def answer_of(rendered: Rendered) -> tuple[str, str]:
    """The answer in one line, and its decimal value where it is a number."""
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
    rows = []
    for row in rendered.body.choices:
        letters = [part_letter(n).upper() for n, choice in enumerate(row) if choice.correct]
        rows.append("".join(letters))
    return "; ".join(rows)


def _correct_words(rendered: Rendered) -> list[str]:
    """What stands behind each \\CorrectChoice, up to the end of its line or the next choice."""
    found = re.findall(r"\\CorrectChoice\s*([^\\\n%]*)", rendered.text.text)
    return [words.strip() for words in found]
