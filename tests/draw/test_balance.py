"""Versions are as like each other as they can be: measured against every other choice."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import BLUEPRINT, problems
from notesbuild.exam.plan import Fixed, Plan
from notesbuild.exam.pool import make_pool
from notesbuild.exam.select import Selection, select
from notesbuild.model.exam import Blueprint, version_names
from notesbuild.model.problem import Bank, Body, Metadata, Part, Problem
from notesbuild.source.yaml import read_record
from tests.draw.banks import drawn, exam, many

PRICES = {"points": 20, "difficulty": 6, "minutes": 2}


def made(name: str, **metadata: object) -> Problem:
    usual = {"title": name, "kind": "short", "status": "ready"}
    part = Part(None, None, None)  # type: ignore[arg-type]
    return Problem(
        id=name,
        metadata=Metadata.model_validate({**usual, **metadata}),
        body=Body("", 1, (part,)),
        digest="0" * 16,
    )


def unfairness(versions: tuple[tuple[Problem, ...], ...]) -> int:
    """What the gaps cost, counted from the problems themselves."""
    topics = {t for version in versions for p in version for t in p.metadata.topics}
    total = 0
    for measure in (*PRICES, *sorted(topics)):
        sums = [sum(value(p, measure) for p in version) for version in versions]
        total += PRICES.get(measure, 1) * (max(sums) - min(sums))
    return total


def value(problem: Problem, measure: str) -> int:
    if measure == "points":
        return problem.points
    if measure in PRICES:
        return int(getattr(problem.metadata, measure))
    return problem.points if measure in problem.metadata.topics else 0


@st.composite
def banks(one: st.DrawFn) -> tuple[Problem, ...]:
    topics = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2, unique=True)
    return tuple(
        made(
            f"p{number}",
            topics=one(topics),
            difficulty=one(st.integers(1, 5)),
            points=one(st.integers(1, 6)),
            minutes=one(st.integers(1, 9)),
        )
        for number in range(7)
    )


def plan_of(bank: tuple[Problem, ...], count: int, pick: int, overlap: float) -> Plan:
    blueprint = Blueprint.model_validate(
        {
            "title": "E",
            "kind": "quiz",
            "seed": 1,
            "sections": [{"title": "S", "pick": pick}],
            "constraints": {"overlap": {"max": overlap}},
        }
    )
    pool = make_pool(blueprint, Bank(problems=bank), (), None)
    assert pool.value is not None
    return Plan(blueprint, pool.value, version_names(count))


@settings(max_examples=60)
@given(banks(), st.sampled_from([(2, 2, 0), (3, 2, 0), (2, 3, 0), (2, 3, 0.34), (3, 2, 0.5)]))
def test_nothing_fairer_exists_where_the_draw_says_so(bank, shape):
    count, pick, overlap = shape
    plan = plan_of(bank, count, pick, overlap)
    found = select(plan, 1)
    assert isinstance(found, Selection)
    versions = tuple(plan.fix(number, found.cells).problems for number in range(count))
    assert found.unfairness == unfairness(versions)
    assert found.proven  # so small a question is always answered to the end
    shared = int(overlap * pick + 1e-9)
    possible = (
        chosen
        for chosen in product(combinations(bank, pick), repeat=count)
        if all(len({*a} & {*b}) <= shared for a, b in combinations(map(ids, chosen), 2))
    )
    assert found.unfairness == min(unfairness(chosen) for chosen in possible)


def ids(version: tuple[Problem, ...]) -> frozenset[str]:
    return frozenset(problem.id for problem in version)


@settings(max_examples=40)
@given(banks())
def test_a_version_beside_others_is_the_fairest_one(bank):
    plan = plan_of(bank, 1, 2, 0)
    fixed = (Fixed("A", bank[:2]), Fixed("B", bank[2:4]))
    beside = Plan(plan.blueprint, plan.pool, ("C",), fixed)
    found = select(beside, 1)
    assert isinstance(found, Selection)
    assume(found.proven)
    stands = (bank[:2], bank[2:4])
    best = min(unfairness((*stands, chosen)) for chosen in combinations(bank[4:], 2))
    assert found.unfairness == best


def test_a_large_bank_gives_versions_without_any_difference():
    bank = tuple(made(p.id, **p.head) for p in problems(3000))
    text = BLUEPRINT.format(versions=8)
    blueprint = read_record(text, "exams/synthetic/large.yaml", Blueprint).value
    assert blueprint is not None
    pool = make_pool(blueprint, Bank(problems=bank), (), None)
    assert pool.value is not None
    plan = Plan(blueprint, pool.value, version_names(8))
    found = select(plan, 1)
    assert isinstance(found, Selection)
    versions = tuple(plan.fix(number, found.cells).problems for number in range(8))
    assert len({p.id for version in versions for p in version}) == 8 * 13
    assert found.unfairness == unfairness(versions) <= 8
    assert {sum(p.points for p in version) for version in versions} == {100}
    assert len({sum(p.metadata.minutes for p in version) for version in versions}) == 1


def test_other_seeds_draw_other_versions_of_a_large_bank():
    bank = tuple(made(p.id, **p.head) for p in problems(2000))
    blueprint = read_record(BLUEPRINT.format(versions=1), "large.yaml", Blueprint).value
    assert blueprint is not None
    pool = make_pool(blueprint, Bank(problems=bank), (), None)
    assert pool.value is not None
    plan = Plan(blueprint, pool.value, ("A",))
    first, again, other = (select(plan, seed) for seed in (1, 1, 2))
    assert first == again
    assert isinstance(first, Selection)
    assert isinstance(other, Selection)
    assert len({*first.cells} & {*other.cells}) < 7


def test_the_draw_says_whether_something_fairer_could_exist(make_project):
    files = many("p", 8) | exam("sections: [{title: All, pick: 4}]")
    assert drawn(make_project(files), versions=3).fairest is True
