"""Exact parameters: what an author may write, what comes out, what is refused."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
import sympy
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
        matrices = {"Matrix": "[[1]]"} | dict.fromkeys(OF_MATRICES, "Matrix([[1]])")
        assert value(f"{name}({matrices.get(name, arguments)})") is not None


OF_MATRICES = ("det", "inverse", "rank", "trace", "transpose")


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("det(Matrix([[a, 1], [2, 3]]))", "7"),
        ("inverse(Matrix([[a, 1], [2, 1]]))", r"\begin{pmatrix}1 & -1\\-2 & 3\end{pmatrix}"),
        ("Matrix([[a, 1], [2, 1]])**-1", r"\begin{pmatrix}1 & -1\\-2 & 3\end{pmatrix}"),
        ("transpose(Matrix([[a, 1/a]]))", r"\begin{pmatrix}3\\\frac{1}{3}\end{pmatrix}"),
        (
            "rank(Matrix([[a, 1], [2*a, 2]])) + trace(Matrix([[a, 0], [0, sqrt(2)]]))",
            r"\sqrt{2} + 4",
        ),
        ("Matrix([[1, 2]]) * Matrix([[a], [1]])", r"\begin{pmatrix}5\end{pmatrix}"),
    ],
)
def test_matrices_are_values(text, latex):
    assert value(text, a=3).latex() == latex


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("inverse(Matrix([[1, 2], [2, 4]]))", "no inverse"),
        ("Matrix([[1, 2], [2, 4]])**-1", "no inverse"),
        ("det(Matrix([[1, 2]]))", "not square"),
        ("Matrix([[1, 2]])**2", "not square"),
        ("2**Matrix([[1]])", "no exponent"),
        ("det(3)", "takes a matrix"),
        ("sqrt(Matrix([[4]]))", "not a matrix"),
        ("Matrix([[1], [2, 3]])", "equally long"),
        ("Matrix([])", "list of rows"),
        ("Matrix([[1, 2]]) + 1", "has no value"),
        ("Matrix([[1, 2]]) < 1", "has no value"),
        ("Matrix([['a']])", "do not mix"),
        ("1 < 'a'", "do not mix"),
        ("sqrt(x=1)", "plain arguments"),
        ("n if 1 < 2 else (3 .. 4)", "cannot be read"),
        ("n | 1", "BitOr"),
        ("~n", "Invert"),
        ("(" * 90 + "1" + ")" * 90 + "-" * 150 + "1", "nested too deeply"),
        ("b'x'", "not allowed"),
        ("None", "not allowed"),
        ("exp(10**9 * sqrt(2))", "beyond 10000"),
    ],
)
def test_what_matrices_and_others_do_not_have(text, words):
    with pytest.raises(ParameterFault) as caught:
        value(text, n=3)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("n > 2 and n % 2 == 1 or not n == 3", {"n": 3}, True),
        ("1 < n <= 3", {"n": 3}, True),
        ("sqrt(2)**2 == 2 and sqrt(2) != sqrt(3)", {}, True),
        ("log(8)/log(2) == 3", {}, True),
        ("Matrix([[1]]) == Matrix([[1]]) and Matrix([[1]]) != Matrix([[1, 1]])", {}, True),
        ("'a' == 'a' and 'a' != 'b'", {}, True),
    ],
)
def test_conditions(text, names, expected):
    found = evaluate(text, {n: Value(exact(v)) for n, v in names.items()}, ("require", 0))
    assert found is expected


@pytest.mark.parametrize(
    ("text", "before", "after", "printed"),
    [
        ("-3", "a = ", "", "-3"),
        ("-3", "2 + ", "", "(-3)"),
        ("-3", "2 - ", " x", "(-3)"),
        ("-3", r"2 \cdot ", "", "(-3)"),
        ("3", "2 - ", "", "3"),
        ("-3", "(", "^2", "(-3)"),
        ("3", "", "^2", "3"),
        ("0 - 1/2", "1 -", "", r"\left(- \frac{1}{2}\right)"),
        ("1/2", "1 -", "", r"\frac{1}{2}"),
        ("1/2", "", " ^n", r"\left(\frac{1}{2}\right)"),
        ("sqrt(2)", "", "^2", r"\left(\sqrt{2}\right)"),
        ("pi", "", "^2", r"\pi"),
        ("1 + sqrt(2)", "3 + ", "", r"1 + \sqrt{2}"),
        ("1 + sqrt(2)", "3 - ", "", r"\left(1 + \sqrt{2}\right)"),
        ("1 + sqrt(2)", r"3 \times", "", r"\left(1 + \sqrt{2}\right)"),
        ("Matrix([[1]])", "", "^2", r"\begin{pmatrix}1\end{pmatrix}"),
    ],
)
def test_a_value_gets_parentheses_where_its_neighbours_ask_for_them(text, before, after, printed):
    assert value(text).latex_between(before, after) == printed


@given(st.fractions(max_denominator=60), st.fractions(max_denominator=60))
def test_python_and_sympy_agree(a, b):
    """What is computed without SymPy is what SymPy computes."""
    left, right = sympy.Rational(*a.as_integer_ratio()), sympy.Rational(*b.as_integer_ratio())
    mine, other = Value(a), Value(b)
    assert mine + other == Value(left + right)
    assert mine - other == Value(left - right)
    assert mine * other == Value(left * right)
    assert mine.text() == str(left)
    assert mine.latex() == sympy.latex(left)
    assert (abs(mine).held, mine < other) == (Value(abs(left)).held, bool(left < right))
    if b:
        assert mine / other == Value(left / right)
        assert mine // other == Value(sympy.floor(left / right))
        assert mine % other == Value(sympy.Mod(left, right))
    for name, function in (
        ("floor", sympy.floor),
        ("ceiling", sympy.ceiling),
        ("sign", sympy.sign),
    ):
        assert FUNCTIONS[name](mine) == Value(function(left))
    if a >= 0:
        assert FUNCTIONS["sqrt"](mine) == Value(sympy.sqrt(left))
    assert FUNCTIONS["max"](mine, other) == Value(sympy.Max(left, right))


@given(st.integers(-6, 9), st.integers(-6, 9))
def test_python_and_sympy_agree_on_whole_numbers(a, b):
    for name in ("gcd", "lcm", "binomial"):
        expected = getattr(sympy, name)(a, b)
        if expected.is_finite:
            assert FUNCTIONS[name](Value(a), Value(b)) == Value(expected), name
    if a or b > 0:
        assert Value(a) ** Value(b) == Value(sympy.Integer(a) ** b)


def test_numbers_without_roots_need_no_sympy():
    code = (
        "import sys\nfrom notesbuild.render.parameters import evaluate\n"
        "print(evaluate('max(sqrt(4/9), 1/3) ** 2 - mod(7, 4) / binomial(4, 2)', {}, ()).latex())\n"
        "assert 'sympy' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "- \\frac{1}{18}\n"


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
