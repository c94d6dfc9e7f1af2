"""YAML with positions: what is read, and where each mistake is found."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.diagnostics import Code
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint
from notesbuild.source.yaml import Shift, parse, read_record

BLUEPRINT = """\
title: Midterm
kind: midterm
seed: 1
sections:
  - title: Proofs
    pick: 2
"""


def test_plain_values_stay_what_they_look_like():
    text = "a: 1\nb: 2.5\nc: true\nd: ~\ne: 2024-04-11\nf: no\ng: 12:30\nh: 'x'\n"
    data, _ = parse(text, "f.yaml").value
    assert data == {
        "a": 1,
        "b": 2.5,
        "c": True,
        "d": None,
        "e": datetime.date(2024, 4, 11),
        "f": "no",
        "g": "12:30",
        "h": "x",
    }


def test_every_key_knows_its_place():
    _, origin = parse("a:\n  - x: 1\n    y: 2\n", "f.yaml").value
    assert str(origin.span("a", 0, "y")) == "f.yaml:3:5"
    assert str(origin.span("a", 0, "missing")) == "f.yaml:2:5"


def test_a_shift_moves_places_into_the_surrounding_file():
    _, origin = parse("a: 1\n", "p.tex", Shift(lines=4, columns=2)).value
    assert str(origin.span("a")) == "p.tex:5:3"


@pytest.mark.parametrize(
    ("text", "code", "place", "words"),
    [
        ("a: [1, 2\n", Code.YAML_SYNTAX, "f.yaml:2:1", "flow sequence"),
        ("a: 1\na: 2\n", Code.DUPLICATE_KEY, "f.yaml:2:1", "'a'"),
        ("a: &x 1\nb: *x\n", Code.YAML_ALIAS, "f.yaml:1:4", "alias"),
        ("? [1]\n: 2\n", Code.YAML_SYNTAX, "f.yaml:1:3", "word"),
        ("a: 2024-02-31\n", Code.WRONG_VALUE, "f.yaml:1:4", "2024-02-31"),
    ],
)
def test_yaml_that_cannot_be_used(text, code, place, words):
    (found,) = parse(text, "f.yaml").diagnostics
    assert (found.code, str(found.span)) == (code, place)
    assert words in found.message


@pytest.mark.parametrize(
    ("change", "code", "place", "words", "hint"),
    [
        (("kind", "knd"), Code.MISSING_KEY, "f.yaml:1:1", "'kind'", None),
        (("kind", "knd"), Code.UNKNOWN_KEY, "f.yaml:2:1", "'knd'", "did you mean 'kind'?"),
        (("pick: 2", "pcik: 2"), Code.UNKNOWN_KEY, "f.yaml:6:5", "'pcik'", "did you mean 'pick'?"),
        (("pick: 2", "pick: two"), Code.WRONG_VALUE, "f.yaml:6:5", "whole number", None),
        (("pick: 2", "pick: 0"), Code.WRONG_VALUE, "f.yaml:6:5", "greater than 0", None),
        (
            ("midterm", "midtrm"),
            Code.WRONG_VALUE,
            "f.yaml:2:1",
            "midtrm",
            "did you mean 'midterm'?",
        ),
        (("seed: 1", "seed: 1\nname: x"), Code.UNKNOWN_KEY, "f.yaml:4:1", "'name'", None),
        (("seed: 1", "seed: 1\nduration: soon"), Code.WRONG_VALUE, "f.yaml:4:1", "4h", None),
    ],
)
def test_a_mistake_is_found_at_its_key(change, code, place, words, hint):
    found = read_record(BLUEPRINT.replace(*change), "f.yaml", Blueprint).diagnostics
    matching = [d for d in found if d.code is code]
    assert len(matching) == 1
    assert str(matching[0].span) == place
    assert words in matching[0].message
    if hint:
        assert matching[0].hint == hint


def test_nested_constraints_take_short_forms_of_ranges():
    text = BLUEPRINT + (
        "constraints:\n  points: 100\n  minutes: {max: 200}\n"
        "  difficulty: {mean: [2.8, 3.2]}\n  topics: {kernels: {points: [20, 40]}}\n"
    )
    blueprint = read_record(text, "f.yaml", Blueprint).value
    assert blueprint is not None
    assert 100 in blueprint.constraints.points and 99 not in blueprint.constraints.points
    assert str(blueprint.constraints.minutes) == "at most 200"
    assert 20 in blueprint.constraints.topics["kernels"].points


@pytest.mark.parametrize("wrong", ["[3, 2]", "[1]", "{}", "{mn: 3}"])
def test_a_range_that_is_none_is_found_at_its_line(wrong):
    text = BLUEPRINT + f"constraints:\n  minutes: {wrong}\n"
    found = read_record(text, "f.yaml", Blueprint).diagnostics
    assert found
    assert {d.span.line for d in found} == {8}


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n", "3\n"])
def test_a_file_that_is_no_mapping(text):
    found = read_record(text, "f.yaml", Course).diagnostics
    assert [d.span.line for d in found] == [1]


def test_a_mapping_nested_without_end_is_an_error_and_no_crash():
    found = parse("[" * 100_000, "f.yaml").diagnostics
    assert [d.code for d in found] == [Code.YAML_SYNTAX]


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail(text):
    outcome = read_record(text, "f.yaml", Blueprint)
    assert outcome.value is None
    assert outcome.diagnostics
