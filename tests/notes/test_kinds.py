"""Kinds and counters of a manifest: on site, in PDF, in results.json, in exams, in diagnostics."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from notesbuild.cli.main import cli
from notesbuild.notes.parity import parity
from notesbuild.pdf.text import page_texts
from tests.notes.built import Built, build, project, third_party
from tests.small import SMALL

pytestmark = third_party

KINDS = """kinds:
  - {name: claim, title: Claim}
  - {name: puzzle, style: definition, counter: puzzles}
counters:
  puzzles: {kinds: [exercise], by: section}
"""
CHAPTER = (
    SMALL["notes/chapters/basics/means.md"]
    + """
:::{prf:claim}
:label: cl-one
Text.
:::

:::{prf:puzzle} Hard
:label: pz-one
Text.
:::

:::{prf:exercise}
:label: ex-one
Text.
:::

{prf:ref}`pz-one`, {prf:ref}`cl-one`
"""
)
PROBLEM = "problem_bank/means/mean-minimizes.tex"


def files(kinds: str = KINDS, **more: str) -> dict[str, str]:
    manifest = SMALL["notes/courses/small.yaml"].rstrip() + "\n" + kinds
    return {
        "notesbuild.toml": "",
        **SMALL,
        "notes/courses/small.yaml": manifest,
        "notes/chapters/basics/means.md": CHAPTER,
        PROBLEM: SMALL[PROBLEM].replace(
            "Let $x_1", r"By \result{pz-one} and \result{cl-one}, let $x_1"
        ),
        **more,
    }


def laid_out(root: Path, texts: dict[str, str]) -> Path:
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    return root


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(laid_out(tmp_path_factory.mktemp("kinds"), files()), html=True, pdf=True)


def test_numbers_are_the_same_everywhere(course: Built) -> None:
    assert course.found == ()
    names = re.findall(
        r'<span class="result-name">(.*?)</span>', course.text("html/chapters/basics/means.html")
    )
    assert names == ["Theorem 1.1", "Claim 1.2", "Puzzle 1.1.1", "Exercise 1.1.2"]
    records = json.loads(course.text("results.json"))
    assert [(r["kind"], r["number"]) for r in records] == [
        ("theorem", "1.1"),
        ("claim", "1.2"),
        ("puzzle", "1.1.1"),
        ("exercise", "1.1.2"),
    ]
    assert all(record["page"] for record in records)
    read = project(course.root)
    assert parity(read, read.courses[0]).value == 7


def test_exams_cite_them(course: Built) -> None:
    for command in (["draw"], ["build"]):
        run = CliRunner().invoke(
            cli, ["--project", str(course.root), "exam", *command, "small/quiz"]
        )
        assert run.exit_code == 0, run.output
    paper = course.path("exams/quiz/quiz-A.pdf").read_bytes()
    text = " ".join(" ".join(page_texts(paper)).split())
    assert "By Puzzle 1.1.1 and Claim 1.2, let" in text


@pytest.mark.parametrize(
    ("kinds", "place", "words"),
    [
        ("kinds:\n  - {name: figure}\n", "1:6", "'figure' is the name of a command"),
        ("kinds:\n  - {name: lemma}\n", "1:6", "'lemma' is a kind already"),
        ("kinds:\n  - {name: restate}\n", "1:6", "'restate' is the name of another directive"),
        ("kinds:\n  - {name: claim, style: bold}\n", "1:19", "'bold' is not known here"),
        ("kinds:\n  - {name: claim, counter: clams}\n", "1:19", "there is no counter 'clams'"),
        ("counters:\n  own: {kinds: [claim]}\n", "1:17", "there is no kind 'claim'"),
        ("counters:\n  own: {by: week}\n", "1:9", "'week' is not known here"),
        ("kinds:\n  - {name: claim, colour: red}\n", "1:19", "unknown key 'colour'"),
    ],
)
def test_mistakes_are_told_where_they_are(
    tmp_path: Path, kinds: str, place: str, words: str
) -> None:
    root = laid_out(tmp_path, files(kinds))
    run = CliRunner().invoke(cli, ["--project", str(root), "check", "--format", "json"])
    assert run.exit_code == 1
    manifest = (root / "notes/courses/small.yaml").read_text("utf-8")
    start = manifest[: manifest.index(kinds)].count("\n") + 1
    line, column = map(int, place.split(":"))
    assert words in run.output
    found = [d for d in json.loads(run.output) if words in d["message"]]
    assert [(d["line"], d["column"]) for d in found] == [(start + line, column)]


def test_a_macro_of_that_name_is_an_error(tmp_path: Path) -> None:
    macros = SMALL["notes/macros.tex"] + r"\newcommand{\claim}{x}" + "\n"
    root = laid_out(tmp_path, files(**{"notes/macros.tex": macros}))
    for command in (["check"], ["notes", "html"]):
        run = CliRunner().invoke(cli, ["--project", str(root), *command])
        assert run.exit_code == 1
        assert re.search(r"small\.yaml:\d+:6", run.output), run.output
        assert "'claim' is a macro" in run.output
