"""What students see does not depend on answers; if it does, that is found."""

from __future__ import annotations

import pytest

from notesbuild.exam import blind, render
from notesbuild.exam.blind import answers_that_show, depends_on_answers, with_other_answers
from notesbuild.exam.body import View, for_view
from notesbuild.render.traced import Edit, Traced


def questions(sat):
    return {q.rendered.problem.id: q.rendered for c in sat.made.copies for q in c.questions}


def test_no_paper_depends_on_an_answer(sat):
    assert list(answers_that_show(sat.made.copies)) == []


def test_other_answers_are_other_solutions_and_other_choices():
    body = Traced.written(
        "Q \\fillin[x] \\begin{choices} \\choice 4 \\CorrectChoice 5 \\end{choices}"
        "\\begin{solution}[1cm] five \\begin{rubric} \\item[3] right \\end{rubric}\\end{solution}"
    )
    other = with_other_answers(body).text
    assert "\\fillin[something else]" in other
    assert "\\CorrectChoice 4 \\choice 5" in other
    assert "\\begin{solution}[1cm] something else \\end{solution}" in other
    assert "five" not in other


def bold_choice(text, view):
    """A student's view with a mistake: the correct choice is bold."""
    if view is not View.STUDENT:
        return for_view(text, view)
    at = text.text.find("\\CorrectChoice")
    edits = [Edit(at, at + len("\\CorrectChoice"), "\\choice\\bfseries")] if at >= 0 else []
    return for_view(text.replaced(edits), view)


def with_solution(text, view):
    """A student's view with a mistake: the solution is still there, as plain text."""
    return for_view(text, View.SOLUTIONS if view is View.STUDENT else view)


@pytest.mark.parametrize(
    ("mistake", "problem"),
    [(bold_choice, "prime-choice"), (with_solution, "variance-uniform")],
)
def test_a_view_that_shows_an_answer_is_found(sat, monkeypatch, mistake, problem):
    rendered = questions(sat)[problem]
    assert not depends_on_answers(rendered)
    monkeypatch.setattr(blind, "for_view", mistake)
    monkeypatch.setattr(render, "for_view", mistake)
    assert depends_on_answers(rendered)
    assert problem in " ".join(d.message for d in answers_that_show(sat.made.copies))
