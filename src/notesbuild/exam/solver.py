"""CP-SAT, asked so that the same question gets the same answer on every machine.

One worker, fixed seeds, and limits in deterministic time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ortools.sat.python import cp_model

from notesbuild.exam.plan import Cell, Helper, Line, Plan, Terms, Variable


class Effort(Enum):
    """How a solver prepares: thoroughly for proofs, hardly at all for very small questions."""

    PROOF = auto()
    SEARCH = auto()
    GLANCE = auto()


FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(frozen=True)
class Answer:
    """What a solver says: ``possible`` is None where its limit came first.

    ``value`` is what the goal came to; ``best``: nothing lower exists. ``nonzero`` are the
    helpers that are not 0.
    """

    possible: bool | None
    cells: tuple[Cell, ...] = ()
    value: int = 0
    best: bool = False
    nonzero: frozenset[Helper] = frozenset()


class _Variables(dict[Variable, Any]):
    """The solver's variables; a helper's is made when it is met for the first time."""

    def __init__(self, model: cp_model.CpModel, cells: Iterable[Cell]) -> None:
        super().__init__((cell, model.new_bool_var("")) for cell in cells)
        self._model = model

    def __missing__(self, helper: Variable) -> Any:
        assert isinstance(helper, Helper)
        made = self[helper] = self._model.new_int_var(0, helper.most, "")
        return made


class Model:
    """A CP-SAT model of a plan, to which lines are added."""

    def __init__(
        self, plan: Plan, lines: Iterable[Line] = (), effort: Effort = Effort.PROOF
    ) -> None:
        self.raw = cp_model.CpModel()
        self.effort = effort
        self._cells = plan.cells
        self._variables = _Variables(self.raw, self._cells)
        self.add(plan.once)
        self.add(lines)

    def add(self, lines: Iterable[Line], only_if: Any = None) -> None:
        """Post the lines; with ``only_if`` they hold where that literal is true."""
        for line in lines:
            low = cp_model.INT_MIN if line.low is None else line.low
            high = cp_model.INT_MAX if line.high is None else line.high
            posted = self.raw.add_linear_constraint(self.sum(line.terms), low, high)
            if only_if is not None:
                posted.only_enforce_if(only_if)

    def sum(self, terms: Terms) -> Any:
        """The terms as an expression of the solver."""
        known = self._variables
        variables = [known[variable] for variable, _ in terms]
        return cp_model.LinearExpr.weighted_sum(variables, [factor for _, factor in terms])

    def clash(self, groups: Sequence[Sequence[Line]], limit: float) -> tuple[int, ...]:
        """The numbers of the groups that a proof needs that they clash; none if there is none."""
        literals = [self.raw.new_bool_var("") for _ in groups]
        for literal, lines in zip(literals, groups, strict=True):
            self.add(lines, literal)
        self.raw.add_assumptions(literals)
        solver = _solver(limit, self.effort)
        if solver.solve(self.raw) != cp_model.INFEASIBLE:
            return ()
        needed = set(solver.sufficient_assumptions_for_infeasibility())
        return tuple(n for n, literal in enumerate(literals) if literal.index in needed)

    def begin_at(self, cells: Iterable[Cell]) -> None:
        """Begin the search at a selection that is known."""
        drawn = set(cells)
        self.raw.clear_hints()
        for cell in self._cells:
            self.raw.add_hint(self._variables[cell], cell in drawn)

    def minimize(self, goal: Terms, limit: float) -> Answer:
        """The selection for which the goal is smallest, or the best one found in time."""
        self.raw.clear_objective()
        if goal:
            self.raw.minimize(self.sum(goal))
        return self.solve(limit)

    def solve(self, limit: float) -> Answer:
        """Some selection."""
        solver = _solver(limit, self.effort)
        status = solver.solve(self.raw)
        if status not in FOUND:
            return Answer(False if status == cp_model.INFEASIBLE else None)
        drawn = tuple(c for c in self._cells if solver.boolean_value(self._variables[c]))
        helpers = ((v, made) for v, made in self._variables.items() if isinstance(v, Helper))
        nonzero = frozenset(helper for helper, made in helpers if solver.value(made))
        best = status == cp_model.OPTIMAL
        return Answer(True, drawn, round(solver.objective_value), best, nonzero)


def _solver(limit: float, effort: Effort) -> Any:
    """A solver whose answer depends on the question only."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = limit
    if effort is Effort.PROOF:
        solver.parameters.linearization_level = 2
        return solver
    # Looking for symmetries takes longer than a short search does.
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.cp_model_presolve = effort is Effort.SEARCH
    return solver
