"""A small exam project: problems as text in, a project with a lock out."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from notesbuild.model.project import Project
from notesbuild.source.project import read_project

PROOF = r"""
    % ---
    % title: A sum of squares
    % kind: proof
    % topics: [algebra]
    % difficulty: 2
    % points: 10
    % minutes: 10
    % status: ready
    % params:
    %   n: {choose: [3, 5]}
    % ---
    Let $x_1,\dots,x_{\VAR{n}}$ be real numbers.
    \begin{parts}
      \part[6] Prove that $\sum_{i=1}^{\VAR{n}} x_i^2 \ge 0$.
        \begin{solution}[4cm]
          Every square of a real number is at least zero, and so is every finite sum of squares.
          \begin{rubric}
            \item[4] squares of real numbers are nonnegative
            \item[2] and so are their sums
          \end{rubric}
        \end{solution}
      \part[4] When does equality hold?
        \begin{solution}[3cm]
          Exactly when all the given numbers vanish, because a sum of nonnegative terms vanishes
          only if each of them does.
          \begin{rubric}
            \item[4] all numbers vanish, with the reason
          \end{rubric}
        \end{solution}
    \end{parts}
"""

CHOICE = r"""
    % ---
    % title: A prime number
    % kind: multiple-choice
    % topics: [numbers]
    % difficulty: 1
    % points: 4
    % minutes: 3
    % status: ready
    % ---
    Which of these numbers is prime?
    \begin{choices}
      \choice 91
      \CorrectChoice 97
      \choice 99
      \choice[fixed] None of these.
    \end{choices}
    \begin{solution}[2cm]
      The number ninety-seven has no divisor up to its root, whereas the others are composite.
      \begin{rubric}
        \item[4] the right choice
      \end{rubric}
    \end{solution}
"""

TRUTH = r"""
    % ---
    % title: Bounded sequences
    % kind: true-false
    % topics: [analysis]
    % difficulty: 1
    % points: 2
    % minutes: 3
    % status: ready
    % shuffle: false
    % ---
    Every bounded sequence of real numbers converges.
    \begin{oneparchoices}
      \choice True
      \CorrectChoice False
    \end{oneparchoices}
    \begin{solution}[2cm]
      The sequence that alternates between two different values is bounded and diverges.
      \begin{rubric} \item[2] a counterexample \end{rubric}
    \end{solution}
"""

SHORT = r"""
    % ---
    % title: A root
    % kind: short
    % topics: [algebra]
    % difficulty: 1
    % points: 5
    % minutes: 4
    % status: ready
    % params:
    %   a: {choose: [2, 3]}
    %   root: {value: "sqrt(a)/2"}
    % answer: root
    % ---
    Find the positive root of $4x^2 = \VAR{a}$.
    \begin{solution}[2cm]
      Dividing by four and taking the positive square root of both sides gives $\VAR{root}$.
      \begin{rubric} \item[5] the value \end{rubric}
    \end{solution}
"""

PROBLEMS = {"squares": PROOF, "prime": CHOICE, "bounded": TRUTH, "root": SHORT}

MANIFEST = """
    title: Small Analysis
    code: MATH 1
    institution: A University
    term: Spring 2024
    chapters: [one]
    exam_policy: |
      Only **pens** and the *printed* notes; errors of $10\\,\\%$ cost 1 & more.

      - no phones
      - no snakes_or_ladders
"""

BLUEPRINT = """
    title: Small quiz
    kind: midterm
    date: 2024-04-11
    start: "17:00"
    duration: 90min
    place: Room 1
    versions: 2
    seed: 7
    instructions: Answer in the space below each question.
    sections:
      - {title: Everything, pick: 4}
"""

Versions = Mapping[str, Sequence[str]]
MakeExam = Callable[..., Project]


@pytest.fixture
def make_exam(make_project: Callable[[Mapping[str, str | bytes]], Path]) -> MakeExam:
    """A project with these problems; a version is a list of lines of YAML, one per item."""

    def make(
        problems: Mapping[str, str] | None = None,
        versions: Versions | None = None,
        files: Mapping[str, str | bytes] | None = None,
        blueprint: str = BLUEPRINT,
    ) -> Project:
        bank = {**PROBLEMS, **(problems or {})}
        items = versions or {
            "A": [
                "problem: squares, points: 10, params: {n: 3}",
                "problem: prime, points: 4, choices: [[2, 0, 1, 3]]",
                "problem: root, points: 5, params: {a: 2}",
                "problem: bounded, points: 2, choices: [[0, 1]]",
            ],
            "B": [
                "problem: squares, points: 10, params: {n: 5}",
                "problem: bounded, points: 2, choices: [[0, 1]]",
                "problem: root, points: 5, params: {a: 3}",
                "problem: prime, points: 4, choices: [[0, 1, 2, 3]]",
            ],
        }
        everything: dict[str, str | bytes] = {
            f"problem_bank/small/{name}.tex": text for name, text in bank.items()
        }
        everything["notes/courses/course.yaml"] = MANIFEST
        everything["notes/macros.tex"] = "\\newcommand{\\R}{\\mathbb{R}}\n"
        everything["exams/course/quiz.yaml"] = blueprint
        everything["exams/course/quiz.lock.yaml"] = lock_text(items)
        everything.update(files or {})
        project = read_project(make_project(everything)).value
        assert project is not None
        return project

    return make


def lock_text(versions: Versions) -> str:
    lines = ["format: 1", "exam: course/quiz", "seed: 7", "date: 2024-04-11", "versions:"]
    for name, items in versions.items():
        lines += [f"- version: {name}", "  items:"]
        lines += [f'  - {{section: 1, digest: "{"0" * 16}", {item}}}' for item in items]
    return "\n".join(lines) + "\n"


def problem(body: str, head: str = "", points: int = 4) -> str:
    """A problem around a body (indented like the ones above)."""
    lines = ["title: T", "kind: short", "topics: [t]", "difficulty: 1", f"points: {points}"]
    lines += ["minutes: 3", "status: ready", *textwrap.dedent(head).strip().splitlines()]
    metadata = "".join(f"% {line}\n" for line in lines)
    return f"% ---\n{metadata}% ---\n{textwrap.dedent(body).strip()}\n"
