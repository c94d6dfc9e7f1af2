"""The usual format is dumped from the start of a build, before anything else is read."""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from notesbuild.exam import batch
from notesbuild.exam.ahead import Ahead, format_ahead
from notesbuild.exam.build import build_exam
from notesbuild.exam.document import Document
from notesbuild.exam.paper import preamble

from .building import contents, request

FORMATS = "build/.work/exams/formats"


@pytest.fixture
def begun(monkeypatch):
    """The preambles that TeX was given."""
    given = []
    begin = batch.begin_dump

    def begin_dump(folder, document, *rest):
        given.append(document.text)
        return begin(folder, document, *rest)

    monkeypatch.setattr(batch, "begin_dump", begin_dump)
    return given


def build_with(project, ahead):
    return build_exam(replace(request(project), ahead=ahead), lambda step: None)


def test_a_build_takes_the_format_that_was_begun(make_exam, begun):
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    with format_ahead(project.root, 2) as ahead:
        assert len(begun) == 1
        assert build_with(project, ahead).diagnostics == ()
    assert len(begun) == 1
    assert len(list((project.root / FORMATS).glob("*.fmt"))) == 1
    first = contents(project)
    shutil.rmtree(project.root / "build")
    assert build_with(project, None).diagnostics == ()
    assert len(begun) == 2
    assert contents(project) == first


def test_no_format_is_begun_where_one_is_kept(make_exam, begun):
    project = make_exam()
    kept = project.root / FORMATS / "old.fmt"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"")
    with format_ahead(project.root, 2) as ahead:
        assert ahead is None
    assert begun == []


def test_tex_is_not_shown_what_is_forbidden(make_exam, begun):
    project = make_exam()
    macros = project.root / "notes/macros.tex"
    macros.parent.mkdir(exist_ok=True)
    macros.write_text("\\newcommand{\\secret}{\\input{/etc/passwd}}\n", "utf-8")
    with format_ahead(project.root, 2) as ahead:
        assert ahead is None
    assert begun == []


def test_another_preamble_is_not_taken():
    ahead = Ahead(preamble("", "notes/macros.tex", tikz=False), 60)
    try:
        other = preamble("\\newcommand{\\a}{b}", "notes/macros.tex", tikz=False)
        assert ahead.take(other) is None
        run = ahead.take(preamble("", "notes/macros.tex", tikz=False))
        assert run.pdf is not None
        assert ahead.take(preamble("", "notes/macros.tex", tikz=False)) is run
    finally:
        ahead.close()


def test_what_nobody_takes_is_stopped():
    ahead = Ahead(Document("\\def\\x{\\x}\\x"), 60)  # without end
    process, folder = ahead._dumping._process, Path(ahead._folder.name)
    assert process.poll() is None
    ahead.close()
    assert process.returncode == -signal.SIGKILL
    assert not folder.exists()
