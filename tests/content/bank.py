"""The problems of the bank for the tests of their contents: every draw, as SymPy sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sympy as sp

from notesbuild.render.parameters import admissible, resolve
from notesbuild.source.files import Files
from notesbuild.source.problem import read_problem

TOP = Path(__file__).resolve().parents[2]

Values = dict[str, sp.Expr]


@dataclass(frozen=True)
class Topic:
    """A folder of the bank."""

    name: str

    def draws(self, problem: str) -> Iterator[tuple[Values, sp.Expr]]:
        """All parameters and the answer (NaN if there is none) of each way to draw a problem."""
        read = read_problem(Files(TOP), self._path(problem)).value
        assert read is not None
        for assignment in admissible(read.metadata):
            found = resolve(read.metadata, assignment)
            answer = sp.sympify(found.answer.held) if found.answer is not None else sp.nan
            yield {key: sp.sympify(value.held) for key, value in found.values}, answer

    def choices(self, problem: str) -> Iterator[tuple[Values, list[sp.Expr], list[list[sp.Expr]]]]:
        """Parameters, the numbers in the correct choice, and those in each of the others."""
        lines = (TOP / self._path(problem)).read_text(encoding="utf-8").splitlines()
        offered = [line.strip() for line in lines if re.match(r"\s*\\(Correct)?[Cc]hoice ", line)]
        offered.sort(key=lambda line: not line.startswith(r"\CorrectChoice"))
        for values, _ in self.draws(problem):
            numbers = [
                [sp.sympify(text, locals=values) for text in re.findall(r"\\VAR\{([^}]*)\}", line)]
                for line in offered
            ]
            yield values, numbers[0], numbers[1:]

    def _path(self, problem: str) -> str:
        return f"problem_bank/{self.name}/{problem}.tex"
