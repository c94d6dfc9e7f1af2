"""The same lock gives the same bytes, however it is built."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace

import pikepdf
import pytest

from notesbuild.exam.batch import Batch, Member, Preamble, run_batch
from notesbuild.exam.blocks import BlockText
from notesbuild.exam.document import Document
from notesbuild.exam.paper import Exam, preamble
from notesbuild.exam.store import BlockStore
from notesbuild.exam.typeset import Setting, typeset

from .building import CACHE, build, contents, squeezed, texts
from .conftest import problem


def change(project, old, new):
    path = project.root / "problem_bank/small/root.tex"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_is_kept_for_the_next_build_changes_no_byte(make_exam):
    """Cold, warm, after mending one problem and taking that back, with one job and with two."""
    steps = []
    project = make_exam()
    assert build(project, jobs=2).diagnostics == ()
    first = contents(project)
    cache = project.root / CACHE
    assert list((cache / "blocks").glob("*.pdf"))

    (cache / "built.json").unlink()
    assert build(project, jobs=1, say=steps.append).diagnostics == ()
    assert contents(project) == first
    assert not [step for step in steps if step.startswith("Setting")]  # all of it was kept

    change(project, "Find the positive root", "Find the one positive root")
    mended = make_again(project)
    build(mended, jobs=2, say=steps.append)
    assert next(s for s in steps if s.startswith("Setting")).startswith("Setting 6 of")
    assert contents(mended)["quiz-A.pdf"] != first["quiz-A.pdf"]
    after = contents(mended)
    shutil.rmtree(cache)
    build(mended, jobs=1)
    assert contents(mended) == after

    change(project, "Find the one positive root", "Find the positive root")
    build(make_again(project), jobs=1)
    assert contents(project) == first


def make_again(project):
    from notesbuild.source.project import read_project

    return read_project(project.root).value


def test_a_damaged_cache_is_not_there(make_exam):
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    build(project)
    first = contents(project)
    for path in (project.root / CACHE).rglob("*"):
        if path.is_file():
            path.write_bytes(b"x" + path.read_bytes()[1:2000])
    assert build(project).diagnostics == ()
    assert contents(project) == first


TEXTS = {
    "sum": "Let $\\sum_{i=1}^n x_i^2 = \\sqrt2$.",
    "other": "\\textbf{Quite} \\textit{another} text, $\\mathbb{R} \\subset \\mathcal{C}$.",
    "more": "\\begin{tabular}{|l|}\\hline a \\\\\\hline\\end{tabular} \\rule{1cm}{2pt} fi ff ffi",
    "long": "Lines are stretched, and what ends them hangs over: a word, a comma, a hy-phen. " * 9,
}


def text(words):
    return BlockText(
        Document(f"\\nbblock{{3}}{{}}%\n{words}%\n\\nbendblock\n"), "pdflatex", "400pt"
    )


@pytest.fixture
def exam(make_exam):
    project = make_exam()
    blueprint = project.blueprint("course/quiz")
    return Exam(blueprint, None, "", "notes/macros.tex", "a4paper", "pdflatex", True)


def pages_of(exam, names, folder, formats=None, tikz=False):
    """Each block's pages as they are kept: content and fonts."""
    texts = {name: replace(text(TEXTS[name]), tikz=tikz) for name in names}
    setting = Setting(60, 1, 0, folder, formats)
    made = typeset(exam, texts, setting, lambda step: None).value.blocks
    found = {}
    for name, block in made.items():
        with pikepdf.open(io.BytesIO(block.pdf)) as document:
            own = list(document.pages)[block.first : block.first + block.block.pages]
            streams = tuple(page.Contents.read_bytes() for page in own)
            boxes = tuple(str(list(page.mediabox)) for page in own)
        found[name] = (block.block, block.fonts, streams, boxes)
    return found


def test_a_block_does_not_depend_on_what_else_is_in_the_run(exam, tmp_path):
    together = pages_of(exam, ["other", "sum", "more", "long"], tmp_path / "all")
    backwards = pages_of(exam, ["long", "more", "sum", "other"], tmp_path / "back")
    assert together == backwards
    for name in TEXTS:
        assert pages_of(exam, [name], tmp_path / name) == {name: together[name]}
    assert pages_of(exam, list(TEXTS), None) == together


def test_a_format_changes_nothing(exam, tmp_path):
    formats = tmp_path / "formats"
    formats.mkdir()
    made = pages_of(exam, list(TEXTS), None, formats, tikz=True)
    assert len(list(formats.glob("*.fmt"))) == 1
    assert made == pages_of(exam, list(TEXTS), None, formats, tikz=True)
    assert made == pages_of(exam, list(TEXTS), None, tikz=True)


def test_a_kept_block_is_the_one_that_was_set(exam, tmp_path):
    first = pages_of(exam, ["sum", "other"], tmp_path)
    assert BlockStore(tmp_path / "blocks").get("nothing") is None
    assert pages_of(exam, ["sum", "other", "more", "long"], tmp_path) | first == pages_of(
        exam, list(TEXTS), tmp_path
    )


def test_a_loop_takes_its_own_time_only(exam):
    """Nobody waits for a text that does not get on until the time of all is up."""
    members = [Member(f"b{n}", text(words)) for n, words in enumerate(TEXTS.values())]
    members.insert(1, Member("loop", text("Text.\n\\def\\x{\\x}\\x")))
    start = Preamble(preamble(exam.macros, exam.macros_path, tikz=False))
    finished = run_batch(Batch(tuple(members)), start, timeout=600, patience=2, epoch=0)
    assert finished.run.stuck
    assert finished.last == "loop"
    assert "Interruption" in finished.run.messages[0].text
    line = finished.document.line(finished.run.messages[0].line)
    assert line == "\\def\\x{\\x}\\x%"


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_numbers_begin_anew_with_every_problem(make_exam, engine):
    """LaTeX counts through a run, and in what order texts are set is no business of students."""
    words = (
        "See \\ref{one}.\n\\begin{equation} x = y \\label{one} \\end{equation} And\\footnote{Why?}."
    )
    bank = {f"counts{number}": problem(f"{words} {number}") for number in range(3)}
    items = [f"problem: {name}, points: 4" for name in bank]
    settings = f'exam_engine = "{engine}"\n'
    project = make_exam(bank, {"A": items}, {"notesbuild.toml": settings})
    assert build(project, jobs=1).diagnostics == ()
    first = contents(project)
    told = squeezed(texts(project, "quiz-A.pdf"))
    assert told.count("(1)") == told.count("See1.") == 3 and "(2)" not in told
    if engine == "pdflatex":
        shutil.rmtree(project.root / "build")
        build(project, jobs=2)
        assert contents(project) == first
