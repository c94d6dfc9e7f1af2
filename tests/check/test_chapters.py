"""Rules about chapters: each finds what is wrong, and has nothing against its twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notesbuild import pipeline
from notesbuild.diagnostics import Outcome
from notesbuild.source.project import read_project
from tests.check.projects import CHAPTER, found_in, shown, with_chapter, write
from tests.small import SMALL, broken

HEAD = "# More\n\n{prf:ref}`lem-a` {prf:ref}`lem-b`\n\n"


def lemma(label: str, body: str = "B.", proof: str | None = "Clear.") -> str:
    text = f":::{{prf:lemma}}\n:label: {label}\n{body}\n:::\n\n"
    return text if proof is None else f"{text}:::{{prf:proof}}\n{proof}\n:::\n\n"


def rst(label: str, proof: str) -> str:
    return (
        f".. prf:lemma:: A\n   :label: {label}\n\n   B.\n\n.. prf:proof::\n\n   {proof}\n\n"
        f"See :prf:ref:`{label}`.\n\n"
    )


CIRCLE = (
    HEAD
    + lemma("lem-a", proof="By {prf:ref}`lem-b`.")
    + lemma("lem-b", proof="By {prf:ref}`lem-a`.")
)
DEFERRED = (
    HEAD
    + lemma("lem-a", proof=None)
    + lemma("lem-b", proof="By {prf:ref}`lem-a`.")
    + "## Proofs\n\n:::{prf:proof}\n:of: lem-a\nBy {prf:ref}`lem-b`.\n:::\n"
)

RULES = {
    "a circle": (
        CIRCLE,
        CIRCLE.replace("By {prf:ref}`lem-b`", "Unlike {any}`lem-b`"),
        [
            "more.md:11:14 error[proof-circular] the proofs go in a circle: "
            "lem-a (more:11) → lem-b (more:20) → lem-a",
            "more.md:11:14 warning[proof-forward] the proof of lem-a leans on lem-b, "
            "which comes later (more:15)",
        ],
    ),
    "a circle through a proof that stands elsewhere": (
        DEFERRED,
        DEFERRED.replace("By {prf:ref}`lem-a`.", "Clear."),
        [
            "more.md:23:14 error[proof-circular] the proofs go in a circle: "
            "lem-a (more:23) → lem-b (more:16) → lem-a",
        ],
    ),
    "a circle in reStructuredText": (
        "More\n====\n\n" + rst("lem-a", "By :prf:ref:`lem-b`.") + rst("lem-b", ":prf:ref:`lem-a`."),
        "More\n====\n\n" + rst("lem-a", "By *hand*.") + rst("lem-b", ":prf:ref:`lem-a`."),
        [
            "more.rst:11:17 error[proof-circular] the proofs go in a circle: "
            "lem-a (more:11) → lem-b (more:22) → lem-a",
            "more.rst:11:17 warning[proof-forward] the proof of lem-a leans on lem-b, "
            "which comes later (more:16)",
        ],
    ),
    "a statement that points forward": (
        HEAD + lemma("lem-a", "As in {prf:ref}`lem-b`.") + lemma("lem-b"),
        HEAD + lemma("lem-a") + ":::{prf:remark}\nSee {prf:ref}`lem-b`.\n:::\n\n" + lemma("lem-b"),
        [
            "more.md:7:17 note[proof-forward] the statement of lem-a refers to lem-b, "
            "which comes later (more:15)",
        ],
    ),
    "no proof": (
        HEAD + lemma("lem-a", proof=None) + lemma("lem-b"),
        HEAD
        + lemma("lem-a", proof=None)
        + "Its proof is in {cite:t}`euler1748introductio`.\n\n"
        + lemma("lem-b", "By {cite:t}`euler1748introductio`.", proof=None),
        ["more.md:5:4 warning[proof-missing] the lemma lem-a has no proof"],
    ),
    "no proof, though something is said": (
        HEAD + lemma("lem-a", proof=None) + "This is remarkable.\n\n" + lemma("lem-b"),
        HEAD
        + lemma("lem-a", proof=None).replace(":label:", ":class: no-proof\n:label:")
        + lemma("lem-b", proof=None)
        + "The proof is left for {ref}`ch-means`.\n",
        ["more.md:5:4 warning[proof-missing] the lemma lem-a has no proof"],
    ),
    "a proof that follows an example": (
        HEAD + lemma("lem-a", proof=None) + "## New\n\n" + lemma("lem-b"),
        HEAD + lemma("lem-a", proof=None) + ":::{prf:example}\nA.\n:::\n\nNow we can prove it.\n\n"
        ":::{prf:proof}\nB.\n:::\n\n" + lemma("lem-b"),
        ["more.md:5:4 warning[proof-missing] the lemma lem-a has no proof"],
    ),
    "an equation with a number that nobody needs": (
        "# More\n\n$$\na = b\n$$ (eq-more)\n",
        "# More\n\n$$\na = b\n$$ (eq-more)\n\nBy {eq}`eq-more`.\n",
        [
            "more.md:5:5 warning[label-unused] nothing refers to the equation eq-more, "
            "so its number is not needed"
        ],
    ),
    "a lemma that nobody uses": (
        "# More\n\n" + lemma("lem-a"),
        "# More\n\n" + lemma("thm-a").replace("lemma", "theorem"),
        ["more.md:4:9 note[label-unused] nothing refers to the lemma lem-a"],
    ),
    "a label that nothing has, as an argument and as an option": (
        HEAD
        + lemma("lem-a")
        + lemma("lem-b")
        + ":::{prf:restate} lem-c\n:::\n\n:::{prf:proof}\n:of: lem-d\nClear.\n:::\n",
        HEAD
        + lemma("lem-a")
        + lemma("lem-b", proof=None)
        + ":::{prf:restate} lem-a\n:::\n\n:::{prf:proof}\n:of: lem-b\nClear.\n:::\n",
        [
            "more.md:23:18 error[unknown-reference] no chapter defines the label 'lem-c'",
            "more.md:27:6 error[unknown-reference] no chapter defines the label 'lem-d'",
        ],
    ),
    "a label with a space": (
        "# More\n\n" + lemma("thm a").replace("lemma", "theorem"),
        "# More\n\n" + lemma("thm:a_1").replace("lemma", "theorem"),
        ["more.md:4:9 error[label-wrong] the label 'thm a' holds a space"],
    ),
    "a directive without an end": (
        "# More\n\n" + lemma("thm-a").replace("lemma", "theorem") + ":::{note}\nA.\n\nB.\n",
        "# More\n\n" + lemma("thm-a").replace("lemma", "theorem") + "> :::{note}\n> A.\n> :::\n",
        [
            "more.md:12:1 warning[block-unclosed] the directive note begins here and is never "
            "closed, so all that follows belongs to it"
        ],
    ),
    "a directive in another one with as many colons": (
        "# More\n\n:::{note}\n:::{tip}\nA.\n:::\n:::\n\n- ```text\n  A.\n  ```\n\nB.\n",
        "# More\n\n::::{note}\n:::{tip}\nA.\n:::\n::::\n\n- ```text\n  A.\n  ```\n\nB.\n",
        [
            "more.md:7:1 warning[block-unclosed] a block begins here and is never closed, "
            "so all that follows belongs to it"
        ],
    ),
    "pictures without words": (
        "# More\n\n```{figure} /figures/a.*\n---\nname: fig-a\n---\nA.\n```\n\n![](b.png)\n",
        "# More\n\n```{figure} /figures/a.*\n---\nname: fig-a\nalt: A curve.\n---\nA.\n```\n\n"
        "![A line.](b.png) ![](c.png){.decoration}\n",
        [
            "more.md:3:4 warning[alt-missing] the picture /figures/a.* has no text "
            "for those who cannot see it",
            "more.md:10:1 warning[alt-missing] the picture b.png has no text "
            "for those who cannot see it",
        ],
    ),
    "an empty text for a picture": (
        "More\n====\n\n.. image:: a.png\n   :alt:\n",
        "More\n====\n\n.. image:: a.png\n   :alt:\n   :class: decoration\n",
        [
            "more.rst:4:4 warning[alt-missing] the picture a.png has an empty text "
            "for those who cannot see it"
        ],
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_finds_what_breaks_it(tmp_path, name):
    text, twin, expected = RULES[name]
    chapter = "basics/more.md" if text.startswith("#") else "basics/more.rst"
    found = shown(found_in(tmp_path / "broken", with_chapter(text, chapter)))
    assert found == [f"notes/chapters/basics/{line}" for line in expected]
    assert shown(found_in(tmp_path / "twin", with_chapter(twin, chapter))) == []


def test_later_is_what_the_edition_says(tmp_path):
    text = HEAD + lemma("lem-a", proof="By {prf:ref}`thm-last`.") + lemma("lem-b")
    files = with_chapter(text)
    files["notes/chapters/basics/last.md"] = (
        "# Last\n\n:::{prf:theorem}\n:label: thm-last\nB.\n:::\n\n:::{prf:proof}\nC.\n:::\n"
    )
    manifest = files["notes/courses/small.yaml"]
    late = manifest.replace("schedule:", "  - basics/last\nschedule:", 1)
    early = manifest.replace("  - basics/more", "  - basics/last\n  - basics/more", 1)
    assert shown(found_in(tmp_path / "early", {**files, "notes/courses/small.yaml": early})) == []
    both = {**files, "notes/courses/small.yaml": early, "notes/courses/other.yaml": late}
    assert shown(found_in(tmp_path / "late", both)) == [
        "notes/chapters/basics/more.md:11:14 warning[proof-forward] the proof of lem-a leans on "
        "thm-last, which comes later (last:4) in other"
    ]


def test_exams_and_schedules_use_labels_too(tmp_path):
    named = broken(CHAPTER, ":::{prf:theorem} Minimizing property", ":::{prf:lemma} Minimizing")
    named[CHAPTER] = named[CHAPTER].replace("{prf:ref}`thm-mean` is used everywhere.", "")
    assert shown(found_in(tmp_path, named)) == []  # the problem `mean-minimizes` uses it
    assert shown(found_in(tmp_path, SMALL)) == []


def test_labels_in_code_are_none(tmp_path):
    text = (
        "# More\n\n```text\n:label: thm-mean\n{prf:ref}`nowhere` $\\undefined$\n```\n\n`{eq}`x``\n"
    )
    assert shown(found_in(tmp_path, with_chapter(text))) == []


@pytest.mark.parametrize("listed", [True, False])
def test_a_build_warns_of_the_chapters_of_its_courses(tmp_path, monkeypatch, listed):
    text = "# More\n\n$$\na = b\n$$ (eq-more)\n"
    project = read_project(write(tmp_path, with_chapter(text, listed=listed))).value
    monkeypatch.setattr(pipeline, "build_notes", lambda *_, **__: Outcome(()))
    told = pipeline.build_all(replace(project, blueprints=()), say=str).diagnostics
    assert [d.code.slug for d in told] == (["label-unused"] if listed else [])
    assert [d.code.slug for d in pipeline.check_project(project)] == ["label-unused"]
