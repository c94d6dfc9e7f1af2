"""Versions with as few clashes between neighbours as possible, found by CP-SAT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

LIMIT = 4.0
"""In units of deterministic time (a second or two each)."""


def fewest_clashes(
    chosen: list[int],
    given: Sequence[int | None],
    beside: tuple[tuple[int, int], ...],
    count: int,
) -> list[int]:
    """Versions (from 0) with the fewest clashes between the pairs ``beside`` each other.

    ``chosen`` is where the search begins, and what is kept where it does not end in time;
    students with a ``given`` version keep it.
    """
    model = cp_model.CpModel()
    has = [_student(model, own, fixed, count) for own, fixed in zip(chosen, given, strict=True)]
    pairs = [(a, b) for a, b in beside if given[a] is None or given[b] is None]
    clashes = [_clash(model, has[a], has[b]) for a, b in pairs]
    model.minimize(cp_model.LinearExpr.sum(clashes))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    # With two versions the linear relaxation is a minimum cut; with more it says nothing.
    solver.parameters.linearization_level = 2 if count == 2 else 0
    solver.parameters.max_deterministic_time = LIMIT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return chosen
    return [next(v for v in range(count) if solver.value(row[v])) for row in has]


def _student(model: Any, own: int, fixed: int | None, count: int) -> list[Any]:
    row = [model.new_bool_var("") for _ in range(count)]
    model.add_exactly_one(row)
    if fixed is not None:
        model.add(row[fixed] == 1)
    for version, variable in enumerate(row):
        model.add_hint(variable, int(version == own))
    return row


def _clash(model: Any, one: list[Any], other: list[Any]) -> Any:
    clash = model.new_bool_var("")
    for a, b in zip(one, other, strict=True):
        if len(one) == 2:
            model.add(a + b - clash <= 1)
        else:
            model.add_bool_or([a.negated(), b.negated(), clash])
    return clash
