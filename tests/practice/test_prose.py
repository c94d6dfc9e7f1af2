r"""From LaTeX to the text of a page: all of it, or an error at its place."""

import re
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.diagnostics import Span
from notesbuild.render.environment import render_body
from notesbuild.render.parameters import admissible
from notesbuild.source.bank import find_problems
from notesbuild.source.files import Files
from notesbuild.source.latex import latex_nodes
from notesbuild.source.problem import read_files
from notesbuild.source.prose import read_prose
from tests.practice.reading import formulas, in_order, letters, question, read, solution, walked

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        ("one  two\nthree", "one two three"),
        ("one\n\ntwo\\par three\\\\[2pt] four", "one\ntwo\nthree\nfour"),
        ("``a'' `b' -- c --- d~e", "“a” ‘b’ – c — d\xa0e"),
        (r"\emph{a \textbf{b}} {\bfseries c} {\em d}", "*a **b*** **c** *d*"),
        (
            r"Erd\H{o}s, na\"\i ve, \'Elan, \o, \ss{}, fa\c{c}ade",
            "Erdős, naïve, Élan, ø, ß, façade",
        ),
        (r"50\,\% of \$5 \& more\ldots", "50\xa0% of $5 & more…"),
        ("a% comment\n b % another\n\nc", "ab\nc"),
        (r"\texttt{x = 1} and \verb|a_b%|", "`x = 1` and `a_b%`"),
        (
            r"\url{https://a.org/b_c} \href{https://a.org}{here}",
            "<https://a.org/b_c> <https://a.org>",
        ),
        (r"word\footnote{A \emph{note}.} more", "word[note: A *note*.] more"),
        (r"By \result{thm-a} and \result*{thm-b}, so", "By result(thm-a) and result(thm-b), so"),
        (r"$x$ and \(y\)\[z\] so", "$x$ and $y$\n$$z$$\nso"),
        (
            "\\begin{align*}a&=b\\\\c&=d\\end{align*}",
            "$$\\begin{align*}a&=b\\\\c&=d\\end{align*}$$",
        ),
        (
            "\\begin{equation}a\\label{e}\\end{equation} By \\eqref{e}",
            "$$a \\tag{1}$$\nBy (1)",
        ),
        (r"\begin{itemize}\item a \item b\end{itemize}", "a\nb"),
        (r"\begin{enumerate}[label=(\alph*)]\item a\end{enumerate}", "a"),
        (r"\begin{description}\item[Term] words\end{description}", "Term\nwords"),
        (
            "\\begin{tabular}{ll}\\hline a & $b$ \\\\ \\hline c & \\emph{d}\\\\\\end{tabular}",
            "a | $b$\nc | *d*",
        ),
        ("\\begin{verbatim}\na %b\n\\end{verbatim}", "a %b"),
        (r"\begin{center}\small centred\end{center}", "centred"),
        (r"\begin{quote}said\end{quote}", "said"),
        (r"the 2\textsuperscript{nd}", "the 2^nd"),
        (
            r"\enquote{said} \vspace*{1cm}\noindent then\fillin[secret][2cm].",
            "“said” then\xa0________.",
        ),
        (r"\fillin[the answer]", "________"),
    ],
)
def test_text(latex, shown):
    assert question(latex).strip() == shown


def test_parts_and_references_to_them():
    latex = r"""Intro.
\begin{parts}
  \part[3]\label{first} One.
  \begin{solution}[2cm] Solved one.
    \begin{rubric}\item[3] marks for it\end{rubric}
  \end{solution}
  \part Two, by \ref{first}.
  \begin{subparts}
    \subpart Sub. \begin{solution} Solved sub. \end{solution}
    \subpart Other.
  \end{subparts}
\end{parts}"""
    assert question(latex) == "Intro.\n(a) One.\n(b) Two, by a. (i) Sub.\n(ii) Other."
    assert solution(latex) == "(a) Solved one.\n(b) (i) Solved sub."
    assert [part.note for part in read(latex).question[1].children] == ["3", ""]
    assert "marks" not in letters([*read(latex).question, *read(latex).solution])


def test_choices_do_not_tell_which_is_right():
    latex = r"""Which?
\begin{choices}
  \choice wrong
  \CorrectChoice right
  \choice[fixed] none
\end{choices}
\begin{solution} Because. \end{solution}"""
    asked = read(latex).question
    assert question(latex) == "Which?\nA wrong\nB right\nC none"
    assert solution(latex) == "answer(B)\nBecause."
    kinds = {(one.shape, one.note, one.size) for one in asked[1].children}
    assert len(kinds) == 1


def test_choices_are_in_the_order_that_is_asked_for():
    latex = r"\begin{checkboxes}\CorrectChoice a \choice b \choice[fixed] c\end{checkboxes}"
    seen = []

    def order(number, fixed):
        seen.append((number, fixed))
        return (1, 0, 2)

    found = read_prose(latex, lambda at: Span("p.tex"), order)
    assert [letters([choice]) for choice in found.question[0].children] == ["b", "a", "c"]
    assert found.solution[0].text == "B"
    assert seen == [(0, (False, False, True))]


@pytest.mark.parametrize(
    ("latex", "column", "words"),
    [
        (r"a \foo{b}", 3, r"\foo cannot"),
        (r"a \begin{tikzpicture}x\end{tikzpicture}", 3, r"\begin{tikzpicture} cannot"),
        (r"a \includegraphics{gone}", 3, "no picture"),
        (r"a \includegraphics{there}", 3, "description"),
        (r"a \ref{nothing}", 3, "leads to no label"),
        (r"a \label{here}", 3, "names nothing"),
        (r"\emph{a \[x\]}", 1, "cannot stand here"),
        (r"\begin{parts} stray \part x \end{parts}", 14, "before the first"),
        (r"$\text{by \result{thm}}$", 1, "formula"),
    ],
)
def test_what_has_no_form_is_a_fault_at_its_place(latex, column, words):
    (fault,) = read(latex, ["there.png"]).faults
    assert fault.position == column - 1
    assert words in fault.message


def test_a_picture_has_words_and_a_width():
    latex = r"\includegraphics[width=.5\linewidth, alt={A curve, rising}]{plot}"
    (picture,) = read(latex, ["plot.pdf", "plot.svg"]).question
    assert (picture.text, picture.note, picture.size) == ("plot.svg", "A curve, rising", "50%")


def test_pieces_know_their_lines():
    found = read("one\n\n\n  two $x$\n\\[y\\]\n\\begin{parts}\n\\part three\n\\end{parts}")
    assert [piece.line for piece in found.question] == [1, 4, 5, 6]
    assert found.question[3].children[0].children[0].line == 7


WORD = st.from_regex(r"[A-Z]{2,8}", fullmatch=True)
FORMULA = st.from_regex(r"[a-z]\^[0-9]", fullmatch=True)
LINE = st.one_of(
    WORD,
    WORD.map(lambda w: rf"\emph{{{w}}}"),
    WORD.map(lambda w: rf"{{\bfseries {w}}}"),
    WORD.map(lambda w: rf"\footnote{{{w}}}"),
    FORMULA.map(lambda f: f"${f}$"),
)
PARAGRAPH = st.lists(LINE, min_size=1, max_size=5).map(" ".join)


def _environment(name, item):
    def wrap(texts):
        return f"\\begin{{{name}}}" + "".join(f"{item} {t}\n" for t in texts) + f"\\end{{{name}}}"

    return lambda inner: st.lists(inner, min_size=1, max_size=3).map(wrap)


def _blocks(inner):
    text = st.lists(inner, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        text,
        _environment("itemize", "\\item")(text),
        _environment("enumerate", "\\item")(text),
        _environment("parts", "\\part[2]")(text),
        _environment("choices", "\\choice")(text),
        text.map(lambda t: f"\\begin{{solution}}[2cm]{t}\\end{{solution}}"),
        text.map(lambda t: f"\\begin{{center}}{t}\\end{{center}}"),
        FORMULA.map(lambda f: f"\\[{f}\\]"),
    )


@given(st.recursive(PARAGRAPH, _blocks, max_leaves=12))
def test_no_word_and_no_formula_is_lost(latex):
    found = read(latex)
    assert found.faults == ()
    both = [*found.question, *found.solution]
    words = [word for one in walked(both) for word in re.findall("[A-Z]{2,}", one.text)]
    assert sorted(words) == sorted(re.findall("[A-Z]{2,}", latex))
    assert sorted(formulas(both)) == sorted(re.findall(r"[a-z]\^\d", latex))


def test_every_problem_of_the_bank_keeps_its_formulas():
    files = Files(ROOT)
    count = 0
    for problem_files in find_problems(files, "problem_bank"):
        problem = read_files(files, problem_files).value
        text = render_body(problem, next(islice(admissible(problem.metadata), 1))).value.text
        found = read_prose(text, problem.at, in_order)
        assert found.faults == (), problem.id
        both = [*found.question, *found.solution]
        assert sorted(formulas(both)) == sorted(_written(text)), problem.id
        count += 1
    assert count > 100


def _written(text):
    """The formulas outside of rubrics, as pylatexenc finds them."""
    rubrics = [
        (node.pos, node.pos + node.len)
        for node in latex_nodes(text)
        if getattr(node, "environmentname", "") == "rubric"
    ]
    for node in latex_nodes(text):
        if hasattr(node, "displaytype") and not any(a <= node.pos < b for a, b in rubrics):
            before, after = node.delimiters
            yield text[node.pos + len(before) : node.pos + node.len - len(after)].strip()
