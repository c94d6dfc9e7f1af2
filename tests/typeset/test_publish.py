"""Outputs appear whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from notesbuild.diagnostics import Code
from notesbuild.run import publish
from notesbuild.run.publish import (
    build_lock,
    publish_folder,
    remove_folder,
    staging,
    write_file,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_replaced(tmp_path):
    target = tmp_path / "a" / "b.txt"
    assert write_file(target, b"one", "a/b.txt") == ()
    assert write_file(target, b"two", "a/b.txt") == ()
    assert target.read_bytes() == b"two"
    assert names(target.parent) == ["b.txt"]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "a").write_text("a file where a folder should be")
    (found,) = write_file(tmp_path / "a" / "b.txt", b"x", "a/b.txt")
    assert found.code is Code.WRITE_FAILED
    assert found.span.path == "a/b.txt"


def test_a_write_that_fails_half_way_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "b.txt"
    target.write_bytes(b"good")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish, "_flush", full)
    (found,) = write_file(target, b"new", "b.txt")
    assert "No space left" in found.message
    assert "make room" in found.hint
    assert target.read_bytes() == b"good"
    assert names(tmp_path) == ["b.txt"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_folder_takes_the_place_of_another(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    target = tmp_path / "out"
    for name in ("first", "second"):
        with staging(target) as folder:
            (folder / name).write_text(name)
            assert publish_folder(folder, target, "out") == ()
        assert names(target) == [name]
    assert names(tmp_path) == ["out"]


def test_what_has_not_changed_is_not_written_again(tmp_path):
    target, made = tmp_path / "out", tmp_path / "made"
    (made / "in").mkdir(parents=True)
    for name in ("same", "other"):
        (made / "in" / name).write_text(name)
    files = [target / "in" / name for name in ("same", "other")]
    places = []
    for words in ("other", "changed"):
        (made / "in" / "other").write_text(words)
        with staging(target) as staged:
            shutil.copytree(made, staged, dirs_exist_ok=True)
            assert publish_folder(staged, target, "out") == ()
        places.append([path.stat().st_ino for path in files])
    assert [path.read_text() for path in files] == ["same", "changed"]
    assert names(target / "in") == ["other", "same"]
    assert places[0][0] == places[1][0]
    assert places[0][1] != places[1][1]


def test_a_folder_that_cannot_be_published_leaves_the_old_one(tmp_path, monkeypatch):
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_text("good")

    def broken(path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(publish, "_flush_path", broken)
    with staging(target) as folder:
        (folder / "new").write_text("x")
        (found,) = publish_folder(folder, target, "out")
    assert found.code is Code.WRITE_FAILED
    assert names(target) == ["old"]


def test_remains_of_a_killed_build_go_with_the_next_one(tmp_path):
    target = tmp_path / "out"
    remains = tmp_path / ".out.new-abc"
    remains.mkdir()
    with staging(target) as folder:
        assert not remains.exists()
    assert not folder.exists()


KILLED = """
    import os, sys
    from pathlib import Path
    from notesbuild.run.publish import build_lock, staging

    target = Path(sys.argv[1])
    with build_lock(target) as free, staging(target) as folder:
        assert free
        (folder / "half").write_text("written")
        print("ready", flush=True)
        sys.stdin.read()
"""


def test_a_killed_build_leaves_outputs_and_no_lock(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "old").write_text("good")
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        with build_lock(target) as free:
            assert not free
        removed = remove_folder(tmp_path)
        assert [d.code for d in removed.diagnostics] == [Code.BUILD_BUSY]
        process.kill()
        process.communicate()
    assert names(target) == ["old"]
    with build_lock(target) as free:
        assert free


def test_a_folder_is_removed_once(tmp_path):
    target = tmp_path / "build"
    with build_lock(target / "course" / "out"):
        pass
    assert remove_folder(target).value is True
    assert remove_folder(target).value is False


def test_what_cannot_be_removed_is_told(tmp_path, monkeypatch):
    target = tmp_path / "build"
    target.mkdir()

    def denied(path, ignore_errors=False):
        if not ignore_errors:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(publish.shutil, "rmtree", denied)
    assert [d.code for d in remove_folder(target).diagnostics] == [Code.WRITE_FAILED]


def test_a_folder_without_write_permission_is_left_to_publishing(tmp_path):
    (tmp_path / "file").write_text("")
    with build_lock(Path(tmp_path / "file" / "out")) as free:
        assert free
