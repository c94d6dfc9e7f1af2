"""Building while somebody mends problems: what changes is set, what breaks is told."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

import notesbuild
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


def test_a_name_that_no_exam_has_is_not_waited_for(make_exam, tmp_path):
    log = tmp_path / "log"
    with watching(make_exam().root, log, exam="course/quizz") as process:
        assert process.wait(timeout=60) == 1
    assert "there is no exam 'course/quizz'" in log.read_text("utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.tex").write_text("other"),
        lambda folder: (folder / "new.tex").write_text(""),
        lambda folder: (folder / "sub/b.tex").unlink(),
        lambda folder: (folder / "sub/b.tex").replace(folder / "c.tex"),
    ],
)
def test_every_change_is_seen(tmp_path, change):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.tex").write_text("one")
    (tmp_path / "sub/b.tex").write_text("two")
    before = look([tmp_path])
    assert before == look([tmp_path])
    change(tmp_path)
    wait_for_change(before, [tmp_path])
    assert before != look([tmp_path])


def test_what_editors_keep_beside_a_file_is_no_change(tmp_path):
    (tmp_path / "a.tex").write_text("one")
    before = look([tmp_path, tmp_path / "missing.csv"])
    (tmp_path / ".a.tex.swp").write_text("")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden/file").write_text("")
    assert look([tmp_path, tmp_path / "missing.csv"]) == before
