"""The build of an exam reads what the exam needs."""

from __future__ import annotations

import pytest

from notesbuild.pipeline import draw_exam, read, read_for_exam
from tests.citations.project import FILES

OTHER = "exams/small/other.yaml"
LOCK = "exams/small/quiz.lock.yaml"


@pytest.fixture
def root(make_project):
    root = make_project({**FILES, OTHER: "title: [broken\n"})
    draw_exam(read(root).value, "small/quiz")
    return root


def test_a_broken_exam_does_not_keep_another_from_its_build(root):
    assert [d.span.path for d in read(root).diagnostics] == [OTHER]
    outcome = read_for_exam(root, "small/quiz")
    assert outcome.diagnostics == ()
    assert outcome.value.lock("small/quiz") is not None
    assert [course.name for course in outcome.value.courses] == ["small"]


def test_a_broken_exam_itself_is_told_at_its_place(root):
    found = read_for_exam(root, "small/other").diagnostics
    assert [d.span.path for d in found] == [OTHER]


def test_a_lock_at_another_place_is_found(root):
    (root / LOCK).rename(root / "exams/small/moved.lock.yaml")
    (root / LOCK).write_text(
        (root / "exams/small/moved.lock.yaml").read_text("utf-8").replace("quiz", "gone"), "utf-8"
    )
    outcome = read_for_exam(root, "small/quiz")
    assert outcome.value.lock("small/quiz") is not None


def test_a_broken_lock_is_told_at_its_place(root):
    (root / LOCK).write_text("format: 1\nexam: [\n", "utf-8")
    assert LOCK in [d.span.path for d in read_for_exam(root, "small/quiz").diagnostics]
