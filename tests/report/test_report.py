"""What an instructor finds in report.html."""

from __future__ import annotations

import pytest

from notesbuild.exam.report import report_html

from .exam import BLUEPRINT, problem
from .reading import Report


def report_of(exam, **changes):
    return Report(report_html(exam.given(**changes)))


def test_the_head_says_which_exam_it_is(small_exam):
    report = report_of(small_exam())
    assert report.headings[0] == "Small quiz"
    for words in ("Small Statistics", "Monday, 1 April 2030", "10:00–10:45", "45 minutes", "7"):
        assert words in report.text
    assert "Room &lt;7&gt;" in report.text


def test_the_page_is_complete_in_itself(small_exam):
    report = report_of(small_exam())
    assert not {"script", "link", "iframe", "object"} & set(report.tags)
    assert "http:" not in report.text and "https:" not in report.text
    assert all(source.startswith("data:image/png;base64,") for source in report.values("src"))
    ids = report.values("id")
    assert len(ids) == len(set(ids))
    for href in report.values("href"):
        assert href.removeprefix("#") in ids or href.startswith("quiz-")
    for label in report.values("aria-labelledby"):
        assert set(label.split()) <= set(ids)


def test_versions_stand_beside_each_other(small_exam):
    report = report_of(small_exam())
    rows = report.table("behind each question")
    assert rows[0] == ["No.", "Points", "Version A", "Version B"]
    assert rows[1] == ["Short answers"]
    first = "A range range difficulty 1 · 4 min n = 3"
    assert rows[2] == ["1", "3", first, "A spread spread difficulty 3 · 9 min"]
    assert rows[3] == ["Proofs"]
    assert rows[4][1] == "5–10"
    assert rows[4][2] == "The mean of √(n) numbers mean difficulty 2 · 8 min"
    assert rows[4][3] == "Both have it shared difficulty 5 · 20 min also in A"


def test_a_version_may_have_fewer_questions(small_exam):
    versions = {
        "A": [(1, "range", {"n": 3})],
        "B": [(1, "spread", {}), (2, "mean", {})],
    }
    rows = report_of(small_exam(versions=versions)).table("behind each question")
    assert rows[-1] == ["2", "5", "", "The mean of √(n) numbers mean difficulty 2 · 8 min"]


def test_balance_stands_beside_what_was_asked(small_exam):
    report = report_of(small_exam())
    about = "largest gap between two"
    assert report.row(about, "Points") == ["Points", "18", "18", "0", "not bounded"]
    assert report.row(about, "Minutes") == ["Minutes", "32", "41", "9", "5, exceeded"]
    difficulty = ["Mean difficulty", "2.67", "4", "1.33", "1, exceeded"]
    assert report.row(about, "Mean difficulty") == difficulty
    topics = ["Points of a topic", "see below", "8", "6, exceeded"]
    assert report.row(about, "Points of a topic") == topics
    assert report.row(about, "Pages") == ["Pages", "2", "2", "0", "not bounded"]


def test_what_is_kept_is_said(small_exam):
    blueprint = BLUEPRINT.replace("minutes: 5", "minutes: 9")
    report = report_of(small_exam(blueprint=blueprint))
    assert report.row("largest gap between two", "Minutes")[-1] == "9, kept"


def test_points_by_topic_are_a_heat_map(small_exam):
    report = report_of(small_exam())
    assert report.row("Points of each topic", "means") == ["means", "18", "10", "8"]
    assert report.row("Points of each topic", "medians") == ["medians", "–", "5", "5"]
    assert '<td class="h9">18</td><td class="h5">10</td>' in report.text
    assert '<td class="h0">–</td>' in report.text


def test_shared_problems_are_counted(small_exam):
    report = report_of(small_exam())
    assert report.table("two versions share")[1:] == [["A", "3", "1"], ["B", "1", "3"]]
    words = "Two versions share at most 1 problem; the blueprint allows at most 50 % of a version."
    assert words in report.text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("overlap: {max: 0}", "No two versions share a problem; the blueprint allows none."),
        ("taught: false", "No two versions share a problem."),
    ],
)
def test_versions_that_share_nothing(small_exam, asked, words):
    versions = {"A": [(1, "range", {"n": 3})], "B": [(1, "spread", {})]}
    blueprint = BLUEPRINT.replace("overlap: {max: 0.5}", asked)
    assert words in report_of(small_exam(versions=versions, blueprint=blueprint)).text


def test_sections_have_questions_points_and_minutes(small_exam):
    report = report_of(small_exam())
    about = "minutes of each section"
    assert report.row(about, "Short answers") == ["Short answers", "1", "3", "4", "9"]
    assert report.row(about, "Proofs") == ["Proofs", "2", "15", "28", "32"]
    assert report.row(about, "All sections") == ["All sections", "3", "18", "32", "41"]


def test_nothing_to_say_before_printing(small_exam):
    easy = BLUEPRINT.replace("balance: {minutes: 5, difficulty: 1, topic_points: 6}", "")
    assert report_of(small_exam(blueprint=easy)).notices == []


def test_bounds_that_are_not_kept_are_told_first(small_exam):
    (notice,) = report_of(small_exam()).notices
    assert notice == (
        "The versions lie further apart than the blueprint allows in minutes, mean difficulty "
        "and points of a topic."
    )


def test_too_little_time_is_told(small_exam):
    blueprint = BLUEPRINT.replace("45min", "40min")
    notices = report_of(small_exam(blueprint=blueprint)).notices
    words = "The problems ask for more time than there is (40 minutes) in version B."
    assert words in notices


def test_a_problem_that_changed_since_the_draw_is_told(small_exam):
    exam = small_exam()
    assert "changed since the draw" not in report_of(exam).text
    exam.write("problem_bank/all/median.tex", problem("A new median", "[medians]", 4, 5, 12))
    report = report_of(exam)
    words = "1 problem changed since the draw, and the papers have it as now: A new median (median)"
    assert any(notice.startswith(words) for notice in report.notices)
    assert report.table("behind each question")[-1][-1].endswith("changed since the draw")


def test_a_version_that_was_not_built_is_told(small_exam):
    report = report_of(small_exam(), without=("B",))
    assert report.notices[0] == "Not built, because of errors: version B."
    assert report.table("behind each question")[0] == ["No.", "Points", "Version A"]


def test_one_version_is_compared_with_none(small_exam):
    report = report_of(small_exam(versions={"A": [(1, "range", {"n": 3})]}))
    assert not any("share" in caption for caption in report.tables)
    assert report.row("largest gap between two", "Minutes") == ["Minutes", "4", "0", "5, kept"]


def test_words_of_authors_are_no_markup(small_exam):
    bank = {"range": problem("'<script>alert(1)</script> & more'", params="{n: {choose: [3]}}")}
    report = report_of(small_exam(bank=bank))
    assert "script" not in report.tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in report.text


def test_a_course_without_manifest_has_a_report(small_exam):
    exam = small_exam()
    (exam.root / "notes/courses/course.yaml").unlink()
    report = report_of(exam)
    assert report.headings[0] == "Small quiz"
    assert "Needed by problems, but no result" in report.text
