"""The PDF: text of the writer, and real runs of LaTeX whose numbers are compared with HTML."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from notesbuild.sphinxext.export import collect_results, latex_label
from notesbuild.sphinxext.latex import needs_unicode_engine
from notesbuild.tex.engine import run_tex
from tests.sphinxext.built import Built, build, make, third_party, write

pytestmark = third_party


def environment(tex: str, name: str) -> str:
    found = re.search(rf"\\begin\{{{name}\}}.*?\\end\{{{name}\}}", tex, re.DOTALL)
    assert found
    return found[0]


PROOFS = r"""
    # One

    :::{prf:theorem} On $x^2$ and [brackets]
    :label: thm-a
    Text.
    :::

    :::{prf:proof}
    $$
    a &= b \\
    c &= d % the end
    $$
    :::

    :::{prf:proof}
    Words.

    - first
    - last
    :::

    :::{prf:proof}
    $$ x = 2 $$ (eq-x)
    :::

    :::{prf:proof}
    :::

    :::{prf:remark}
    :nonumber:
    1. first
    :::
"""


def test_results_are_theorems_of_amsthm(tmp_path: Path) -> None:
    tex = make(tmp_path, {"one.md": PROOFS}, "latex").tex()
    assert r"\newtheorem{theorem}[result]{Theorem}" in tex
    theorem = environment(tex, "theorem")
    assert r"\nbfix{result}{1.1}{one:thm-a}" + "\n" + theorem in tex
    assert r"[{On \(x^2\) and {[}brackets{]}}]\label{\detokenize{one:thm-a}}" in theorem
    assert theorem.endswith("Text.\n\\end{theorem}")
    assert "\\leavevmode" in environment(tex, r"remark\*")


def test_mark_of_the_end_stands_on_the_last_line(tmp_path: Path) -> None:
    tex = make(tmp_path, {"one.md": PROOFS}, "latex").tex()
    display, listed, labelled, empty = re.findall(r"\\begin\{proof\}.*?\\end\{proof\}", tex, re.S)
    assert "\\end{aligned}\n\\qedhere\n\\end{equation*}\n\\end{proof}" in display
    assert re.search(r"last\\qedhere\s+\\end\{itemize\}\s+\\end\{proof\}", listed)
    assert "qedhere" not in labelled and r"\nbfix{equation}{1.1}" in labelled
    assert "qedhere" not in empty


def test_headings_have_the_numbers_of_the_pages(tmp_path: Path) -> None:
    files = {
        "index.md": (
            "# Notes\n\n```{toctree}\npreface\n```\n\n```{toctree}\n:numbered: 2\none\n```\n"
        ),
        "preface.md": "# Preface\n\n## Thanks\n",
        "one.md": "# One\n\n## Two\n\n### Three\n",
    }
    tex = make(tmp_path, files, "latex").tex()
    found = re.findall(r"\\nbheading\{(\w+)\}\{([\d.]*)\}\s*\\(\w+)\{(\w+)\}", tex)
    assert found == [
        ("chapter", "", "chapter", "Preface"),
        ("section", "", "section", "Thanks"),
        ("chapter", "1", "chapter", "One"),
        ("section", "1.1", "section", "Two"),
        ("subsection", "", "subsection", "Three"),
    ]


def test_settings_of_a_project_win(tmp_path: Path) -> None:
    conf = r"""
        latex_elements = {
            "pointsize": "12pt", "preamble": r"\def\mine{}", "sphinxsetup": "hmargin=2cm"
        }
        notesbuild_subtitle = "Maths & Stats\nTerm"
    """
    tex = make(tmp_path, {"one.md": "# One\n"}, "latex", conf).tex()
    assert r"\documentclass[a4paper,12pt,english,oneside,openany]{sphinxmanual}" in tex
    assert tex.index(r"\usepackage{notesbuild}") < tex.index(r"\def\mine{}")
    assert "hmargin=35mm" in tex and tex.index("hmargin=35mm") < tex.index("hmargin=2cm")
    assert r"\newcommand{\nbsubtitle}{Maths \& Stats \\ Term}" in tex


def test_bibliography_has_one_heading(tmp_path: Path) -> None:
    book = "@book{knuth, title={Art}, author={Donald Knuth}, publisher={P}, year={1968}}\n"
    conf = """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["books.bib"]
    """
    files = {
        "one.md": "# One\n\n{cite:p}`knuth`\n",
        "bib.md": "# Literature\n\n```{bibliography}\n```\n",
        "books.bib": book,
    }
    built = make(tmp_path, files, "latex", conf)
    tex = built.tex()
    chapter = tex[tex.index(r"\chapter{Literature}") :]
    assert re.search(r"\\nbownheading\s+\\begin\{sphinxthebibliography\}", chapter)
    assert built.warnings == ()


@pytest.mark.parametrize(
    ("text", "needed"),
    [("Jane Müller – “Łódź”", False), ("이재호", True), ("Ивáн", True), ("x ≤ y", False)],
)
def test_engine_that_a_text_needs(text: str, needed: bool) -> None:
    assert needs_unicode_engine(text) is needed


def typeset(built: Built, engine: str) -> tuple[Path, str]:
    """The PDF and the log; LaTeX must not complain."""
    (tex,) = built.out.glob("*.tex")
    run = run_tex(built.out, tex.stem, engine=engine, timeout=240, settle=("aux", "out", "toc"))
    log = tex.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert run.pdf is not None and run.errors == (), log[-3000:]
    return tex.with_suffix(".pdf"), log


BOOK = {
    "one.md": PROOFS
    + r"""
    :::{prf:proof}
    :of: lem-b
    Deferred: {eq}`eq-b`, {prf:ref}`lem-b`, {ref}`sec-far`, {numref}`tab-b`.
    :::
""",
    "two.md": r"""
        # Two: $L^2$

        :::{prf:lemma}
        :label: lem-b
        $$ \Prob(A) \le \argmax_x \norm{x} $$ (eq-b)
        :::

        :::{prf:proof}
        By {prf:ref}`thm-a` and {prf:ref}`this one <thm-a>`.
        :::

        (sec-far)=
        ## Far

        ```{table} A caption
        :name: tab-b

        | a | b |
        |---|---|
        | 1 | 2 |
        ```

        \begin{align}
        a &= b \\
        c &= d
        \end{align}
    """,
    "macros.tex": r"""
        \newcommand{\Prob}{\mathbb{P}}
        \newcommand{\norm}[1]{\left\lVert #1\right\rVert}
        \renewcommand{\H}{\mathcal{H}}
        \DeclareMathOperator*{\argmax}{arg\,max}
    """,
}


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_typeset_numbers_are_those_of_the_pages(tmp_path: Path, engine: str) -> None:
    author = "Anna Müller" if engine == "pdflatex" else "Anna Müller and 이재호"
    write(
        tmp_path,
        BOOK,
        f"""
        author = "{author}"
        latex_engine = "{engine}"
        notesbuild_macros = "macros.tex"
        """,
    )
    html = build(tmp_path)
    assert html.warnings == ()
    latex = build(tmp_path, "latex")
    assert latex.warnings == ()
    pdf, log = typeset(latex, engine)
    for complaint in ("undefined", "multiply", "Overfull", "same identifier", "Missing character"):
        assert complaint not in log
    aux = pdf.with_suffix(".aux").read_text(encoding="utf-8")
    labels = dict(re.findall(r"\\newlabel\{([^}]*)\}\{\{([^}]*)\}", aux))
    for record in collect_results(html.env):
        if record.number:
            assert labels[latex_label(record.docname, record.anchor)] == record.number
    program = shutil.which("pdftotext")
    assert program
    text = subprocess.run([program, pdf, "-"], capture_output=True, check=True, text=True).stdout
    assert "Proof of Lemma 2.1. Deferred: (2.1), Lemma 2.1, Far, Table 2.1." in text
    assert "By Theorem 1.1 and this one." in text
    assert author.rpartition(" and ")[2] in text
    assert "(2.2)" in text and "(2.2)" in html.words("two.html")
