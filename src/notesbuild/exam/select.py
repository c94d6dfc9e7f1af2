"""Choosing the problems of all versions: rules first, then fairness, then chance.

A version is drawn beside those that are there already, so that it differs from them as little
as it can. That is quick for any number of versions and mostly leaves no difference at all; where
it does, all versions are looked at together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import cycle, islice

from notesbuild.exam.between import bounds, most_shared
from notesbuild.exam.plan import Cell, Fixed, Helper, Line, Plan, Rule, Terms, Weight
from notesbuild.exam.pool import Pool
from notesbuild.exam.rules import make_rules
from notesbuild.exam.solver import Answer, Effort, Model
from notesbuild.model.problem import Problem
from notesbuild.render.parameters import keyed

EXACT = 0.16
USUAL = 0.06
STEP = 0.5
CHANCE = 0.03
BALANCE = 1.0
FIND = 20.0
"""Limits of the steps, in units of deterministic time (a second or two each)."""

PRICES = 1000
"""What a cell costs at most by chance."""

WINDOWS = 12
CANDIDATES = 60
"""How many times the problems that it picks a section looks at first."""

TOGETHER = 6000
"""With more cells than this, versions are not looked at all together to make them fairer."""


class Failure(Enum):
    """Why there is no selection."""

    IMPOSSIBLE = auto()
    UNDECIDED = auto()


@dataclass(frozen=True)
class Selection:
    """The cells drawn, and how unfair that is; ``proven``: nothing fairer exists."""

    cells: tuple[Cell, ...]
    unfairness: int
    proven: bool


def select(plan: Plan, seed: int) -> Selection | Failure:
    """The fairest selection that was found; among equally fair ones chance decides."""
    usable = replace(plan, pool=by_chance(plan, seed))
    start = one_by_one(usable, seed)
    if isinstance(start, Failure):
        return start
    least = gap(plan.fixed, plan) if plan.fixed else 0
    if start is not None and start.unfairness == least:
        return replace(start, proven=True)
    found: Selection | Failure | None = start
    if start is None or usable.width <= TOGETHER:
        found = _together(replace(plan, pool=plan.pool.usable), seed, start)
    if isinstance(found, Selection) and not found.proven:
        found = _one_after_another(usable, seed, found)
    return found or Failure.UNDECIDED


def attempt(plan: Plan) -> tuple[Fixed, ...] | None:
    """The versions of some selection, and the fixed ones; None if none was found quickly.

    They are not made fairer than the rules ask.
    """
    usable = replace(plan, pool=by_chance(plan, 0))
    fixed = plan.fixed
    for version in plan.versions:
        step = usable.beside(version, fixed)
        answer = next(filter(lambda a: a.possible, map(_anyhow, _parts(step))), None)
        if answer is None:
            return _attempt_again(usable)
        fixed = (*fixed, step.fix(0, answer.cells))
    return fixed


def _anyhow(plan: Plan) -> Answer:
    return Model(plan, _lines(make_rules(plan)), Effort.SEARCH).solve(EXACT)


def _attempt_again(plan: Plan) -> tuple[Fixed, ...] | None:
    """As like each other as can be, or all together: what does not fit otherwise may do so."""
    found = one_by_one(plan, 0) if any(bounds(plan)) else None
    cells = found.cells if isinstance(found, Selection) else ()
    if not cells and plan.width <= TOGETHER:
        cells = Model(plan, _lines(make_rules(plan)), Effort.SEARCH).solve(BALANCE).cells
    if not cells:
        return None
    return (*plan.fixed, *(plan.fix(n, cells) for n in range(len(plan.versions))))


def _one_after_another(plan: Plan, seed: int, start: Selection) -> Selection:
    """Draw one version after another anew beside the others, as long as that is fairer."""
    best, since = start, 0
    turns = cycle(range(len(plan.versions)))
    while since < len(plan.versions) and best.unfairness:
        number = next(turns)
        others = [n for n in range(len(plan.versions)) if n != number]
        fixed = (*plan.fixed, *(plan.fix(n, best.cells) for n in others))
        step = plan.beside(plan.versions[number], fixed)
        answer = beside(step, seed)
        since += 1
        unfairness = gap((*fixed, step.fix(0, answer.cells)), plan) if answer.possible else None
        if unfairness is not None and unfairness < best.unfairness:
            kept = (cell for cell in best.cells if cell.version != number)
            new = (cell._replace(version=number) for cell in answer.cells)
            best, since = Selection((*kept, *new), unfairness, unfairness == 0), 0
    return best


def by_chance(plan: Plan, seed: int) -> Pool:
    """What the plan may use in an order of chance, but first what it must use."""
    needed = _must(plan)
    sections = (
        sorted(known, key=lambda p: (p.id not in needed, keyed(seed, "rank", number, p.id), p.id))
        for number, known in enumerate(plan.pool.usable.sections, start=1)
    )
    return Pool(tuple(tuple(section) for section in sections), ())


def one_by_one(plan: Plan, seed: int) -> Selection | Failure | None:
    """Every version beside those before it; None where one of them finds no place.

    Where even the first finds none, nothing else needs to be tried.
    """
    fixed, cells = plan.fixed, list[Cell]()
    for number, version in enumerate(plan.versions):
        step = plan.beside(version, fixed)
        usual = not fixed and len(plan.versions) > 1
        answer = (_usual(step) if usual else None) or beside(step, seed)
        if not answer.possible:
            impossible = number == 0 and not fixed and answer.possible is False
            return Failure.IMPOSSIBLE if impossible else None
        fixed = (*fixed, step.fix(0, answer.cells))
        cells += (cell._replace(version=number) for cell in answer.cells)
    unfairness = gap(fixed, plan)
    return Selection(tuple(cells), unfairness, unfairness == 0)


def _usual(plan: Plan) -> Answer | None:
    """In a large bank a version near its average: there are many others like it."""
    part = next(_windows(plan))
    if part is plan:
        return None
    model = Model(part, _lines(make_rules(part)), effort=Effort.SEARCH)
    goal: list[tuple[Helper, int]] = []
    for measure in part.measures:
        off = Helper(f"{measure.name} off the average", 10**6)
        total, usual = part.total(0, measure.weight), _average(part, measure.weight)
        model.add((Line((*total, (off, -1)), high=usual), Line((*total, (off, 1)), low=usual)))
        goal.append((off, measure.price))
    found = model.minimize(tuple(goal), USUAL)
    return found if found.possible else None


def _average(plan: Plan, weight: Weight) -> int:
    sections = zip(plan.blueprint.sections, plan.pool.sections, strict=True)
    sums = (s.pick * sum(map(weight, known)) / max(len(known), 1) for s, known in sections)
    return round(sum(sums))


def beside(plan: Plan, seed: int) -> Answer:
    """One version that is as like the fixed ones as can be."""
    windows = _windows(plan) if plan.fixed else islice(_windows(plan), 3)
    for part in windows:
        model, found = _no_less_fair(part)
        if found.possible:
            # In a window chance has had its say already.
            return _cheapest(plan, model, found, seed) if part is plan else found
    for part in _parts(plan):
        found = _fairest(part, seed)
        if found.possible:
            return found
    return found


def _windows(plan: Plan) -> Iterator[Plan]:
    """A large bank in several parts: to try a few is better than to try one for long."""
    counts = [section.pick * CANDIDATES for section in plan.blueprint.sections]
    known = _free(plan)
    turns = max(-(-len(k) // count) for k, count in zip(known, counts, strict=True))
    if turns <= 1:
        yield plan
        return
    must = _must(plan)
    for turn in range(min(turns, WINDOWS)):
        sections = (
            tuple(
                p
                for n, p in enumerate(k)
                if n // count == turn % -(-len(k) // count) or p.id in must
            )
            for k, count in zip(known, counts, strict=True)
        )
        yield replace(plan, pool=Pool(tuple(sections), ()))


def _free(plan: Plan) -> list[tuple[Problem, ...]]:
    taken = {i for fixed in plan.fixed for i in fixed.ids} if most_shared(plan) == 0 else set()
    return [tuple(p for p in known if p.id not in taken) for known in plan.pool.sections]


def _must(plan: Plan) -> set[str]:
    return {pin.problem for pin in plan.pins} | set(plan.blueprint.require)


def _parts(plan: Plan) -> Iterator[Plan]:
    """More and more of a large bank."""
    for size in (1, 4, 16):
        counts = [section.pick * CANDIDATES * size for section in plan.blueprint.sections]
        if all(len(k) <= count for k, count in zip(plan.pool.sections, counts, strict=True)):
            break
        part = tuple(k[:count] for k, count in zip(_free(plan), counts, strict=True))
        yield replace(plan, pool=Pool(part, ()))
    yield plan


def _lines(rules: Iterable[Rule]) -> Iterator[Line]:
    return (line for rule in rules for line in rule.all_lines)


def _no_less_fair(plan: Plan) -> tuple[Model, Answer]:
    """A version that lies within what the fixed ones reach in every measure."""
    model = Model(plan, _lines(make_rules(plan, balance=not plan.fixed)), effort=Effort.SEARCH)
    for measure in plan.measures if plan.fixed else ():
        sums = [sum(map(measure.weight, fixed.problems)) for fixed in plan.fixed]
        model.add((Line(plan.total(0, measure.weight), min(sums), max(sums)),))
    return model, model.solve(EXACT)


def _fairest(plan: Plan, seed: int) -> Answer:
    model, goal = make_model(plan, effort=Effort.SEARCH)
    found = model.minimize(goal, STEP)
    if not found.possible:
        return found
    if goal:
        model.add((Line(goal, high=found.value),))
    return _cheapest(plan, model, found, seed)


def _cheapest(plan: Plan, model: Model, start: Answer, seed: int) -> Answer:
    """What chance likes best of all that the model allows; the start if it finds nothing."""
    model.begin_at(start.cells)
    found = model.minimize(prices(plan, seed), CHANCE)
    return found if found.possible else start


def make_model(plan: Plan, *, effort: Effort) -> tuple[Model, Terms]:
    """Everything that is asked, and the unfairness to minimize."""
    model = Model(plan, _lines(make_rules(plan)), effort=effort)
    goal, lines = unfairness(plan)
    model.add(lines)
    return model, goal


def _together(plan: Plan, seed: int, start: Selection | None) -> Selection | Failure:
    model, goal = make_model(plan, effort=Effort.PROOF)
    if start is not None:
        model.begin_at(start.cells)
    fair = model.minimize(goal, BALANCE)
    if fair.possible is None and start is None:
        fair = model.minimize((), FIND)
    if not fair.possible:
        if start is not None:
            return start
        return Failure.UNDECIDED if fair.possible is None else Failure.IMPOSSIBLE
    if goal:
        model.add((Line(goal, high=fair.value),))
    return Selection(_cheapest(plan, model, fair, seed).cells, fair.value, fair.best)


def unfairness(plan: Plan) -> tuple[Terms, tuple[Line, ...]]:
    """How far the versions lie apart in all measures, and lines that define it."""
    if plan.count < 2:
        return (), ()
    spreads = [(m.price, plan.spread(m.name, m.weight)) for m in plan.measures]
    terms = ((helper, price * sign) for price, spread in spreads for helper, sign in spread.gap)
    return tuple(terms), tuple(line for _, spread in spreads for line in spread.lines)


def gap(versions: Iterable[Fixed], plan: Plan) -> int:
    """How far versions lie apart in all measures of the plan."""
    drawn = [version.problems for version in versions]
    totals = [(m.price, [sum(map(m.weight, known)) for known in drawn]) for m in plan.measures]
    return sum(price * (max(known) - min(known)) for price, known in totals)


def prices(plan: Plan, seed: int) -> Terms:
    """Chance: every cell has a price of its own, and the cheapest selection wins."""
    return tuple(
        (cell, keyed(seed, plan.versions[cell.version], cell.section + 1, cell.problem) % PRICES)
        for cell in plan.cells
    )
