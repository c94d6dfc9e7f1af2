"""With a paper of its own for every student, the report counts instead of naming."""

from __future__ import annotations

from notesbuild.exam.report import report_html

from .exam import BLUEPRINT
from .reading import Report

PER_STUDENT = BLUEPRINT.replace("versions: 2", "versions: per-student")


def students(number):
    """Every third student has other problems than the rest."""
    usual = [(1, "range", {"n": 3}), (2, "mean", {}), (2, "shared", {})]
    other = [(1, "spread", {}), (2, "shared", {}), (2, "median", {})]
    return {f"2030-{n:04}": other if n % 3 == 0 else usual for n in range(number)}


def page_of(small_exam, number):
    exam = small_exam(versions=students(number), blueprint=PER_STUDENT)
    return report_html(exam.given())


def test_papers_are_counted(small_exam):
    report = Report(page_of(small_exam, 30))
    assert report.table("30 papers")[1:] == [
        ["Both have it shared", "means", "10", "20", "5", "30"],
        ["The mean of √(n) numbers mean", "means", "5", "8", "2", "20"],
        ["A range range", "means, ranges", "3", "4", "1", "20"],
        ["A median median", "medians", "5", "12", "4", "10"],
        ["A spread spread", "ranges", "3", "9", "3", "10"],
    ]
    about = "How the papers spread"
    assert report.table(about)[0][1:6] == [
        *("Lowest", "Lower quarter", "Median", "Upper quarter", "Highest")
    ]
    assert report.row(about, "Minutes")[1:7] == ["32", "32", "32", "41", "41", "9"]
    means = ["means", "10", "10", "18", "18", "18", "8"]
    assert report.row("Points of each topic", "means") == means
    assert report.row("minutes of each section", "Proofs") == ["Proofs", "2", "15", "28–32"]
    assert "in 20 papers" in report.text and "in 30 papers" in report.text


def test_only_what_differs_has_a_chart(small_exam):
    report = Report(page_of(small_exam, 30))
    drawn = [label.split()[0] for label in report.values("aria-labelledby") if "-title" in label]
    assert drawn == ["minutes-title", "difficulty-title", "shared-title"]


def test_the_pages_of_one_paper_are_shown(small_exam):
    report = Report(page_of(small_exam, 30))
    assert "Paper 2030-0000: 2 pages" in report.headings
    assert len(report.values("src")) == 2


def test_the_page_does_not_grow_with_the_papers(small_exam):
    few, many = (len(page_of(small_exam, number)) for number in (30, 120))
    assert many < 1.01 * few


def test_26_versions_still_stand_beside_each_other(small_exam):
    report = Report(page_of(small_exam, 26))
    assert len(report.table("behind each question")[0]) == 28


def test_long_lists_of_papers_are_cut(small_exam):
    exam = small_exam(
        versions=students(60), blueprint=PER_STUDENT.replace("duration: 45min", "duration: 40min")
    )
    report = Report(report_html(exam.given()))
    (late,) = [notice for notice in report.notices if "more time" in notice]
    assert late.endswith("2030-0033 and 8 more.")
