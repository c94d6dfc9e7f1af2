"""What ``check`` finds when it draws the parameters of a problem."""

from __future__ import annotations

import textwrap

import pytest

from notesbuild.check.parameters import check_parameters
from notesbuild.source.files import Files
from notesbuild.source.problem import read_problem

PATH = "problem_bank/t/p.tex"
SOLUTION = "\\begin{solution}[1cm] Because.\\end{solution}"


@pytest.fixture
def found_in(make_project):
    """Diagnostics for a problem with these keys (the first stands in line 9) and this body."""

    def find(body: str = r"Why $\VAR{n}$?", **keys: object) -> list[tuple[str, str, str]]:
        usual = {
            "title": "A problem",
            "kind": "short",
            "topics": "[t]",
            "difficulty": 2,
            "points": 4,
            "minutes": 5,
            "status": "ready",
        }
        head = [f"% {key}: {value}" for key, value in {**usual, **keys}.items()]
        text = textwrap.dedent(body).strip()
        root = make_project({PATH: "\n".join(["% ---", *head, "% ---", text, SOLUTION, ""])})
        read = read_problem(Files(root), PATH)
        assert read.diagnostics == ()
        found = check_parameters(read.value)
        return [(d.code.slug, str(d.span), d.message) for d in found]

    return find


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("Why?", {}),
        (
            r"\VAR{n}",
            {"params": "{n: {between: [1, 9]}}", "require": '["n > 8"]', "answer": "1/(n - 8)"},
        ),
        (
            r"\VAR{n}",
            {
                "params": '{n: {between: [0, 5]}, r: {value: "1/n"}}',
                "require": '["n > 0", "r < 1"]',
            },
        ),
        (
            r"\VAR{a} \VAR{b}",
            {"params": "{a: {between: [1, 140]}, b: {between: [1, 140]}}", "require": '["a < b"]'},
        ),
        (r"\VAR{p}", {"params": "{p: {choose: [0.1, 0.000001]}}", "answer": "p"}),
    ],
)
def test_sound_parameters(found_in, body, keys):
    assert found_in(body, **keys) == []


def test_requirements_that_nothing_meets(found_in):
    keys = {"params": "{n: {between: [1, 9]}}", "require": '["n > 9"]'}
    message = "no draw of the parameters of p meets `require`"
    assert found_in(**keys) == [("require-unsatisfiable", f"{PATH}:10:3", message)]


@pytest.mark.parametrize(
    ("keys", "place", "words"),
    [
        ({"params": "{n: {choose: [1e999]}}"}, "9:12", "'n' has no value"),
        ({"params": f"{{n: {{choose: [{10**1500}]}}}}"}, "9:12", "a thousand digits"),
        ({"params": '{n: {choose: [0]}, r: {value: "1/n"}}'}, "9:34", "division by zero"),
        ({"params": "{n: {choose: [0, 1]}}", "answer": "1/n"}, "10:3", "division by zero"),
        ({"params": "{n: {choose: [1, -1]}}", "answer": "sqrt(n)"}, "10:3", "not a real number"),
        ({"params": "{n: {choose: [1, 0]}}", "answer": "log(n)"}, "10:3", "not finite"),
        ({"params": "{n: {choose: [1]}}", "require": '["n in [1]"]'}, "10:13", "comparison"),
        ({"params": "{n: {choose: [1]}}", "require": '["nn > 0"]'}, "10:13", "parameter 'nn'"),
        ({"params": "{n: {choose: [1]}}", "answer": "mod(Matrix([[3]]), 2)"}, "10:3", "remainder"),
        ({"params": "{n: {choose: [1]}}", "answer": "inverse(Matrix([[0]]))"}, "10:3", "inverse"),
    ],
)
def test_what_cannot_be_computed(found_in, keys, place, words):
    ((slug, span, message),) = found_in(**keys)
    assert (slug, span) == ("parameter-wrong", f"{PATH}:{place}")
    assert words in message


def test_one_bad_draw_among_thousands_is_found(found_in):
    keys = {"params": "{n: {between: [0, 150]}}", "answer": "1/(n - 97)"}
    ((slug, _, message),) = found_in(**keys)
    assert (slug, "division by zero" in message) == ("parameter-wrong", True)


def test_a_template_that_fails_for_one_draw_is_found_at_its_line(found_in):
    keys = {"params": "{n: {between: [0, 150]}}"}
    ((slug, span, message),) = found_in("Let $\\VAR{n}$\n  and $\\VAR{1 / (n - 97)}$.", **keys)
    assert (slug, span) == ("jinja-failed", f"{PATH}:12:8")
    assert message == "division by zero (with n = 97)"


CHOICE = {"kind": "multiple-choice", "params": "{n: {choose: [2, 3]}, m: {choose: [3, 5]}}"}


def choices(*items: str) -> str:
    """A question about n and m with these choices, each on a line."""
    lines = "\n".join(f"  \\{item}" for item in items)
    return f"Of $\\VAR{{n}}$, $\\VAR{{m}}$?\n\\begin{{choices}}\n{lines}\n\\end{{choices}}"


@pytest.mark.parametrize(
    ("items", "answer", "number", "words"),
    [
        (
            ["CorrectChoice $x = \\VAR{n}$", "choice $x = \\VAR{m}$"],
            "n",
            1,
            "p: two choices say the same: $x = 3$ (with n = 3, m = 3)",
        ),
        (
            ["CorrectChoice $6$  % right", "choice $2  +  4$", "choice[fixed] $2 + 4$"],
            "6",
            2,
            "p: two choices say the same: $2 + 4$ (with n = 2, m = 3)",
        ),
        (
            ["CorrectChoice $\\VAR{n + m} + 0$", "choice $\\VAR{n * m}$", "choice $1$"],
            "n*m",
            1,
            "p: this choice is the answer, 6 (with n = 2, m = 3)",
        ),
        (
            ["choice $x$", "CorrectChoice $\\VAR{n - m}$"],
            "n + m",
            1,
            "p: the correct choice is not the answer, 5 (with n = 2, m = 3)",
        ),
    ],
)
def test_choices_that_cannot_be_right(found_in, items, answer, number, words):
    ((slug, span, message),) = found_in(choices(*items), **CHOICE, answer=answer)
    assert (slug, message) == ("choices-wrong", words)
    assert span == f"{PATH}:{14 + number}:3"


def test_branches_without_a_correct_choice(found_in):
    body = choices("BLOCK{if n == 2}\\CorrectChoice $1$ \\BLOCK{endif}", "choice $2$", "choice $3$")
    ((slug, span, message),) = found_in(body, **CHOICE)
    assert (slug, span) == ("choices-wrong", f"{PATH}:12:1")
    assert message == "p: there is no \\CorrectChoice (with n = 3, m = 5)"


@pytest.mark.parametrize(
    ("items", "answer"),
    [
        (["CorrectChoice $\\VAR{n*m}$", "choice $\\VAR{n*m}+1$", "choice $\\VAR{n*m}^2$"], "n*m"),
        (["CorrectChoice $x = \\VAR{n + m}$", "choice $x = 1$"], "n + m"),
        (["CorrectChoice left", "choice right"], "n"),
        (["CorrectChoice $\\VAR{ n/7 }$.", "choice $\\frac{1}{9}$"], "n/7"),
    ],
)
def test_choices_that_fit_their_answer(found_in, items, answer):
    assert found_in(choices(*items), **CHOICE, answer=answer) == []


def test_two_draws_that_ask_the_same_question(found_in):
    """Only the solution, which no student sees, tells them apart."""
    keys = {"params": "{n: {choose: [2, 3]}, k: {choose: [1, -1]}}"}
    body = "Let $x^\\VAR{k * k} = \\VAR{n}$.\n\\begin{solution}$\\VAR{k}$\\end{solution}"
    ((slug, span, message),) = found_in(body, **keys)
    assert (slug, span) == ("draws-alike", f"{PATH}:9:3")
    assert message == "p asks the same question with n = 3, k = -1 and with n = 3, k = 1"
