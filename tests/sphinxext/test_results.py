"""Results and proofs on pages, with the traps of sphinx-proof one by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notesbuild.sphinxext.kinds import KINDS
from tests.sphinxext.built import build, make, numbered, repeated_ids, third_party

pytestmark = third_party


def test_one_counter_for_all_kinds(tmp_path: Path) -> None:
    chapter = "# One\n" + "".join(f"\n:::{{prf:{k.name}}}\nText.\n:::\n" for k in KINDS)
    built = make(tmp_path, {"one.md": chapter})
    words = built.words("one.html")
    for place, kind in enumerate(KINDS, 1):
        assert numbered(words, kind.title) == [f"1.{place}"]
    assert built.warnings == ()


def test_title_may_repeat_a_heading_and_hold_markup(tmp_path: Path) -> None:
    chapter = """
        # Chapter

        ## Hoeffding

        :::{prf:theorem} Hoeffding
        Text.
        :::

        :::{prf:lemma} On $x^2$, *slanted* and [brackets]
        Text.
        :::
    """
    built = make(tmp_path, {"one.md": chapter})
    html = built.text("one.html")
    assert "Theorem 1.1 (Hoeffding)" in built.words("one.html")
    (title,) = re.findall(r"Lemma 1.2.*?</p>", html, re.DOTALL)
    assert 'class="katex"' in title
    assert "<em>slanted</em> and [brackets])" in title


def test_nonumber_takes_no_number(tmp_path: Path) -> None:
    chapter = """
        # One

        :::{prf:remark}
        :nonumber:
        :class: aside
        Text.
        :::

        :::{prf:theorem}
        Text.
        :::
    """
    built = make(tmp_path, {"one.md": chapter})
    assert '<span class="result-name">Remark</span>' in built.text("one.html")
    assert 'class="aside result remark is-remark"' in built.text("one.html")
    assert numbered(built.words("one.html"), "Theorem") == ["1.1"]


def test_ids_are_unique_within_and_between_pages(tmp_path: Path) -> None:
    chapter = "Title\n=====\n" + 2 * "\n.. prf:theorem::\n\n   A.\n\n.. prf:proof::\n\n   B.\n"
    files = {"one.rst": chapter, "two.rst": chapter}
    built = make(tmp_path, files)
    pages = built.text("one.html"), built.text("two.html")
    assert [repeated_ids(page) for page in pages] == [[], []]
    assert built.warnings == ()
    whole = build(tmp_path, "singlehtml").text("index.html")
    ours = [name for name in repeated_ids(whole) if "theorem" in name or "proof" in name]
    assert ours == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{prf:ref}`thm-b`", "Theorem 2.1"),
        ("{prf:ref}`the bound <thm-b>`", "the bound"),
        ("{prf:ref}`see thm-b now <thm-b>`", "see thm-b now"),
        ("{numref}`thm-b`", "Theorem 2.1"),
        ("{numref}`Thm. %s <thm-b>`", "Thm. 2.1"),
        ("{numref}`{name}, no. {number} <thm-b>`", "Bound, no. 2.1"),
        ("{ref}`thm-b`", "Theorem 2.1"),
        ("{any}`thm-b`", "Theorem 2.1"),
        ("[](#thm-b)", "Theorem 2.1"),
        ("[the *bound*](#thm-b)", "the bound"),
    ],
)
def test_references_over_files(tmp_path: Path, source: str, expected: str) -> None:
    built = make(
        tmp_path,
        {
            "one.md": f"# One\n\nA {source} B\n",
            "two.md": "# Two\n\n:::{prf:theorem} Bound\n:label: thm-b\n\nText.\n:::\n",
        },
    )
    assert f"A {expected} B" in built.words("one.html")
    assert 'href="two.html#thm-b"' in built.text("one.html")
    assert built.warnings == ()
    tex = build(tmp_path, "latex").tex()
    assert r"\hyperref[\detokenize{two:thm-b}]" in tex


def test_stray_page_counts_for_itself(tmp_path: Path) -> None:
    stray = """
        :orphan:

        Stray
        =====

        .. prf:theorem::
           :label: thm-stray

           Text with :eq:`eq-stray`.

        .. math:: y = 1
           :label: eq-stray

        See :prf:ref:`thm-stray`.
    """
    files = {"index.rst": "Notes\n=====\n", "stray.rst": stray}
    built = make(tmp_path, files)
    words = built.words("stray.html")
    assert "See Theorem 1." in words
    assert "Text with (1)." in words
    assert built.warnings == ()


def test_documents_without_chapter_numbers(tmp_path: Path) -> None:
    one = "# One\n\n:::{prf:theorem}\nText.\n:::\n"
    index = "# Notes\n\n```{toctree}\none\ntwo\n```\n"
    built = make(tmp_path, {"index.md": index, "one.md": one, "two.md": one})
    assert numbered(built.words("one.html"), "Theorem") == ["1"]
    assert numbered(built.words("two.html"), "Theorem") == ["2"]


def test_results_may_stand_in_other_blocks(tmp_path: Path) -> None:
    chapter = """
        # One

        - item

          :::{prf:theorem}
          In a list.
          :::

        ::::{note}
        :::{prf:lemma}
        In a note.
        :::
        ::::
    """
    words = make(tmp_path, {"one.md": chapter}).words("one.html")
    assert "Theorem 1.1" in words
    assert "Lemma 1.2" in words


PROOFS = """
    # One

    :::{prf:theorem} Bound
    :label: thm-a
    Text.
    :::

    % a comment between them

    :::{prf:proof}
    By definition.
    :::

    :::{prf:proof}
    $$ x = 1 $$
    :::

    :::{prf:proof}
    :::

    :::{prf:proof}
    :of: thm-a
    - first
    - last
    :::

    :::{prf:proof}
    Words.

    $$ x = 2 $$ (eq-x)
    :::
"""


def test_proofs(tmp_path: Path) -> None:
    html = make(tmp_path, {"one.md": PROOFS}).text("one.html")
    first, display, empty, listed, labelled = re.findall(
        r'<details class="result-proof.*?(?=<details class="result-proof|\Z)', html, re.DOTALL
    )
    assert 'data-of="thm-a" id="proof-thm-a"' in first
    assert 'open="open"' in first
    summary = r'<summary class="proof-title"><em class="proof-name">Proof\.</em></summary>\n'
    assert re.search(summary + '<p>By definition.<span class="qed', first)
    assert "Proof." in display and "katex-display" in display and "..math" not in display
    assert 'class="qed-line beside-display"' in display
    assert re.search(summary + '<div class="qed-line"><span class="qed"', empty)
    assert 'Proof of <span class="prf prf-ref">Theorem' in listed
    assert '</summary>\n<a class="reference internal proof-of" href="#thm-a"' in listed
    assert re.search(r"last<span class=\"qed\".*</li>", listed)
    assert 'class="qed-line"' in labelled
    assert repeated_ids(html) == []


def test_empty_result_and_proof_beginning_with_a_directive(tmp_path: Path) -> None:
    chapter = """
        One
        ===

        .. prf:definition::

        .. prf:proof::

           .. math:: x = 1

           .. note:: Then this.
    """
    built = make(tmp_path, {"one.rst": chapter})
    assert "Definition 1.1" in built.words("one.html")
    assert "math::" not in built.words("one.html")
    assert built.warnings == ()
