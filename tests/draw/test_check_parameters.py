"""What ``check`` finds in the parameters of a problem."""

from __future__ import annotations

import pytest

from notesbuild.render.parameters import check_parameters
from tests.draw.banks import bank, problem, read

PATH = "problem_bank/t/p.tex"


def found_in(make_project, **keys):
    project = read(make_project(bank(p=problem(**keys))))
    return [
        (d.code.slug, str(d.span), d.message) for d in check_parameters(project.bank.problems[0])
    ]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"params": "{n: {between: [1, 9]}}", "require": '["n > 8"]', "answer": "1/(n - 8)"},
        {"params": '{n: {between: [0, 5]}, r: {value: "1/n"}}', "require": '["n > 0", "r < 1"]'},
        {"params": "{a: {between: [1, 140]}, b: {between: [1, 140]}}", "require": '["a < b"]'},
        {"params": "{p: {choose: [0.1, 0.000001]}}", "answer": "p"},
    ],
)
def test_sound_parameters(make_project, keys):
    assert found_in(make_project, **keys) == []


def test_requirements_that_nothing_meets(make_project):
    keys = {"params": "{n: {between: [1, 9]}}", "require": '["n > 9"]'}
    assert found_in(make_project, **keys) == [
        (
            "require-unsatisfiable",
            f"{PATH}:10:3",
            "no draw of the parameters of p meets `require`",
        )
    ]


@pytest.mark.parametrize(
    ("keys", "place", "words"),
    [
        ({"params": "{n: {choose: [1e999]}}"}, "9:12", "'n' has no value"),
        ({"params": f"{{n: {{choose: [{10**1500}]}}}}"}, "9:12", "a thousand digits"),
        ({"params": '{n: {choose: [0]}, r: {value: "1/n"}}'}, "9:34", "division by zero"),
        ({"params": "{n: {choose: [0, 1]}}", "answer": "1/n"}, "10:3", "division by zero"),
        ({"params": "{n: {choose: [1]}}", "require": '["n in [1]"]'}, "10:13", "comparison"),
        ({"params": "{n: {choose: [1]}}", "require": '["nn > 0"]'}, "10:13", "parameter 'nn'"),
        ({"answer": "mod(Matrix([[3]]), 2)"}, "9:3", "a matrix has no remainder"),
    ],
)
def test_what_cannot_be_computed(make_project, keys, place, words):
    ((slug, span, message),) = found_in(make_project, **keys)
    assert (slug, span) == ("parameter-wrong", f"{PATH}:{place}")
    assert words in message


def test_one_bad_draw_among_thousands_is_found(make_project):
    keys = {"params": "{n: {between: [0, 150]}}", "answer": "1/(n - 97)"}
    ((slug, _, message),) = found_in(make_project, **keys)
    assert (slug, "division by zero" in message) == ("parameter-wrong", True)
