"""Why a blueprint cannot be met: a smallest set of its rules that clash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.exam.nearest import nearest_blueprint
from notesbuild.exam.plan import Cell, Helper, Line, Plan, Rule
from notesbuild.exam.rules import make_rules
from notesbuild.exam.select import by_chance
from notesbuild.exam.solver import Effort, Model

CORE = 10.0
TEST = 3.0
PART = 0.2
"""Limits in deterministic time: for a first set of rules, for each try to leave one out, and
for a part of a large bank."""

LARGE = 1500
"""More cells than this are many."""


@dataclass(frozen=True)
class Clash:
    """Rules that cannot hold together; ``proven``: without any one of them the others can."""

    rules: tuple[Rule, ...]
    proven: bool


def why_impossible(plan: Plan) -> Diagnostic:
    """The explanation, and the nearest blueprint that works if one was found."""
    alone = alone_impossible(plan) or plan
    clash = explain(alone, make_rules(alone))
    return impossible(alone, clash, nearest_blueprint(plan, clash.rules))


def alone_impossible(plan: Plan) -> Plan | None:
    """One version that cannot be drawn even alone: that is explained much faster, and better."""
    versions = (plan.alone(name) for name in _apart(plan))
    return next((one for one in versions if is_possible(one, make_rules(one)) is False), None)


def _apart(plan: Plan) -> tuple[str, ...]:
    """Versions that differ in what is asked of them: one, and those with pins."""
    pinned = {pin.version for pin in plan.pins}
    plain = [name for name in plan.versions if name not in pinned]
    return (*plain[:1], *(name for name in plan.versions if name in pinned))


def explain(plan: Plan, rules: Iterable[Rule]) -> Clash:
    """A set of clashing rules from which none can be left out."""
    return cut_down(plan, _core(plan, tuple(rules)))


def cut_down(plan: Plan, rules: Iterable[Rule]) -> Clash:
    """A smallest clash among rules that clash, by halving (QuickXplain)."""
    asked = _Asked(plan)
    known = tuple(rules)
    clash = _quick((), False, known, asked.clash)
    if asked.clash(clash):
        return Clash(clash, all(asked.possible(_others(clash, rule)) is True for rule in clash))
    return Clash(known, False)


def _quick(
    background: tuple[Rule, ...],
    changed: bool,
    rules: tuple[Rule, ...],
    clash: Callable[[Sequence[Rule]], bool],
) -> tuple[Rule, ...]:
    """The rules that clash with the background, and none too many."""
    if changed and clash(background):
        return ()
    if len(rules) <= 1:
        return rules
    half = len(rules) // 2
    first, second = rules[:half], rules[half:]
    of_second = _quick((*background, *first), True, second, clash)
    of_first = _quick((*background, *of_second), bool(of_second), first, clash)
    return (*of_first, *of_second)


def _others(rules: Sequence[Rule], left_out: Rule) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule is not left_out)


class _Asked:
    """Which sets of rules can be met; nothing is asked twice."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[frozenset[object], bool | None] = {}

    def possible(self, rules: Sequence[Rule]) -> bool | None:
        key = frozenset(rule.key for rule in rules)
        if key not in self._known:
            self._known[key] = is_possible(self._plan, rules)
        return self._known[key]

    def clash(self, rules: Sequence[Rule]) -> bool:
        return self.possible(rules) is False


def is_possible(plan: Plan, rules: Iterable[Rule]) -> bool | None:
    """Whether some selection meets the rules; None: not decided within the limit.

    In a large bank a small part of it often has one, and is asked first.
    """
    lines = [line for rule in rules for line in rule.all_lines]
    if plan.width > LARGE:
        known = by_chance(plan, 0).only(_some_ids(plan))
        part = replace(plan, pool=known)
        cells = set(part.cells)
        kept = (_restricted(line, cells) for line in lines)
        if Model(part, kept, Effort.SEARCH).solve(PART).possible:
            return True
    return Model(plan, lines).solve(TEST).possible


def _some_ids(plan: Plan) -> frozenset[str]:
    most = LARGE // (2 * len(plan.versions) * len(plan.pool.sections)) + 1
    some = {p.id for section in by_chance(plan, 0).sections for p in section[:most]}
    return frozenset(some)


def _restricted(line: Line, cells: set[Cell]) -> Line:
    """The line where all other cells are 0."""
    terms = tuple((v, f) for v, f in line.terms if isinstance(v, Helper) or v in cells)
    return replace(line, terms=terms)


def _core(plan: Plan, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that a proof of impossibility needed; all of them if none was found in time."""
    model = Model(plan, (line for rule in rules for line in rule.defines))
    needed = model.clash([rule.lines for rule in rules], CORE)
    core = tuple(rules[number] for number in needed)
    return core if core and is_possible(plan, core) is False else rules


def impossible(plan: Plan, clash: Clash, nearest: str | None = None) -> Diagnostic:
    """The clash in words, at the first of its places in the blueprint."""
    path = plan.blueprint.origin.path
    rules = sorted(clash.rules, key=lambda rule: (rule.span.path != path, rule.span))
    count = len(rules)
    what = "this constraint" if count == 1 else f"these {count} constraints together"
    versions = len(plan.versions)
    where = f"in {versions} versions" if versions > 1 else "even in one version"
    message = f"no selection of problems meets {what} {where}"
    loosen = "loosen it" if count == 1 else "loosen any one of them"
    hint = nearest or (f"{loosen}, or add problems" if clash.proven else None)
    notes = [f"{rule.span}: {rule.words}" for rule in rules]
    return error(Code.BLUEPRINT_IMPOSSIBLE, message, rules[0].span, hint, notes)
