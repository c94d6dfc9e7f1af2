"""Trouble with the machine: the engine, the disk, another build at the same time."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path

import pikepdf
import pytest

from notesbuild.diagnostics import Code, exit_code
from notesbuild.exam import build as build_module
from notesbuild.pdf.saving import save_pdf
from notesbuild.run.publish import build_lock

from .building import FOLDER, build


def test_two_builds_at_once_do_not_mix(make_exam):
    project = make_exam()
    with build_lock(project.root / FOLDER) as free:
        assert free
        (found,) = build(project).diagnostics
    assert found.code is Code.BUILD_BUSY
    assert exit_code([found]) == 3


def test_a_missing_engine_is_named(make_exam, monkeypatch, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    (found,) = build(make_exam()).diagnostics
    assert found.code is Code.PROGRAM_MISSING
    assert "apt install" in found.hint
    assert exit_code([found]) == 3


def stand_in(folder, monkeypatch, script):
    """A program named pdflatex that behaves as the script says."""
    folder.mkdir()
    program = folder / "pdflatex"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 0", Code.PROGRAM_FAILED),
        ("kill -SEGV $$", Code.PROGRAM_FAILED),
        ("yes polluted | head -c 300000; echo broken >&2; exit 1", Code.PROGRAM_FAILED),
    ],
)
def test_an_engine_that_misbehaves(make_exam, monkeypatch, tmp_path, script, code):
    stand_in(tmp_path / "bin", monkeypatch, script)
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    outcome = build(project)
    assert outcome.value is None
    assert {d.code for d in outcome.diagnostics} == {code}


def test_a_full_disk_leaves_the_last_good_outputs(make_exam, monkeypatch):
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    assert build(project).value is not None
    before = {p.name: p.read_bytes() for p in (project.root / FOLDER).iterdir()}
    shutil.rmtree(project.build / ".work")  # so that the next build does not find all fresh

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build_module, "publish_folder", lambda *a: pytest.fail("published"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", _only_below(project.root, full))
        (found,) = build(project).diagnostics
    assert found.code is Code.WRITE_FAILED
    assert exit_code([found]) == 3
    assert {p.name: p.read_bytes() for p in (project.root / FOLDER).iterdir()} == before
    assert [p.name for p in (project.root / FOLDER).parent.iterdir() if ".new-" in p.name] == []


def test_no_room_for_papers_is_told():
    """qpdf ends the process where it fails twice."""
    with pikepdf.new() as document, pytest.raises(OSError) as fault:
        document.add_blank_page().Contents = document.make_stream(bytes(3_000_000))
        save_pdf(document, Path("/dev/full"), compress_streams=False)
    assert fault.value.errno == errno.ENOSPC


def test_a_pdf_that_tex_could_not_finish_tells_of_a_full_disk(make_exam, monkeypatch):
    """TeX itself says nothing of what it could not write."""
    monkeypatch.setattr("notesbuild.tex.engine._unpacked", lambda content: content[:-200])
    (found,) = build(make_exam()).diagnostics
    assert found.code is Code.WRITE_FAILED
    assert "TMPDIR" in found.hint


def _only_below(root, replacement):
    original = Path.write_bytes

    def write(self, content):
        if self.is_relative_to(root):
            return replacement(self, content)
        return original(self, content)

    return write
