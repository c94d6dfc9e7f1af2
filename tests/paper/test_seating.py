"""Neighbours get different versions, wherever that is possible."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesbuild.diagnostics import Origin, Severity
from notesbuild.exam.seating import assign_versions, seat_order
from notesbuild.model.roster import Roster, Student

FOUR = ("A", "B", "C", "D")


def hall(rows: int, places: int, given: dict[str, str] | None = None) -> Roster:
    seats = [(chr(ord("A") + row), place + 1) for row in range(rows) for place in range(places)]
    chosen = given or {}
    return Roster(
        origin=Origin("roster.csv"),
        students=tuple(
            Student(
                id=f"{row}{place}",
                name="x",
                seat=f"{row}{place}",
                version=chosen.get(f"{row}{place}"),
            )
            for row, place in seats
        ),
    )


def assigned(roster: Roster, versions: tuple[str, ...], seed: int = 1) -> dict[str, str]:
    found = assign_versions(roster, versions, seed)
    assert found.value is not None
    return dict(found.value)


def clashes(by_seat: dict[str, str], steps: tuple[tuple[int, int], ...]) -> int:
    def moved(seat: str, step: tuple[int, int]) -> str:
        return f"{chr(ord(seat[0]) + step[0])}{int(seat[1:]) + step[1]}"

    return sum(by_seat.get(moved(s, step)) == v for s, v in by_seat.items() for step in steps)


BESIDE = ((0, 1), (1, 0))
DIAGONAL = ((1, 1), (1, -1))


@pytest.mark.parametrize("count", [2, 3, 4, 5, 8])
def test_a_full_hall_has_no_clash(count):
    versions = tuple("ABCDEFGH"[:count])
    found = assign_versions(hall(20, 26), versions, 7)
    by_seat = dict(found.value or ())
    assert found.diagnostics == ()
    assert clashes(by_seat, BESIDE) == 0
    if count >= 4:
        assert clashes(by_seat, DIAGONAL) == 0
    uses = Counter(by_seat.values())
    assert len(uses) == count
    assert max(uses.values()) - min(uses.values()) <= 20


def test_given_versions_are_kept_and_neighbours_follow():
    given = {"A1": "B", "B2": "B", "C5": "A"}
    by_seat = assigned(hall(5, 8, given), FOUR)
    assert given.items() <= by_seat.items()
    assert clashes(by_seat, BESIDE) == 0


def test_given_versions_that_clash_are_told():
    found = assign_versions(hall(3, 4, {"A1": "B", "A2": "B"}), FOUR, 1)
    (told,) = found.diagnostics
    assert told.severity is Severity.WARNING
    assert told.message == "1 pair of neighbours have the same version"
    assert told.notes[0].startswith("A1 (A1) and A2 (A2): B")
    assert clashes(dict(found.value or ()), BESIDE) == 1


def test_one_version_is_a_remark():
    (told,) = assign_versions(hall(1, 3), ("A",), 1).diagnostics
    assert told.severity is Severity.NOTE
    assert told.message.startswith("2 pairs of neighbours")


def test_an_unknown_version_is_an_error():
    found = assign_versions(hall(1, 2, {"A1": "X"}), FOUR, 1)
    assert found.value is None
    assert found.diagnostics[0].message == "there is no version 'X' for student A1"


def test_without_seats_versions_are_used_equally_often():
    students = tuple(Student(id=f"s{n}", name="x") for n in range(42))
    uses = Counter(assigned(Roster(students=students), FOUR).values())
    assert sorted(uses.values()) == [10, 10, 11, 11]


def test_the_seed_decides():
    assert assigned(hall(4, 4), FOUR, 1) == assigned(hall(4, 4), FOUR, 1)
    assert len({tuple(assigned(hall(4, 4), FOUR, seed).values()) for seed in range(8)}) > 1


def test_two_rooms_do_not_meet():
    students = tuple(
        Student(id=f"s{room}{place}", name="x", section=str(room), seat=str(place))
        for room in (1, 2)
        for place in (1, 2, 3)
    )
    found = assign_versions(Roster(students=students), ("A", "B"), 3)
    assert found.diagnostics == ()


def test_the_order_of_seats_is_natural():
    seats = ["B10", "AA1", None, "B2", "A1", "front", None]
    students = [Student(id=f"s{n}", name=f"n{-n}", seat=s) for n, s in enumerate(seats)]
    ordered = [s.seat for s in seat_order(students)]
    assert ordered == ["A1", "B2", "B10", "AA1", "front", None, None]


@settings(max_examples=40)
@given(
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=7),
    st.integers(2, 3),
    st.data(),
)
def test_clashes_are_as_few_as_can_be(places, count, data):
    versions = FOUR[:count]
    seats = [f"{chr(ord('A') + row)}{place + 1}" for row, place in sorted(places)]
    given_versions = {
        seat: data.draw(st.sampled_from((None, None, *versions)), label=seat) for seat in seats
    }
    students = tuple(Student(id=s, name="x", seat=s, version=v) for s, v in given_versions.items())
    reached = clashes(assigned(Roster(students=students), versions), BESIDE)
    best = min(
        clashes(dict(zip(seats, way, strict=True)), BESIDE)
        for way in product(versions, repeat=len(seats))
        if all(g is None or g == v for g, v in zip(given_versions.values(), way, strict=True))
    )
    assert reached == best
