"""Formulas, macros and commands that KaTeX or LaTeX cannot read, found without TeX and with it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from notesbuild.check import formulas
from notesbuild.check.compile import compile_formulas
from notesbuild.render.latex_names import in_exams, in_notes, used_names
from notesbuild.run.katex import KatexFailed
from notesbuild.source.project import read_project
from tests.check.projects import found_in, shown, with_chapter, write
from tests.small import SMALL, broken

MACROS = "notes/macros.tex"
MORE = "notes/chapters/basics/more.md"

FORMULAS = {
    r"An $\undefd x$.": [r"3:5 error[macro-unknown] \undefd is not defined"],
    r"A $x^2^3$.": ["3:7 error[math-wrong] KaTeX: Double superscript"],
    r"A $\left( x$.": [r"3:12 error[math-wrong] KaTeX: Expected '\right', got 'EOF'"],
    r"A $\frac{1}{2$.": [
        "3:14 error[math-wrong] KaTeX: Unexpected end of input in a macro argument, expected '}'"
    ],
    r"A $a & b$.": ["3:6 error[math-wrong] KaTeX: Expected 'EOF', got '&'"],
    r"A $\text{a_b}$.": ["3:11 error[math-wrong] KaTeX: Expected 'EOF', got '_'"],
    r"A $\begin{foo}x\end{foo}$.": ["3:10 error[math-wrong] KaTeX: No such environment: foo"],
    r"A $x \cnums$.": [r"3:6 error[math-wrong] LaTeX does not know \cnums"],
    "- In a list\n  $\\R$ and {math}`a \\cnums`": [
        r"4:21 error[math-wrong] LaTeX does not know \cnums"
    ],
    "```{math}\n:label: eq-x\n\na \\\\\nb + \\nowhere\n```\n\n{eq}`eq-x`": [
        r"7:5 error[macro-unknown] \nowhere is not defined"
    ],
    "$$\na\n\\intertext{and}\nb\n$$": [
        r"5:1 error[math-wrong] KaTeX does not know \intertext, which LaTeX has"
    ],
    "\\begin{align}\na &= b \\\\\n\nc &= d\n\\end{align}": [
        "6:1 error[math-wrong] LaTeX allows no blank line in this display"
    ],
    "::::{note}\n:::{prf:remark} On $\\R$ and $\\Rr$\nA $\\frac12$.\n:::\n::::": [
        r"4:30 error[macro-unknown] \Rr is not defined"
    ],
}


@pytest.fixture(scope="module")
def all_at_once(tmp_path_factory):
    """The findings of every chapter of the table, by chapter: KaTeX runs once."""
    files = dict(SMALL)
    for number, text in enumerate(FORMULAS):
        files[f"notes/chapters/wrong/c{number}.md"] = f"# Title\n\n{text}\n"
    return shown(found_in(tmp_path_factory.mktemp("wrong"), files))


@pytest.mark.parametrize("number", range(len(FORMULAS)))
def test_a_formula_that_one_side_cannot_read_is_found_at_its_place(all_at_once, number):
    path = f"notes/chapters/wrong/c{number}.md:"
    own = [line.removeprefix(path) for line in all_at_once if line.startswith(path)]
    assert own == list(FORMULAS.values())[number]


def test_nothing_else_is_found(all_at_once):
    assert len(all_at_once) == len([line for lines in FORMULAS.values() for line in lines])


RIGHT = r"""
# Title $\R$

$\newcommand{\own}{x}\own$, $\operatorname{rank} A$, $\text{if } x \in \R$, $50\%$, $\{a\}$,
$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$, $x'$, $\tfrac12 \coloneq y$

$$
\begin{aligned} a &= b \\ &= c \end{aligned}
$$
"""


def test_right_formulas_are_left_alone(tmp_path):
    text = RIGHT.replace(r" \coloneq y", "")
    assert shown(found_in(tmp_path, with_chapter(text))) == []


def test_macros(tmp_path):
    text = r"""\newcommand{\R}{\mathbb{R}}
\newcommand{\sum}{S}
\renewcommand{\nothing}{S}
\newcommand{\halves}{\frca12}
\newcommand{\again}{\oncemore}
\newcommand{\oncemore}{\again}
\newcommand{\gap}{\intertext{x}}
\renewcommand{\H}{\mathcal{H}}
\DeclareMathOperator{\rank}{rank}
\DeclareMathOperator{\tan}{tan}
"""
    found = shown(found_in(tmp_path, {**SMALL, MACROS: text}))
    assert found == [
        rf"{MACROS}:2:1 error[macro-wrong] \sum is a command of LaTeX",
        rf"{MACROS}:3:1 warning[macro-wrong] there is no \nothing to renew",
        rf"{MACROS}:4:1 error[macro-unknown] \halves uses \frca, which LaTeX does not know",
        rf"{MACROS}:5:1 error[macro-wrong] \again calls itself without end",
        rf"{MACROS}:6:1 error[macro-wrong] \oncemore calls itself without end",
        rf"{MACROS}:7:1 error[macro-wrong] \gap uses \intertext, which KaTeX does not know",
        rf"{MACROS}:10:1 error[macro-wrong] \tan is a command of LaTeX",
    ]


def test_a_formula_that_fails_through_a_macro_says_so(tmp_path):
    files = {**with_chapter("# More\n\n$\\halves$\n"), MACROS: r"\newcommand{\halves}{\frca12}"}
    files[MACROS] += "\n\\newcommand{\\R}{\\mathbb{R}}\n"
    (found,) = (line for line in shown(found_in(tmp_path, files)) if line.startswith(MORE))
    assert found == (
        rf"{MORE}:3:2 error[macro-unknown] a macro of this formula uses \frca, "
        "which is not defined"
    )


def test_problems_and_manifests(tmp_path):
    files = broken("problem_bank/means/mean-minimizes.tex", "at the mean", r"at $\meen$")
    path = "notes/courses/small.yaml"
    files[path] = files[path].replace("About means.", r"About $\meen$ means.")
    assert shown(found_in(tmp_path, files)) == [
        rf"{path}:5:1 error[macro-unknown] \meen is not defined",
        r"problem_bank/means/mean-minimizes.tex:13:59 error[macro-unknown] \meen is not defined",
    ]


def test_what_a_problem_defines_or_draws_is_its_own(tmp_path):
    text = (
        r"\newcommand{\own}{x} \def\mine{y} $\own\mine$ % \undefined"
        "\n"
        r"\begin{tikzpicture}\foreach \k in {1,2} \draw (\k,0) -- (\k,\local);\end{tikzpicture}"
        "\n"
        r"\verb|\undefined|"
        "\nLet"
    )
    files = broken("problem_bank/means/mean-minimizes.tex", "Let", text)
    assert shown(found_in(tmp_path, files)) == []


def test_what_was_found_is_kept_until_something_changes(tmp_path, monkeypatch):
    files = with_chapter("# More\n\n$\\undefd$\n")
    first = found_in(tmp_path, files)
    asked = []

    def counted(batch, macros, *, html):
        if not batch:
            return ()
        asked.append(len(batch))
        raise KatexFailed("not this time")

    monkeypatch.setattr(formulas, "render_formulas", counted)
    assert found_in(tmp_path, files) == first
    assert asked == []
    later = shown(found_in(tmp_path, {**files, MORE: "# More\n\n$a$ and $b$\n"}))
    assert (asked, later) == ([2], ["None error[program-failed] not this time"])


def test_every_command_of_the_table_is_one_of_tex(tmp_path):
    assert shutil.which("lualatex"), "the tests run with the TeX that scripts/setup.sh installs"
    sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
    try:
        import latex_commands
    finally:
        sys.path.pop(0)
    known = latex_commands.known(latex_commands.exam_preamble(tmp_path))
    common = {name for name in in_exams().names if name in in_notes().names}
    assert {"frac", "align", "align*", "mathbb", "operatorname"} <= common
    assert not common - known
    assert not {"cnums", "undefd", "R"} & known


def test_commands_and_environments_are_told_apart():
    text = r"\begin{a*} \\ \frac % \no" "\n" r"\% \begin {b}\x"
    assert [used.shown for used in used_names(text)] == [
        *(r"\begin{a*}", r"\frac", r"\begin{b}", r"\x")
    ]


# Eleven columns: KaTeX sets them, amsmath has ten.
WIDE = "\\begin{pmatrix} a &&&&&&&&&& b \\end{pmatrix}"


def test_real_latex_finds_what_no_table_knows(tmp_path):
    chapter = f"# More\n\nFine: $x$.\n\n$$\na \\\\\n{WIDE}\n$$\n\nAnd ${WIDE} + x$.\n"
    files = with_chapter(chapter)
    assert shown(found_in(tmp_path, files)) == []
    project = read_project(write(tmp_path, files)).value
    assert project is not None
    found = compile_formulas(project, say=lambda words: None)
    assert [(d.code.slug, d.span.path, d.span.line) for d in found] == [
        ("tex-error", MORE, 7),
        ("tex-error", MORE, 10),
    ]
    assert found[0].message == "LaTeX: too many & in a row"
    right = read_project(write(tmp_path / "right", SMALL)).value
    assert right is not None
    assert compile_formulas(right, say=lambda words: None) == ()


# --- problems that chapters show ------------------------------------------------------------

PROBLEM = r"""
% ---
% title: Practice
% kind: proof
% topics: [means]
% difficulty: 1
% points: 2
% minutes: 2
% visibility: practice
% status: ready
% params:
%   n: {choose: [7]}
% ---
Let $x_{\VAR{n}} = 1$, and $\VAR{n} y^2^3$ with \ensuremath{a^b^c}.
\[
  \VAR{n} + \VAR{n} +
  \nowhere
\]
\begin{align}
  a &= b \label{eq-own} \\
  c &= \cnums
\end{align}
\begin{solution}[1cm]
  By~\eqref{eq-own}, \begin{math} \frac12^2^3 \end{math}.
  \begin{rubric} \item[2] $\never^2^3$ \end{rubric}
\end{solution}
"""
BANKED = "problem_bank/means/practice-mean.tex"
ASKING = "# More\n\n```{problem} practice-mean\n```\n"
TOLD = [
    "13:40 error[math-wrong] KaTeX: Double superscript (with n = 7)",
    "13:64 error[math-wrong] KaTeX: Double superscript (with n = 7)",
    r"16:3 error[macro-unknown] \nowhere is not defined",
    r"20:8 error[macro-unknown] \cnums is not defined",
    "23:44 error[math-wrong] KaTeX: Double superscript (with n = 7)",
    r"24:28 error[macro-unknown] \never is not defined",
]


@pytest.mark.parametrize("listed", [True, False])
def test_formulas_of_problems_that_a_page_shows_are_tried(tmp_path, listed):
    files = {**with_chapter(ASKING, listed=listed), BANKED: PROBLEM}
    found = [line for line in shown(found_in(tmp_path, files)) if line.startswith(BANKED)]
    assert [line.removeprefix(f"{BANKED}:") for line in found] == TOLD


def test_formulas_of_problems_that_no_page_shows_are_left_to_tex(tmp_path):
    found = shown(found_in(tmp_path, {**with_chapter("# More\n"), BANKED: PROBLEM}))
    assert not any("math-wrong" in line for line in found)


def test_a_problem_is_tried_again_only_when_it_has_changed(tmp_path, monkeypatch):
    files = {**with_chapter(ASKING), BANKED: PROBLEM}
    before = shown(found_in(tmp_path, files))
    asked = []
    render = formulas.render_formulas

    def counted(texts, macros, *, html):
        asked.append([text for text, _ in texts])
        return render(texts, macros, html=html)

    monkeypatch.setattr(formulas, "render_formulas", counted)
    assert shown(found_in(tmp_path, files)) == before
    mended = PROBLEM.replace("y^2^3", "y^{2^3}")
    after = shown(found_in(tmp_path, {**files, BANKED: mended}))
    assert asked[0] == []
    assert "7 y^{2^3}" in asked[1] and len(asked[1]) == 6
    assert len(after) == len(before) - 1


def test_a_hint_names_a_command_only_if_it_is_alike(tmp_path):
    text = "# More\n\nAn $\\alpa$ and $\\N$.\n"
    hints = [one.hint for one in found_in(tmp_path, with_chapter(text))]
    assert hints[0] == "did you mean \\alpha?"
    assert "mean" not in hints[1]
