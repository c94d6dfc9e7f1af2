"""Outlines of chapters: what stands where, in Markdown and in reStructuredText alike."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notesbuild.model.project import Chapter
from notesbuild.source.chapters import (
    KeptChapter,
    label_names,
    outline_of,
    read_outline,
    with_outlines,
)
from notesbuild.source.files import Files
from notesbuild.source.labels import defined_labels, result_labels, used_labels
from notesbuild.source.myst_outline import read_myst
from notesbuild.source.outline import Home, LabelKind

MYST = r"""
(ch-one)=
# On $\R$ and *more*

Text with $a$ and {math}`b`, {eq}`eq-a`, {prf:ref}`words <thm-a>` and [a link](#thm-a).

::::{prf:theorem} A bound for $x$
---
label: thm-a
class: "wide"
---
If {prf:ref}`thm-b`, then

:::{math}
:label: eq-a

a
= b
:::
::::

:::{prf:proof}
- In a list $c
  = d$,

  $$
  e
  $$ (eq-e)
:::

(sec-two)=
## Two

:::{prf:theorem}
:label: thm-b
B.
:::

Words.

:::{prf:proof}
:of: thm-a
Again.
:::

```{figure} /figures/a.*
:name: fig-a
:alt: A curve.

The curve $y$.
```

```python
$not$ {eq}`not`
```
"""

RST = r"""
.. _ch-one:

On :math:`\R` and *more*
========================

Text with :math:`a` and :math:`b`, :eq:`eq-a`, :prf:ref:`words <thm-a>` and ``:eq:`not```.

.. prf:theorem:: A bound for :math:`x`
   :label: thm-a
   :class: wide

   If :prf:ref:`thm-b`, then

   .. math::
      :label: eq-a

      a
      = b

.. prf:proof::

   - In a list :math:`c
     = d`,

     .. math::
        :label: eq-e

        e

.. _sec-two:

Two
---

.. prf:theorem::
   :label: thm-b

   B.

Words.

.. prf:proof::
   :of: thm-a

   Again.

.. figure:: /figures/a.*
   :name: fig-a
   :alt: A curve.

   The curve :math:`y`.

A block::

   :math:`not` :eq:`not`

.. A comment
   with :eq:`not`
"""


def outline(text, ending):
    return outline_of(Chapter("one", f"one.{ending}", text))


@pytest.fixture(params=["md", "rst"])
def chapter(request):
    text = MYST if request.param == "md" else RST
    return Chapter("one", f"one.{request.param}", text)


def test_what_a_chapter_holds(chapter):
    read = outline_of(chapter)
    assert read.title == r"On $\R$ and more"
    assert [(h.level, h.title) for h in read.headings][1:] == [(2, "Two")]
    assert [(r.kind, r.label, r.title) for r in read.results] == [
        ("theorem", "thm-a", "A bound for $x$"),
        ("theorem", "thm-b", ""),
    ]
    assert dict(read.results[0].options)["class"] == "wide"
    assert [(p.of, p.result) for p in read.proofs] == [("", 0), ("thm-a", 1)]
    assert [(i.target, i.alt) for i in read.images] == [("/figures/a.*", "A curve.")]
    formulas = [(f.text, f.display) for f in read.formulas]
    assert [(" ".join(text.split()), display) for text, display in formulas] == [
        *((r"\R", False), ("a", False), ("b", False), ("x", False), ("a = b", True)),
        *(("c = d", False), ("e", True), ("y", False)),
    ]


def test_references_know_where_they_stand(chapter):
    read = outline_of(chapter)
    found = [(r.role, r.label, r.home) for r in read.references if r.role != "link"]
    assert found == [
        ("eq", "eq-a", Home()),
        ("prf:ref", "thm-a", Home()),
        ("prf:ref", "thm-b", Home(0, None)),
        ("of", "thm-a", Home(None, 1)),
    ]
    assert [label.name for label in used_labels(chapter)] == [r[1] for r in found]


def test_labels_know_what_they_stand_at(chapter):
    marks = {(m.name, m.kind, m.title, m.result) for m in outline_of(chapter).marks}
    assert marks == {
        ("ch-one", LabelKind.SECTION, r"On $\R$ and more", ""),
        ("thm-a", LabelKind.RESULT, "A bound for $x$", "theorem"),
        ("eq-a", LabelKind.EQUATION, "", ""),
        ("eq-e", LabelKind.EQUATION, "", ""),
        ("sec-two", LabelKind.SECTION, "Two", ""),
        ("thm-b", LabelKind.RESULT, "", "theorem"),
        ("fig-a", LabelKind.FIGURE, "The curve $y$.", ""),
    }


def test_every_place_is_that_of_the_words(chapter):
    lines = chapter.text.split("\n")

    def at(span, words):
        return lines[span.line - 1][span.column - 1 :].startswith(words)

    read = outline_of(chapter)
    assert all(at(label.span, label.name) for label in defined_labels(chapter))
    assert all(at(label.span, label.name) for label in used_labels(chapter))
    for formula in read.formulas:
        position = 0
        for row in formula.text.split("\n"):
            lead = len(row) - len(row.lstrip())
            assert at(formula.span(position + lead), row.strip()), formula
            position += len(row) + 1


INDENT = st.sampled_from(["", "- ", "> ", "1. "])
FORMULA = (
    st.text("abx+^_{}\\ ", min_size=1, max_size=8)
    .map(lambda text: f"q{text}q")
    .filter(lambda text: "\\q" not in text and "$" not in text)
)


@given(st.lists(st.tuples(INDENT, FORMULA, st.integers(0, 3)), min_size=1, max_size=6))
def test_formulas_in_any_nesting_are_found_at_their_places(parts):
    pieces, expected = [], []
    for prefix, formula, depth in parts:
        for level in range(depth, 0, -1):
            pieces.append(f"{':' * (level + 2)}{{note}}\n")
        pieces.append(f"{prefix}Text ${formula}$ and more.\n")
        line = "".join(pieces).count("\n")
        expected.append((formula, line, len(prefix) + len("Text $") + 1))
        for level in range(1, depth + 1):
            pieces.append(f"{':' * (level + 2)}\n")
        pieces.append("\nA paragraph.\n\n")
    read = outline("".join(pieces), "md")
    assert [(f.text, *f.spots[0]) for f in read.formulas] == expected


FENCED = st.sampled_from(
    [
        *("{prf:theorem} On {prf:ref}`thm-a`", "{prf:lemma}", "{prf:proof}", "{note}", "{math}"),
        *("{eval-rst}", "{code-block} md", "python", "md", "{figure} a.png", "{prf:restate} x"),
    ]
)
LABELLED = (
    *(":::{prf:theorem} A\n:label: L\nWords.\n:::\n", "```{prf:lemma}\n:label: L\n$x$\n```\n"),
    *(".. prf:remark:: R\n   :label: L\n\n   Words.\n", ":::{prf:proof}\n:label: L\nWords.\n:::\n"),
)
PIECES = st.recursive(
    st.sampled_from(("", "Words {prf:ref}`L`.\n", "$$\nx\n$$ (eq)\n", "(x)=\n# H\n", *LABELLED)),
    lambda inside: st.one_of(
        st.lists(inside, min_size=2, max_size=3).map("\n".join),
        inside.map(lambda text: "- " + text.replace("\n", "\n  ")),
        inside.map(lambda text: "> " + text.replace("\n", "\n> ")),
        st.builds(
            lambda mark, name, option, text: f"{mark}{name}\n{option}{text}\n{mark}\n",
            st.sampled_from(["::::", ":::::", "````", "~~~~~"]),
            FENCED,
            st.sampled_from([":label: L\n", ":class: c\n:label: L\n\n", ":name: L\n", ""]),
            inside,
        ),
    ),
    max_leaves=8,
)


@given(PIECES)
@example(f"::::{{note}}\n```{{eval-rst}}\n{LABELLED[2]}```\n::::\n")
def test_the_labels_of_results_are_found_without_reading_words(text):
    def labelled(results_only):
        marks = read_myst(f"{text}\n\nEnd.\n", "chapter.md", results_only=results_only).marks
        return [(mark.name, mark.span) for mark in marks if mark.kind is LabelKind.RESULT]

    assert labelled(results_only=True) == labelled(results_only=False)


def test_an_outline_is_kept_as_it_was_read(tmp_path):
    chapters = (Chapter("a", "a.md", MYST), Chapter("b", "b.rst", RST))
    files = Files(tmp_path)
    unread = with_outlines(chapters, files, "build", read_all=False)
    assert not any(chapter.line for chapter in unread)
    with_outlines(chapters, files, "build", read_all=True)
    kept = with_outlines(chapters, files, "build", read_all=False)
    assert all(chapter.line for chapter in kept)
    for chapter, known in zip(chapters, kept, strict=True):
        assert outline_of(known) == read_outline(chapter)
        assert label_names(known) == label_names(chapter) != ()
    damaged = KeptChapter("a", "a.md", MYST + "\n", b'{"results": 1}')
    assert outline_of(damaged) == read_outline(chapters[0])
    assert label_names(damaged) == label_names(chapters[0])
    changed = (Chapter("a", "a.md", "# Other\n"), chapters[1])
    later = with_outlines(changed, files, "build", read_all=False)
    assert [bool(chapter.line) for chapter in later] == [False, True]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    for ending in ("md", "rst"):
        read = outline(text.replace("\r", ""), ending)
        assert all(part is not None for part in astuple(read))


UNFINISHED = """> :::{note} ::: ``` ~~~ $$ $ - 1. # | --- +++ % [^a]: [a](b) {x} {math}`y` (z)=
\\begin{align} \\end{align} : a \\ .. :: prf:theorem:: {prf:theorem} :label:""".split()  # noqa: SIM905


@given(st.lists(st.sampled_from([*UNFINISHED, " ", "  ", "\n", "\n", "\n\n", "\t"]), max_size=14))
@example(["> ", ":::{note}", "\n", "> a", "\n", "> "])
def test_what_is_left_unfinished_can_be_read(pieces):
    for ending in ("md", "rst"):
        outline("".join(pieces), ending)


LONG = ("{prf:ref}`" * 20_000, ".. x\n" * 20_000, "$" * 40_001, ":::{note}\n" * 2_000, "`" * 50_001)


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
@pytest.mark.parametrize("ending", ["md", "rst"])
def test_strange_texts_do_not_take_long(text, ending):
    outline(text, ending)


@pytest.mark.parametrize(("text", "ending"), [(MYST, "md"), (RST, "rst")])
def test_results_have_their_labels_in_either_language(text, ending):
    chapter = Chapter("chapter", f"chapter.{ending}", text)
    found = [label for label in result_labels(chapter) if label.name.startswith("thm-")]
    assert found == [label for label in defined_labels(chapter) if label.name.startswith("thm-")]
    assert len(found) == 2
