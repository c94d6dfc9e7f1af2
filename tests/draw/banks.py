"""Banks and blueprints for the draw, written as an author writes them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from notesbuild.diagnostics import Outcome
from notesbuild.exam.draw import Drawn, draw
from notesbuild.exam.render import choices_of
from notesbuild.model.exam import version_names
from notesbuild.model.project import Project
from notesbuild.source.project import read_project

EXAM = "exams/course/exam.yaml"
HEAD = "title: Exam\nkind: final\ndate: 2030-06-01\nseed: 1\n"


def problem(topic: str = "means", body: str = "Why?", **keys: object) -> str:
    """A ready problem; further keys of its metadata replace the usual ones."""
    usual = {
        "title": "A problem",
        "kind": "short",
        "topics": f"[{topic}]",
        "difficulty": 2,
        "points": 4,
        "minutes": 5,
        "status": "ready",
    }
    lines = [f"% {key}: {value}" for key, value in {**usual, **keys}.items()]
    solution = "\\begin{solution}[1cm] Because.\\end{solution}"
    return "\n".join(["% ---", *lines, "% ---", textwrap.dedent(body).strip(), solution, ""])


def bank(**problems: str) -> dict[str, str]:
    """Files of problems: the names' underscores stand for hyphens."""
    return {f"problem_bank/t/{n.replace('_', '-')}.tex": text for n, text in problems.items()}


def many(prefix: str, count: int, **keys: object) -> dict[str, str]:
    """``prefix-1`` to ``prefix-count``, all with the same metadata."""
    return bank(**{f"{prefix}_{n}": problem(**keys) for n in range(1, count + 1)})


def exam(text: str) -> dict[str, str]:
    """The blueprint, behind its usual head."""
    return {EXAM: HEAD + textwrap.dedent(text).lstrip("\n")}


def read(root: Path) -> Project:
    """The project; whatever is wrong with its files fails the test."""
    outcome = read_project(root)
    assert outcome.diagnostics == ()
    assert outcome.value is not None
    return outcome.value


def draw_in(
    root: Path, *, versions: int = 1, seed: int = 1, taught: frozenset[str] | None = None
) -> Outcome[Drawn | None]:
    """The draw of course/exam."""
    project = read(root)
    blueprint = project.blueprint("course/exam")
    assert blueprint is not None
    locks = tuple(lock for lock in project.locks if lock.exam != "course/exam")
    names = version_names(versions)
    return draw(
        blueprint,
        project.bank,
        locks,
        versions=names,
        seed=seed,
        taught=taught,
        choices_of=choices_of,
    )


def drawn(
    root: Path, *, versions: int = 1, seed: int = 1, taught: frozenset[str] | None = None
) -> Drawn:
    """The draw, which must succeed without a word."""
    outcome = draw_in(root, versions=versions, seed=seed, taught=taught)
    assert outcome.diagnostics == ()
    assert outcome.value is not None
    return outcome.value


def ids(found: Drawn, version: int = 0) -> list[str]:
    """The problems of a version in order."""
    return [item.problem for item in found.lock.versions[version].items]
