"""After an edit only what it changes is written, and every byte is that of a build from nothing."""

from __future__ import annotations

import shutil

import pytest

from notesbuild.exam import outputs, tables
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
    find = tables.find_leaks
    monkeypatch.setattr(outputs, "aside", lambda work: work)
    monkeypatch.setattr(
        tables, "find_leaks", lambda p, c: read.append([v for v, _ in p]) or find(p, c)
    )
    build(changed(project, *SOLUTION))
    assert read != [[]]
    read.clear()
    (project.root / CACHE / "built.json").unlink()
    build(read_project(project.root).value)
    assert read == [[]]
