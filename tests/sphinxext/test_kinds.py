"""Kinds and counters that a project configures in its conf.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx.errors import ConfigError

from notesbuild.model.kinds import KindTable, latex_names
from notesbuild.model.usual_kinds import BUILT_IN
from notesbuild.pdf.text import page_texts
from notesbuild.sphinxext.export import collect_results
from notesbuild.tex.engine import run_tex
from tests.sphinxext.built import build, make, third_party, write

pytestmark = third_party

CONF = """
notesbuild_kinds = [
    {"name": "claim", "title": {"en": "Claim", "fr": "Affirmation"}},
    {"name": "key-fact", "style": "remark", "counter": "facts"},
]
notesbuild_counters = {
    "facts": {},
    "exercises": {"kinds": ["exercise"], "by": "section"},
}
"""


def chapter(number: int) -> str:
    kinds = ("theorem", "claim", "key-fact", "exercise")
    blocks = "".join(
        f"\n:::{{prf:{kind}}} Title\n:label: {kind}-{number}-{section}\nText.\n:::\n\n"
        f"{{prf:ref}}`{kind}-{number}-{section}` {{numref}}`{kind}-{number}-{section}` "
        f"[](#{kind}-{number}-{section})\n"
        + (f"\n## Section {section}\n" if kind == "exercise" and section < 2 else "")
        for section in (0, 1, 2)
        for kind in kinds
    )
    return f"# Chapter {number}\n\n## Section 0\n{blocks}"


FILES = {"one.md": chapter(1), "two.md": chapter(2)}

# In each chapter: three of each kind, exercises alone in their sections.
EXPECTED = [
    f"{name} {number}"
    for c in (1, 2)
    for s in (0, 1, 2)
    for name, number in (
        ("Theorem", f"{c}.{2 * s + 1}"),
        ("Claim", f"{c}.{2 * s + 2}"),
        ("Key Fact", f"{c}.{s + 1}"),
        ("Exercise", f"{c}.{s + 1}.1"),
    )
]


def headings(html: str) -> list[str]:
    return re.findall(r'<span class="result-name">(.*?)</span>', html)


def test_numbers_of_all_counters(tmp_path: Path) -> None:
    built = make(tmp_path, FILES, conf=CONF)
    assert built.warnings == ()
    found = headings(built.text("one.html")) + headings(built.text("two.html"))
    assert found == EXPECTED
    for name in EXPECTED[:12]:
        assert built.words("one.html").count(f" {name} ") >= 3, name
    assert 'class="result claim is-plain"' in built.text("one.html")
    assert 'class="result key-fact is-remark"' in built.text("one.html")
    shown = [f"{r.kind} {r.number}" for r in collect_results(built.env)]
    assert shown == [name.lower().replace("key fact", "key-fact") for name in EXPECTED]


def test_pdf_has_the_same_numbers(tmp_path: Path) -> None:
    write(tmp_path, FILES, CONF)
    built = build(tmp_path, "latex")
    assert r"\newtheorem{claim}[result]{Claim}" in built.tex()
    assert r"\newtheorem{key-fact}[result-facts]{Key Fact}" in built.tex()
    (name,) = [path.stem for path in built.out.glob("*.tex")]
    run = run_tex(built.out, name, engine="pdflatex", timeout=120)
    assert run.pdf is not None
    text = " ".join(" ".join(page_texts(run.pdf)).split())
    found = re.findall(r"((?:Theorem|Claim|Key Fact|Exercise) [\d.]+) \(Title\)", text)
    assert found == EXPECTED


def test_the_shared_counter_may_count_by_section(tmp_path: Path) -> None:
    conf = 'notesbuild_counters = {"results": {"by": "section"}}'
    built = make(
        tmp_path,
        {"one.md": chapter(1).replace("claim", "lemma").replace("key-fact", "axiom")},
        conf=conf,
    )
    shown = headings(built.text("one.html"))
    assert shown[:5] == [
        "Theorem 1.1.1",
        "Lemma 1.1.2",
        "Axiom 1.1.3",
        "Exercise 1.1.4",
        "Theorem 1.2.1",
    ]


def test_titles_follow_the_language(tmp_path: Path) -> None:
    built = make(tmp_path, FILES, conf=CONF + '\nlanguage = "fr"')
    assert "Affirmation 1.2" in headings(built.text("one.html"))
    assert "Key Fact 1.1" in headings(built.text("one.html"))


def test_nothing_is_written_again_without_a_change(tmp_path: Path) -> None:
    write(tmp_path, FILES, CONF)
    build(tmp_path)
    assert build(tmp_path).written == frozenset()


def test_numbers_follow_a_change(tmp_path: Path) -> None:
    write(tmp_path, FILES, CONF)
    build(tmp_path)
    more = FILES["one.md"].replace("## Section 0\n", "## New\n\n## Section 0\n")
    write(tmp_path, {**FILES, "one.md": more}, CONF)
    assert "Exercise 1.2.1" in headings(build(tmp_path).text("one.html"))
    write(tmp_path, {**FILES, "one.md": more}, CONF.replace('"section"', '"chapter"'))
    assert "Exercise 1.1" in headings(build(tmp_path).text("one.html"))


@pytest.mark.parametrize(
    ("conf", "words"),
    [
        ('notesbuild_kinds = [{"name": "figure"}]', r"\[0\]\['name'\]: 'figure' is the name of"),
        ('notesbuild_kinds = [{"name": "lemma"}]', "'lemma' is a kind already"),
        ('notesbuild_kinds = [{"name": "proof"}]', "'proof' is the name of another directive"),
        ('notesbuild_kinds = [{"name": "claim"}] * 2', "'claim' is named twice"),
        ('notesbuild_kinds = [{"name": "a b"}]', "'a b' is no name of a kind"),
        (
            'notesbuild_kinds = [{"name": "claim", "style": "fancy"}]',
            "'fancy' is not one of 'plain'",
        ),
        ('notesbuild_kinds = [{"name": "claim", "counter": "x"}]', "there is no counter 'x'"),
        ('notesbuild_kinds = [{"name": "claim", "colour": "x"}]', r"\['colour'\]: Extra inputs"),
        ('notesbuild_counters = {"x": {"kinds": ["claim"]}}', "there is no kind 'claim'"),
        ('notesbuild_counters = {"x": {"by": "page"}}', "'page' is not one of 'chapter' or"),
        (
            'notesbuild_kinds = [{"name": "claim"}]\n'
            r'notesbuild_macro_text = r"\newcommand{\claim}{x}"',
            r"claim is a macro",
        ),
    ],
)
def test_wrong_configuration_is_an_error(tmp_path: Path, conf: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        make(tmp_path, {"one.md": "# One\n"}, conf=conf)


names = st.from_regex(r"[a-z]{3,8}", fullmatch=True).filter(
    lambda name: name not in latex_names() and name not in BUILT_IN
)


@given(st.lists(names, unique=True, max_size=5), st.sampled_from(["chapter", "section"]))
def test_names_that_nobody_has_are_fine(found: list[str], by: str) -> None:
    taken = {"proof", "proofs", "restate", "ref", "numref"}
    kinds = [{"name": name, "counter": "own"} for name in found if name not in taken]
    table = KindTable.model_validate({"kinds": kinds, "counters": {"own": {"by": by}}})
    assert [kind.name for kind in table.kinds] == [kind["name"] for kind in kinds]


def test_names_of_latex_are_known() -> None:
    assert {"figure", "equation", "align", "center", "box", "tabular"} <= latex_names()
    assert not {"claim", "fact", "problem", "question", "theorem"} & latex_names()
