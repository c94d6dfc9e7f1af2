"""After an edit only what it changes is written, and every byte is that of a build from nothing."""

from __future__ import annotations

import gzip
import io
import shutil

import pytest
from PIL import Image

from notesbuild.exam import cover, paper, readback, tables
from notesbuild.exam.blocks import BlockText
from notesbuild.exam.document import Document
from notesbuild.exam.leak import PaperWords, Said
from notesbuild.exam.paper import Exam
from notesbuild.exam.report import figures
from notesbuild.exam.typeset import Setting, typeset
from notesbuild.pdf import thumbnails
from notesbuild.pdf.text import page_texts
from notesbuild.source.project import read_project

from .building import CACHE, FOLDER, build, contents

SOLUTION = ("Exactly when all the given numbers vanish", "Exactly if all the given numbers vanish")
QUESTION = ("When does equality hold?", "When do both sides agree?")


def changed(project, old, new):
    path = next(p for p in (project.root / "problem_bank").rglob("*.tex") if old in p.read_text())
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return read_project(project.root).value


def from_nothing(project):
    """What a build without anything of earlier ones makes."""
    shutil.rmtree(project.root / "build")
    build(project)
    return contents(project)


def pdfs_that_differ(one, other):
    return {name for name in one if name.endswith(".pdf") and one[name] != other[name]}


def written(steps):
    return next(step for step in steps if step.startswith("Writing"))


@pytest.mark.parametrize(
    ("edit", "kinds"),
    [(SOLUTION, {"-solutions", "-rubric"}), (QUESTION, {"", *("-solutions", "-rubric")})],
)
def test_only_what_an_edit_changes_is_written(make_exam, edit, kinds):
    project = make_exam()
    build(project)
    first, steps = contents(project), []
    mended = changed(project, *edit)
    build(mended, say=steps.append)
    after = contents(mended)
    differ = pdfs_that_differ(after, first)
    assert differ
    assert {name[len("quiz-A") :].removesuffix(".pdf") for name in differ} <= kinds
    count = sum(name.endswith(".pdf") for name in after)
    assert written(steps) == f"Writing {len(differ)} of {count} files"
    assert from_nothing(mended) == after


def test_a_published_file_that_somebody_changed_is_written_again(make_exam):
    project = make_exam()
    build(project)
    first, steps = contents(project), []
    (project.root / FOLDER / "quiz-A.pdf").write_bytes(b"%PDF-1.4 something else")
    build(project, say=steps.append)
    assert written(steps).startswith("Writing 1 of ")
    assert contents(project) == first


def test_a_paper_is_read_back_when_a_solution_changes(make_exam, monkeypatch):
    """The paper for students stays as it was, but other words are secret now."""
    project = make_exam()
    build(project)
    read = []
    find = readback.find_leaks
    monkeypatch.setattr(readback, "aside", lambda work: work)
    monkeypatch.setattr(
        readback, "find_leaks", lambda p, c, k: read.extend(v for v, _ in p) or find(p, c, k)
    )
    build(changed(project, *SOLUTION))
    assert read
    read.clear()
    (project.root / CACHE / "built.json").unlink()
    build(read_project(project.root).value)
    assert read == []


def test_a_paper_that_was_read_is_not_opened_again(make_exam, monkeypatch):
    project = make_exam()
    build(project)
    monkeypatch.setattr(readback, "aside", lambda work: work)
    monkeypatch.setattr(PaperWords, "of", lambda pdf, pages: pytest.fail("it was opened"))
    monkeypatch.setattr(readback, "read_with_thumbnails", lambda *asked: pytest.fail("drawn"))
    mended = changed(project, *SOLUTION)
    assert build(mended).value is not None
    monkeypatch.undo()
    after = contents(mended)
    assert from_nothing(mended) == after


def test_of_a_paper_only_the_page_that_changed_is_drawn(make_exam, monkeypatch):
    project = make_exam()
    build(project)
    first, drawn = contents(project), []
    monkeypatch.setattr(readback, "aside", lambda work: work)
    draw = thumbnails._thumbnail
    monkeypatch.setattr(thumbnails, "_thumbnail", lambda page: drawn.append(page) or draw(page))
    mended = changed(project, *QUESTION)
    build(mended)
    papers = [name for name in pdfs_that_differ(contents(mended), first) if name.count("-") == 1]
    pages = sum(len(page_texts(contents(mended)[name])) for name in papers)
    assert len(papers) <= len(drawn) < pages
    monkeypatch.undo()
    after = contents(mended)
    assert from_nothing(mended) == after


def test_what_papers_must_not_tell_is_read_anew_where_it_changed(make_exam, monkeypatch):
    project = make_exam()
    build(project)
    read = []
    by = Said.by
    monkeypatch.setattr(Said, "by", lambda text: read.append(text) or by(text))
    build(changed(project, *SOLUTION))
    assert read and all(SOLUTION[1] in text for text in read)


def test_our_templates_are_run_once(make_exam, monkeypatch):
    project = make_exam()
    build(project)
    made = []
    monkeypatch.setattr(paper, "render_tex", lambda name, **values: made.append(name) or "")
    monkeypatch.setattr(cover, "markdown_to_tex", lambda text: made.append(text) or "")
    mended = changed(project, *SOLUTION)
    build(mended)
    assert made == []
    monkeypatch.undo()
    after = contents(mended)
    assert from_nothing(mended) == after


PRIME = "problem: prime, points: 4"
LOOP = ("Every square of a real", "Every \\loop\\iftrue\\repeat square of a real")


def test_what_a_version_that_is_left_out_had_is_in_no_paper(make_exam):
    """Of a broken question some texts are known from the earlier build, and none from nothing."""
    versions = {"A": ["problem: squares, points: 10, params: {n: 3}"], "B": [PRIME]}
    project = make_exam(versions=versions, files={"notesbuild.toml": "tex_timeout = 6\n"})
    build(project)
    broken = changed(project, *LOOP)
    assert build(broken).diagnostics
    after = contents(broken)
    assert "quiz-B.pdf" in after and "quiz-A.pdf" not in after
    assert from_nothing(broken) == after


@pytest.mark.parametrize("name", ["root/plot.png", "root/inner.tex"])
def test_a_file_beside_a_problem_that_has_another_name_is_missed(make_exam, name):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    files = {
        "problem_bank/small/root/plot.png": picture.getvalue(),
        "problem_bank/small/root/inner.tex": "Some words.\n",
    }
    shown = '\n\\includegraphics{plot.png}\n\\BLOCK{include "inner.tex"}\n'
    versions = {"A": ["problem: root, points: 5, params: {a: 2}"], "B": [PRIME]}
    project = changed(make_exam(versions=versions, files=files), "Find the", shown + "Find the")
    assert build(project).diagnostics == ()
    path = project.root / "problem_bank/small" / name
    path.rename(path.with_name(f"other{path.suffix}"))
    renamed = read_project(project.root).value
    found = build(renamed).diagnostics
    assert any(path.name in one.message for one in found)
    after = contents(renamed)
    assert from_nothing(renamed) == after


def test_formats_are_kept_unpacked_and_read_in_both_ways(make_exam):
    """With TikZ the preamble takes long; the usual one is read while nobody waits for it."""
    picture = "\\begin{tikzpicture} \\draw (0,0) -- (1,1); \\end{tikzpicture}"
    project = changed(make_exam(), QUESTION[0], QUESTION[0] + picture)
    build(project)
    first = contents(project)
    (kept,) = (project.root / "build/.work/exams/formats").glob("*.fmt")
    content = kept.read_bytes()
    assert content[:2] != b"\x1f\x8b"
    kept.write_bytes(gzip.compress(content, 1))
    for path in (project.root / CACHE / "blocks").iterdir():
        path.unlink()
    build(changed(project, *SOLUTION))
    build(changed(project, *reversed(SOLUTION)))
    assert contents(project) == first


def test_other_things_are_done_while_tex_runs(exam_and_texts):
    exam, texts, folder = exam_and_texts
    called = []
    setting = Setting(60, 1, 0, folder, meanwhile=lambda: called.append(True))
    assert typeset(exam, texts, setting, lambda step: None).value.blocks
    assert called
    called.clear()
    assert typeset(exam, texts, setting, lambda step: None).value.blocks
    assert not called


@pytest.fixture
def exam_and_texts(make_exam, tmp_path):
    blueprint = make_exam().blueprint("course/quiz")
    exam = Exam(blueprint, None, "", "notes/macros.tex", "a4paper", "pdflatex", True)
    text = BlockText(Document("\\nbwords{Some words}\n"), "pdflatex", "400pt")
    return exam, {"words": text}, tmp_path / "cache"


def test_charts_are_drawn_while_fonts_are_cut_down(make_exam, monkeypatch):
    project, drawn = make_exam(), []
    real = tables.draw_charts
    monkeypatch.setattr(tables, "draw_charts", lambda *given: drawn.append("begun") or real(*given))
    bars = figures.stacked_bars
    monkeypatch.setattr(
        figures, "stacked_bars", lambda *a, **k: drawn.append(a[0]) or bars(*a, **k)
    )
    build(project)
    assert drawn == ["begun", "minutes", "difficulty"], "the report recalls them"
    build(changed(project, *SOLUTION))
    assert drawn.count("begun") == 1, "no letter is new"
