"""A pool of three chapters, two courses that number them differently, and an exam."""

from __future__ import annotations

from pathlib import Path

from notesbuild.model.project import Project
from notesbuild.source.project import read_project
from tests.small import CHOICE, SMALL

MASSART = r"""
# Finite classes

:::{prf:definition} Growth
:label: def-growth
The growth function counts.
:::

:::{prf:lemma} Massart's lemma
:label: lem-massart
A bound for finite sets.
:::

:::{prf:proof}
Clear.
:::

(sec-after)=
## After it

:::{prf:theorem} Finite classes
:label: thm-finite
A bound for finite classes.
:::

:::{prf:proof}
By {prf:ref}`lem-massart`.
:::

:::{prf:remark}
:label: rem-plain
:nonumber:
It is sharp.
:::
"""
LATER = """
# Later

:::{prf:theorem}
:label: thm-later
Something else.
:::

:::{prf:proof}
Clear.
:::
"""
PROBLEM = r"""
% ---
% title: A finite class
% kind: proof
% topics: [means]
% difficulty: 2
% points: 8
% minutes: 12
% uses: [thm-finite]
% status: ready
% params:
%   n: {choose: [2, 3]}
% ---
Use \result{lem-massart} for $n = \VAR{n}$ points.
\begin{solution}[4cm]
  This is \result{thm-finite}, % not \result{thm-nowhere}
  and (\result*{thm-finite}) once more.
  \begin{rubric} \item[8] uses \result{lem-massart} \end{rubric}
\end{solution}
"""
COURSE = """
title: {title}
chapters: [{chapters}]
language: {language}
schedule:
  - {{date: 2030-03-04, covers: [{chapters}]}}
  - {{date: 2030-05-12, covers: [sec-after]}}
"""
QUIZ = """
title: Quiz
kind: quiz
date: 2030-04-01
seed: 7
sections:
  - {title: Work, pick: 1, where: "id == 'finite'"}
"""
LOCK = """
format: 1
exam: small/quiz
seed: 7
versions:
  - version: A
    items:
      - {section: 1, problem: finite, points: 8, digest: "%s", params: {n: 2}}
  - version: B
    items:
      - {section: 1, problem: finite, points: 8, digest: "%s", params: {n: 3}}
"""


def course(chapters: str, language: str = "en") -> str:
    return COURSE.format(title="Small course", chapters=chapters, language=language)


FILES: dict[str, str] = {
    "notes/macros.tex": SMALL["notes/macros.tex"],
    "notes/references.bib": SMALL["notes/references.bib"],
    "notes/chapters/basics/means.md": SMALL["notes/chapters/basics/means.md"],
    "notes/chapters/learning/finite.md": MASSART,
    "notes/chapters/learning/later.md": LATER,
    "notes/courses/small.yaml": course("basics/means, learning/finite"),
    "notes/courses/other.yaml": course("learning/finite, learning/later", "de"),
    "problem_bank/means/finite.tex": PROBLEM,
    "problem_bank/primes/prime-choice.tex": CHOICE,
    "exams/small/quiz.yaml": QUIZ,
}


def changed(path: str, old: str, new: str) -> dict[str, str]:
    """The files with one change."""
    assert old in FILES[path], f"{old!r} is not in {path}"
    return {**FILES, path: FILES[path].replace(old, new, 1)}


def read(root: Path) -> Project:
    outcome = read_project(root)
    assert outcome.value is not None
    assert outcome.diagnostics == ()
    return outcome.value


def draw_by_hand(root: Path) -> Project:
    """The project with a lock in which both versions have the problem."""
    digest = read(root).bank.by_id()["finite"].digest
    lock = LOCK.replace("%s", digest).lstrip("\n")
    (root / "exams" / "small" / "quiz.lock.yaml").write_text(lock, "utf-8")
    return read(root)
