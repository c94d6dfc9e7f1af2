"""Exact parameters: what an author may write, what comes out, what is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.model.problem import Metadata
from notesbuild.render.parameters import (
    FUNCTIONS,
    ParameterFault,
    admissible,
    assignments,
    evaluate,
    resolve,
    spread,
)
from notesbuild.render.values import Value, ValueFault, exact


def metadata(**more: object) -> Metadata:
    head = {"title": "x", "kind": "short", "topics": ["a"], "difficulty": 1, "minutes": 3}
    return Metadata.model_validate({**head, **more})


def value(text: str, **names: int) -> Value:
    found = evaluate(text, {n: Value(exact(v)) for n, v in names.items()}, ("answer",))
    assert isinstance(found, Value)
    return found


def test_derived_values_follow_from_drawn_ones_in_any_order():
    data = metadata(
        params={
            "bound": {"value": "half * sqrt(n)"},
            "half": {"value": "Rational(1, 2)"},
            "n": {"choose": [8, 50]},
        },
        answer="2 * bound",
    )
    resolved = resolve(data, (("n", 8),))
    assert {name: v.text() for name, v in resolved.values} == {
        "bound": "sqrt(2)",
        "half": "1/2",
        "n": "8",
    }
    assert resolved.answer.text() == "2*sqrt(2)"


def test_requirements_choose_among_all_draws():
    data = metadata(
        params={"n": {"between": [1, 4]}, "d": {"between": [1, 4]}}, require=["d < n", "n % 2 == 0"]
    )
    assert list(admissible(data)) == [
        (("n", 2), ("d", 1)),
        (("n", 4), ("d", 1)),
        (("n", 4), ("d", 2)),
        (("n", 4), ("d", 3)),
    ]


def test_words_can_be_drawn_and_compared():
    data = metadata(params={"side": {"choose": ["left", "right"]}}, require=["side == 'left'"])
    assert list(admissible(data)) == [(("side", "left"),)]


def test_too_many_draws_are_sampled_and_always_the_same_way():
    data = metadata(params={name: {"between": [1, 99]} for name in ("a", "b", "c", "d")})
    first = list(assignments(data))
    assert len(first) == 20_000
    assert first == list(assignments(data))
    assert len({v for assignment in first for _, v in assignment}) == 99


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("sqrt(8)/2", r"\sqrt{2}"),
        ("3/6", r"\frac{1}{2}"),
        ("-3", "-3"),
        ("sqrt(2*log(3)/50)", r"\frac{\sqrt{\log 3}}{5}"),
        ("log(3)**2 + log(3/2)", r"\log\left(\frac{3}{2}\right) + \left(\log 3\right)^{2}"),
        ("exp(-2)", r"e^{-2}"),
        ("Matrix([[1, 1/2], [0, 3]])", r"\begin{pmatrix}1 & \frac{1}{2}\\0 & 3\end{pmatrix}"),
        ("pi/4", r"\frac{\pi}{4}"),
        ("7 // 2 + 7 % 2", "4"),
        ("2**-3", r"\frac{1}{8}"),
        ("max(2, 5) - min(1, 9)", "4"),
    ],
)
def test_values_print_as_good_latex(text, latex):
    assert value(text).latex() == latex


def test_a_decimal_is_exact_and_prints_as_it_was_written():
    data = metadata(params={"p": {"choose": [0.1]}, "q": {"value": "3*p"}})
    p, q = (v for _, v in resolve(data, (("p", 0.1),)).values)
    assert (p.latex(), q.latex()) == ("0.1", r"\frac{3}{10}")
    assert q.decimal() == "0.3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10**10**10", "exponent"),
        ("(10**400)**10", "digits"),
        ("factorial(10**6)", "500"),
        ("__import__('os')", "no function '__import__'"),
        ("n.__class__", "Attribute"),
        ("(1).real", "Attribute"),
        ("[n][0]", "Subscript"),
        ("'a' * 10**9", "do not mix"),
        ("f'{n}'", "JoinedStr"),
        ("1/0", "division by zero"),
        ("n % 0", "division by zero"),
        ("0**(-1)", "division by zero"),
        ("sqrt(-1)", "not a real number"),
        ("log(0)", "not finite"),
        ("nn + 1", "no parameter 'nn'"),
        ("sin(", "cannot be read"),
        ("", "cannot be read"),
        ("[1, 2]", "not a number"),
        ("Matrix([1, 2])", "list of rows"),
        ("lambda: 1", "Lambda"),
        ("1" + " + 1" * 300, "1000 characters"),
        ("sqrt('2')", "takes numbers"),
    ],
)
def test_what_has_no_value_is_refused(text, words):
    with pytest.raises(ParameterFault) as caught:
        value(text, n=3)
    assert words in str(caught.value)


def test_a_misspelt_name_is_recognized():
    with pytest.raises(ParameterFault) as caught:
        value("nn + 1", n=3)
    assert caught.value.hint == "did you mean 'n'?"


def test_circles_are_found():
    data = metadata(params={"a": {"value": "b"}, "b": {"value": "a + 1"}})
    with pytest.raises(ParameterFault, match="depend on each other: a, b"):
        resolve(data, ())


def test_every_function_is_reachable_by_its_name():
    for name in FUNCTIONS:
        arguments = {"binomial": "4, 2", "gcd": "4, 6", "lcm": "4, 6", "mod": "4, 3"}.get(name, "1")
        call = "Matrix([[1]])" if name == "Matrix" else f"{name}({arguments})"
        assert value(call) is not None


whole = st.integers(-50, 50)


@given(whole, whole)
def test_arithmetic_is_that_of_the_integers(a, b):
    left = Value(exact(a))
    assert left + b == a + b and b + left == a + b
    assert left - b == a - b and b - left == b - a
    assert left * b == a * b and -left == -a and abs(left) == abs(a)
    assert (left < b, left <= b, left > b, left >= b) == (a < b, a <= b, a > b, a >= b)
    assert bool(left) == bool(a) and int(left) == a and float(left) == a
    if b:
        assert left // b == a // b and left % b == a % b and (left / b) * b == a
    if a:
        assert b // left == b // a and b % left == b % a


@given(whole)
def test_equal_values_have_equal_hashes(a):
    assert hash(Value(exact(a))) == hash(Value(exact(2 * a)) / 2)


def test_values_do_not_mix_with_words():
    one = Value(exact(1))
    assert one != "1"
    with pytest.raises(TypeError):
        one + "1"
    with pytest.raises(TypeError):
        assert one < "1"
    with pytest.raises(TypeError):
        (one / 2).__index__()
    with pytest.raises(ValueFault):
        one / 0


@given(st.lists(st.integers(), max_size=30), st.integers(1, 10))
def test_spreading_keeps_the_order_and_the_number(items, most):
    found = tuple((("n", i),) for i in items)
    chosen = spread(found, most)
    assert len(chosen) <= most
    assert set(chosen) <= set(found)
    assert bool(chosen) == bool(found)


@given(st.text(max_size=30))
def test_no_expression_makes_the_evaluator_fail(text):
    with contextlib.suppress(ParameterFault):
        evaluate(text, {}, ())
