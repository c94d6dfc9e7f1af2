"""Building while somebody mends problems: what changes is set, what breaks is told."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import inotify_simple
import pytest

import notesbuild.run.watching
from notesbuild.pdf.text import page_texts
from notesbuild.run.watching import look, wait_for_change
from tests.typeset.building import FOLDER

PROBLEM = "problem_bank/small/squares.tex"


@contextmanager
def watching(root: Path, log: Path, *options: str, exam: str = "course/quiz"):
    command = [sys.executable, "-m", "notesbuild", "exam", "build", exam, "--watch"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(notesbuild.__file__).parents[1]),
        "PYTHONWARNINGS": "default",
    }
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, *options], cwd=root, stdout=stream, stderr=stream, env=environment
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(words: str, log: Path, times: int = 1) -> str:
    for _ in range(600):
        told = log.read_text("utf-8")
        if told.count(words) >= times:
            return told
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def paper(root: Path) -> str:
    return " ".join(" ".join(page_texts((root / FOLDER / "quiz-A.pdf").read_bytes())).split())


def test_papers_follow_what_is_written_until_ctrl_c(make_exam, tmp_path):
    root, log = make_exam().root, tmp_path / "log"
    path = root / PROBLEM
    text = path.read_text("utf-8")
    with watching(root, log) as process:
        wait_for("Watching (Ctrl-C ends)", log)
        assert "be real numbers" in paper(root)
        path.write_text(text.replace("be real numbers", "be some real numbers"), "utf-8")
        told = wait_for(" after ", log, times=2)
        assert "Setting 6 of" in told.split("Watching")[1]
        assert "be some real numbers" in paper(root)

        path.write_text(text.replace("Prove that", r"\undefinedcommand Prove that"), "utf-8")
        told = wait_for("the last good papers stay", log)
        assert f"{PROBLEM}:" in told and r"\undefinedcommand" in told
        assert "be some real numbers" in paper(root)

        path.write_text(text, "utf-8")
        wait_for(" after ", log, times=4)
        assert "be real numbers" in paper(root)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert "Traceback" not in log.read_text("utf-8")
    assert "Aborted" not in log.read_text("utf-8")


def test_a_change_of_the_roster_is_seen(make_exam, tmp_path):
    root, log = make_exam().root, tmp_path / "log"
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,version\n1,Ada,A\n", "utf-8")
    with watching(root, log, "--roster", str(roster)):
        wait_for("Watching", log)
        assert not (root / FOLDER / "students/2.pdf").exists()
        roster.write_text("id,name,version\n1,Ada,A\n2,Emmy,B\n", "utf-8")
        wait_for(" after ", log, times=2)
        assert (root / FOLDER / "students/2.pdf").exists()


def test_a_folder_that_was_away_for_a_while_is_seen_again(make_exam, tmp_path):
    root, log = make_exam().root, tmp_path / "log"
    bank, path = root / "problem_bank", root / PROBLEM
    with watching(root, log):
        wait_for("Watching", log)
        bank.rename(tmp_path / "elsewhere")
        wait_for("there is no problem", log)
        wait_for(" after ", log, times=2)
        (tmp_path / "elsewhere").rename(bank)
        wait_for(" after ", log, times=3)
        path.write_text(path.read_text("utf-8").replace("be real", "be some real"), "utf-8")
        wait_for(" after ", log, times=4)
        assert "be some real numbers" in paper(root)


def test_a_name_that_no_exam_has_is_not_waited_for(make_exam, tmp_path):
    log = tmp_path / "log"
    with watching(make_exam().root, log, exam="course/quizz") as process:
        assert process.wait(timeout=60) == 1
    assert "there is no exam 'course/quizz'" in log.read_text("utf-8")


CHANGES = {
    "a file is written": lambda folder: (folder / "a.tex").write_text("other"),
    "a file is new": lambda folder: (folder / "new.tex").write_text(""),
    "a file is gone": lambda folder: (folder / "sub/b.tex").unlink(),
    "a file moves": lambda folder: (folder / "sub/b.tex").replace(folder / "c.tex"),
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.tex").write_text("one")
    (tmp_path / "sub/b.tex").write_text("two")
    return tmp_path


def in_new_folder(folder: Path) -> None:
    (folder / "new").mkdir()
    time.sleep(0.2)
    (folder / "new/file.tex").write_text("")


def is_seen_soon(change, folder: Path, paths: list[Path]) -> bool:
    """Whether a change is seen when it happens, and not when it is looked for after a minute."""
    before, start = look(paths), time.monotonic()
    timer = threading.Timer(0.3, change, [folder])
    timer.start()
    now = wait_for_change(before, paths)
    timer.join()
    return now != before and time.monotonic() - start < 30


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_is_seen(folder, change):
    before = look([folder])
    assert before == look([folder])
    change(folder)
    now = wait_for_change(before, [folder])
    assert before != now == look([folder])


@pytest.mark.parametrize("change", [*CHANGES.values(), in_new_folder], ids=[*CHANGES, "a folder"])
def test_what_the_system_tells_of_is_seen_at_once(folder, change, monkeypatch):
    monkeypatch.setattr(notesbuild.run.watching, "LONG_PAUSE", 60)
    assert is_seen_soon(change, folder, [folder])


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_single_files_are_heard_of_too(folder, change, monkeypatch):
    monkeypatch.setattr(notesbuild.run.watching, "LONG_PAUSE", 60)
    names = ("a.tex", "new.tex", "sub/b.tex")
    assert is_seen_soon(change, folder, [folder / name for name in names])


def refuses(*asked: object) -> None:
    raise OSError(errno.ENOSPC, "no space left on device")


@pytest.mark.parametrize("name", ["__init__", "add_watch"])
def test_a_system_that_tells_of_nothing_is_asked_again_and_again(folder, name, monkeypatch):
    monkeypatch.setattr(notesbuild.run.watching, "LONG_PAUSE", 60)
    monkeypatch.setattr(inotify_simple.INotify, name, refuses)
    assert is_seen_soon(CHANGES["a file is written"], folder, [folder])


def test_what_editors_keep_beside_a_file_is_no_change(tmp_path):
    (tmp_path / "a.tex").write_text("one")
    before = look([tmp_path, tmp_path / "missing.csv"])
    (tmp_path / ".a.tex.swp").write_text("")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden/file").write_text("")
    assert look([tmp_path, tmp_path / "missing.csv"]) == before
