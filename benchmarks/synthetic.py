"""A bank of any size for measurements: problems of realistic length, and an exam on them.

Everything follows from a problem's number by hashing, so the same call writes the same bytes,
and a larger bank holds the smaller one.

    python benchmarks/synthetic.py FOLDER [PROBLEMS] [VERSIONS]
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

COURSE = "synthetic"
EXAM = "large"
TOPICS = (
    "algebra",
    "calibration",
    "convexity",
    "duality",
    "entropy",
    "kernels",
    "martingales",
    "optimization",
    "probability",
    "regression",
    "sampling",
    "stability",
)
PARTS = {
    "multiple-choice": (4,),
    "true-false": (4,),
    "short": (6,),
    "computation": (3, 5, 4),
    "proof": (5, 4, 7),
}
"""The points of the parts of every kind of problem."""
KINDS = ("multiple-choice", "true-false", "short", "short", "computation", "computation", "proof")
MINUTES = {4: (3, 6), 6: (6, 12), 12: (14, 24), 16: (20, 32)}

MANIFEST = """\
title: A synthetic course
code: SYN 1
institution: Benchmarks
term: Spring 2030
chapters: [sums]
"""
CHAPTER = """\
# Weighted sums

:::{prf:theorem} Chebyshev's inequality
:label: thm-chebyshev

A variable of mean $m$ and variance $v$ lies at least $t$ away from $m$ with probability at most
$v/t^2$.
:::
"""
BLUEPRINT = """\
title: A large examination
kind: final
date: 2030-06-01
duration: 4h
versions: {versions}
seed: 1
sections:
  - {{title: Choices, pick: 7, where: "kind in ['multiple-choice', 'true-false']", points: 4}}
  - {{title: Short answers, pick: 2, where: "kind == 'short'", points: 6}}
  - {{title: Computations, pick: 1, where: "kind == 'computation'", points: 12}}
  - {{title: Proofs, pick: 3, where: "kind == 'proof'", points: 16}}
constraints:
  points: 100
  minutes: {{min: 120, max: 165}}
  difficulty: {{mean: [2.6, 3.4]}}
  topics:
    kernels: {{points: [16, 40]}}
    martingales: {{points: [8, 36]}}
    optimization: {{points: [8, 36]}}
    probability: {{problems: [1, 4]}}
  overlap: {{max: 0}}
  balance: {{points: 0, difficulty: 0.1, minutes: 3, topic_points: 8}}
"""


@dataclass(frozen=True)
class Made:
    """A problem: its id, its topic's folder, its metadata and its body as LaTeX."""

    id: str
    topic: str
    head: dict[str, object]
    body: str
    params: tuple[tuple[str, str], ...] = field(default=())

    def text(self) -> str:
        """The file."""
        lines = [f"% {key}: {_yaml(value)}" for key, value in self.head.items()]
        if self.params:
            lines += ["% params:", *(f"%   {name}: {how}" for name, how in self.params)]
        return "\n".join(["% ---", *lines, "% ---", self.body, ""])


def problems(count: int) -> Iterator[Made]:
    """``count`` ready problems of all kinds, a third of them with parameters."""
    for number in range(count):
        yield _problem(_Chance(number))


def write_bank(root: Path, count: int) -> None:
    """The files of the problems below ``root``/problem_bank."""
    for topic in TOPICS:
        (root / "problem_bank" / topic).mkdir(parents=True, exist_ok=True)
    for made in problems(count):
        path = root / "problem_bank" / made.topic / f"{made.id}.tex"
        path.write_text(made.text(), "utf-8")


def write_project(root: Path, count: int, versions: int = 8) -> None:
    """A project with that bank, a course without chapters, and the exam synthetic/large."""
    (root / "notes" / "courses").mkdir(parents=True, exist_ok=True)
    (root / "notes" / "chapters").mkdir(parents=True, exist_ok=True)
    (root / "exams" / COURSE).mkdir(parents=True, exist_ok=True)
    (root / "notesbuild.toml").write_text("", "utf-8")
    (root / "notes" / "macros.tex").write_text("", "utf-8")
    (root / "notes" / "chapters" / "sums.md").write_text(CHAPTER, "utf-8")
    (root / "notes" / "courses" / f"{COURSE}.yaml").write_text(MANIFEST, "utf-8")
    blueprint = BLUEPRINT.format(versions=versions)
    (root / "exams" / COURSE / f"{EXAM}.yaml").write_text(blueprint, "utf-8")
    write_bank(root, count)


class _Chance:
    """Choices that depend on a problem's number and on what is chosen."""

    def __init__(self, number: int) -> None:
        self.number = number

    def below(self, most: int, what: str) -> int:
        text = f"{self.number} {what}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") % most

    def one(self, options: Sequence[T], what: str) -> T:
        return options[self.below(len(options), what)]

    def between(self, low: int, high: int, what: str) -> int:
        return low + self.below(high - low + 1, what)


def _problem(chance: _Chance) -> Made:
    kind = chance.one(KINDS, "kind")
    parts = PARTS[kind]
    points = sum(parts)
    topics = [chance.one(TOPICS, "topic")]
    second = chance.one(TOPICS, "second topic")
    if chance.below(4, "two topics") == 0 and second not in topics:
        topics.append(second)
    varied = chance.below(3, "parameters") == 0
    low, high = MINUTES[points]
    head: dict[str, object] = {
        "title": f"Problem {chance.number} on {topics[0]}",
        "kind": kind,
        "topics": topics,
        "tags": [chance.one(("routine", "standard", "new"), "tag")],
        "difficulty": chance.one((1, 2, 2, 3, 3, 3, 4, 4, 5), "difficulty"),
        "points": points,
        "minutes": chance.between(low, high, "minutes"),
        "uses": ["thm-chebyshev"] if kind == "proof" else [],
        "visibility": "exam",
        "status": "ready",
    }
    if varied:
        head["answer"] = "total"
    body = _with_choices(chance, varied) if len(parts) == 1 else _with_parts(chance, parts, varied)
    if kind == "short":
        body = _short(chance, varied)
    params = (("n", "{choose: [4, 6, 8, 10]}"), ("total", '{value: "n*(n+1)/2"}'))
    return Made(f"p{chance.number:05}", topics[0], head, body, params if varied else ())


def _yaml(value: object) -> object:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else value


def _n(chance: _Chance, varied: bool) -> str:
    return r"\VAR{n}" if varied else str(chance.between(3, 30, "n"))


def _total(chance: _Chance, varied: bool) -> str:
    n = chance.between(3, 30, "n")
    return r"\VAR{total}" if varied else str(n * (n + 1) // 2)


def _statement(chance: _Chance, varied: bool) -> list[str]:
    n, scale = _n(chance, varied), chance.between(2, 99, "scale")
    return [
        f"Let $X_1,\\dots,X_{{{n}}}$ be independent random variables with values in $[0,{scale}]$",
        f"and let $S=\\sum_{{i=1}}^{{{n}}}iX_i$ be their weighted sum. Write $\\mu_i$ for the",
        f"mean of $X_i$ and $v_i$ for its variance, and suppose $v_i\\le{scale}^2/4$ for all",
        "$i$. We compare $S$ with the sum of the means,",
        "\\[",
        f"  m=\\sum_{{i=1}}^{{{n}}}i\\mu_i,\\qquad v=\\sum_{{i=1}}^{{{n}}}i^2v_i .",
        "\\]",
    ]


def _solution(chance: _Chance, points: int, varied: bool, what: str) -> list[str]:
    first = (points + 1) // 2
    return [
        f"    \\begin{{solution}}[{chance.between(2, 6, what)}cm]",
        "      By linearity the mean of the sum is the sum of the means, and by independence the",
        "      variances add up with the squares of the weights. The weights themselves sum to",
        "      \\[",
        f"        1+2+\\dots+{_n(chance, varied)}={_total(chance, varied)} .",
        "      \\]",
        f"      Together with $v_i\\le{chance.between(2, 99, 'scale')}^2/4$ this gives the claim.",
        "      \\begin{rubric}",
        f"        \\item[{first}] the sums, with the reason",
        f"        \\item[{points - first}] the conclusion",
        "      \\end{rubric}",
        "    \\end{solution}",
    ]


TASKS = (
    "Show that $\\mathrm{E}\\,S=m$ and that the variance of $S$ is $v$.",
    "Find the smallest constant $c$ with $v\\le c$ that holds for all such variables.",
    "Prove that $\\mathrm{P}(|S-m|\\ge t)\\le v/t^2$ for every $t>0$, and say when it is useless.",
    "Bound the probability that $S$ exceeds $2m$, and compare with the case of equal weights.",
)


def _with_parts(chance: _Chance, parts: tuple[int, ...], varied: bool) -> str:
    lines = [*_statement(chance, varied), "\\begin{parts}"]
    for position, points in enumerate(parts):
        task = TASKS[(position + chance.below(2, "tasks")) % len(TASKS)]
        lines += [f"  \\part[{points}] {task}"]
        lines += _solution(chance, points, varied, f"space {position}")
    return "\n".join([*lines, "\\end{parts}"])


def _short(chance: _Chance, varied: bool) -> str:
    task = chance.one(TASKS, "task")
    return "\n".join([*_statement(chance, varied), task, *_solution(chance, 6, varied, "space")])


def _with_choices(chance: _Chance, varied: bool) -> str:
    right = _total(chance, varied)
    return "\n".join(
        [
            *_statement(chance, varied),
            "What is the sum of the weights?",
            "\\begin{choices}",
            f"  \\CorrectChoice $\\mathrm{{W}}={right}$",
            f"  \\choice $\\mathrm{{W}}={right}+1$",
            f"  \\choice $\\mathrm{{W}}=2\\cdot{right}$",
            f"  \\choice $\\mathrm{{W}}={right}^2$",
            "  \\choice[fixed] none of these",
            "\\end{choices}",
            *_solution(chance, 4, varied, "space"),
        ]
    )


def main() -> None:
    """Write a project into the folder that the command names."""
    folder, *numbers = sys.argv[1:]
    write_project(Path(folder), *(int(number) for number in numbers or ["10000"]))


if __name__ == "__main__":
    main()
