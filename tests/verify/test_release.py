"""Homework sheets appear on the site on their day, and their solutions on theirs."""

from __future__ import annotations

import datetime
import shutil

import pytest

from notesbuild.cli.clock import moment_of
from notesbuild.model.handout import day_in
from tests.small import SMALL

from .sitting import run, write

SHEET = """
title: Homework 1
kind: homework
date: 2030-03-20
seed: 7
visibility: [practice]
sections:
  - {title: Work, pick: 1, where: "kind == 'computation'"}
release:
  sheet: 2030-03-10
  solutions: 2030-03-21
"""
PRACTICE = SMALL["problem_bank/means/variance-uniform.tex"].replace(
    "% status:", "% visibility: practice\n% status:"
)
FILES = {
    **{path: text for path, text in SMALL.items() if not path.startswith("exams/")},
    "problem_bank/means/variance-uniform.tex": PRACTICE,
    "exams/small/homework-1.yaml": SHEET,
    "notes/courses/small.yaml": SMALL["notes/courses/small.yaml"].replace(
        "grading:", "  - {date: 2030-03-20, exam: homework-1}\ngrading:"
    ),
}
SITE = "build/small/html"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = write(tmp_path_factory.mktemp("course"), FILES)
    drawn = run(root, "exam", "draw", "small/homework-1")
    assert drawn.exit_code == 0, drawn.output
    return root


def handouts(root):
    return sorted(path.name for path in (root / SITE / "handouts").glob("*"))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2030-03-09", []),
        ("2030-03-10", ["homework-1.pdf"]),
        ("2030-03-20", ["homework-1.pdf"]),
        ("2030-03-21", ["homework-1-solutions.pdf", "homework-1.pdf"]),
        ("2030-03-09", []),
    ],
)
def test_a_sheet_is_there_from_its_day_on(course, day, expected):
    result = run(course, "notes", "html", "--as-of", day)
    assert result.exit_code == 0, result.output
    assert handouts(course) == expected
    page = (course / SITE / "index.html").read_text("utf-8")
    for name in ("homework-1.pdf", "homework-1-solutions.pdf"):
        # In the table of sheets, and in the schedule.
        assert page.count(f'href="handouts/{name}"') == (2 if name in expected else 0)
    assert ("Homework and practice" in page) is bool(expected)
    assert "<strong>Homework 1</strong> is due" in page
    everything = [p for p in (course / SITE).rglob("*") if "homework" in p.name]
    assert len(everything) == len(expected)


def test_exam_build_writes_everything_for_the_instructor(course):
    before = handouts(course)
    assert run(course, "exam", "build", "small/homework-1").exit_code == 0
    folder = course / "build/small/exams/homework-1"
    names = {path.name for path in folder.iterdir()}
    assert names >= {f"homework-1-A{view}.pdf" for view in ("", "-solutions", "-rubric")}
    assert handouts(course) == before  # the site is not touched
    result = run(course, "exam", "verify", "small/homework-1", "--jobs", "1")
    assert result.exit_code == 0, result.output


def test_a_sheet_that_cannot_be_built_leaves_the_site_as_it_is_without_it(course, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")
    (root / "exams/small/homework-1.lock.yaml").unlink()
    result = run(root, "notes", "html", "--as-of", "2030-04-01")
    assert result.exit_code == 1
    assert "error[lock-missing]" in result.output
    assert (root / SITE / "index.html").is_file()
    assert handouts(root) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: homework", "kind: quiz", "a quiz is not released to the site"),
        ("kind: homework", "kind: homework\nversions: 2", "has one version"),
        ("visibility: [practice]\n", "", "the site would show problems of exams"),
        ("2030-03-21", "2030-03-01", "solutions are released after the sheet"),
        ("  sheet: 2030-03-10\n", "", "solutions are released after the sheet"),
        ("sheet:", "sheets:", "unknown-key"),
    ],
)
def test_what_cannot_be_released_is_told(tmp_path, old, new, expected):
    root = write(tmp_path, {**FILES, "exams/small/homework-1.yaml": SHEET.replace(old, new)})
    result = run(root, "check")
    assert result.exit_code == 1
    assert expected in result.output
    assert "exams/small/homework-1.yaml:" in result.output


def test_a_problem_of_exams_in_the_lock_of_a_sheet_is_told(course, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")
    bank = root / "problem_bank/means/variance-uniform.tex"
    bank.write_text(PRACTICE.replace("visibility: practice", "visibility: exam"), "utf-8")
    result = run(root, "check")
    assert "variance-uniform is for exams only, and the sheet is released" in result.output


def test_a_day_begins_where_the_course_is():
    evening = datetime.datetime(2030, 3, 9, 20, tzinfo=datetime.UTC)
    assert day_in(evening, "Asia/Seoul") == datetime.date(2030, 3, 10)
    assert day_in(evening, "America/New_York") == datetime.date(2030, 3, 9)
    chosen = datetime.datetime(2030, 3, 9)
    assert day_in(moment_of(chosen), "Asia/Seoul") == datetime.date(2030, 3, 9)


def test_without_a_day_it_is_today():
    assert moment_of(None).tzinfo is not None
