"""Why a blueprint cannot be met: a smallest set of its rules that clash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.exam.plan import Plan, Rule
from notesbuild.exam.select import FOUND, Model, make_solver

CORE = 5.0
TEST = 1.0
"""Limits in deterministic time: for a first set of rules, and for each try to leave one out."""


@dataclass(frozen=True)
class Clash:
    """Rules that cannot hold together; ``proven``: without any one of them the others can."""

    rules: tuple[Rule, ...]
    proven: bool


def explain(plan: Plan, rules: Iterable[Rule]) -> Clash:
    """A set of clashing rules from which none can be left out."""
    return cut_down(plan, _core(plan, tuple(rules)))


def cut_down(plan: Plan, rules: Iterable[Rule]) -> Clash:
    """Leave out, one after the other, the clashing rules without which the others clash too."""
    remaining = list(rules)
    proven = True
    for rule in tuple(remaining):
        others = [other for other in remaining if other is not rule]
        possible = is_possible(plan, others)
        if possible is False:
            remaining = others
        elif possible is None:
            proven = False
    return Clash(tuple(remaining), proven)


def is_possible(plan: Plan, rules: Iterable[Rule]) -> bool | None:
    """Whether some selection meets the rules; None: not decided within the limit."""
    model = Model(plan)
    for rule in rules:
        model.add(rule.lines)
    status = make_solver(TEST).solve(model.raw)
    if status in FOUND:
        return True
    return False if status == cp_model.INFEASIBLE else None


def _core(plan: Plan, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that a proof of impossibility needed; all of them if none was found in time."""
    model = Model(plan)
    assumed = {}
    for rule in rules:
        literal = model.raw.new_bool_var("")
        model.add(rule.lines, literal)
        assumed[literal.index] = rule
    model.raw.add_assumptions([model.raw.get_bool_var_from_proto_index(i) for i in assumed])
    solver = make_solver(CORE)
    if solver.solve(model.raw) != cp_model.INFEASIBLE:
        return rules
    needed = set(solver.sufficient_assumptions_for_infeasibility())
    core = tuple(rule for index, rule in assumed.items() if index in needed)
    return core if is_possible(plan, core) is False else rules


def impossible(plan: Plan, clash: Clash) -> Diagnostic:
    """The clash in words, at the first of its places in the blueprint."""
    path = plan.blueprint.origin.path
    rules = sorted(clash.rules, key=lambda rule: (rule.span.path != path, rule.span))
    count = len(rules)
    what = "this constraint" if count == 1 else f"these {count} constraints together"
    versions = len(plan.versions)
    where = f"in {versions} versions" if versions > 1 else "even in one version"
    message = f"no selection of problems meets {what} {where}"
    loosen = "loosen it" if count == 1 else "loosen any one of them"
    hint = f"{loosen}, or add problems" if clash.proven else None
    notes = [f"{rule.span}: {rule.words}" for rule in rules]
    return error(Code.BLUEPRINT_IMPOSSIBLE, message, rules[0].span, hint, notes)
