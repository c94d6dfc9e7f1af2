r"""Reading macros.tex, and the normal form of displays."""

from __future__ import annotations

import pytest

from notesbuild.render.display import latex_display, normal_display
from notesbuild.render.macros import Macro, macro_problems, read_macros, to_katex, to_latex


def test_definitions_are_read_with_their_places() -> None:
    text = "% a comment\n\\newcommand{\\R}{\\mathbb{R}}\n  \\newcommand\\norm[1]{\\|#1\\|}\n"
    assert read_macros(text) == (
        Macro("R", 0, "\\mathbb{R}", 2, 1),
        Macro("norm", 1, "\\|#1\\|", 3, 3),
    )
    assert macro_problems(text) == ()


def test_both_sides_get_the_same() -> None:
    macros = read_macros(
        r"""
        \newcommand{\inner}[2]{\langle #1, #2\rangle}
        \renewcommand{\H}{\mathcal{H}}
        \DeclareMathOperator{\Var}{Var}
        \DeclareMathOperator*{\argmin}{arg\,min}
        """
    )
    assert to_katex(macros) == {
        r"\inner": r"\langle #1, #2\rangle",
        r"\H": r"\mathcal{H}",
        r"\Var": r"\operatorname{Var}",
        r"\argmin": r"\operatorname*{arg\,min}",
    }
    assert to_latex(macros).splitlines() == [
        r"\newcommand{\inner}[2]{\langle #1, #2\rangle}",
        r"\providecommand{\H}{}\renewcommand{\H}{\mathcal{H}}",
        r"\DeclareMathOperator{\Var}{Var}",
        r"\DeclareMathOperator*{\argmin}{arg\,min}",
    ]
    assert read_macros(to_latex(macros[:1]))[0].body == macros[0].body


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("\n \\def\\a{b}", (2, 2), "is not a definition"),
        ("words", (1, 1), "“words” is not a definition"),
        (r"\newcommand{\x}[2][d]{#1#2}", (1, 1), "optional argument"),
        (r"\newcommand{\x}[1]{#1#2}", (1, 1), "uses #2 but takes 1"),
        (r"\newcommand{\x}[n]{y}", (1, 1), "not 0 to 9"),
        (r"\newcommand{x}{y}", (1, 1), "needs the name of a macro"),
        ("\\newcommand{\\x}{a}\n\\newcommand{\\x}{b}", (2, 1), "already defined in line 1"),
        ("\\newcommand{\\x}{a", (1, 18), "Unexpected end"),
        ("}", (1, 1), "closing brace"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    text: str, place: tuple[int, int], message: str
) -> None:
    (problem,) = macro_problems(text)
    assert (problem.line, problem.column) == place
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", "x = 1"),
        ("", ""),
        (r"a &= b \\ c &= d", "\\begin{aligned}\na &= b \\\\ c &= d\n\\end{aligned}"),
        (r"\begin{cases} 1 \\ 2 \end{cases}", r"\begin{cases} 1 \\ 2 \end{cases}"),
        (r"\sum_{\substack{i \\ j}} x \& y", r"\sum_{\substack{i \\ j}} x \& y"),
        ("a\n\nb", "\\begin{gathered}\na \\\\\nb\n\\end{gathered}"),
        ("a &= 1\n \nb &= 2", "\\begin{aligned}\na &= 1 \\\\\nb &= 2\n\\end{aligned}"),
        (r"\begin{align}a &= b \nonumber\end{align}", "\\begin{aligned}\na &= b\n\\end{aligned}"),
        (r"\begin{equation*}x\label{eq}\end{equation*}", "x"),
        (r"\begin{gather}x \\ y\end{gather}", "\\begin{gathered}\nx \\\\ y\n\\end{gathered}"),
        (
            r"\begin{alignat}{2}a &= b\end{alignat}",
            "\\begin{alignedat}{2}\na &= b\n\\end{alignedat}",
        ),
    ],
)
def test_normal_form_of_displays(text: str, expected: str) -> None:
    assert normal_display(text) == expected


def test_displays_in_latex() -> None:
    assert latex_display("x", None) == "\\begin{equation*}\nx\n\\end{equation*}"
    assert latex_display("x", "e") == "\\begin{equation}\\label{e}\nx\n\\end{equation}"
    marked = "\\begin{equation*}\nx %\n\\qedhere\n\\end{equation*}"
    assert latex_display("x %", None, qed=True) == marked
    multline = r"\begin{multline}a \\ b\end{multline}"
    assert latex_display(multline, None) == "\\begin{multline*}\na \\\\ b\n\\end{multline*}"
