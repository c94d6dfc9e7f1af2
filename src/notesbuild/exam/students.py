"""A version for every student: each within what the fairest draw of a few versions reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from notesbuild.exam.between import broken
from notesbuild.exam.plan import Cell, Fixed, Line, Plan
from notesbuild.exam.rules import make_rules
from notesbuild.exam.select import STEP, Failure, Selection, beside, gap, prices, select
from notesbuild.exam.solver import Effort, Model
from notesbuild.model.exam import Blueprint, Overlap

FEW = 4
SHARES = (0.0, 0.25, 0.5, 1.0)
"""How much of the few versions may be the same; the first share that can be had is taken."""

GLANCE = 0.001
"""The first limit for one student, in units of deterministic time."""


def without_overlap(blueprint: Blueprint) -> Blueprint:
    """The blueprint without a bound for what two versions share: students need not differ."""
    return _with_overlap(blueprint, None)


def select_students(plan: Plan, seed: int) -> Selection | Failure:
    """A selection for every student, which depends on nobody else on the roster.

    A few versions that have little in common are drawn as fairly as can be. What they reach, in
    every measure, bounds the papers of all students; among those chance decides by the student's
    id. The fixed versions of the plan widen the bounds if they lie outside.
    """
    few = _few(plan, seed)
    if isinstance(few, Failure):
        return few
    fixed = (*few, *plan.fixed)
    if any(broken(plan, fixed)):
        fixed = plan.fixed
    any_student = plan.beside("", fixed)
    glance, search = (_model(any_student, fixed, e) for e in (Effort.GLANCE, Effort.SEARCH))
    pinned = {pin.version for pin in plan.pins}
    cells: list[Cell] = []
    for number, name in enumerate(plan.versions):
        step = plan.beside(name, fixed)
        if name in pinned:
            answer = beside(step, seed)
        else:
            goal = prices(step, seed)
            answer = glance.minimize(goal, GLANCE)
            answer = answer if answer.possible else search.minimize(goal, STEP)
        if not answer.possible:
            return Failure.IMPOSSIBLE if answer.possible is False else Failure.UNDECIDED
        cells += (cell._replace(version=number) for cell in answer.cells)
    return Selection(tuple(cells), gap(fixed, plan), False)


def _few(plan: Plan, seed: int) -> tuple[Fixed, ...] | Failure:
    names = tuple(f"{number} of {FEW}" for number in range(1, FEW + 1))
    failure = Failure.UNDECIDED
    for share in SHARES:
        blueprint = _with_overlap(plan.blueprint, Overlap(max=share))
        few = replace(plan, blueprint=blueprint, versions=names, fixed=(), pins=())
        found = select(few, seed)
        if isinstance(found, Selection):
            return tuple(few.fix(number, found.cells) for number in range(FEW))
        failure = found
    return failure


def _model(plan: Plan, fixed: Sequence[Fixed], effort: Effort) -> Model:
    """What one student's paper must meet; only the prices differ between students."""
    lines = [line for rule in make_rules(plan, balance=False) for line in rule.all_lines]
    for measure in plan.measures:
        sums = [sum(map(measure.weight, version.problems)) for version in fixed]
        lines.append(Line(plan.total(0, measure.weight), min(sums), max(sums)))
    return Model(plan, lines, effort)


def _with_overlap(blueprint: Blueprint, overlap: Overlap | None) -> Blueprint:
    constraints = blueprint.constraints.model_copy(update={"overlap": overlap})
    return blueprint.model_copy(update={"constraints": constraints})
