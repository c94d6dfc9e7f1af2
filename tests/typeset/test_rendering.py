"""A helper renders what has much to compute; the papers are the same."""

from __future__ import annotations

import pickle
from dataclasses import replace

from notesbuild.exam.ahead import Ahead
from notesbuild.exam.build import build_exam
from notesbuild.run.aside import Helper
from notesbuild.source.project import read_project

from .building import contents, request


class Here:
    """A helper that does the work at once, and counts."""

    def __init__(self):
        self.tasks = 0

    def close(self) -> None:
        """It has nothing to end."""

    def begin(self, work):
        (tasks,) = work.args
        self.tasks += len(tasks)
        return work


def test_what_a_helper_renders_is_the_same(make_exam):
    project = make_exam()
    assert build_exam(request(project), lambda step: None).diagnostics == ()
    first = contents(project)
    (project.root / "build/.work/exams/course/quiz/built.json").unlink()
    (project.root / "build/.work/exams/course/quiz/memory.json").unlink()
    helper = Here()
    again = replace(request(read_project(project.root).value), ahead=Ahead(helper))
    assert build_exam(again, lambda step: None).diagnostics == ()
    again.ahead.close()
    assert helper.tasks > 0
    assert contents(project) == first


def test_a_helper_takes_problems_that_were_read_before(make_exam):
    """Those are read from a cache piece by piece, and must travel all the same."""
    project = make_exam()
    read_project(project.root, exam="course/quiz")
    kept = read_project(project.root, exam="course/quiz").value
    assert [pickle.loads(pickle.dumps(p)) for p in kept.bank.problems] == list(kept.bank.problems)
    assert build_exam(request(project), lambda step: None).diagnostics == ()
    first = contents(project)
    (project.root / "build/.work/exams/course/quiz/built.json").unlink()
    (project.root / "build/.work/exams/course/quiz/memory.json").unlink()
    ahead = Ahead(Helper(lambda: None))
    assert build_exam(replace(request(kept), ahead=ahead), lambda step: None).diagnostics == ()
    ahead.close()
    ahead.helper.close()
    assert contents(project) == first
