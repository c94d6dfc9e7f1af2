"""What comes out of ``exam draw``: selections, orders, parameters and choices."""

from __future__ import annotations

import pytest

from notesbuild.diagnostics import Code
from notesbuild.exam.lockfile import lock_text
from tests.draw.banks import EXAM, bank, draw_in, drawn, exam, ids, many, problem, read

ONE_OF = exam("sections: [{title: All, pick: 2}]")
CHOICES = r"""
Which one?
\begin{choices}
  \CorrectChoice one
  \choice two
  \choice three
  \choice four
  \choice[fixed] none of these
\end{choices}
"""
PARAMETERS = {"params": "{n: {choose: [2, 3, 4, 5, 6, 7, 8, 9]}}"}


def test_versions_share_nothing_where_nothing_may_be_shared(make_project):
    files = many("p", 8) | exam(
        """
        sections: [{title: All, pick: 4}]
        constraints: {overlap: {max: 0}}
        """
    )
    found = drawn(make_project(files), versions=2)
    assert len({*ids(found, 0), *ids(found, 1)}) == 8
    assert found.summary.most_shared == 0


def test_a_share_is_kept_between_every_two_of_many_versions(make_project):
    files = many("p", 9) | exam(
        """
        sections: [{title: All, pick: 4}]
        constraints: {overlap: {max: 0.5}}
        """
    )
    found = drawn(make_project(files), versions=5)
    sets = [set(ids(found, n)) for n in range(5)]
    assert max(len(a & b) for n, a in enumerate(sets) for b in sets[:n]) == 2


def test_only_ready_problems_for_exams_are_drawn(make_project):
    files = ONE_OF | bank(
        a=problem(),
        b=problem(),
        draft=problem(status="draft"),
        retired=problem(status="retired"),
        practice=problem(visibility="practice"),
        shown=problem(visibility="public"),
    )
    assert sorted(ids(drawn(make_project(files)))) == ["a", "b"]


def test_practice_problems_are_drawn_where_the_blueprint_says_so(make_project):
    files = bank(a=problem(visibility="practice"), b=problem()) | exam(
        """
        sections: [{title: All, pick: 2}]
        visibility: [exam, practice]
        """
    )
    assert sorted(ids(drawn(make_project(files)))) == ["a", "b"]


LOCK = """
format: 1
exam: course/{name}
seed: 1
{date}
versions:
  - version: A
    items:
      - {{section: 1, problem: {problem}, points: 4, digest: "0000000000000000"}}
"""


@pytest.mark.parametrize(
    ("date", "counts"),
    [
        ("date: 2029-12-31", False),
        ("date: 2030-01-01", True),
        ("date: 2030-06-01", True),
        ("date: 2030-06-02", False),
        ("", True),
    ],
)
def test_problems_of_earlier_exams_are_left_out(make_project, date, counts):
    files = many("p", 3) | exam(
        """
        sections: [{title: All, pick: 2}]
        require: [p-1]
        constraints: {not_used_since: 2030-01-01}
        """
    )
    files["exams/course/old.lock.yaml"] = LOCK.format(name="old", date=date, problem="p-1")
    outcome = draw_in(make_project(files))
    assert (outcome.value is None) == counts


@pytest.mark.parametrize(("course", "counts"), [("course", True), ("other", False)])
def test_only_exams_of_named_courses_count(make_project, course, counts):
    files = many("p", 3) | exam(
        f"""
        sections: [{{title: All, pick: 2}}]
        require: [p-1]
        constraints: {{not_used_since: 2030-01-01, not_used_in: [{course}]}}
        """
    )
    lock = LOCK.format(name="old", date="date: 2030-02-01", problem="p-1")
    files["exams/course/old.lock.yaml"] = lock
    outcome = draw_in(make_project(files))
    assert (outcome.value is None) == counts


def test_the_exam_s_own_lock_does_not_count(make_project):
    files = many("p", 2) | exam(
        """
        sections: [{title: All, pick: 2}]
        constraints: {not_used_since: 2030-01-01}
        """
    )
    lock = LOCK.format(name="exam", date="date: 2030-06-01", problem="p-1")
    files["exams/course/exam.lock.yaml"] = lock
    assert sorted(ids(drawn(make_project(files)))) == ["p-1", "p-2"]


def test_only_what_was_taught_is_drawn(make_project):
    files = many("p", 4) | exam(
        """
        sections: [{title: All, pick: 2}]
        constraints: {taught: true}
        """
    )
    found = drawn(make_project(files), taught=frozenset({"p-2", "p-4"}))
    assert sorted(ids(found)) == ["p-2", "p-4"]


def test_nobody_knows_what_was_taught(make_project):
    files = many("p", 2) | exam(
        """
        sections: [{title: All, pick: 2}]
        constraints: {taught: true}
        """
    )
    outcome = draw_in(make_project(files))
    assert outcome.value is not None
    (remark,) = outcome.diagnostics
    assert (remark.code, remark.severity) == (Code.BLUEPRINT_WRONG, "warning")
    assert str(remark.span) == f"{EXAM}:6:15"


def test_sections_keep_their_order_and_problems_are_shuffled_inside(make_project):
    files = many("a", 3) | many("b", 3, kind="proof")
    files |= exam(
        """
        sections:
          - {title: Proofs, pick: 3, where: "kind == 'proof'"}
          - {title: Short, pick: 3, where: "kind == 'short'"}
        """
    )
    root = make_project(files)
    orders = {tuple(ids(drawn(root, seed=seed))) for seed in range(12)}
    assert {tuple(sorted(order[:3])) for order in orders} == {("b-1", "b-2", "b-3")}
    assert len(orders) > 4


def test_a_fixed_order_is_that_of_the_bank(make_project):
    files = many("p", 4) | exam("sections: [{title: All, pick: 4}]\norder: fixed")
    root = make_project(files)
    for seed in range(3):
        assert ids(drawn(root, seed=seed)) == ["p-1", "p-2", "p-3", "p-4"]


def test_easy_problems_come_first_by_difficulty(make_project):
    files = many("a", 2, difficulty=4) | many("b", 2, difficulty=1) | many("c", 2, difficulty=2)
    files |= exam("sections: [{title: All, pick: 6}]\norder: by-difficulty")
    root = make_project(files)
    orders = {tuple(name[0] for name in ids(drawn(root, seed=seed))) for seed in range(5)}
    assert orders == {("b", "b", "c", "c", "a", "a")}
    assert len({tuple(ids(drawn(root, seed=seed))) for seed in range(5)}) > 1


def test_points_minutes_difficulty_and_topics_come_out_as_asked(make_project):
    files = many("a", 3, points=3, minutes=4, difficulty=1, topics="[x]")
    files |= many("b", 3, points=5, minutes=9, difficulty=3, topics="[x, y]")
    files |= many("c", 3, points=7, minutes=2, difficulty=5, topics="[y]")
    files |= exam(
        """
        sections: [{title: All, pick: 3}]
        constraints:
          points: 15
          minutes: {min: 14, max: 15}
          difficulty: {mean: [2.9, 3]}
          topics: {x: {points: [8, 8]}, y: {problems: 2}}
        """
    )
    for seed in range(3):
        (row,) = drawn(make_project(files), seed=seed).summary.versions
        assert (row.points, row.minutes, row.difficulty) == (15, 15, 3)
        assert (row.topic_points("x"), row.topic_points("y")) == (8, 12)
        assert row.topic_points("z") == 0


def test_enemies_never_meet_and_required_problems_are_always_there(make_project):
    files = bank(
        a=problem(enemies="[b, c]"), b=problem(), c=problem(enemies="[d]"), d=problem()
    ) | exam("sections: [{title: All, pick: 2}]\nrequire: [b]")
    root = make_project(files)
    drawings = [drawn(root, versions=3, seed=seed) for seed in range(4)]
    pairs = {frozenset(ids(found, n)) for found in drawings for n in range(3)}
    assert pairs == {frozenset("bc"), frozenset("bd")}


def test_another_seed_draws_other_problems_and_the_same_seed_the_same_lock(make_project):
    files = many("p", 12) | exam("sections: [{title: All, pick: 4}]")
    root = make_project(files)
    texts = [lock_text(drawn(root, versions=2, seed=seed).lock) for seed in (1, 1, 2)]
    assert texts[0] == texts[1]
    assert {frozenset(ids(drawn(root, seed=seed))) for seed in range(6)} != {
        frozenset(ids(drawn(root, seed=1)))
    }


def test_versions_are_balanced_even_where_nobody_asks(make_project):
    files = many("a", 4, minutes=5) | many("b", 4, minutes=25)
    files |= exam("sections: [{title: All, pick: 4}]")
    for seed in range(4):
        summary = drawn(make_project(files), versions=4, seed=seed).summary
        assert summary.gaps.minutes == 0


def test_versions_that_share_a_problem_differ_in_its_parameters(make_project):
    shared = problem(body=r"Is $\VAR{n}$ prime?", **PARAMETERS)
    files = bank(p=shared) | exam("sections: [{title: All, pick: 1}]")
    found = drawn(make_project(files), versions=8)
    values = [version.items[0].params["n"] for version in found.lock.versions]
    assert sorted(values) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_parameters_repeat_when_all_are_taken(make_project):
    few = problem(params="{n: {choose: [2, 3]}}", require='["n > 2"]')
    files = bank(p=few) | exam("sections: [{title: All, pick: 1}]")
    found = drawn(make_project(files), versions=3)
    assert [v.items[0].params for v in found.lock.versions] == [{"n": 3}] * 3


def test_rare_parameters_are_found(make_project):
    rare = problem(params="{n: {between: [1, 9999]}}", require='["n == 777"]')
    files = bank(p=rare) | exam("sections: [{title: All, pick: 1}]")
    assert drawn(make_project(files)).lock.versions[0].items[0].params == {"n": 777}


def test_choices_are_shuffled_and_fixed_ones_stay(make_project):
    files = bank(p=problem(body=CHOICES, kind="multiple-choice"))
    files |= exam("sections: [{title: All, pick: 1}]")
    root = make_project(files)
    orders = {drawn(root, seed=seed).lock.versions[0].items[0].choices for seed in range(10)}
    assert len(orders) > 5
    for (order,) in orders:
        assert sorted(order[:4]) == [0, 1, 2, 3]
        assert order[4] == 4


def test_choices_keep_the_author_s_order_without_shuffle(make_project):
    files = bank(p=problem(body=CHOICES, kind="multiple-choice", shuffle="false"))
    files |= exam("sections: [{title: All, pick: 1}]")
    (item,) = drawn(make_project(files), seed=3).lock.versions[0].items
    assert item.choices == ((0, 1, 2, 3, 4),)


def test_generated_choices_are_counted_after_rendering(make_project):
    body = r"""
    Pick.
    \begin{choices}
      \CorrectChoice right
      \BLOCK{for i in range(n)}
      \choice wrong \VAR{i}
      \BLOCK{endfor}
    \end{choices}
    """
    files = bank(p=problem(body=body, kind="multiple-choice", params="{n: {choose: [4]}}"))
    files |= exam("sections: [{title: All, pick: 1}]")
    (item,) = drawn(make_project(files)).lock.versions[0].items
    assert sorted(item.choices[0]) == [0, 1, 2, 3, 4]


def varied(root, seed=1):
    """Everything that chance decided, by version and problem."""
    found = drawn(root, versions=3, seed=seed)
    return {
        (version.version, item.problem): (item.params, item.choices)
        for version in found.lock.versions
        for item in version.items
    }


def test_mending_one_problem_changes_nothing_of_the_others(make_project):
    body = CHOICES.replace("Which one?", r"Which of \VAR{n}?")
    files = many("p", 6, body=body, kind="multiple-choice", **PARAMETERS)
    files |= exam("sections: [{title: All, pick: 3}]")
    before = varied(make_project(files))
    mended = problem(
        body=body.replace("four", "five").replace("two", "six").replace("\\choice three\n", "\n"),
        kind="multiple-choice",
        params="{n: {choose: [5, 6]}, m: {choose: [1, 2]}}",
    )
    after = varied(make_project({**files, "problem_bank/t/p-2.tex": mended}))
    assert before.keys() == after.keys()
    changed = {key for key in before if before[key] != after[key]}
    assert changed
    assert {name for _, name in changed} == {"p-2"}


def test_a_lock_names_its_exam_and_the_state_of_its_problems(make_project):
    root = make_project(ONE_OF | many("p", 2))
    lock = drawn(root, seed=5).lock
    digests = {p.id: p.digest for p in read(root).bank.problems}
    assert (lock.exam, lock.seed, str(lock.date)) == ("course/exam", 5, "2030-06-01")
    assert {item.problem: item.digest for item in lock.versions[0].items} == digests
