"""The bank as a whole: its size, and that every parametric problem is recomputed somewhere."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from notesbuild.model.problem import Problem, Visibility
from notesbuild.source.files import Files
from notesbuild.source.problem import read_problem
from tests.content.bank import TOP


@cache
def bank() -> dict[str, tuple[Problem, ...]]:
    """The problems of each topic's folder."""
    files, found = Files(TOP), {}
    for folder in sorted(path for path in (TOP / "problem_bank").iterdir() if path.is_dir()):
        paths = (f"problem_bank/{folder.name}/{path.name}" for path in sorted(folder.glob("*.tex")))
        read = [read_problem(files, path).value for path in paths]
        found[folder.name] = tuple(problem for problem in read if problem is not None)
        assert len(found[folder.name]) == len(read)
    return found


def everything() -> list[Problem]:
    return [problem for problems in bank().values() for problem in problems]


def test_every_problem_with_parameters_is_recomputed():
    here = Path(__file__)
    tests = [path for path in sorted(here.parent.glob("test_*.py")) if path != here]
    quoted = {
        word
        for path in tests
        for word in re.findall(r"""["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8"))
    }
    missing = [p.id for p in everything() if p.metadata.params and p.id not in quoted]
    assert missing == []


def test_the_bank_is_large_and_all_topics_have_their_share():
    assert len(everything()) >= 300
    answered = [p.id for p in everything() if p.metadata.params and p.metadata.answer is not None]
    assert len(answered) >= 80
    assert {topic: len(found) for topic, found in bank().items() if len(found) < 9} == {}
    assert len(Counter(p.metadata.kind for p in everything())) == 5


def test_a_third_is_for_practice():
    shown = [p.metadata.visibility is not Visibility.EXAM for p in everything()]
    assert 3 * sum(shown) >= len(shown), (sum(shown), len(shown))
