"""Views of a body, choices in drawn order, what ``bank show`` prints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.diagnostics import Code
from notesbuild.exam.body import OrderFault, View, for_view, order_choices, part_letter
from notesbuild.exam.render import choices_of, render, render_problem
from notesbuild.exam.show import source_text, version_text
from notesbuild.render.traced import Traced

from .conftest import problem

BODY = r"""Find it. % a secret note
\begin{parts}
  \part[2] One \fillin[secret][2cm].
    \begin{solution}[3cm] A secret. \begin{rubric}\item[2] secret \end{rubric} \end{solution}
  \part Two
    \begin{subparts}
      \subpart[1] x \begin{solutionorlines}[\fill] secret \end{solutionorlines}
      \subpart[1] y \begin{solutionorgrid}[2in] secret \end{solutionorgrid}
    \end{subparts}
\end{parts}
After. \begin{solutionorbox} secret \end{solutionorbox}
\begin{checkboxes} \choice a \CorrectChoice b \end{checkboxes}"""


def view(body, which):
    return for_view(Traced.written(body), which).text


def test_a_student_s_text_holds_no_secret():
    text = view(BODY, View.STUDENT)
    assert "secret" not in text
    assert "CorrectChoice" not in text
    assert "solution" not in text
    assert r"\fillin[][2cm]" in text
    assert r"\nbspace{blank}{3cm}" in text
    assert r"\nbspace{lines}{7cm}" in text  # \fill has no size of its own
    assert r"\nbspace{grid}{2in}" in text
    assert r"\nbspace{box}{7cm}" in text
    assert text.startswith("Find it. %\n\\nbpart{a}%\n\\begin{parts}")
    assert "\\nbpart{b}%\n\\part Two" in text
    assert text.count(r"\nbpart") == 2


def test_solutions_have_no_rubric_and_marking_guides_have():
    solutions, rubric = view(BODY, View.SOLUTIONS), view(BODY, View.RUBRIC)
    assert r"\begin{rubric}" not in solutions
    assert r"\begin{rubric}\item[2] secret" in rubric
    for text in (solutions, rubric):
        assert r"\CorrectChoice\nbcorrect  b" in text
        assert "A secret." in text


def test_a_body_without_parts_has_no_marks():
    assert view(" Text.\n", View.STUDENT) == "Text."
    solved = r"Text. \begin{solution} s \end{solution}"
    assert view(solved, View.RUBRIC) == solved
    assert view(solved, View.STUDENT) == "Text. \\par "


def test_a_solution_inside_of_something_is_left_where_it_is():
    nested = r"\begin{center}\begin{solution} s \end{solution}\end{center}"
    assert view(nested, View.RUBRIC) == nested


@given(st.permutations(range(4)))
def test_choices_come_in_the_drawn_order(order):
    items = ["\\choice one % note\n", "\\CorrectChoice two\n", "\\choice $3$ ", "\\choice four\n"]
    body = "\\begin{choices}\n" + "".join(items) + "\\end{choices}\nrest"
    ordered = order_choices(Traced.written(body), (tuple(order),))
    printed = [ordered.text.index(items[i].strip()) for i in order]
    assert printed == sorted(printed)
    for item in items:
        position = ordered.text.index(item.strip())
        assert ordered.place(position) == body.index(item)
    assert ordered.text.endswith("\\end{choices}\nrest")


@pytest.mark.parametrize("orders", [((0, 1),), ((0, 0, 1),), ((0, 1, 2), (0, 1, 2))])
def test_an_order_that_fits_nothing_is_refused(orders):
    body = "\\begin{choices}\\choice a\\choice b\\choice c\\end{choices}"
    with pytest.raises(OrderFault):
        order_choices(Traced.written(body), orders)


def test_the_mark_fixed_is_not_printed():
    body = "\\begin{choices}\\choice a\\choice[fixed] none\\end{choices}"
    assert order_choices(Traced.written(body), ()).text.count("fixed") == 0
    empty = "\\begin{choices}\\end{choices}"
    assert order_choices(Traced.written(empty), ()).text == empty


def test_a_lock_that_fits_no_choices_is_told_at_the_lock(make_exam):
    project = make_exam()
    prime = project.bank.get("prime")
    outcome = render(prime, (), ((0, 1),), project.locks[0].origin.span("versions"))
    assert [d.code for d in outcome.diagnostics] == [Code.LOCK_WRONG]
    assert outcome.diagnostics[0].span.path == "exams/course/quiz.lock.yaml"


def test_choices_that_parameters_decide_are_counted_after_rendering(make_exam):
    body = r"""
        \begin{choices}
          \BLOCK{for i in range(n)}\choice \VAR{i}
          \BLOCK{endfor}\CorrectChoice none
        \end{choices}
    """
    project = make_exam({"many": problem(body, "params: {n: {choose: [2, 5]}}")})
    many = project.bank.get("many")
    assert [len(row) for row in choices_of(many, (("n", 5),))] == [6]
    assert choices_of(many, ()) == many.body.choices  # nothing was drawn: the source's own


def test_one_problem_alone(make_exam):
    root = make_exam().bank.get("root")
    text = render_problem(root, (("a", 3),), View.SOLUTIONS).value
    assert r"$4x^2 = 3$" in text
    assert r"gives $\frac{\sqrt{3}}{2}$" in text
    assert render_problem(root, (), View.SOLUTIONS).value is None


def test_a_command_put_together_by_the_template_is_found(make_exam):
    project = make_exam({"trick": problem(r"x \in\VAR{''}put{/etc/passwd} y")})
    (found,) = render(project.bank.get("trick"), ()).diagnostics
    assert found.code is Code.FORBIDDEN_LATEX
    assert (found.span.path, found.span.column) == ("problem_bank/small/trick.tex", 3)


def test_show_prints_the_source_or_a_version(make_exam):
    root = make_exam().bank.get("root")
    assert "Dividing by four" not in source_text(root, solution=False)
    assert "Dividing by four" in source_text(root, solution=True)
    assert r"\VAR{a}" in source_text(root, solution=False)
    assert source_text(root, solution=False).startswith("% root: A root\n% short, difficulty 1")
    first = version_text(root, 1, solution=True).value
    assert "% a = 2" in first
    assert "% answer: sqrt(2)/2" in first
    second = version_text(root, 2, solution=False).value
    assert "$4x^2 = 3$" in second
    assert "Dividing" not in second
    (found,) = version_text(root, 3, solution=False).diagnostics
    assert "has 2 versions" in found.message


def test_show_tells_what_is_wrong(make_exam):
    project = make_exam(
        {"bad": problem(r"\VAR{m}"), "cycle": problem("x", "params: {a: {value: a}}")}
    )
    assert version_text(project.bank.get("bad"), 1, solution=False).value is None
    (found,) = version_text(project.bank.get("cycle"), 1, solution=False).diagnostics
    assert found.code is Code.PARAMETER_WRONG


def test_letters_of_parts():
    assert [part_letter(number) for number in (0, 25, 26)] == ["a", "z", "27"]
