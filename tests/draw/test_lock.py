"""Lock files: what is written is read back, and what was edited is checked."""

from __future__ import annotations

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.check.lock import check_lock
from notesbuild.diagnostics import Severity
from notesbuild.exam.lockfile import lock_text, scalar
from notesbuild.model.exam import Lock, LockedItem, LockedVersion
from notesbuild.source.yaml import parse, read_record
from tests.draw.banks import EXAM, bank, drawn, exam, many, problem, read

LOCK = "exams/course/exam.lock.yaml"


def test_a_lock_file_reads_well():
    lock = Lock(
        exam="course/exam",
        seed=7,
        date=datetime.date(2030, 6, 1),
        versions=(
            LockedVersion(
                version="A",
                items=(
                    LockedItem(
                        section=1,
                        problem="mean",
                        points=4,
                        digest="0123456789012345",
                        params={"n": 50, "p": 0.1, "side": "left", "word": "of 3", "b": True},
                        choices=((2, 0, 1), (0, 1)),
                    ),
                    LockedItem(section=2, problem="true", points=8, digest="0" * 15 + "a"),
                ),
            ),
        ),
    )
    text = lock_text(lock)
    assert "".join(line + "\n" for line in text.splitlines() if line[0] != "#") == (
        "format: 1\n"
        "exam: course/exam\n"
        "seed: 7\n"
        "date: 2030-06-01\n"
        "versions:\n"
        "  - version: A\n"
        "    items:\n"
        "      - section: 1\n"
        "        problem: mean\n"
        "        points: 4\n"
        '        digest: "0123456789012345"\n'
        '        params: {n: 50, p: 0.1, side: left, word: "of 3", b: true}\n'
        "        choices: [[2, 0, 1], [0, 1]]\n"
        "      - section: 2\n"
        '        problem: "true"\n'
        "        points: 8\n"
        '        digest: "000000000000000a"\n'
    )
    assert text.startswith("# Drawn by notesbuild exam draw.\n# Edit by hand if you like;")


scalars = st.one_of(
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["null", "True", "1e5", "2030-01-01", "-", "a: b", "#", "~", "0x1", "é“"]),
)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,6}", fullmatch=True)
items = st.builds(
    LockedItem,
    section=st.integers(1, 9),
    problem=st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4})?", fullmatch=True),
    points=st.integers(1, 99),
    digest=st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    params=st.dictionaries(names, scalars, max_size=3),
    choices=st.lists(st.permutations(range(3)).map(tuple), max_size=2).map(tuple),
    pinned=st.booleans(),
)
versions = st.builds(
    LockedVersion,
    version=st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True),
    items=st.lists(items, min_size=1, max_size=3).map(tuple),
)
locks = st.builds(
    Lock,
    format=st.just(1),
    origin=st.just(Lock.model_fields["origin"].default),
    exam=st.sampled_from(["course/exam", "math-2024/mid term", "null", "1/2"]),
    seed=st.integers(0, 2**63 - 1),
    date=st.one_of(st.none(), st.dates()),
    versions=st.lists(versions, min_size=1, max_size=2).map(tuple),
)


@given(locks)
def test_what_is_written_is_read_back(lock):
    read_back = read_record(lock_text(lock), LOCK, Lock)
    assert read_back.diagnostics == ()
    assert read_back.value is not None
    assert repr(read_back.value.model_dump()) == repr(lock.model_dump())


@given(scalars)
def test_every_yaml_reader_gets_the_same_strings(value):
    assert parse(f"x: {scalar(value)}", "x").value[0] == {"x": value}
    if isinstance(value, str):
        assert yaml.safe_load(f"x: {scalar(value)}") == {"x": value}


BODY = r"""
Which one is $\VAR{n}$?
\begin{choices}
  \CorrectChoice one
  \choice two
\end{choices}
"""
FILES = {
    **bank(
        pick=problem(
            body=BODY,
            kind="multiple-choice",
            params='{n: {choose: [1, 2]}, m: {value: "1/n"}}',
            require='["n > 0"]',
        )
    ),
    **many("p", 3),
    **exam(
        """
        sections:
          - {title: Choices, pick: 1, where: "kind == 'multiple-choice'"}
          - {title: Short, pick: 2, where: "kind == 'short'"}
        order: fixed
        require: [p-1, p-2]
        """
    ),
}


def checked(make_project, old="", new="", **more):
    """What is said of the drawn lock after a replacement."""
    root = make_project(FILES)
    text = lock_text(drawn(root, versions=2).lock)
    assert old in text
    project = read(make_project({**FILES, LOCK: text.replace(old, new, 1), **more}))
    (lock,) = project.locks
    return check_lock(lock, project.blueprints[0], project.bank)


def test_a_fresh_lock_fits(make_project):
    assert checked(make_project) == ()


EDITS = {
    "an unknown problem": (
        "problem: p-1",
        "problem: p-7",
        [("unknown-problem", "there is no problem 'p-7'", (18, 9))],
    ),
    "a section too many": (
        "section: 2\n        problem: p-2",
        "section: 3\n        problem: p-2",
        [
            ("lock-wrong", "version A has 1 in section 2 'Short'; the blueprint picks 2", (9, 5)),
            ("lock-wrong", "there is no section 3; the blueprint has 2", (21, 9)),
        ],
    ),
    "another number in a section": (
        "section: 2",
        "section: 1",
        [
            ("lock-wrong", "version A has 2 in section 1 'Choices'", (9, 5)),
            ("lock-wrong", "version A has 1 in section 2 'Short'", (9, 5)),
        ],
    ),
    "a problem twice": (
        "problem: p-2",
        "problem: p-1",
        [("lock-wrong", "version A has 'p-1' twice", (22, 9))],
    ),
    "other points": (
        "points: 4",
        "points: 5",
        [("lock-wrong", "pick is worth 4 points now, 5 in the lock", (13, 9))],
    ),
    "a version twice": (
        "version: B",
        "version: A",
        [("lock-wrong", "the version 'A' stands here for the second time", (25, 5))],
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_that_does_not_fit_is_found(make_project, case):
    old, new, expected = EDITS[case]
    found = checked(make_project, old, new)
    assert [d.code.slug for d in found] == [slug for slug, _, _ in expected]
    for diagnostic, (_, words, place) in zip(found, expected, strict=True):
        assert words in diagnostic.message
        assert (diagnostic.span.path, diagnostic.span.line, diagnostic.span.column) == (
            LOCK,
            *place,
        )
        assert diagnostic.hint is not None


def edited(make_project, params=None, choices=None):
    """What is said of one version with these parameters and choices of the problem `pick`."""
    root = make_project(FILES)
    lock = drawn(root).lock
    first, *others = lock.versions[0].items
    change = {"params": params, "choices": choices}
    first = first.model_copy(update={k: v for k, v in change.items() if v is not None})
    version = lock.versions[0].model_copy(update={"items": (first, *others)})
    text = lock_text(lock.model_copy(update={"versions": (version,)}))
    project = read(make_project({**FILES, LOCK: text}))
    return check_lock(project.locks[0], project.blueprints[0], project.bank)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "needs a value for n"),
        ({"n": 1, "m": 2}, "draws no 'm'"),
        ({"n": 0}, "does not allow n = 0"),
        ({"n": "two"}, "numbers and words do not mix"),
    ],
)
def test_parameters_that_do_not_fit_are_found(make_project, params, words):
    (found,) = edited(make_project, params=params)
    assert (found.code.slug, found.severity) == ("lock-wrong", Severity.ERROR)
    assert words in found.message
    assert found.message.startswith("version A: pick")


def test_a_value_that_no_candidate_has_is_the_editor_s_right(make_project):
    assert edited(make_project, params={"n": 17}) == ()


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (((0, 0),), "[0, 0] is no order of the positions 0, 1"),
        (((1, 2),), "[1, 2] is no order of the positions 0, 1"),
        (((0, 1, 2),), "pick has 2 choices, the lock orders [3]"),
        (((0, 1), (0, 1)), "pick has 2 choices, the lock orders [2, 2]"),
    ],
)
def test_orders_that_do_not_fit_are_found(make_project, choices, words):
    (found,) = edited(make_project, choices=choices)
    assert found.code.slug == "lock-wrong"
    assert words in found.message


def test_without_orders_choices_stand_as_their_author_wrote_them(make_project):
    assert edited(make_project, choices=()) == ()


def test_a_changed_problem_is_a_warning_and_told_once(make_project):
    mended = {"problem_bank/t/p-1.tex": problem(body="Why not?")}
    (found,) = checked(make_project, **mended)
    assert (found.code.slug, found.severity) == ("lock-stale", Severity.WARNING)
    assert "p-1 has changed since the draw" in found.message
    assert (found.span.path, found.span.line) == (LOCK, 20)


def test_sections_stay_together(make_project):
    root = make_project(FILES)
    lock = drawn(root).lock
    items = lock.versions[0].items
    moved = lock.versions[0].model_copy(update={"items": (items[1], items[0], items[2])})
    text = lock_text(lock.model_copy(update={"versions": (moved,)}))
    project = read(make_project({**FILES, LOCK: text}))
    (found,) = check_lock(project.locks[0], project.blueprints[0], project.bank)
    assert found.message == "the items of version A are not in the order of the sections"
    assert EXAM not in str(found.span)
