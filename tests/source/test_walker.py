"""The quick tokenizer gives the nodes that pylatexenc's own gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError

from notesbuild.source.latex import mask_jinja, parse_body
from notesbuild.source.walker import nodes_of, vocabulary, walk

BANK = Path(__file__).resolve().parents[2] / "problem_bank"

WORDS = r"""
\ { } [ ] $ $$ % ^ _ & ~ -- a b * é ² \( \) \[ \] \\ \, \begin \end \part \choice \item \sqrt
\section \newcommand \hspace \frac \verb|x| \verb {x} $x$ \begin{solution} \end{solution}
\begin{align} \end{align} \begin{tabular} \end{tabular} \begin{unknown} \end{unknown} \unknown
""".split()  # noqa: SIM905 (a list of words reads better so)
SPACES = [" ", "  ", "\t", "\n", "\n\n", "\r", "\x0b"]


def slowly(text: str) -> list[object]:
    """The nodes that pylatexenc's own tokenizer leads to."""
    walker = LatexWalker(text, latex_context=vocabulary(), tolerant_parsing=False)
    return walker.get_latex_nodes()[0]


def shown(parse, text: str) -> object:
    """Every field of every node that is text or a place; or what is wrong."""
    try:
        nodes = parse(text)
    except LatexWalkerParseError as fault:
        return [context[:2] for context in fault.open_contexts], fault.msg
    return [(type(node).__name__, node.pos, node.len, *texts(node)) for node in walk(nodes)]


def texts(node: object) -> list[str]:
    """The fields of a node that are text, or tuples of text."""
    return [repr(value) for value in vars(node).values() if isinstance(value, (str, tuple))]


@given(st.lists(st.sampled_from([*WORDS, *SPACES]), max_size=14).map("".join))
def test_any_text(text):
    if "\\verb" in text:
        return  # pylatexenc fails where nothing follows; ours says so
    assert shown(nodes_of, text) == shown(slowly, text)


@pytest.mark.parametrize("path", sorted(BANK.glob("*/*.tex"))[::16], ids=lambda p: p.stem)
def test_the_bank(path):
    text = mask_jinja(path.read_text("utf-8"))
    assert shown(nodes_of, text) == shown(slowly, text)


def test_the_order_of_nodes():
    text = r"a \frac{1}{\sqrt{2}} {b $c$} \begin{solution}[d]e\end{solution}"
    pieces = [text[node.pos : node.pos + node.len] for node in walk(nodes_of(text))]
    assert pieces[:4] == ["a ", r"\frac{1}{\sqrt{2}}", "{1}", "1"]
    assert pieces[4:7] == [r"{\sqrt{2}}", r"\sqrt{2}", "{2}"]
    assert pieces[-4:] == [r"\begin{solution}[d]e\end{solution}", "[d]", "d", "e"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"a \verb", "nothing to print"),
        (r"\part[" + "9" * 5000 + "]", "points are a whole number"),
        (
            r"\begin{solution}\begin{rubric}\item[" + "9" * 5000 + r"]\end{rubric}\end{solution}",
            "begins with its points",
        ),
        ("{" * 5000 + "}" * 5000, "nested too deeply"),
    ],
    ids=["verb", "points", "rubric", "braces"],
)
def test_what_pylatexenc_or_python_would_stumble_over(text, words):
    (found,) = parse_body(text, "p.tex", 1).diagnostics
    assert words in found.message
    assert len(found.message) < 200
