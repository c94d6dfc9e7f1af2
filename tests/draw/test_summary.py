"""The numbers that ``exam draw`` prints."""

from __future__ import annotations

import json

from notesbuild.exam.summary import summarize
from notesbuild.model.problem import Bank
from tests.draw.banks import bank, drawn, exam, many, problem, read

FILES = {
    **bank(
        a=problem(points=3, minutes=4, difficulty=1, topics="[x]"),
        b=problem(points=5, minutes=10, difficulty=4, topics="[x, y]"),
        c=problem(points=4, minutes=7, difficulty=2, topics="[y]"),
    ),
    **exam(
        """
        sections: [{title: All, pick: 2}]
        order: fixed
        """
    ),
}


def test_versions_are_counted(make_project):
    summary = drawn(make_project(FILES), versions=3).summary
    assert [row.version for row in summary.versions] == ["A", "B", "C"]
    assert summary.topics == ("x", "y")
    known = {"ab": (8, 14, 2.5, 8, 5), "ac": (7, 11, 1.5, 3, 4), "bc": (9, 17, 3.0, 5, 9)}
    for row, version in zip(summary.versions, drawn_ids(make_project), strict=True):
        assert row.problems == 2
        assert known[version] == (
            row.points,
            row.minutes,
            row.difficulty,
            row.topic_points("x"),
            row.topic_points("y"),
        )


def drawn_ids(make_project):
    lock = drawn(make_project(FILES), versions=3).lock
    return ["".join(item.problem for item in version.items) for version in lock.versions]


def test_balance_in_one_sentence(make_project):
    files = bank(
        a=problem(points=3, minutes=4, difficulty=1, topics="[x]"),
        b=problem(points=5, minutes=24, difficulty=2, topics="[y]"),
        c=problem(points=4, minutes=7, difficulty=2, topics="[x]"),
    )
    files |= exam(
        """
        sections:
          - {title: One, pick: 1, where: "difficulty == 2"}
          - {title: Two, pick: 1, where: "difficulty == 1"}
        constraints: {overlap: {max: 0.5}}
        """
    )
    summary = drawn(make_project(files), versions=2).summary
    assert summary.balance_line() == (
        "Balance: points within 1, minutes within 17, difficulty equal, "
        "topic points within 5; two versions share at most 1 problem."
    )


def test_gaps_of_difficulty_are_rounded(make_project):
    files = bank(a=problem(difficulty=1), b=problem(difficulty=2)) | many("c", 2)
    files |= exam(
        """
        sections:
          - {title: One, pick: 1, where: "id in ['a', 'b']"}
          - {title: Two, pick: 2, where: "id in ['c-1', 'c-2']"}
        constraints: {overlap: {max: 0.7}}
        """
    )
    line = drawn(make_project(files), versions=2).summary.balance_line()
    assert "difficulty within 0.33," in line
    assert line.endswith("share at most 2 problems.")


def test_one_version_has_nothing_to_balance(make_project):
    summary = drawn(make_project(FILES)).summary
    assert summary.balance_line() == "Balance: there is one version only."


def test_json_holds_the_same_numbers(make_project):
    summary = drawn(make_project(FILES), versions=2).summary
    data = json.loads(json.dumps(summary.as_json()))
    assert [row["points"] for row in data["versions"]] == [r.points for r in summary.versions]
    assert data["versions"][0]["topic_points"] == dict(summary.versions[0].by_topic)
    assert data["balance"]["minutes"] == summary.gaps.minutes
    assert data["overlap"] == {
        "most": summary.most_shared,
        "pairs": [{"versions": ["A", "B"], "problems": summary.most_shared}],
    }


def test_a_lock_is_counted_without_problems_that_are_gone(make_project):
    root = make_project(FILES)
    lock = drawn(root).lock
    kept = Bank(problems=tuple(p for p in read(root).bank.problems if p.id == "b"))
    (row,) = summarize(lock, kept).versions
    assert row.problems == 2
    assert row.minutes in (0, 10)
    (empty,) = summarize(lock, Bank()).versions
    assert (empty.minutes, empty.difficulty, empty.by_topic) == (0, 0.0, ())
