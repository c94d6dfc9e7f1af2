"""Small rules of the records."""

from __future__ import annotations

import datetime

import pytest
from pydantic import ValidationError

from notesbuild.model.base import Range, minutes_from
from notesbuild.model.course import Course, ScheduleRow
from notesbuild.model.exam import Blueprint, version_names
from notesbuild.model.problem import Parameter
from notesbuild.model.stats import bank_stats
from notesbuild.source.project import read_project
from tests.small import SMALL


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("4h", 240), ("90min", 90), ("1h30", 90), ("1h 30min", 90), ("0.5h", 30), (45, 45)],
)
def test_durations(text, minutes):
    assert minutes_from(text) == minutes


@pytest.mark.parametrize("text", ["", "soon", "4x", "h", "-1h"])
def test_durations_that_are_none(text):
    with pytest.raises(ValueError, match="4h"):
        minutes_from(text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (100, "100"),
        ([20, 40], "20 to 40"),
        ({"max": 5}, "at most 5"),
        ({"min": 2.5}, "at least 2.5"),
    ],
)
def test_ranges(written, shown):
    assert str(Range.model_validate(written)) == shown


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"choose": [1], "value": "2"},
        {"choose": []},
        {"between": [3, 2]},
        {"between": [1]},
    ],
)
def test_parameters_that_are_none(wrong):
    with pytest.raises(ValidationError):
        Parameter.model_validate(wrong)


def test_a_parameter_knows_its_candidates():
    assert Parameter.model_validate({"between": [2, 4]}).candidates() == range(2, 5)
    assert Parameter.model_validate({"choose": [1, "x"]}).candidates() == (1, "x")
    assert Parameter.model_validate({"value": 3}).candidates() == ()


def test_an_exam_ends_after_its_duration():
    blueprint = Blueprint.model_validate(
        {
            "title": "Final",
            "kind": "final",
            "seed": 1,
            "date": "2024-06-24",
            "start": "21:00",
            "duration": "4h",
            "sections": [{"title": "x", "pick": 1}],
        }
    )
    assert blueprint.ends == datetime.datetime(2024, 6, 25, 1, 0)
    assert blueprint.model_copy(update={"start": None}).ends is None


def test_versions_are_letters():
    assert version_names(4) == ("A", "B", "C", "D")


def test_a_row_of_the_schedule_says_something():
    with pytest.raises(ValidationError, match="no_class"):
        ScheduleRow.model_validate({"date": "2024-01-31"})


def test_a_time_zone_is_one():
    with pytest.raises(ValidationError, match="Asia/Seoul"):
        Course.model_validate({"title": "x", "chapters": ["a"], "timezone": "Asia/Soul"})


def test_counting_the_bank(make_project):
    stats = bank_stats(read_project(make_project(SMALL)).value.bank)
    assert [row.topic for row in stats.topics] == ["means", "primes", "variances"]
    assert stats.topics[0].by_difficulty == (0, 1, 0, 0, 0)
    assert (stats.problems, stats.parametric, stats.without_solution) == (3, 1, 0)
