"""What an author's template may do: text in, text or a diagnostic out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.diagnostics import Code
from notesbuild.model.problem import Problem
from notesbuild.render.environment import check_template, render_body, with_parameters
from notesbuild.render.parameters import Assignment
from notesbuild.source.files import Files
from notesbuild.source.problem import read_problem

from .conftest import problem

PARAMS = """
    params:
      n: {choose: [3, 4]}
      d: {choose: [2]}
      q: {choose: [0.10]}
      who: {choose: ["R&D 100%"]}
      half: {value: "1/d"}
"""


@pytest.fixture
def read(tmp_path):
    def make(body: str) -> Problem:
        (tmp_path / "p.tex").write_text(problem(body, PARAMS), "utf-8")
        found = read_problem(Files(tmp_path), "p.tex").value
        assert found is not None
        return found

    return make


DRAWN: Assignment = (("n", 3), ("d", 2), ("q", 0.1), ("who", "R&D 100%"))


def rendered(read, body):
    outcome = render_body(read(body), DRAWN)
    assert outcome.diagnostics == ()
    return outcome.value.text.strip()


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        (r"$\VAR{n}$", "$3$"),
        (r"\VAR{n + 1} \VAR{2*d} \VAR{n % 2} \VAR{-n} \VAR{n // 2}", "4 4 1 -3 1"),
        (r"\VAR{n / d} \VAR{half} \VAR{q}", r"\frac{3}{2} \frac{1}{2} 0.1"),
        (r"\VAR{1 / 3 + 1 / 6}", r"\frac{1}{2}"),
        (r"\VAR{2 ** 10}", "1024"),
        (r"\VAR{-n}\VAR{ -n} \VAR{+n} \VAR{-d}z", "-3-3 3 -2z"),
        (r"\VAR{who}", r"R\&D 100\%"),
        (r"\VAR{'a_b'}", r"a\_b"),
        (r"\VAR{'yes' if n == 3 else 'no'}", "yes"),
        (r"\VAR{'yes' if n > 3}", ""),
        (r"$x^\VAR{n * 4}$, $x^\VAR{n}$", "$x^{12}$, $x^3$"),
        (r"$5 + \VAR{n - 7} - \VAR{-d}$", "$5 + (-4) - (-2)$"),
        (r"$\VAR{n - 7}^2 \VAR{half}^2$", r"$(-4)^2 \left(\frac{1}{2}\right)^2$"),
        (r"$5 \VAR{-n | signed} \VAR{d | signed}$", "$5 -3 +2$"),
        (r"$\VAR{(d - 1) | coefficient}x \VAR{(d - n) | coefficient | signed}y$", "$x -y$"),
        (r"$\VAR{(d - 1) | coefficient | signed}x$, $x_\VAR{n}^2$", "$+x$, $x_3^2$"),
        (r"\BLOCK{if d == 2}two\BLOCK{elif d == 3}three\BLOCK{else}more\BLOCK{endif}", "two"),
        (r"\BLOCK{if n != 3 and d < 9 or not half > 1}x\BLOCK{endif}", "x"),
        (r"\BLOCK{for i in range(1, n + 1)}\VAR{i},\BLOCK{endfor}", "1,2,3,"),
        (r"\BLOCK{for a, b in [(1, 2), (3, 4)]}\VAR{a + b} \BLOCK{endfor}", "3 7"),
        (r"\BLOCK{for i in [n, d] if i is odd}\VAR{i}\BLOCK{endfor}", "3"),
        (r"\BLOCK{for i in []}x\BLOCK{else}none\BLOCK{endfor}", "none"),
        (
            r"\BLOCK{for i in range(3)}\VAR{loop.index}\BLOCK{if not loop.last};\BLOCK{endif}"
            r"\BLOCK{endfor}",
            "1;2;3",
        ),
        (r"\BLOCK{set m = n * d}\VAR{m}", "6"),
        (r"\BLOCK{set a, b = [1, 2]}\VAR{a}\VAR{b}", "12"),
        (r"\VAR{[1, 2, 3][n - 1]} \VAR{[n, d] | join(', ')} \VAR{[1, 2] | length}", "3 3, 2 2"),
        (r"\VAR{(2 - n) | abs} \VAR{half | round(2)} \VAR{n | round}", "1 0.50 3"),
        (r"\VAR{1 if x is defined else 2} \VAR{1 if n is divisibleby 3 else 2}", "2 1"),
        (r"\VAR{n in [3, 4]} \VAR{n not in [3]} \VAR{'a' < 'b'} \VAR{+n}", "True False True 3"),
        (r"a\#{ a comment }b", "ab"),
        ("%% if n == 3\nyes\n%% endif\nend", "yes\nend"),
        ("one\n\\BLOCK{if true}\ntwo\n\\BLOCK{endif}\nthree", "one\ntwo\nthree"),
        (r"{{ n }} and {% n", r"{{ n }} and {% n"),
    ],
)
def test_a_template_prints(read, body, printed):
    if body.startswith("{{"):
        body = body.replace("n", "m")  # a letter that is no parameter: plain LaTeX
        printed = printed.replace("n", "m").replace("amd", "and")
        body = body.replace("amd", "and")
    assert rendered(read, body) == printed


@pytest.mark.parametrize(
    ("body", "code", "place", "words"),
    [
        (r"Let \VAR{m}.", Code.JINJA_UNDEFINED, (1, 10), "'m'"),
        ("a\n\n\\VAR{ha1f}", Code.JINJA_UNDEFINED, (3, 6), "'ha1f'"),
        (r"\VAR{''.__class__}", Code.JINJA_FORBIDDEN, (1, 1), ".__class__"),
        (r"\VAR{''['__class__']}", Code.JINJA_FORBIDDEN, (1, 1), "__class__"),
        (r"\VAR{'' | attr('__class__')}", Code.JINJA_FORBIDDEN, (1, 11), "attr"),
        (r"\VAR{n.exact}", Code.JINJA_FORBIDDEN, (1, 1), ".exact"),
        (r"\VAR{loop.index}", Code.JINJA_UNDEFINED, (1, 6), "loop"),
        (r"\VAR{cycler(1)}", Code.JINJA_FORBIDDEN, (1, 6), "cycler"),
        (r"\VAR{range(1, 2, 3, 4)}", Code.JINJA_FORBIDDEN, (1, 6), "range"),
        (r"\BLOCK{include 'x'}", Code.FILE_MISSING, (1, 1), "include"),
        (r"\BLOCK{import 'x' as y}", Code.JINJA_FORBIDDEN, (1, 1), "import"),
        (r"\BLOCK{macro f()}\BLOCK{endmacro}", Code.JINJA_FORBIDDEN, (1, 1), "macro"),
        (r"\BLOCK{set x}a\BLOCK{endset}", Code.JINJA_FORBIDDEN, (1, 1), "set block"),
        (r"\BLOCK{for i in [1] recursive}\BLOCK{endfor}", Code.JINJA_FORBIDDEN, (1, 1), "recurs"),
        (r"\VAR{{'a': 1}}", Code.JINJA_FORBIDDEN, (1, 1), "dictionary"),
        (r"\VAR{[1, 2][0:1]}", Code.JINJA_FORBIDDEN, (1, 1), "slice"),
        (r"\VAR{'a' ~ 'b'}", Code.JINJA_FORBIDDEN, (1, 1), "~"),
        (r"\VAR{n is mapping}", Code.JINJA_FORBIDDEN, (1, 11), "mapping"),
        (r"\VAR{(n + 1) is defined}", Code.JINJA_FORBIDDEN, (1, 17), "defined"),
        (r"\VAR{-n**2}", Code.JINJA_FORBIDDEN, (1, 1), "**"),
        (r"\VAR{2**3**2}", Code.JINJA_FORBIDDEN, (1, 1), "**"),
        ("x {{ ''.__class__ }}", Code.JINJA_FORBIDDEN, (1, 3), "__class__"),
        ("x {{ n }}", Code.JINJA_SYNTAX, (1, 3), "letters n"),
        (r"x \VAR{n +}", Code.JINJA_SYNTAX, (1, 3), "ends too early"),
        ("a\n\\BLOCK{if n}", Code.JINJA_SYNTAX, (2, 1), "endif"),
        (r"\BLOCK{nosuch}", Code.JINJA_SYNTAX, (1, 1), "nosuch"),
        ("%% just a comment", Code.JINJA_SYNTAX, (1, 1), "just"),
        (r"\VAR{" + "(" * 3000 + ")" * 3000 + "}", Code.JINJA_SYNTAX, (1, 1), "deep"),
    ],
)
def test_what_is_wrong_is_found_without_rendering(read, body, code, place, words):
    found = check_template(read(body))
    first = read(body).body.line - 1
    assert [(d.code, (d.span.line - first, d.span.column)) for d in found] == [(code, place)]
    assert words in found[0].message
    assert render_body(read(body), DRAWN).diagnostics == found


def test_a_comment_with_two_percent_signs_gets_a_hint(read):
    assert "one %" in check_template(read("%% just a comment"))[0].hint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (r"\VAR{n / 0}", "division by zero"),
        (r"\VAR{5 // 0}", "division by zero"),
        (r"\VAR{5 % 0}", "division by zero"),
        (r"\VAR{'a' * 3}", "a word in arithmetic"),
        (r"\VAR{-'a'}", "a word in arithmetic"),
        (r"\VAR{9 ** (9 ** 9)}", "beyond"),
        (r"\BLOCK{set a = 2 ** 500}\VAR{" + "a*" * 10 + "a}", "thousand digits"),
        (r"\VAR{7 * " + "9" * 1300 + "}", "thousand digits"),
        (r"\BLOCK{for i in range(10 ** 9)}x\BLOCK{endfor}", "turns"),
        (r"\BLOCK{for i in range(10 ** 30)}x\BLOCK{endfor}", "turns"),
        (
            r"\BLOCK{for i in range(999)}\BLOCK{for j in range(999)}x\BLOCK{endfor}\BLOCK{endfor}",
            "turns",
        ),
        (r"\BLOCK{for i in range(9000)}" + "x" * 200 + r"\BLOCK{endfor}", "characters"),
        (r"\BLOCK{for i in range(9999)}" + r"\VAR{n}" * 60 + r"\BLOCK{endfor}", "steps"),
        (r"\BLOCK{for i in 5}x\BLOCK{endfor}", "a number is no sequence"),
        (r"\BLOCK{for a, b in [(1, 2, 3)]}x\BLOCK{endfor}", "2 names for 3 values"),
        (r"\VAR{[1, 2][5]}", "no item 5"),
        (r"\VAR{n[0]}", "has no items"),
        (r"\VAR{[1]}", "a list cannot be printed"),
        (r"\VAR{none}", "nothing cannot be printed"),
        (r"\BLOCK{for i in [1]}\VAR{loop}\BLOCK{endfor}", "`loop` cannot be printed"),
        (r"\VAR{1 < 'a'}", "have no order"),
        (r"\VAR{'a' | abs}", "abs of a word"),
        (r"\VAR{half | round(99)}", "0 to 12 digits"),
        (r"\VAR{half is even}", "whole number"),
    ],
)
def test_what_fails_tells_the_line_and_the_parameters(read, body, words):
    outcome = render_body(read("one\n" + body), DRAWN)
    assert outcome.value is None
    (found,) = outcome.diagnostics
    assert found.code is Code.JINJA_FAILED
    assert words in found.message
    assert "n = 3, d = 2" in found.message
    assert found.span.line == read("one").body.line + 1


def test_a_name_that_only_a_loop_defines_is_undefined_behind_it(read):
    body = r"\BLOCK{for i in [1]}\BLOCK{endfor}\VAR{i}"
    (found,) = render_body(read(body), DRAWN).diagnostics
    assert found.code is Code.JINJA_UNDEFINED


def test_a_requirement_without_value_is_told_at_its_key(tmp_path):
    head = 'params: {n: {choose: [0]}, m: {value: "1/n"}}'
    (tmp_path / "p.tex").write_text(problem("x", head), "utf-8")
    read = read_problem(Files(tmp_path), "p.tex").value
    (found,) = render_body(read, (("n", 0),)).diagnostics
    assert found.code is Code.PARAMETER_WRONG


@given(
    st.lists(st.sampled_from([r"\VAR{n}", r"\VAR{-n}", "\n", "a%b\n", " ", r"\BLOCK{if d}", "$x$"]))
)
def test_every_character_knows_where_it_was_written(tmp_path_factory, pieces):
    blocks = sum(piece.startswith("\\BLOCK") for piece in pieces)
    body = "B" + "".join(pieces) + r"\BLOCK{endif}" * blocks + "E"
    folder = tmp_path_factory.mktemp("p")
    (folder / "p.tex").write_text(problem(body, PARAMS), "utf-8")
    read = read_problem(Files(folder), "p.tex").value
    traced = render_body(read, DRAWN).value
    for character, place in zip(traced.text, traced.places, strict=True):
        written = read.body.text[place]
        assert written == character or (written == "\\" and character in "-3")


def test_parameters_are_told_in_the_author_s_order():
    assert with_parameters((("b", 1), ("a", "x"))) == " (with b = 1, a = x)"
    assert with_parameters(()) == ""
