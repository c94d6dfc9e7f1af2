"""A draw keeps every promise, and where there is none the explanation is right and tight."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from notesbuild.diagnostics import Code
from notesbuild.exam.draw import draw
from notesbuild.exam.explain import cut_down, explain
from notesbuild.exam.plan import Plan
from notesbuild.exam.pool import make_pool
from notesbuild.exam.rules import make_rules
from notesbuild.model.exam import Blueprint, Lock, version_names
from notesbuild.model.problem import Bank, Body, Metadata, Part, Problem
from tests.draw.oracle import Oracle, asked

SIZE = 5
NAMES = [f"p{n}" for n in range(SIZE)]
DAY = datetime.date(2029, 1, 1)
KEEP = settings(max_examples=60)


@st.composite
def problems(draw_one: st.DrawFn, name: str) -> Problem:
    sets = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2, unique=True)
    metadata = Metadata.model_validate(
        {
            "title": name,
            "kind": draw_one(st.sampled_from(["proof", "short"])),
            "topics": draw_one(sets),
            "difficulty": draw_one(st.integers(1, 4)),
            "points": draw_one(st.sampled_from([2, 3])),
            "minutes": draw_one(st.integers(1, 6)),
            "enemies": draw_one(st.lists(st.sampled_from(NAMES), max_size=1)),
            "visibility": draw_one(st.sampled_from(["exam", "exam", "exam", "public"])),
            "status": draw_one(st.sampled_from(["ready", "ready", "ready", "ready", "draft"])),
        }
    )
    part = Part(None, None, None)  # type: ignore[arg-type]
    return Problem(id=name, metadata=metadata, body=Body("", 1, (part,)), digest="0" * 16)


def ranges(most: int) -> st.SearchStrategy[object]:
    pairs = st.tuples(st.integers(0, most), st.integers(0, most)).map(sorted)
    return st.one_of(pairs, pairs.map(lambda pair: {"max": pair[1]}))


CONSTRAINTS = {
    "points": ranges(12),
    "minutes": ranges(20),
    "difficulty": ranges(5).map(lambda mean: {"mean": mean}),
    "topics": st.fixed_dictionaries(
        {"a": st.fixed_dictionaries({}, optional={"points": ranges(9), "problems": ranges(3)})}
    ),
    "overlap": st.sampled_from([{"max": 0}, {"max": 0.5}, {"max": 1}]),
    "balance": st.fixed_dictionaries(
        {},
        optional={
            "points": st.integers(0, 1),
            "minutes": st.integers(0, 3),
            "difficulty": st.sampled_from([0, 0.5]),
            "topic_points": st.integers(0, 2),
        },
    ),
    "not_used_since": st.just(DAY),
    "taught": st.just(True),
}


@st.composite
def blueprints(draw_one: st.DrawFn) -> Blueprint:
    wheres = ["True", "True", "kind == 'proof'", "difficulty <= 2", "'a' in topics"]
    section = st.fixed_dictionaries(
        {"title": st.just("S"), "pick": st.integers(1, 2), "where": st.sampled_from(wheres)},
        optional={"points": st.sampled_from([2, 3])},
    )
    names = draw_one(st.sets(st.sampled_from(sorted(CONSTRAINTS)), max_size=4))
    one = st.lists(st.sampled_from(NAMES), max_size=1)
    return Blueprint.model_validate(
        {
            "title": "E",
            "kind": "quiz",
            "seed": 1,
            "course": "c",
            "name": "e",
            "sections": draw_one(st.lists(section, min_size=1, max_size=2)),
            "constraints": {name: draw_one(CONSTRAINTS[name]) for name in sorted(names)},
            "require": draw_one(one),
            "exclude": draw_one(one),
        }
    )


@st.composite
def questions(draw_one: st.DrawFn) -> tuple[Blueprint, Bank, Lock, frozenset[str], int]:
    bank = Bank(problems=tuple(draw_one(problems(name)) for name in NAMES))
    item = {"section": 1, "problem": draw_one(st.sampled_from(NAMES)), "points": 1}
    items = [{**item, "digest": "0" * 16}]
    versions = [{"version": "A", "items": items}]
    lock = Lock.model_validate({"exam": "c/old", "seed": 1, "date": DAY, "versions": versions})
    taught = draw_one(st.lists(st.sampled_from(NAMES), min_size=3, unique=True))
    return draw_one(blueprints()), bank, lock, frozenset(taught), draw_one(st.integers(1, 2))


def used(lock: Lock) -> set[str]:
    return {item.problem for version in lock.versions for item in version.items}


def plan_of(question: tuple[Blueprint, Bank, Lock, frozenset[str], int]) -> Plan:
    blueprint, bank, lock, taught, versions = question
    pool = make_pool(blueprint, bank, (lock,), taught)
    assume(pool.value is not None)  # a `where` may name a kind or a topic that this bank lacks
    return Plan(blueprint, pool.value, version_names(versions))


@settings(KEEP, max_examples=150)
@given(questions(), st.integers(0, 5))
def test_a_draw_meets_everything_or_nothing_could(question, seed):
    blueprint, bank, lock, taught, versions = question
    plan = plan_of(question)
    oracle = Oracle(plan, used(lock), taught if blueprint.constraints.taught else None)
    keys = asked(blueprint, plan.problems, versions)
    outcome = draw(
        blueprint,
        bank,
        (lock,),
        versions=version_names(versions),
        seed=seed,
        taught=taught,
        choices_of=lambda problem, assignment: (),
    )
    if outcome.value is None:
        assert {d.code for d in outcome.diagnostics} == {Code.BLUEPRINT_IMPOSSIBLE}
        assert not oracle.possible(keys)
        return
    made = tuple(
        tuple((item.section - 1, item.problem) for item in version.items)
        for version in outcome.value.lock.versions
    )
    assert oracle.all_hold(made, keys) == []
    for version in made:
        assert len({name for _, name in version}) == len(version)
        assert all(oracle.wheres[s].matches(plan.problems[name]) for s, name in version)
        assert all(plan.problems[name].metadata.status == "ready" for _, name in version)


@pytest.mark.parametrize("find", [explain, cut_down])
@KEEP
@given(question=questions())
def test_an_explanation_clashes_and_no_member_is_idle(find, question):
    blueprint, _, lock, taught, versions = question
    plan = plan_of(question)
    oracle = Oracle(plan, used(lock), taught if blueprint.constraints.taught else None)
    rules = make_rules(plan)
    assume(not oracle.possible(asked(blueprint, plan.problems, versions)))
    clash = find(plan, rules)
    keys = {rule.key for rule in clash.rules}
    assert clash.proven
    assert keys
    assert not oracle.possible(keys)
    for key in keys:
        assert oracle.possible(keys - {key}), key


@KEEP
@given(questions())
def test_the_rules_are_what_the_blueprint_asks(question):
    blueprint, _, _, _, versions = question
    plan = plan_of(question)
    keys = asked(blueprint, plan.problems, versions)
    made = [rule.key for rule in make_rules(plan)]
    assert len(set(made)) == len(made)
    assert set(made) <= keys
    # Conditions that keep nobody out, and shares that allow everything, need no rule.
    silent = {("visibility",), ("exclude",), ("constraints", "overlap", "max")}
    silent |= {("constraints", "taught"), ("constraints", "not_used_since")}
    silent |= {("sections", n, "points") for n in range(2)}
    assert keys - set(made) <= silent
