"""The pages of far targets, in LaTeX that is really run."""

from __future__ import annotations

from pathlib import Path

import pytest

from notesbuild.pdf.text import page_texts
from notesbuild.sphinxext.latex_far import on_page
from notesbuild.tex.engine import run_tex
from tests.sphinxext.built import make, third_party

pytestmark = third_party

PAGE = "```{raw} latex\n    \\newpage\\mbox{}\n    ```\n"
TEXT = f"""
    (sec-top)=
    # One

    :::{{prf:theorem}} T
    :label: thm-t
    Text.
    :::

    {PAGE}
    {PAGE}
    :::{{prf:lemma}} After {{prf:ref}}`thm-t`
    :label: lem-l
    By {{prf:ref}}`thm-t`, {{prf:ref}}`lem-l`, {{ref}}`sec-far` and [words](#thm-t).
    :::

    | a |
    |---|
    | {{prf:ref}}`thm-t` |

    {PAGE}
    {PAGE}
    (sec-far)=
    ## See {{prf:ref}}`thm-t`

    The {{prf:ref}}`theorem <thm-t>`, twice: {{prf:ref}}`thm-t`.
"""


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_pages_are_told_where_they_help(tmp_path: Path, engine: str) -> None:
    built = make(tmp_path, {"one.md": TEXT}, "latex", f'latex_engine = "{engine}"\n')
    assert built.warnings == ()
    job = next(built.out.glob("*.tex")).stem
    run = run_tex(built.out, job, engine=engine, timeout=120, passes=9)
    assert run.pdf
    assert run.errors == ()
    pages = [" ".join(text.split()) for text in page_texts(run.pdf)]
    top = next(n for n, text in enumerate(pages, 1) if "Theorem 1.1 (T)" in text)
    words = " ".join(pages)
    assert f"By Theorem 1.1 on page {top}, Lemma 1.2, See thm-t on page {top + 4}" in words
    assert "After Theorem 1.1)" in words  # not in a title
    assert "and words." in words  # once on a page
    assert f"The theorem on page {top}, twice: Theorem 1.1." in words
    assert words.count("on page") == 3
    # One more run says the same.
    assert run_tex(built.out, job, engine=engine, timeout=120, settle=()).pdf == run.pdf


def test_nobody_needs_pages(tmp_path: Path) -> None:
    built = make(tmp_path, {"one.md": TEXT}, "latex", "notesbuild_page_references = False\n")
    assert r"\nbpage{" not in built.tex()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", (" on page~", "")),
        ("de", (" auf Seite~", "")),
        ("fr", (" (page~", ")")),
        ("ko", ("(", "쪽)")),
        ("es", (" (p.~", ")")),
    ],
)
def test_words_are_those_of_the_language(language: str, words: tuple[str, str]) -> None:
    assert on_page(language) == words
