"""A machine that refuses, a person who interrupts: nothing is lost, and nothing goes on."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import notesbuild
from notesbuild.cli.main import cli
from notesbuild.diagnostics import Code
from notesbuild.run.program import run_program, start_program
from notesbuild.run.publish import build_lock, remove_folder, write_fault
from notesbuild.tex.engine import run_tex
from tests.small import SMALL

COMMAND = [sys.executable, "-m", "notesbuild"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(notesbuild.__file__).parents[1])}


@pytest.mark.parametrize(
    "folder", [".", "..", "", "/", "/tmp/elsewhere", "../x", "build/..", ".git", "notes"]
)
def test_clean_never_removes_what_is_not_the_builds(make_project, folder):
    root = make_project({**SMALL, "notesbuild.toml": f'build = "{folder}"\n'})
    before = sorted(root.rglob("*"))
    for command in ("clean", "check"):
        result = CliRunner().invoke(cli, ["--project", str(root), command])
        assert result.exit_code == 1
        assert "notesbuild.toml:1:1: error[wrong-value]: build: " in result.output
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize("folder", ["problem_bank/out", "notes/courses", "exams"])
def test_outputs_have_a_folder_of_their_own(make_project, folder):
    root = make_project({**SMALL, "notesbuild.toml": f'build = "{folder}"\n'})
    result = CliRunner().invoke(cli, ["--project", str(root), "clean"])
    assert result.exit_code == 1
    assert "is yours" in result.output


def test_a_link_to_a_folder_of_others_is_not_emptied(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").touch()
    (tmp_path / "build").symlink_to(other)
    removed = remove_folder(tmp_path / "build")
    assert removed.diagnostics[0].code is Code.FILE_OUTSIDE
    assert (tmp_path / "build/precious").exists()


def test_a_lock_that_was_cleaned_away_locks_nothing(tmp_path):
    """A build that opened its lock before `clean` removed it must not work beside another."""
    build = tmp_path / "build"
    target = build / "course"
    with build_lock(target) as first:
        assert first
        refused = remove_folder(build)
        assert refused.diagnostics[0].code is Code.BUILD_BUSY
        assert build.exists()
        shutil.rmtree(build)  # what a person can do at any time
        with build_lock(target) as second:
            assert second
            with build_lock(target) as third:
                assert not third
    assert remove_folder(build).value
    assert list(tmp_path.iterdir()) == []


def test_many_faults_of_copying_are_told_as_one():
    fault = shutil.Error(
        [("a", "b", f"[Errno 28] {os.strerror(errno.ENOSPC)}: 'b'"), ("c", "d", "")]
    )
    told = write_fault(fault, "build/x")
    assert told.code is Code.WRITE_FAILED
    assert told.message.count("\n") == 0
    assert "('" not in told.message
    assert told.hint is not None
    assert "make room" in told.hint


@pytest.mark.parametrize("arguments", [["bank", "list"], ["bank", "stats"], ["check"], ["--help"]])
@pytest.mark.parametrize("output", ["full", "closed"])
def test_an_output_that_takes_nothing(make_project, arguments, output):
    root = make_project(SMALL)
    redirect = {"full": ">/dev/full", "closed": ">&-"}[output]
    shell = ["sh", "-c", f'exec "$@" {redirect}', "sh", *COMMAND, *arguments]
    finished = subprocess.run(
        shell, cwd=root, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, check=False
    )
    assert "internal error" not in finished.stderr
    assert "Traceback" not in finished.stderr
    assert "Exception ignored" not in finished.stderr
    assert finished.returncode == (3 if output == "full" else 0), finished.stderr


LOOP = SMALL["problem_bank/means/mean-minimizes.tex"].replace("Let $x", r"\def\x{\x}\x Let $x")


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 1), (signal.SIGTERM, 143)])
def test_an_interrupted_build_ends_at_once_with_everything_it_started(make_project, sent, status):
    root = make_project({**SMALL, "problem_bank/means/mean-minimizes.tex": LOOP})
    marker = str(root)
    environment = {**ENVIRONMENT, "TMPDIR": str(root / "tmp")}
    (root / "tmp").mkdir()
    process = subprocess.Popen(
        [*COMMAND, "check", "--compile"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        deadline = time.monotonic() + 30
        while not _tex_below(marker) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _tex_below(marker)
        process.send_signal(sent)
        process.communicate(timeout=10)
    assert process.returncode == status
    deadline = time.monotonic() + 5
    while _tex_below(marker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _tex_below(marker)


def test_a_background_job_that_ignores_ctrl_c_still_learns_where_tex_hung(make_project):
    root = make_project(
        {
            **SMALL,
            "notesbuild.toml": "tex_timeout = 6\n",
            "problem_bank/means/mean-minimizes.tex": LOOP,
        }
    )
    process = subprocess.Popen(
        ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *COMMAND, "check", "--compile"],
        cwd=root,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        deadline = time.monotonic() + 30
        while not _tex_below(str(root)) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "problem_bank/means/mean-minimizes.tex:11:11: error[tex-timeout]" in told


def _tex_below(folder: str) -> list[str]:
    """Processes of TeX that work in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name = (process / "comm").read_text().strip()
            if name == "pdflatex" and str((process / "cwd").readlink()).startswith(folder):
                found.append(process.name)
        except OSError:
            continue
    return found


def test_tex_ends_by_itself_when_nobody_is_left_to_stop_it(tmp_path, monkeypatch):
    """The limit on its time is the system's, so that it holds when we were killed."""
    seen = {}

    def spy(command, **options):
        told = [*command[:2], command[2].replace('exec "$@"', "ulimit -t"), *command[3:]]
        seen["limit"] = run_program(told, timeout=5, **options).stdout
        return start_program(["true"])

    monkeypatch.setattr("notesbuild.tex.engine.start_program", spy)
    run_tex(tmp_path, "x", engine="pdflatex", timeout=7.5)
    assert seen["limit"].strip() == b"13"


def test_a_line_of_half_a_million_letters_can_be_set(tmp_path):
    line = "x" + "\\relax" * 80_000
    text = f"\\documentclass{{article}}\\begin{{document}}\n{line}\n\\end{{document}}\n"
    (tmp_path / "x.tex").write_text(text)
    run = run_tex(tmp_path, "x", engine="pdflatex", timeout=60)
    assert run.pdf is not None, run.last_words
