"""The nearest blueprint that works, proposed where nothing can be drawn."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from notesbuild.exam.changes import Change
from notesbuild.exam.explain import explain
from notesbuild.exam.nearest import nearest_changes
from notesbuild.exam.plan import Plan
from notesbuild.exam.rules import make_rules
from notesbuild.exam.select import Selection, select
from tests.draw.banks import draw_in, exam, many
from tests.draw.oracle import Oracle, asked
from tests.draw.test_promises import KEEP, plan_of, questions, used

SIX = many("p", 6, minutes=5, points=4) | many("q", 2, minutes=30, points=9, topics="[rare]")

PROPOSALS = {
    "points": ("points: 20", "points: 22", "20"),
    "minutes": ("minutes: {max: 12}", "minutes: {max: 15}", "at most 12"),
    "minutes from below": ("minutes: {min: 80, max: 90}", "minutes: [65, 90]", "80 to 90"),
    "difficulty": (
        "difficulty: {mean: {min: 3.5}}",
        "difficulty: {mean: {min: 2}}",
        "at least 3.5",
    ),
    "points of a topic": (
        "topics: {rare: {points: {min: 19}}}",
        "topics: {rare: {points: {min: 18}}}",
        "at least 19",
    ),
    "problems of a topic": (
        "topics: {rare: {problems: 3}}",
        "topics: {rare: {problems: 2}}",
        "3",
    ),
}


@pytest.mark.parametrize("case", PROPOSALS)
def test_one_bound_is_loosened_as_little_as_can_be(make_project, case):
    asks, works, now = PROPOSALS[case]
    files = SIX | exam(f"sections: [{{title: All, pick: 3}}]\nconstraints: {{{asks}}}")
    root = make_project(files)
    (found,) = draw_in(root).diagnostics
    assert found.hint == f"with `{works}` (now {now}) it works"
    mended = SIX | exam(f"sections: [{{title: All, pick: 3}}]\nconstraints: {{{works}}}")
    assert draw_in(make_project(mended)).value is not None


def test_two_clashes_need_two_changes(make_project):
    files = SIX | exam(
        """
        sections: [{title: All, pick: 3}]
        constraints: {points: 13, difficulty: {mean: 4}}
        """
    )
    (found,) = draw_in(make_project(files)).diagnostics
    assert found.hint == ("with `points: 12` (now 13) and `difficulty: {mean: 2}` (now 4) it works")


def test_what_has_no_number_is_left_out_if_nothing_else_helps(make_project):
    files = SIX | exam("sections: [{title: All, pick: 3}]\nrequire: [p-1]\nexclude: [p-1]")
    (found,) = draw_in(make_project(files)).diagnostics
    assert found.hint in (
        "with 'p-1' left out of `require` it works",
        "with `exclude` left out it works",
    )


def test_a_section_that_picks_too_many(make_project):
    files = many("p", 7) | exam(
        """
        sections: [{title: All, pick: 4}]
        constraints: {overlap: {max: 0}}
        """
    )
    (found,) = draw_in(make_project(files), versions=2).diagnostics
    assert found.hint == "with `overlap: {max: 0.25}` (now 0) it works"


@KEEP
@given(questions())
def test_a_proposal_works_and_nothing_in_it_is_idle(question):
    blueprint, _, lock, taught, versions = question
    plan = plan_of(question)
    oracle = Oracle(plan, used(lock), taught if blueprint.constraints.taught else None)
    keys = asked(blueprint, plan.problems, versions)
    assume(not oracle.possible(keys))
    assume(
        all(len(s) >= w.pick for s, w in zip(plan.pool.sections, blueprint.sections, strict=True))
    )
    changes = nearest_changes(plan, explain(plan, make_rules(plan)).rules)
    assume(changes)  # a `where` is not changed, enemies are not reconciled, no section is emptied
    assert isinstance(select(changed(plan, changes), 3), Selection)
    for change in changes:
        others = tuple(other for other in changes if other is not change)
        assert not isinstance(select(changed(plan, others), 3), Selection), change.words


def changed(plan: Plan, changes: tuple[Change, ...]) -> Plan:
    for change in changes:
        plan = change.apply(plan)
    return plan
