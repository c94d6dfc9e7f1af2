"""The structure of bodies, with places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.diagnostics import Code
from notesbuild.source.latex import mask_jinja, parse_body

PARTS = r"""Let $f$ be convex.
\begin{parts}
  \part[8] Prove it.
    \begin{solution}[8cm]
      Because.
      \begin{rubric} \item[5] idea \item[3] detail \end{rubric}
    \end{solution}
  \part[4] Disprove it.
    \begin{solution}[30mm]
      So.
      \begin{rubric}
        \item[4] all
      \end{rubric}
    \end{solution}
\end{parts}
"""


def test_parts_solutions_and_rubrics():
    body = parse_body(PARTS, "p.tex", 10).value
    assert [part.points for part in body.parts] == [8, 4]
    assert [part.solution.space for part in body.parts] == ["8cm", "30mm"]
    assert [part.solution.rubric.items for part in body.parts] == [(5, 3), (4,)]
    assert str(body.parts[1].span) == "p.tex:17:3"
    assert body.has_parts


def test_a_problem_without_parts_is_one_part():
    rubric = "\\begin{rubric}\\item[6] x\\end{rubric}"
    text = f"Say why.\n\\begin{{solution}}[4cm] So. {rubric}\\end{{solution}}"
    body = parse_body(text, "p.tex", 1).value
    (part,) = body.parts
    assert part.points is None and part.solution.rubric.items == (6,) and not body.has_parts


def test_subparts_add_up():
    subparts = "\\begin{subparts}\\subpart[2] a \\subpart[3] b\\end{subparts}"
    text = f"\\begin{{parts}}\\part x {subparts}\\end{{parts}}"
    assert parse_body(text, "p.tex", 1).value.parts[0].points == 5


def test_choices_and_their_marks():
    text = (
        "Which?\n\\begin{choices}\n\\choice $[0,1]$\n\\CorrectChoice $2$\n"
        "\\choice[fixed] None\n\\end{choices}\n"
    )
    (choices,) = parse_body(text, "p.tex", 1).value.choices
    assert [(c.correct, c.fixed) for c in choices] == [(False, False), (True, False), (False, True)]
    assert str(choices[1].span) == "p.tex:4:1"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a\n  {b\n", "p.tex:8:3"),
        ("a $x\n", "p.tex:7:3"),
        ("\\begin{parts}\n\\part x\n", "p.tex:7:1"),
        ("a }\n", "p.tex:7:3"),
        ("\\begin{a}\\end{b}", "p.tex:7:1"),
    ],
)
def test_latex_that_is_not_balanced(text, place):
    found = parse_body(text, "p.tex", 7).diagnostics
    assert [d.code for d in found] == [Code.LATEX_SYNTAX]
    assert found[0].span.line == int(place.split(":")[1])


@pytest.mark.parametrize(
    "text",
    [
        r"\input{/etc/passwd}",
        r"\immediate\write18{ls}",
        r"\openin5=x",
        r"{\catcode`\@=11 }",
        r"\csname input\endcsname",
        r"\begin{input}{x}\end{input}",
        r"\begin{filecontents}{x}\end{filecontents}",
        r"\directlua{os.exit()}",
        r"\frac{\input x}{2}",
        r"^^5cinput{x}",
        r"\pdfobj{}",
    ],
)
def test_commands_that_reach_outside_are_refused(text):
    found = parse_body("ok\n" + text, "p.tex", 3).diagnostics
    assert Code.FORBIDDEN_LATEX in {d.code for d in found}
    assert {d.span.line for d in found} == {4}


def test_jinja_is_no_latex():
    text = r"$\VAR{n % 2}$ \BLOCK{if d == 2 and x == '}'} a \BLOCK{endif} \VAR{{'a': 1}} 50\% {b}"
    assert parse_body(text, "p.tex", 1).diagnostics == ()


@given(st.text(alphabet="\\{}VARBLOCK#'\" %\n$ab", max_size=40))
def test_masking_keeps_every_position(text):
    masked = mask_jinja(text)
    assert len(masked) == len(text)
    assert [i for i, c in enumerate(masked) if c == "\n"] == [
        i for i, c in enumerate(text) if c == "\n"
    ]


@given(st.text(alphabet="\\{}[]$%&partbeginsolution \n", max_size=60))
def test_no_text_makes_the_parser_fail(text):
    parse_body(text, "p.tex", 1)
