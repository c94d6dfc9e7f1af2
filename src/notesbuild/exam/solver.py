"""CP-SAT, asked so that the same question gets the same answer on every machine.

One worker, fixed seeds, and limits in deterministic time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from notesbuild.exam.plan import Cell, Helper, Line, Plan, Terms, Variable

FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(frozen=True)
class Answer:
    """What a solver says: ``possible`` is None where its limit came first.

    ``value`` is what the goal came to; ``best``: nothing lower exists.
    """

    possible: bool | None
    cells: tuple[Cell, ...] = ()
    value: int = 0
    best: bool = False


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
    """A CP-SAT model of a plan, to which lines are added.

    ``thorough`` is worth its time where something must be proven.
    """

    def __init__(self, plan: Plan, lines: Iterable[Line] = (), *, thorough: bool = True) -> None:
        self.raw = cp_model.CpModel()
        self.thorough = thorough
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

    def assume(self, literals: list[Any]) -> None:
        """Let a proof of impossibility tell which of these literals it needed."""
        self.raw.add_assumptions(literals)

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
        solver = make_solver(limit, thorough=self.thorough)
        status = solver.solve(self.raw)
        if status not in FOUND:
            return Answer(False if status == cp_model.INFEASIBLE else None)
        drawn = tuple(c for c in self._cells if solver.boolean_value(self._variables[c]))
        return Answer(True, drawn, round(solver.objective_value), status == cp_model.OPTIMAL)


def make_solver(limit: float, *, thorough: bool = True) -> Any:
    """A solver whose answer depends on the question only."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = limit
    if thorough:
        solver.parameters.linearization_level = 2
    else:
        # Looking for symmetries takes longer than a short search does.
        solver.parameters.symmetry_level = 0
        solver.parameters.cp_model_probing_level = 0
    return solver
