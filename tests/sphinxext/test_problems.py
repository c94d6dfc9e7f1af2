"""Problems of a bank in a plain Sphinx project, in every format."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.sphinxext.built import Built, build, write

HEAD = """% ---
% title: A title that gives everything away
% kind: multiple-choice
% topics: [a]
% difficulty: {difficulty}
% points: 10
% minutes: 3
% visibility: {visibility}
% status: ready
% ---
"""

FULL = r"""By \result{thm-one} (number \result*{thm-one}), ``quoted''~-- and \emph{emphasised}
text with \texttt{code}, Erd\H{o}s.\footnote{A note with $x$.}
\begin{align}
  a &= b \label{eq:x}
\end{align}
Then \eqref{eq:x}.
\begin{tabular}{ll}
  Head & $y$ \\ \hline
  Cell & 2 \\
\end{tabular}
\includegraphics[width=2cm, alt={A red square}]{square}
\begin{parts}
  \part[4] First part.
    \begin{solution}[2cm]
      The first is solved. \begin{rubric}\item[4] marks for it\end{rubric}
    \end{solution}
  \part[6] Second part.
    \begin{subparts}
      \subpart[3] Below one.
      \subpart[3] Below two. \begin{oneparchoices} \choice True \CorrectChoice False
      \end{oneparchoices}
      \begin{solution} Because. \begin{rubric}\item[3] x\end{rubric} \end{solution}
    \end{subparts}
\end{parts}
"""

ONE = """
# One

:::{prf:theorem} T
:label: thm-one
$1=1$
:::

```{problem} full
:solution: always
:points:
```

Text {prf:ref}`full` and {prf:ref}`hard`.
"""

TWO = """
Two
===

.. problems::
   :where: difficulty > 4

Text :prf:ref:`full`.
"""

CONF = 'notesbuild_bank = "../bank"\n'


def problem(body, difficulty=2, visibility="public"):
    return HEAD.format(difficulty=difficulty, visibility=visibility) + body


def lay_out(folder: Path, one=ONE, conf=CONF):
    bank = folder / "bank" / "topic"
    (bank / "full").mkdir(parents=True, exist_ok=True)
    (bank / "full.tex").write_text(problem(FULL), "utf-8")
    hard = "Prove it.\n\\begin{solution}[1cm] It is so. \\end{solution}\n"
    (bank / "hard.tex").write_text(problem(hard, 5), "utf-8")
    (bank / "secret.tex").write_text(problem("Kept.", 5, "exam"), "utf-8")
    Image.new("RGB", (40, 40), "red").save(bank / "full" / "square.png")
    source = folder / "src"
    write(source, {"one.md": one, "two.rst": TWO}, conf)
    return source


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return lay_out(tmp_path_factory.mktemp("alone"))


@pytest.fixture(scope="module")
def html(source) -> Built:
    return build(source)


def test_pages(html):
    assert html.warnings == ()
    words = html.words("one.html")
    assert "Exercise 1.2 (10 points) By Theorem 1.1 (number 1.1), “quoted” – and" in words.replace(
        "\xa0", " "
    )
    assert "Erdős" in words
    assert "Text Exercise 1.2 and Exercise 2.1." in words
    assert "gives everything away" not in words
    page = html.text("one.html")
    assert 'alt="A red square"' in page
    assert (html.out / "_images" / "square.png").is_file()
    assert '<details class="problem-solution" id="solution-full">' in page
    assert "(b)</strong> <strong>(ii)</strong> Answer:" in page
    assert "marks for it" not in page
    assert "Kept" not in html.words("two.html")
    assert "It is so" not in html.words("two.html")
    assert "solution" not in html.text("two.html")


def test_latex(source):
    built = build(source, "latex")
    assert built.warnings == ()
    tex = built.tex()
    assert tex.index("\\section{Solutions}") > tex.index("Below two")
    assert "\\nbfix{result}{1.2}{one:full}" in tex
    assert "\\sphinxsetlistlabels{\\alph}{enumi}{enumii}{(}{)}" in tex
    assert "\\tag{1}" in tex
    assert "\\sphinxincludegraphics" in tex
    assert "Head" in tex
    assert "marks for it" not in tex


@pytest.mark.parametrize("builder", ["text", "man"])
def test_formats_that_count_their_own_way(source, builder):
    built = build(source, builder)
    assert built.warnings == ()
    name = "one.txt" if builder == "text" else "notes.1"
    words = " ".join(built.text(name).replace("\\", "").split())
    for part in ("(a) (4 points) First part.", "(b) (6 points)", "(i) (3 points) Below one."):
        assert part in words
    assert "The first is solved" in words
    assert "marks for it" not in words


@pytest.mark.parametrize("builder", ["singlehtml", "dirhtml", "epub"])
def test_other_pages(source, builder):
    built = build(source, builder)
    assert [w for w in built.warnings if "EPUB3" not in w] == []
    name = {"dirhtml": "one/index.html", "singlehtml": "index.html", "epub": "one.xhtml"}[builder]
    assert "<summary>Solution</summary>" in built.text(name)


def test_several_processes(tmp_path, html):
    source = lay_out(tmp_path)
    parallel = build(source, jobs=2)
    assert parallel.warnings == ()
    assert parallel.words("one.html") == html.words("one.html")


def test_a_changed_problem_is_read_again_alone(tmp_path):
    source = lay_out(tmp_path)
    assert {"one", "two"} <= build(source).written
    assert build(source).written == frozenset()
    path = tmp_path / "bank" / "topic" / "hard.tex"
    path.write_text(path.read_text("utf-8").replace("Prove it", "Refute it"), "utf-8")
    again = build(source)
    assert "one" not in again.written
    assert "Refute it" in again.words("two.html")
    # A new problem that a query finds, and one that it no longer does.
    shutil.copy(path, path.with_name("harder.tex"))
    assert "Exercise 2.2" in build(source).words("two.html")
    path.unlink()
    assert "Exercise 2.2" not in build(source).words("two.html")


def test_mistakes_are_warnings_at_their_place(tmp_path):
    one = ONE + "\n```{problem} fulll\n```\n\n```{problem} secret\n```\n"
    source = lay_out(tmp_path, one)
    (tmp_path / "bank" / "topic" / "hard.tex").write_text(problem("A \\nonsense{b}.\n", 5), "utf-8")
    told = [w.replace(f"{tmp_path}/", "") for w in build(source).warnings if "prf" not in w]
    assert "one.md:15: WARNING: there is no problem 'fulll' (did you mean 'full'?)" in told[0]
    assert "one.md:18: WARNING: secret is kept for exams" in told[1]
    assert "bank/topic/secret.tex:8:3: visibility: exam" in told[1]
    assert "bank/topic/hard.tex:11: WARNING: \\nonsense cannot be shown on a page" in told[2]
    assert all("[notesbuild.problem]" in one for one in told[:3])


def test_without_a_bank_the_directive_says_so(tmp_path):
    built = build(lay_out(tmp_path, conf=""))
    assert "name the folder of the bank as notesbuild_bank in conf.py" in built.warnings[0]


def test_a_directive_in_an_included_file_is_not_lost(tmp_path):
    source = lay_out(tmp_path)
    (source / "two.rst").write_text(TWO + "\n.. include:: more.inc\n", "utf-8")
    (source / "more.inc").write_text(".. problem:: secret\n", "utf-8")
    (warning,) = build(source).warnings
    assert "must stand in a chapter itself" in warning
