"""The columns of marks.csv and the answers of key.csv."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notesbuild.diagnostics import Span
from notesbuild.exam.key import _part_answers
from notesbuild.exam.marks import columns
from notesbuild.exam.paper import Copy
from notesbuild.model.problem import Part
from notesbuild.source.latex import parse_body

PARTS_OF_CHOICES = r"""
\begin{choices} \CorrectChoice 1 \end{choices}
\begin{parts}
\part[2] One. \begin{choices} \choice 1 \CorrectChoice 2 \end{choices}
\part[2] Two. \begin{checkboxes} \CorrectChoice 1 \choice 2 \CorrectChoice 3 \end{checkboxes}
\end{parts}
"""


@pytest.fixture
def questions(sat):
    return {q.rendered.problem.id: q for c in sat.made.copies for q in c.questions}


def headings(sat, *papers):
    first = sat.made.copies[0]
    copies = [
        Copy(first.version, tuple(replace(q, number=n) for n, q in enumerate(paper, start=1)))
        for paper in papers
    ]
    return [column.heading for column in columns(copies)]


def with_parts(question, *points):
    parts = tuple(Part(value, None, Span("p.tex", 1, 1)) for value in points)
    body = replace(question.rendered.body, parts=parts)
    total = sum(value or 0 for value in points)
    return replace(question, points=total, rendered=replace(question.rendered, body=body))


def test_every_part_has_a_column(sat, questions):
    proof, choice = questions["mean-minimizes"], questions["prime-choice"]
    assert headings(sat, [proof, choice]) == ["1a (5)", "1b (3)", "2 (3)", "total (11)"]


def test_versions_with_other_points_have_a_range(sat, questions):
    proof = questions["mean-minimizes"]
    other = with_parts(proof, 2, 6)
    assert headings(sat, [proof], [other]) == ["1a (2–5)", "1b (3–6)", "total (8)"]


def test_versions_with_other_parts_have_one_column_for_the_question(sat, questions):
    proof, whole = questions["mean-minimizes"], questions["variance-uniform"]
    assert headings(sat, [proof], [whole]) == ["1 (6–8)", "total (6–8)"]
    assert headings(sat, [proof], [with_parts(proof, 3, 3, 2)]) == ["1 (8)", "total (8)"]


def test_parts_without_points_are_marked_as_a_whole(sat, questions):
    proof = questions["mean-minimizes"]
    vague = replace(with_parts(proof, None, None), points=8)
    assert headings(sat, [vague]) == ["1 (8)", "total (8)"]


def test_without_copies_there_is_nothing_to_mark(sat):
    assert headings(sat) == ["total (0)"]


def test_the_key_tells_the_choices_of_each_part(questions):
    rendered = questions["mean-minimizes"].rendered
    body = parse_body(PARTS_OF_CHOICES, "p.tex", 1).value
    assert body.before == (0, 1, 2)
    several = replace(rendered, body=body)
    assert _part_answers(several) == "a:B b:AC"
    assert _part_answers(rendered) == ""
