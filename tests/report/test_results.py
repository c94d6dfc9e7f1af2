"""Which results of the notes are examined."""

from __future__ import annotations

import json
import re

import pytest

from notesbuild.exam.fresh import fingerprint
from notesbuild.exam.report import report_html
from notesbuild.exam.request import Request
from notesbuild.source.project import read_project

RESULTS = "build/course/results.json"


def results_of(exam):
    """The words of that part of the report, one line for each element."""
    page = report_html(exam.given()).decode("utf-8")
    part = page[page.index('<h2 id="results">') : page.index('<h2 id="pages">')]
    plain = re.sub(r"<[^>]+>", "\n", part).replace("\xa0", " ")
    return [line.strip() for line in plain.split("\n") if line.strip(" ·\n")], part


def test_results_are_read_from_the_chapters(small_exam):
    lines, part = results_of(small_exam())
    assert lines == [
        *("Results of the notes", "The problems need 2 of the 3 labelled results of the course."),
        *("Means of numbers", "1 of 2 examined"),
        *("Theorem (Minimizing property)", "A 2, A 3, B 2 ·", "thm-mean"),
        *("1 not examined", "Lemma (The space L^2)", "lem-square"),
        *("Medians", "1 of 1 examined", "Definition (Median)", "B 3 ·", "def-median"),
        *("Elsewhere", "Needed by problems, but no result of this course’s chapters"),
        *("sec-use", "A 2"),
    ]
    assert "href" not in part


def test_built_notes_give_numbers_and_links(small_exam):
    exam = small_exam()
    record = {"label": "thm-mean", "kind": "theorem", "number": "3.2", "title": "Least squares"}
    record |= {"href": "chapters/means.html#thm-mean", "page": 4, "uses": []}
    exam.write(RESULTS, json.dumps([record]))
    lines, part = results_of(exam)
    assert lines[4:6] == ["Theorem 3.2", "(Least squares)"]
    assert '<a href="../../html/chapters/means.html#thm-mean">Theorem 3.2</a>' in part
    assert "Lemma (The space L^2)" in lines


@pytest.mark.parametrize(
    "broken",
    [
        *("", "{", "[1]", '["label"]', '{"label": 1}', "3", "[{}]", "[" * 100_000, "\ud800"),
        '[{"label": "thm-mean", "number": 3, "title": ["x"], "href": null}]',
    ],
)
def test_a_file_of_results_that_cannot_be_read_is_left_alone(small_exam, broken):
    exam = small_exam()
    expected = results_of(exam)
    (exam.root / "build/course").mkdir(parents=True)
    (exam.root / RESULTS).write_bytes(broken.encode("utf-8", "surrogatepass"))
    assert results_of(exam) == expected


def test_a_course_without_results_has_no_such_part(small_exam):
    exam = small_exam(
        versions={"A": [(1, "spread", {})]},
        files={"notes/chapters/means.md": "# Means", "notes/chapters/medians.rst": "Medians\n"},
    )
    assert 'id="results"' not in report_html(exam.given()).decode("utf-8")


def test_numbers_that_change_make_a_new_report(small_exam):
    exam = small_exam()
    before = fingerprint_of(exam)
    assert fingerprint_of(exam) == before
    exam.write(RESULTS, '[{"label": "thm-mean", "number": "3.2"}]')
    assert fingerprint_of(exam) != before


def fingerprint_of(exam):
    project = read_project(exam.root).value
    exam = (project.course("course"), project.blueprint("course/quiz"))
    return fingerprint(Request(project, *exam, project.lock("course/quiz")))
