"""What a build remembers: the same as without memory, and nobody else's word."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.exam.memory import Memory, _places, _runs
from notesbuild.exam.paper import Copy, Question
from notesbuild.exam.render import Rendered, render
from notesbuild.model.exam import LockedItem, LockedVersion
from notesbuild.model.problem import Problem
from notesbuild.source.files import Files
from notesbuild.source.problem import read_problem

BODY = """\
% ---
% title: A product
% kind: multiple-choice
% topics: [numbers]
% difficulty: 1
% points: 4
% minutes: 2
% status: ready
% params:
%   n: {choose: [3, 5]}
%   s: {value: "sqrt(n)"}
% ---
What is $\\VAR{n}^2$, and what is not $\\VAR{s}$?
\\begin{choices}
  \\choice $\\VAR{n}$
  \\CorrectChoice $\\VAR{n**2}$
  \\choice $\\VAR{s}$
\\end{choices}
\\begin{solution}[2cm] Multiply. \\begin{rubric}\\item[4] done\\end{rubric}\\end{solution}
"""
ITEM = LockedItem(
    section=1, problem="product", points=4, digest="0" * 16, params={"n": 5}, choices=((2, 1, 0),)
)


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    (tmp_path / "product.tex").write_text(BODY, "utf-8")
    read = read_problem(Files(tmp_path), "product.tex")
    assert read.value is not None
    return read.value


def rendered(problem: Problem) -> Rendered:
    made = render(problem, (("n", 5),), ITEM.choices)
    assert made.value is not None
    return made.value


def remembered(problem: Problem, path: Path) -> Rendered | None:
    return Memory(path).rendered(problem, (("n", 5),), ITEM)


def test_a_problem_comes_back_as_it_was(problem: Problem, tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    fresh = rendered(problem)
    memory = Memory(path)
    memory.keep(fresh, ITEM)
    memory.save()
    known = remembered(problem, path)
    assert known is not None
    assert known.text.text == fresh.text.text
    assert known.text.places == fresh.text.places
    assert [[c.correct for c in row] for row in known.body.choices] == [[False, True, False]]
    assert known.body.parts[0].points == fresh.body.parts[0].points
    assert known.known_answer == ("B", "")
    assert known.span(known.text.place(9)) == fresh.span(fresh.text.place(9))


def test_another_problem_or_draw_is_not_remembered(problem: Problem, tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    memory = Memory(path)
    memory.keep(rendered(problem), ITEM)
    memory.save()
    other = LockedItem(**{**ITEM.model_dump(), "choices": ((0, 1, 2),)})
    assert Memory(path).rendered(problem, (("n", 5),), other) is None
    assert Memory(path).rendered(problem, (("n", 3),), ITEM) is None


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign"])
def test_what_is_not_ours_is_not_believed(problem: Problem, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "memory.json"
    memory = Memory(path)
    memory.keep(rendered(problem), ITEM)
    memory.save()
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[:-9])
    elif damage == "changed":
        path.write_bytes(content.replace(b"What", b"Whom"))
    else:
        path.write_bytes(content[64:])
    assert remembered(problem, path) is None


def test_a_paper_is_clear_only_for_the_same_bytes_and_texts(
    problem: Problem, tmp_path: Path
) -> None:
    path = tmp_path / "memory.json"
    copy = Copy(LockedVersion(version="A", items=(ITEM,)), (Question(1, 1, 4, rendered(problem)),))
    memory = Memory(path)
    memory.clear(b"pdf", copy)
    memory.save()
    assert Memory(path).is_clear(b"pdf", copy)
    assert not Memory(path).is_clear(b"other", copy)
    assert not Memory(path).is_clear(b"pdf", Copy(copy.version, ()))


def test_without_a_folder_nothing_is_kept(problem: Problem) -> None:
    memory = Memory(None)
    memory.keep(rendered(problem), ITEM)
    memory.save()
    assert Memory(None).rendered(problem, (("n", 5),), ITEM) is None


@given(st.lists(st.integers(-1, 40), max_size=60))
def test_places_survive(places: list[int]) -> None:
    runs = [list(run) for run in _runs(array("l", places))]
    assert list(_places(runs)) == places
