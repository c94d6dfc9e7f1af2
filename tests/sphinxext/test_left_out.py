"""References to what an edition leaves out are names, in pages and in LaTeX."""

from __future__ import annotations

import pytest

from notesbuild.sphinxext.left_out import Absent, name_of
from tests.sphinxext.built import build, third_party, write

pytestmark = third_party

LEFT_OUT = {
    "lem-left": ("result", "lemma", "Massart's lemma in $\\mathbb{R}^n$", "Left"),
    "thm-bare": ("result", "theorem", "", "Left"),
    "eq-left": ("equation", "", "", "Left"),
    "fig-left": ("figure", "", "A curve. It bends.", "Left"),
    "Sec-Left": ("section", "", "Bounds", "Left"),
    "thm-here": ("result", "theorem", "Another one", "Left"),
}
CHAPTER = """
# One

By {prf:ref}`lem-left`, {prf:ref}`this <lem-left>`, {eq}`eq-left`, {numref}`fig-left`,
{ref}`Sec-Left`, {any}`thm-bare`, [](#thm-bare), [a link](#lem-left) and {prf:ref}`thm-here`.

:::{prf:theorem}
:label: thm-here
A.
:::

:::{prf:proof}
:of: lem-left
B.
:::
"""
CONF = f"notesbuild_left_out = {LEFT_OUT!r}\n"
ABSENT = "(not part of these notes)"
WORDS = (
    f"{ABSENT}, this {ABSENT}, an equation of “Left” {ABSENT}, Figure “A curve” {ABSENT}, "
    f"Section “Bounds” {ABSENT}, a theorem of “Left” {ABSENT}, a theorem of “Left” {ABSENT}, "
    f"a link {ABSENT} and Theorem 1.1."
)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("left") / "src"
    write(folder, {"one.md": CHAPTER}, CONF)
    return folder


def test_pages_name_what_is_not_there(source):
    built = build(source)
    assert built.warnings == ()
    words = built.words("one.html")
    assert "By Massart’s lemma in" in words
    assert WORDS in words
    assert "Proof of Massart’s lemma in" in words
    assert built.text("one.html").count('<math xmlns="http://www.w3.org/1998/Math/MathML">') == 2
    assert "lem-left" not in built.text("one.html").replace("proof-lem-left", "")


def test_latex_does_the_same(source):
    built = build(source, "latex")
    assert built.warnings == ()
    tex = " ".join(built.tex().split())
    assert r"Massart’s lemma in \(\mathbb{R}^n\) (not part of these notes)" in tex
    assert "lem-left" not in tex.replace("proof-lem-left", "")


RESTATED = """
# One

:::{prf:restate} lem-left
:class: again
:::

:::{prf:proof}
By hand.
:::

- Listed:

  :::{prf:restate} thm-bare
  :::

:::{prf:restate} thm-here
:::

:::{prf:theorem}
:label: thm-here
A.
:::
"""


@pytest.mark.parametrize("builder", ["html", "latex", "singlehtml", "text"])
def test_a_result_that_is_not_there_is_named_where_it_would_be_stated_again(tmp_path, builder):
    write(tmp_path / "src", {"one.md": RESTATED}, CONF)
    built = build(tmp_path / "src", builder)
    assert built.warnings == ()
    if builder == "latex":
        words = built.tex()
    elif builder == "text":
        words = built.text("one.txt")
    else:
        words = built.words("one.html" if builder == "html" else "index.html")
    words = " ".join(words.split()).replace(")}.", ").")  # of a command in LaTeX
    assert "Massart’s lemma in " in words
    assert f"{ABSENT}." in words
    assert f"A theorem of “Left” {ABSENT}." in words
    assert "restated" in words  # of the result that is there
    assert "no result" not in words


def test_what_is_left_out_and_no_result_cannot_be_stated_again(tmp_path):
    write(tmp_path / "src", {"one.md": "# One\n\n:::{prf:restate} eq-left\n:::\n"}, CONF)
    (warning,) = build(tmp_path / "src").warnings
    assert "no result has the label “eq-left”" in warning


def test_what_is_in_neither_is_still_unknown(tmp_path):
    write(tmp_path / "src", {"one.md": "# One\n\n{prf:ref}`lem-nowhere`\n"}, CONF)
    (warning,) = build(tmp_path / "src").warnings
    assert "no result has the label “lem-nowhere”" in warning


def test_a_title_that_changes_is_written_again(tmp_path):
    source = tmp_path / "src"
    write(source, {"one.md": CHAPTER}, CONF)
    build(source)
    write(source, {"one.md": CHAPTER}, CONF.replace("Massart", "Hoeffding"))
    assert "By Hoeffding’s lemma" in build(source).words("one.html")


LEMMA = Absent("result", "lemma", "Massart's lemma", "Kernels")


@pytest.mark.parametrize(
    ("absent", "language", "words"),
    [
        (LEMMA, "en", "Massart's lemma"),
        (LEMMA._replace(title="Finite classes"), "en", "Lemma “Finite classes”"),
        (LEMMA._replace(title=""), "en", "a lemma of “Kernels”"),
        (LEMMA._replace(result="example", title=""), "en", "an example of “Kernels”"),
        (LEMMA._replace(title=""), "de", "Lemma aus „Kernels“"),
        (Absent("section", "", "Kernels", "Kernels"), "en", "Chapter “Kernels”"),
        (Absent("section", "", "Kernels", "Kernels"), "ko", "장 “Kernels”"),
        (Absent("equation", "", "", "Noyaux"), "fr", "équation de « Noyaux »"),
        (Absent("figure", "", "x" * 90, "Kernels"), "en", "a figure of “Kernels”"),
        (Absent("other", "", "", "Kernels"), "en", "a passage of “Kernels”"),
    ],
)
def test_names(absent, language, words):
    assert name_of(absent, language) == words
