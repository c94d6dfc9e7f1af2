"""TeX reads the preamble from the start of a build, and waits for texts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from notesbuild.exam import batch
from notesbuild.exam.ahead import Ahead, begun_ahead, start_of
from notesbuild.exam.batch import Batch, Member, Preamble, Waiting, run_batch
from notesbuild.exam.blocks import BlockText
from notesbuild.exam.build import build_exam
from notesbuild.exam.document import Document
from notesbuild.exam.paper import preamble
from notesbuild.run.aside import aside
from notesbuild.tex.engine import USUAL_LINE

from .building import contents, request

EXAM = "course/quiz"
EMPTY = preamble("", "notes/macros.tex", tikz=False)
START = start_of(EMPTY, "pdflatex", 0, 60)


@pytest.fixture
def runs(monkeypatch):
    """Every run of TeX: whether it was waiting for its texts."""
    made = []
    plain, waiting = batch.run_batch, batch.Waiting.set
    monkeypatch.setattr(
        "notesbuild.exam.typeset.run_batch", lambda *a, **k: made.append(False) or plain(*a, **k)
    )
    monkeypatch.setattr(Waiting, "set", lambda *a, **k: made.append(True) or waiting(*a, **k))
    return made


def build_with(project, ahead):
    return build_exam(replace(request(project), ahead=ahead), lambda step: None)


def processes(ahead):
    return [one._run._process for one in ahead._waiting]


def test_a_first_build_takes_the_runs_that_were_begun(make_exam, runs):
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    with begun_ahead(project.root, EXAM, 2) as ahead:
        begun = processes(ahead)
        assert len(begun) == 2
        assert build_with(project, ahead).diagnostics == ()
        assert [process.returncode for process in begun] == [0, 0]
    assert runs == [True, True]
    first = contents(project)
    shutil.rmtree(project.root / "build")
    assert build_with(project, None).diagnostics == ()
    assert runs == [True, True, False, False]
    assert contents(project) == first


def test_a_later_build_has_one_run_wait(make_exam, runs):
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    build_with(project, None)
    with begun_ahead(project.root, EXAM, 2) as ahead:
        assert len(processes(ahead)) == 1
        next((project.root / "build").rglob("built.json")).unlink()
        next((project.root / "build").rglob("blocks/*.pdf")).write_bytes(b"damaged")
        assert build_with(project, ahead).diagnostics == ()
    assert runs == [False, False, True]


def test_nothing_is_begun_where_nobody_could_do_it_meanwhile(make_exam):
    with begun_ahead(make_exam().root, EXAM, 1) as ahead:
        assert ahead is None


def test_tex_is_not_shown_what_is_forbidden(make_exam):
    project = make_exam()
    macros = project.root / "notes/macros.tex"
    macros.parent.mkdir(exist_ok=True)
    macros.write_text("\\newcommand{\\secret}{\\input{/etc/passwd}}\n", "utf-8")
    with begun_ahead(project.root, EXAM, 2) as ahead:
        assert processes(ahead) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(START, preamble=preamble("\\newcommand{\\a}{b}", "macros.tex", tikz=False)),
        replace(START, epoch=86_400),
        replace(START, program="another one"),
    ],
)
def test_a_run_that_started_otherwise_is_not_taken(other):
    ahead = Ahead()
    try:
        ahead.begin(START, 1)
        (process,) = processes(ahead)
        assert ahead.take(other) is None
        ahead.begin(other, 1)
        assert process.returncode == -signal.SIGKILL
        assert ahead.take(START) is None
        taken = ahead.take(other)
        assert taken is not None and ahead.take(other) is None
        taken.stop()
        ahead.renew()
        assert len(processes(ahead)) == 1
    finally:
        ahead.close()


def test_what_nobody_takes_is_stopped():
    ahead = Ahead()
    endless = Document("\\def\\x{\\x}\\x\n")
    ahead.begin(start_of(endless, "pdflatex", 0, 60), 1)
    (process,), folder = processes(ahead), ahead._waiting[0]._path
    assert process.poll() is None
    ahead.close()
    assert process.returncode == -signal.SIGKILL
    assert not folder.exists()


def words(text: str, engine: str = "pdflatex") -> Batch:
    document = Document(f"\\nbwords{{{text}}}\n")
    return Batch((Member("b0", BlockText(document, engine, "400pt")),))


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_what_waits_makes_the_same_as_what_does_not(engine):
    one = words("Some $x^2$ words", engine)
    waited = Waiting(start_of(EMPTY, engine, 0, 60)).set(one, patience=20)
    plain = run_batch(one, Preamble(EMPTY), timeout=60, patience=20, epoch=0)
    assert waited.run.pdf is not None
    assert waited.run.pdf == plain.run.pdf
    assert (waited.blocks, waited.document.text) == (plain.blocks, plain.document.text)


def test_a_long_text_is_told_bit_by_bit():
    one = words("Some words\\par\n" * 20_000)  # more than a pipe holds, and slow
    assert len(one.first.document.text) > 4 * 65_536
    finished = Waiting(START).set(one, patience=20)
    assert finished.complete and finished.last == "b0"
    assert words("x" * USUAL_LINE).has_long_lines and not one.has_long_lines


def test_errors_stand_in_the_same_lines():
    one = words("Some\n\n\\undefinedcommand words")
    waited = Waiting(START).set(one, patience=20)
    plain = run_batch(one, Preamble(EMPTY), timeout=60, patience=20, epoch=0)
    assert waited.run.errors == plain.run.errors
    assert waited.run.errors[0].line > EMPTY.text.count("\n")


def test_its_time_begins_with_the_text():
    waiting = Waiting(replace(START, timeout=2))
    time.sleep(2.5)
    finished = waiting.set(words("Some words"), patience=1)
    assert finished.complete
    stuck = Waiting(replace(START, timeout=60)).set(words("\\loop\\iftrue\\repeat"), patience=1)
    assert stuck.run.stuck and stuck.last == "b0"


def test_what_it_has_not_read_is_no_answer_when_it_is_asked_where_it_is():
    """TeX asks what to do when it is interrupted, and would read the rest of its document."""
    loop = words("\\loop\\iftrue\\repeat").members
    one = words("Edit " * 50).members[0].text
    behind = tuple(Member(f"b{number}", one) for number in range(1, 400))
    plain = run_batch(Batch(loop + behind), Preamble(EMPTY), timeout=60, patience=1, epoch=0)
    waited = Waiting(START).set(Batch(loop + behind), patience=1)
    assert [error.text for error in waited.run.errors] == [e.text for e in plain.run.errors]
    assert waited.run.errors[0].line == plain.run.errors[0].line


def test_a_run_that_died_is_replaced_by_another(make_exam, runs):
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    with begun_ahead(project.root, EXAM, 2) as ahead:
        for process in processes(ahead):
            os.killpg(process.pid, signal.SIGKILL)
        assert build_with(project, ahead).diagnostics == ()
    assert sorted(runs) == [False, False, True, True]


def test_tex_does_not_wait_for_the_end_of_a_copy_of_us():
    """A text may run to the end of the document, which a copy must not hold open."""
    waiting = Waiting(START)
    slow = aside(lambda: time.sleep(4))
    start = time.monotonic()
    finished = waiting.set(words("Some \\iffalse words"), patience=20)
    assert not finished.complete
    assert time.monotonic() - start < 3.5
    slow()


ORPHAN = """
import os, sys
from notesbuild.exam.ahead import start_of
from notesbuild.exam.batch import Waiting
from notesbuild.exam.paper import preamble
waiting = Waiting(start_of(preamble("", "macros.tex", tikz=False), "pdflatex", 0, 60))
print(waiting._run._process.pid, waiting._path, flush=True)
sys.stdin.read()
"""


def test_no_tex_survives_us():
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        told = process.stdout.readline().split()
        pid, folder = int(told[0]), Path(told[1])
        os.kill(pid, 0)
        process.kill()
    for _ in range(200):
        if not _alive(pid):
            break
        time.sleep(0.05)
    assert not _alive(pid)
    shutil.rmtree(folder)


def _alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False
