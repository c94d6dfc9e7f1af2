"""Plain text and Markdown as TeX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.render.environment import render_tex
from notesbuild.render.escape import Tex, escape_tex, pdf_string
from notesbuild.render.markdown import markdown_to_tex
from notesbuild.render.traced import Edit, Traced


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("50% & more_or_less", r"50\% \& more\_or\_less"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
        ("a^b~c #1 $5", r"a\textasciicircum{}b\textasciitilde{}c \#1 \$5"),
        ("a\x00b\x1bc\x85", "abc"),
        ("이재호", "이재호"),
    ],
)
def test_text_is_escaped(text, tex):
    assert escape_tex(text) == tex


@given(st.text())
def test_nothing_active_survives(text):
    plain = escape_tex(text)
    for command in (
        *("\\textbackslash{}", "\\textasciicircum{}", "\\textasciitilde{}", "\\textless{}"),
        *("\\textgreater{}", "\\textbar{}", "\\textquotedbl{}"),
        *("\\{", "\\}", "\\$", "\\&", "\\#", "\\%", "\\_"),
    ):
        plain = plain.replace(command, "")
    assert not set(plain.replace("~", "")) & set("\\{}$&#%_^")


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_pdf_string_says_the_text(text):
    written = bytes.fromhex(pdf_string(text)[1:-1])
    assert written.decode("utf-16") == text


@pytest.mark.parametrize(
    ("markdown", "tex"),
    [
        ("Hello **bold** and *soft*.", r"Hello \textbf{bold} and \emph{soft}."),
        ("One.\n\nTwo & three.", "One.\n\nTwo \\& three."),
        ("- a\n- b_c", "\\begin{itemize}\n\\item a\n\n\\item b\\_c\n\n\\end{itemize}"),
        ("1. a", "\\begin{enumerate}\n\\item a\n\n\\end{enumerate}"),
        ("Let $x_1 < 5$.", "Let $x_1 < 5$."),
        ("$$\nx^2\n$$", "\\[x^2\\]"),
        ("`a_b`", r"\texttt{a\_b}"),
        (
            "[text](https://example.org/a)",
            r"text (\texttt{https://example.org/\allowbreak{}a})",
        ),
        ("[text](#place)", "text"),
        ("<https://example.org>", r"\texttt{https://example.org}"),
        ("[a@b.org](mailto:a@b.org)", r"\texttt{a@b.org}"),
        ("{ref}`sec-means` and {ref}`this <sec-means>`", r"What \emph{means} are and this"),
        ("{prf:ref}`thm-lost`", "thm-lost"),
        ("{math}`x^2`", "$x^2$"),
        (
            "| a | b |\n|---|---|\n| *c* | $d$ |",
            "\\begin{tabular}{@{}ll@{}}\n\\textbf{a} & \\textbf{b}\\tabularnewline\n"
            "\\hline\\noalign{\\smallskip}\n"
            "\\emph{c} & $d$\\tabularnewline\n\\end{tabular}",
        ),
        ("# Head\ntext", "\\textbf{Head}\\par\n\ntext"),
        (
            "<b>x</b> \\write18{ls}",
            r"\textless{}b\textgreater{}x\textless{}/b\textgreater{} "
            r"\textbackslash{}write18\{ls\}",
        ),
    ],
)
def test_markdown_becomes_tex(markdown, tex):
    assert markdown_to_tex(markdown, {"sec-means": "What *means* are"}) == tex


def test_our_own_templates_escape_what_is_not_tex():
    values = {
        **{"height": "", "view_line": "", "version": "", "facts": [("A & B", "50%")]},
        **{"institution": None, "course_title": "C_1", "course_line": "", "title": "#1"},
        **{"fields": False, "instructions": Tex("\\relax"), "policy": "", "grade_rows": ()},
    }
    text = render_tex("cover.tex.j2", **values)
    assert r"A \& B" in text
    assert r"50\%" in text
    assert r"C\_1" in text
    assert r"\#1" in text
    assert "\n\\relax\\par\n" in text


def test_edits_keep_places():
    text = Traced.written("abcdef", 10)
    edited = text.replaced([Edit(1, 3, "XY!"), Edit(2, 3, "lost"), Edit(6, 6, "end")])
    assert edited.text == "aXY!defend"
    assert [edited.place(i) for i in range(len(edited.text))] == [
        *(10, 11, 11, 11, 13, 14, 15, 15, 15, 15)
    ]
    assert Traced.stands_for("x").place(0) == -1
    assert Traced.written("  a ").stripped().text == "a"
