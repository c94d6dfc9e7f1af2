"""Rosters as instructors export them, and every way in which they can be wrong."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.diagnostics import Code, Diagnostic
from notesbuild.model.roster import ExtraTime, Roster, Seat, Student, seat_from
from notesbuild.source import csv_file
from notesbuild.source import roster as reader
from notesbuild.source.csv_cells import CsvFault, read_cells
from notesbuild.source.roster import read_roster


def roster(folder: Path, content: str | bytes) -> Roster:
    found = outcome(folder, content)
    assert found.diagnostics == ()
    assert found.value is not None
    return found.value


def outcome(folder: Path, content: str | bytes):
    path = folder / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(path, "roster.csv")


def mistakes(folder: Path, content: str | bytes) -> list[str]:
    found = outcome(folder, content)
    assert found.value is None
    assert all(d.hint is None or d.hint for d in found.diagnostics)
    return [f"{d.span} {d.message}" for d in found.diagnostics]


def only(folder: Path, content: str | bytes) -> Diagnostic:
    (found,) = outcome(folder, content).diagnostics
    return found


def test_a_roster_with_every_column(tmp_path):
    text = (
        "ID, Name ,version,section,seat,extra_time,large_print,html,email\n"
        's1,"Doe, Jane ""JD""",A,1,B12,25%,yes,no,jane@example.org\n'
        "s2,이재호,,,B13,30,,x,\n"
    )
    jane, lee = roster(tmp_path, text).students
    assert jane.name == 'Doe, Jane "JD"'
    assert (jane.version, jane.section, jane.seat) == ("A", "1", "B12")
    assert jane.extra_time == ExtraTime(percent=25)
    assert (jane.large_print, jane.html, jane.email) == (True, False, "jane@example.org")
    assert lee == Student(id="s2", name="이재호", seat="B13", extra_time=30, html=True)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfid;name\r\n1;Ann\r\n",
        b"id\tname\n1\tAnn",
        b"\n\nid,name,,,\r1,Ann,,,\r,,,,\r\r",
        b'"id","name"\n"1","  Ann "\n\n',
        b"name,id\nAnn,1\n",
    ],
    ids=["Excel", "tabs", "old Mac, trailing commas, blank lines", "quotes", "other order"],
)
def test_what_spreadsheets_write_is_read(tmp_path, content):
    assert roster(tmp_path, content).students == (Student(id="1", name="Ann"),)


def test_a_name_is_normalized(tmp_path):
    student = roster(tmp_path, "id,name\n1,Jose\u0301 \u00a0 Nun\u0303ez\n").students[0]
    assert student.name == "José Nuñez"


def test_the_places_of_cells_are_known(tmp_path):
    found = roster(tmp_path, "id,name,seat\n\n1,Ann,B1\n22,Bob,\n")
    assert [str(s) for s in found.spans("name")] == ["roster.csv:3:3", "roster.csv:4:4"]
    assert [str(s) for s in found.spans("seat")] == ["roster.csv:3:7", "roster.csv:4:1"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["roster.csv:1:1 the first row does not name the columns"]),
        ("1,Ann\n2,Bob\n", ["roster.csv:1:1 the first row does not name the columns"]),
        ("id,seat\n1,A1\n", ["roster.csv:1:1 there is no column 'name'"]),
        ("id,name,sead\n1,A,B\n", ["roster.csv:1:9 unknown column 'sead'"]),
        ("id,name,ID\n1,A,B\n", ["roster.csv:1:9 the column 'id' is there twice"]),
        ("id,name\n", ["roster.csv:1:1 the roster has no students, only the names of columns"]),
        ("id,name\n,Ann\n", ["roster.csv:2:1 the id is empty"]),
        ("id,name\n1,\n", ["roster.csv:2:3 the name is empty"]),
        ("id,name\n1\n", ["roster.csv:2:1 the row has 1 fields, the header 2"]),
        ("id,name\n1,Doe, Ann\n", ["roster.csv:2:7 the row has 3 fields, the header 2"]),
        ("id,name,\n1,Ann,9\n", ["roster.csv:2:7 '9' stands in a column without a name"]),
        ("id,name\n1,A\n1,B\n", ["roster.csv:3:1 the id '1' is in line 2 already"]),
        (
            "id,name\nab,A\nAB,B\n",
            ["roster.csv:3:1 the id 'AB' is in line 2 already, written 'ab'"],
        ),
        (
            "id,name,seat\n1,A,B12\n2,B,b-12\n",
            ["roster.csv:3:5 the seat 'b-12' is taken by '1' (line 2)"],
        ),
        (
            "id,name\ncon,A\n",
            ["roster.csv:2:1 the id 'con' cannot be the name of a file on every system"],
        ),
        (
            "id,name,large_print\n1,A,maybe\n",
            ["roster.csv:2:5 large_print is 'maybe', neither yes nor no"],
        ),
        (
            "id,name,extra_time\n1,A,lots\n2,B,-5\n",
            [
                "roster.csv:2:5 extra_time is 'lots', but it is written in minutes, "
                "or like 1h30 or 25%",
                "roster.csv:3:5 extra_time is '-5', but it is written in minutes, "
                "or like 1h30 or 25%",
            ],
        ),
        ("id,name,email\n1,A,me\n", ["roster.csv:2:5 'me' is no e-mail address"]),
        ('id,name\n1,"Ann\n2,Bob\n', ["roster.csv:2:3 a quote that is not closed (roster.csv)"]),
        ('id,name\n1,"Ann"x\n', ["roster.csv:2:8 text behind a closing quote (roster.csv)"]),
        (
            "id,name\n1,Ann\u202eeve\n",
            ["roster.csv:2:6 the name holds U+202E (RIGHT-TO-LEFT OVERRIDE)"],
        ),
        (
            'id,name\n1,"A\nB\x07"\n',
            [
                "roster.csv:2:5 the name holds U+000A (a control or unassigned character)",
                "roster.csv:3:2 the name holds U+0007 (a control or unassigned character)",
            ],
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, content, expected):
    assert mistakes(tmp_path, content) == expected


@pytest.mark.parametrize("unfit", ["a/b", "..", "a b", "-a", "ä", "a" * 65, "1.2E+09", "a.", "*"])
def test_an_id_that_is_unfit_for_a_file_is_refused(tmp_path, unfit):
    (found,) = mistakes(tmp_path, f"id,name\n{unfit},Ann\n")
    assert found.startswith(f"roster.csv:2:1 {unfit!r} is not usable as an id because of ")


def test_all_mistakes_are_told_at_once(tmp_path):
    text = "id,name,seet,html\n1,,x,no\n1,Bob,x,perhaps\na/b,Eve,x,\n"
    places = [line.split()[0] for line in mistakes(tmp_path, text)]
    assert places == [
        "roster.csv:1:9",
        "roster.csv:2:3",
        "roster.csv:3:9",
        "roster.csv:3:1",
        "roster.csv:4:1",
    ]


def test_all_mistakes_of_a_row_are_told(tmp_path):
    places = [line.split()[0] for line in mistakes(tmp_path, "id,name,email\na b,,me\n")]
    assert sorted(places) == ["roster.csv:2:1", "roster.csv:2:5", "roster.csv:2:6"]


def test_an_unknown_column_gets_a_hint(tmp_path):
    assert only(tmp_path, "id,name,sectoin\n1,A,2\n").hint == "did you mean 'section'?"


def test_sections_may_have_rooms_of_their_own(tmp_path):
    text = "id,name,section,seat\n1,A,1,B1\n2,B,2,B1\n"
    assert len(roster(tmp_path, text).students) == 2


def test_latin_1_is_told_with_line_column_and_remedy(tmp_path):
    found = only(tmp_path, "id,name\r\n1,Ann\r\n2,José\r\n".encode("latin-1"))
    assert found.code is Code.NOT_UTF8
    assert str(found.span) == "roster.csv:3:6"
    assert found.message == "the byte 0xe9 in line 3 is not UTF-8"
    assert "CSV UTF-8" in (found.hint or "")


def test_utf_16_is_told(tmp_path):
    assert only(tmp_path, "id,name\n1,A\n".encode("utf-16")).message == (
        "the file is UTF-16, not UTF-8"
    )


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    assert read_roster(tmp_path / "none.csv", "none.csv").diagnostics[0].code is Code.FILE_MISSING
    assert read_roster(tmp_path, "here").diagnostics[0].code is Code.FILE_UNREADABLE
    os.mkfifo(tmp_path / "pipe")
    assert read_roster(tmp_path / "pipe", "pipe").diagnostics[0].code is Code.FILE_UNREADABLE
    monkeypatch.setattr(csv_file, "MAX_BYTES", 1024)
    assert only(tmp_path, b"x" * 2048).code is Code.FILE_UNREADABLE


def test_there_may_not_be_endless_students(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MAX_STUDENTS", 2)
    assert mistakes(tmp_path, "id,name\n1,A\n2,B\n3,C\n") == [
        "roster.csv:4:1 the roster has more than 2 students"
    ]


@pytest.mark.parametrize(
    ("written", "duration", "minutes"),
    [("25%", 90, 23), ("12.5 %", 240, 30), ("33,33%", 90, 30), ("45", 60, 45), ("1h30", None, 90)],
)
def test_extra_time_in_minutes(written, duration, minutes):
    student = Student(id="1", name="A", extra_time=written)
    assert student.extra_minutes(duration) == minutes


def test_a_share_of_an_unknown_duration_is_unknown():
    student = Student(id="1", name="A", extra_time="25%")
    assert student.extra_minutes(None) is None
    assert str(student.extra_time) == "25 %"


@pytest.mark.parametrize(
    ("text", "row", "place"),
    [
        ("B12", 2, 12),
        ("b-12", 2, 12),
        ("12", 0, 12),
        ("12B", 12, 2),
        ("Row 3 Seat 4", 3, 4),
        ("AA7", 27, 7),
        ("３－４", 3, 4),
    ],
)
def test_rows_and_places_of_seats(text, row, place):
    seat = seat_from(text)
    assert seat is not None
    assert (seat.row, seat.place) == (row, place)


def test_seats_in_words_have_no_place():
    assert seat_from("front left") is None
    assert seat_from("Hall 2 B3") == Seat(seat_from("Hall 2 B9").part, 2, 3)  # type: ignore[union-attr]
    assert seat_from("Hall 1 B3") != seat_from("Hall 2 B3")


def test_every_column_is_in_the_reference():
    page = Path(__file__).parents[2] / "docs" / "reference" / "roster.md"
    rows = page.read_text("utf-8").split("\n")
    for column in reader.COLUMNS:
        assert any(row.startswith(f"| `{column}` |") for row in rows)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        rows = read_cells(text, ",")
    except CsvFault:
        return
    for row in rows:
        for cell in row:
            assert cell.line >= 1
            assert cell.column >= 1


@given(st.lists(st.lists(st.text("ab ,;\"\n'é한"), min_size=2, max_size=4), min_size=1, max_size=5))
def test_cells_are_those_of_pythons_own_reader(rows):
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    read = read_cells(stream.getvalue(), ",")
    assert [[cell.text for cell in row] for row in read] == rows
    lines = stream.getvalue().split("\n")
    for row in read:
        for cell in row:
            assert lines[cell.line - 1][cell.column - 1] == '"'
