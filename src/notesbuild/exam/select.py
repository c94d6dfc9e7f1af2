"""Choosing the problems of all versions at once, with CP-SAT.

One worker, fixed seeds and limits in deterministic time: the same question gets the same
answer on a fast machine and on a slow one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ortools.sat.python import cp_model

from notesbuild.exam import plan as weights
from notesbuild.exam.plan import Cell, Helper, Line, Plan, Rule, Spread, Terms, Variable
from notesbuild.render.parameters import keyed

CHEAP = 0.5
FIND = 20.0
BALANCE = 0.6
"""Limits of the steps, in units of deterministic time (a second or two each)."""

PRICES = 1000
UNFAIR = 200
"""What a cell costs at most by chance, and what a unit of unfairness costs."""

FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


class Failure(Enum):
    """Why there is no selection."""

    IMPOSSIBLE = auto()
    UNDECIDED = auto()


Selection = tuple[Cell, ...]


class Model:
    """A CP-SAT model of a plan, to which lines are added."""

    def __init__(self, plan: Plan) -> None:
        self.raw = cp_model.CpModel()
        self._variables: dict[Variable, Any] = {
            cell: self.raw.new_bool_var("") for cell in plan.cells
        }
        self.add(plan.once)

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
        variables = [self._variable(variable) for variable, _ in terms]
        return cp_model.LinearExpr.weighted_sum(variables, [factor for _, factor in terms])

    def hint(self, solution: dict[Variable, int]) -> None:
        """Begin the search at a solution that is known."""
        for variable, value in solution.items():
            if variable in self._variables:
                self.raw.add_hint(self._variables[variable], value)

    def solve(self, limit: float) -> tuple[Any, dict[Variable, int]]:
        """The solver's verdict, and the value of every variable if it found any."""
        solver = make_solver(limit)
        status = solver.solve(self.raw)
        if status not in FOUND:
            return status, {}
        return status, {key: solver.value(var) for key, var in self._variables.items()}

    def _variable(self, variable: Variable) -> Any:
        if isinstance(variable, Helper) and variable not in self._variables:
            self._variables[variable] = self.raw.new_int_var(0, variable.most, "")
        return self._variables[variable]


def make_solver(limit: float) -> Any:
    """A solver whose answer depends on the question only."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = limit
    return solver


def select(plan: Plan, rules: Iterable[Rule], seed: int) -> Selection | Failure:
    """The selection that chance likes best among those that meet the rules and are balanced.

    Chance gives every cell a price. The cheapest selection is where the search for a balanced
    one begins; so another seed leads elsewhere, and most cheap problems stay drawn when
    something else in the bank changes.
    """
    lines = tuple(line for rule in rules for line in rule.lines)
    prices = _prices(plan, seed)
    status, found = _solve(plan, lines, prices, CHEAP)
    if status == cp_model.UNKNOWN:
        status, found = _solve(plan, lines, (), FIND)
    if status not in FOUND:
        impossible = status == cp_model.INFEASIBLE
        return Failure.IMPOSSIBLE if impossible else Failure.UNDECIDED
    if len(plan.versions) > 1:
        unfair = _unfairness(plan)
        goal = (*prices, *unfair.terms)
        _, balanced = _solve(plan, (*lines, *unfair.lines), goal, BALANCE, found)
        found = balanced or found
    return tuple(cell for cell in plan.cells if found[cell])


def _solve(
    plan: Plan,
    lines: tuple[Line, ...],
    goal: Terms,
    limit: float,
    start: dict[Variable, int] | None = None,
) -> tuple[Any, dict[Variable, int]]:
    model = Model(plan)
    model.add(lines)
    model.hint(start or {})
    if goal:
        model.raw.minimize(model.sum(goal))
    return model.solve(limit)


@dataclass(frozen=True)
class _Goal:
    terms: Terms
    lines: tuple[Line, ...]


def _unfairness(plan: Plan) -> _Goal:
    """How far the versions lie apart, in all measures: a point counts most."""
    priced: list[tuple[int, Spread]] = [
        (20, plan.spread("points", weights.points)),
        (6, plan.spread("difficulty", weights.difficulty)),
        (2, plan.spread("minutes", weights.minutes)),
    ]
    priced += [(1, plan.spread(f"topic {t}", weights.topic_points(t))) for t in plan.topics]
    terms = tuple(
        (key, UNFAIR * price * sign) for price, spread in priced for key, sign in spread.gap
    )
    return _Goal(terms, tuple(line for _, spread in priced for line in spread.lines))


def _prices(plan: Plan, seed: int) -> Terms:
    """Chance: every cell has a price of its own, and the cheapest selection wins."""
    return tuple(
        (cell, keyed(seed, plan.versions[cell.version], cell.section + 1, cell.problem) % PRICES)
        for cell in plan.cells
    )
