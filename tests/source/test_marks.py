"""What is read of plain LaTeX at once is what pylatexenc's nodes lead to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesbuild.source.arguments import OF_ENVIRONMENTS, OF_MACROS, RARE
from notesbuild.source.latex import mask_jinja
from notesbuild.source.marks import Unbalanced, parsed_marks, plain_marks
from notesbuild.source.walker import vocabulary

BANK = Path(__file__).resolve().parents[2] / "problem_bank"

WORDS = r"""
{ } {a} {b{c}} [ ] [2] [a$b$] [\fill] $ $x$ $$ % \% & -- a b * é ² \( \) \[ \] \(y\) \\ \\* \\[2mm]
\, \begin \end \part \subpart \choice \CorrectChoice \item \item[4] \sqrt \sqrt[3] \section
\hspace \frac \frac12 \text \mathbb \textcolor \alpha \alphaé \é \verb|x| \VAR{xx} \cite \newcommand
\begin{solution} \end{solution} \begin{rubric} \end{rubric} \begin{choices} \end{choices}
\begin{align} \end{align} \begin{tabular} \end{tabular} \begin{array} \end{array} \begin{tabularx}
\end{tabularx} \begin{unknown} \end{unknown} \begin{verbatim} \end{verbatim} \begin{*} \unknown
\foo@bar \@for \pdf@x \csname \begin{a@b} \end{a@b} \begin{luacode} \end{luacode}
""".split()  # noqa: SIM905 (a list of words reads better so)
SPACES = [" ", "  ", "\t", "\n", "\n\n", "\r", "\x0b", "\xa0"]

pieces = st.recursive(
    st.sampled_from([*WORDS, *SPACES]),
    lambda inner: st.lists(inner, max_size=5).flatmap(
        lambda found: st.sampled_from(
            [
                "".join(found),
                f"{{{''.join(found)}}}",
                f"${''.join(found)}$",
                f"\\[{''.join(found)}\\]",
                f"\\begin{{choices}}{''.join(found)}\\end{{choices}}",
                f"\\begin{{solution}}{''.join(found)}\\end{{solution}}",
                f"\\begin{{array}}{''.join(found)}\\end{{array}}",
            ]
        )
    ),
    max_leaves=12,
)


def parsed(text: str) -> object:
    """What pylatexenc leads to; None where the text cannot be read."""
    try:
        return tuple(parsed_marks(text))
    except Unbalanced:
        return None


@settings(max_examples=400)
@given(pieces)
def test_any_text(text):
    plain = plain_marks(text)
    assert plain is None or plain == parsed(text)


def test_the_bank():
    read = 0
    paths = sorted(BANK.glob("*/*.tex"))
    for number, path in enumerate(paths):
        text = mask_jinja(path.read_text("utf-8").split("% ---\n")[-1])
        plain = plain_marks(text)
        read += plain is not None
        if plain is not None and number % 8 == 0:  # pylatexenc takes its time
            assert plain == parsed(text)
    assert read > 0.9 * len(paths)


@pytest.mark.parametrize(
    "text",
    [
        "50 % of it",
        r"\verb|}|",
        r"\begin{verbatim}x\end{verbatim}",
        r"\mathbb $x$",
        r"\bar\begin{array}{c}\end{array}",
        r"\item[$x$] a",
        r"\item [0, 1) b",
        r"\emph",
        "{" * 50 + "}" * 50,
        "$a$$b$",
        "{$}$",
        r"\begin{solution}\end{rubric}",
        "}",
        "{",
        "a\\",
    ],
)
def test_what_takes_a_parser(text):
    assert plain_marks(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "\\item\n\n[x] a",
        "\\item \n [x] a",
        "\\begin{solution}\n\n[x]\\end{solution}",
        r"\begin{align} a \\ [C, D] b \\[2mm] c \\*[1mm] d \end{align}",
        r"\frac\sqrt{2}{3} \frac\item[4]{5}",
        r"{\bar} \frac1{2} \frac12 \textcolor[rgb]{red}{\item[1] a}",
        r"\hspace*{1cm} \section*[a]{b \choice c}",
        r"\begin{choices}\choice a \begin{itemize}\choice b\end{itemize}\end{choices}",
        r"\begin{array}[t]{cc}\choice\end{array}",
        r"{$x$ \[ {\text{if $y$}} \]}",
    ],
)
def test_what_takes_no_parser(text):
    assert plain_marks(text) == parsed(text) is not None


def test_places_and_arguments():
    text = r"\begin{choices} \choice a {\choice b} \part[2] \end{choices}\item [x]"
    choices, first, second, part, item = plain_marks(text)
    assert (choices.is_environment, choices.start, choices.end) == (True, 0, text.index(r"\item"))
    assert (first.holder, second.holder, part.holder, item.holder) == (0, -1, 0, -1)
    assert (part.argument, item.argument, first.argument) == ("[2]", "[x]", None)


def test_the_arguments_are_those_of_pylatexenc():
    known = vocabulary()
    for kind, ours in (("macros", OF_MACROS), ("environments", OF_ENVIRONMENTS)):
        names = {name for category in known.d.values() for name in category[kind]}
        ask = known.get_macro_spec if kind == "macros" else known.get_environment_spec
        for name in names | ours.keys():
            if name not in RARE:
                assert ask(name).args_parser.argspec == ours.get(name, ""), name
