"""calendar.ics, read back."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from notesbuild.model.exam import Blueprint
from notesbuild.notes.calendar import calendar
from notesbuild.source.yaml import read_record
from tests.notes.test_home import course

SEOUL = ZoneInfo("Asia/Seoul")
MANIFEST = """
title: Means
timezone: Asia/Seoul
chapters: [basics/means]
meetings:
  - {days: [Tue, Thu], start: "12:30", end: "13:45", place: 28-102}
schedule:
  - {date: 2024-03-05, topic: "About $n$, and more"}
  - {date: 2024-03-06, topic: A day without hours}
  - {date: 2024-03-07, no_class: A holiday}
  - {date: 2024-04-11, exam: midterm, no_class: No lecture}
  - {date: 2024-06-24, exam: final}
"""
EXAM = """
title: Midterm
kind: midterm
date: 2024-04-11
start: "17:00"
duration: 4h
place: Hall
seed: 1
sections: [{title: All, pick: 1}]
"""


def exam(text: str = EXAM, name: str = "midterm", of: str = "small") -> Blueprint:
    read = read_record(text, "exams/x.yaml", Blueprint, extra={"course": of, "name": name})
    assert read.value is not None, read.diagnostics
    return read.value


@pytest.fixture
def events():
    exams = (
        exam(),
        exam(EXAM.replace("2024-04-11", "2024-06-24").replace('start: "17:00"\n', ""), "final"),
        exam(EXAM.replace("midterm", "homework"), "sheet"),
        exam(of="another"),
    )
    file = Calendar.from_ical(calendar(course(MANIFEST), exams))
    assert isinstance(file, Calendar)
    return list(file.walk("VEVENT")), file


def test_every_entry_is_there_once(events):
    assert [str(e["summary"]) for e in events[0]] == [
        "Means: About n, and more",
        "Means: A day without hours",
        "Means: A holiday",
        "Means: No lecture",
        "Means: Midterm",
        "Means: Midterm",
    ]


def test_lectures_and_exams_have_hours_and_places(events):
    lecture, midterm = events[0][0], events[0][4]
    assert lecture.start == datetime.datetime(2024, 3, 5, 12, 30, tzinfo=SEOUL)
    assert lecture.end == datetime.datetime(2024, 3, 5, 13, 45, tzinfo=SEOUL)
    assert lecture["location"] == "28-102"
    assert lecture["dtstart"].params["TZID"] == "Asia/Seoul"
    assert midterm.start == datetime.datetime(2024, 4, 11, 17, 0, tzinfo=SEOUL)
    assert midterm.end == datetime.datetime(2024, 4, 11, 21, 0, tzinfo=SEOUL)
    assert midterm["location"] == "Hall"


def test_days_without_hours_are_whole_days(events):
    for event, day in ((events[0][1], 6), (events[0][2], 7)):
        assert event.start == datetime.date(2024, 3, day)
        assert event.end == datetime.date(2024, 3, day + 1)
    assert events[0][2]["transp"] == "TRANSPARENT"
    assert events[0][5].start == datetime.date(2024, 6, 24)


def test_the_zone_is_described_and_the_stamps_are_fixed(events):
    assert [str(zone["tzid"]) for zone in events[1].walk("VTIMEZONE")] == ["Asia/Seoul"]
    stamp = datetime.datetime(2024, 3, 5, tzinfo=datetime.UTC)
    assert {event["dtstamp"].dt for event in events[0]} == {stamp}
    uids = [str(event["uid"]) for event in events[0]]
    assert len(set(uids)) == len(uids)
    assert uids[0] == "small-2024-03-05-1@notesbuild"


def test_the_same_manifest_gives_the_same_bytes():
    first, second = (calendar(course(MANIFEST), (exam(),)) for _ in range(2))
    assert first == second
    assert calendar(course("title: T\nchapters: [a]\n"), ()).startswith(b"BEGIN:VCALENDAR")
