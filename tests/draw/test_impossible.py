"""What ``exam draw`` says when there is nothing to draw."""

from __future__ import annotations

import pytest

from notesbuild.diagnostics import Code, Diagnostic
from notesbuild.exam import explain, nearest, select, soften
from tests.draw.banks import EXAM, bank, draw_in, exam, many, problem


def refused(root, **how) -> Diagnostic:
    outcome = draw_in(root, **how)
    assert outcome.value is None
    (found,) = outcome.diagnostics
    return found


def test_an_empty_bank(make_project):
    found = refused(make_project(exam("sections: [{title: All, pick: 1}]")))
    assert found.code is Code.EMPTY_BANK
    assert str(found.span) == f"{EXAM}:5:1"


def test_a_section_without_enough_problems_tells_where_they_went(make_project):
    files = many("a", 2) | many("b", 2, points=9) | many("d", 3, status="draft")
    files |= bank(shown=problem(visibility="public"), other=problem(kind="proof"))
    files |= exam(
        """
        sections:
          - title: Short answers
            pick: 4
            where: "kind == 'short'"
            points: 4
        exclude: [a-1]
        """
    )
    found = refused(make_project(files))
    assert found.code is Code.BLUEPRINT_IMPOSSIBLE
    assert str(found.span) == f"{EXAM}:7:5"
    assert found.message == "section 'Short answers' needs 4 problems; 1 is left"
    assert found.notes == (
        f"{EXAM}:8:5: 5 ready problems meet its where (3 more would if their status were ready)",
        f"{EXAM}:9:5: points: 4 leaves 3 of these 5",
        f"{EXAM}:1:1: visibility: exam leaves 2 of these 3",
        f"{EXAM}:10:1: exclude leaves 1 of these 2",
    )
    assert found.hint == "add 3 problems, pick fewer, or drop a condition"


def test_every_section_that_lacks_problems_is_named(make_project):
    files = many("p", 2) | exam(
        "sections: [{title: One, pick: 3}, {title: Two, pick: 2}, {title: Three, pick: 9}]"
    )
    outcome = draw_in(make_project(files))
    assert [d.message[:17] for d in outcome.diagnostics] == [
        "section 'One' nee",
        "section 'Three' n",
    ]


PICK = f"{EXAM}:5:25: section 'All' needs 3; 6 problems meet its where"
REQUIRED = f"{EXAM}:6:11: 'p-1' is required in every version; it fits into 'All'"
CLASHES = {
    "points that no selection has": (
        "constraints: {points: 13}",
        [f"{EXAM}:6:15: points: 13; the sections can give 12"],
    ),
    "minutes that are too few": (
        "constraints: {minutes: {max: 14}}",
        [PICK, f"{EXAM}:6:15: minutes: at most 14; the sections can give 15"],
    ),
    "a mean that is too high": (
        "constraints: {difficulty: {mean: [3, 4]}}",
        [PICK, f"{EXAM}:6:28: a mean difficulty of 3 to 4; the sections can give 2.00 to 2.00"],
    ),
    "a topic with too few problems": (
        "constraints: {topics: {means: {problems: {max: 2}}}}",
        [
            PICK,
            f"{EXAM}:6:32: means: problems at most 2; 6 problems of this topic are left; "
            "the sections can give 3",
        ],
    ),
    "versions that need more problems than there are": (
        "constraints: {overlap: {max: 0}}",
        [PICK, f"{EXAM}:6:25: overlap: 0 lets two of 3 versions share no problem of 3"],
    ),
    "a required problem in versions that share nothing": (
        "require: [p-1]\nconstraints: {overlap: {max: 0}}",
        [REQUIRED, f"{EXAM}:7:25: overlap: 0 lets two of 3 versions share no problem of 3"],
    ),
    "a required problem that is not there": (
        "require: [nobody]",
        [
            f"{EXAM}:6:11: 'nobody' is required in every version; "
            "it fits into no section (or is not ready)"
        ],
    ),
    "a required problem that is excluded": (
        "require: [p-1]\nexclude: [p-1]",
        [REQUIRED, f"{EXAM}:7:1: exclude leaves 5 of 6 problems"],
    ),
}


@pytest.mark.parametrize("case", CLASHES)
def test_a_clash_names_its_members_and_nothing_else(make_project, case):
    keys, notes = CLASHES[case]
    files = many("p", 6) | exam(f"sections: [{{title: All, pick: 3}}]\n{keys}")
    found = refused(make_project(files), versions=3)
    assert found.code is Code.BLUEPRINT_IMPOSSIBLE
    assert list(found.notes) == notes
    assert str(found.span) == notes[0].split(": ")[0]


def test_enemies_are_named_at_their_problem(make_project):
    files = bank(a=problem(enemies="[b]"), b=problem())
    files |= exam("sections: [{title: All, pick: 2}]")
    found = refused(make_project(files))
    assert found.message == (
        "no selection of problems meets these 2 constraints together even in one version"
    )
    assert found.notes == (
        f"{EXAM}:5:25: section 'All' needs 2; 2 problems meet its where",
        "problem_bank/t/a.tex:9:13: 'a' and 'b' are enemies: one version cannot have both",
    )
    assert str(found.span) == f"{EXAM}:5:25"


@pytest.mark.parametrize(
    ("balance", "what", "works"),
    [
        ("points: 1", "points", "balance: {points: 7}"),
        ("minutes: 2", "minutes", "overlap: {max: 1}"),
        ("difficulty: 0.5", "mean difficulty", "balance: {difficulty: 4}"),
        ("topic_points: 1", "topic points", "balance: {topic_points: 7}"),
    ],
)
def test_versions_that_cannot_be_balanced(make_project, balance, what, works):
    files = bank(
        a=problem(points=2, minutes=3, difficulty=1),
        b=problem(points=9, minutes=30, difficulty=5),
    )
    files |= exam(
        f"""
        sections: [{{title: All, pick: 1}}]
        constraints:
          overlap: {{max: 0}}
          balance: {{{balance}}}
        """
    )
    found = refused(make_project(files), versions=2)
    assert len(found.notes) == 3
    number = balance.split(": ")[1]
    assert found.notes[-1] == f"{EXAM}:8:13: the {what} of two versions may lie {number} apart"
    assert found.message.endswith("these 3 constraints together in 2 versions")
    assert found.hint == f"with `{works}` (now {number if 'balance' in works else 0}) it works"


@pytest.mark.parametrize(
    ("where", "code", "words"),
    [
        ("kind == 'prof'", Code.WHERE_UNKNOWN, "no problem has 'prof' in kind"),
        ("kind ==", Code.WHERE_SYNTAX, "is not an expression"),
        ("tags[0] == 1", Code.WHERE_SYNTAX, "cannot be evaluated"),
    ],
)
def test_a_where_that_cannot_be_asked(make_project, where, code, words):
    files = many("p", 2) | exam(f'sections:\n  - title: All\n    pick: 1\n    where: "{where}"')
    found = refused(make_project(files))
    assert found.code is code
    assert words in found.message
    assert str(found.span) == f"{EXAM}:8:5"


def test_drafts_on_which_a_where_fails_do_no_harm(make_project):
    files = bank(a=problem(tags="[hard]"), b=problem(status="draft"))
    files |= exam("sections: [{title: All, pick: 2, where: \"tags[0] == 'hard'\"}]")
    found = refused(make_project(files))
    assert found.notes == (f"{EXAM}:5:34: 1 ready problem meets its where",)


def test_parameters_that_cannot_be_drawn_are_told_once(make_project):
    files = bank(
        never=problem(params="{n: {choose: [1, 2]}}", require='["n > 5"]'),
        wrong=problem(params='{n: {choose: [0]}, m: {value: "1/n"}}'),
    )
    files |= exam("sections: [{title: All, pick: 2}]")
    outcome = draw_in(make_project(files), versions=2)
    assert outcome.value is None
    assert {(d.code, str(d.span)) for d in outcome.diagnostics} == {
        (Code.REQUIRE_UNSATISFIABLE, "problem_bank/t/never.tex:10:3"),
        (Code.PARAMETER_WRONG, "problem_bank/t/wrong.tex:9:34"),
    }
    assert len(outcome.diagnostics) == 2


@pytest.mark.parametrize(
    "keys",
    [
        "points: {max: 1e999}",
        "minutes: {min: -1e300}",
        "difficulty: {mean: [1.00000000000000123, 1e300]}",
        "topics: {means: {points: {max: 1e30}}}",
        "balance: {difficulty: 1e300, minutes: 1e999, points: 1e-300, topic_points: 1e20}",
        "overlap: {max: 0.99999999999999999}",
        "overlap: {max: 1}",
    ],
)
def test_enormous_numbers_are_numbers(make_project, keys):
    files = many("p", 6) | exam(f"sections: [{{title: All, pick: 3}}]\nconstraints: {{{keys}}}")
    outcome = draw_in(make_project(files), versions=2)
    assert outcome.diagnostics == ()
    assert outcome.value is not None


def test_a_search_that_is_too_long_says_so(make_project, monkeypatch):
    files = many("p", 14) | exam(
        "sections: [{title: All, pick: 6}]\nconstraints: {overlap: {max: 0.2}}"
    )
    for limit in ("EXACT", "STEP", "BALANCE", "FIND"):
        monkeypatch.setattr(select, limit, 1e-9)
    monkeypatch.setattr(explain, "TEST", 1e-9)
    found = refused(make_project(files), versions=6)
    assert found.code is Code.DRAW_TIMEOUT
    assert str(found.span) == f"{EXAM}:6:1"


def test_a_clash_that_takes_too_long_to_cut_down_promises_nothing(make_project, monkeypatch):
    files = many("p", 14) | exam(
        "sections: [{title: All, pick: 6}]\nconstraints: {overlap: {max: 0.2}}"
    )
    for limit in ("CORE", "TEST"):
        monkeypatch.setattr(explain, limit, 1e-9)
    monkeypatch.setattr(soften, "LIMIT", 1e-9)
    monkeypatch.setattr(nearest, "attempt", lambda plan: None)
    found = refused(make_project(files), versions=6)
    assert found.code is Code.BLUEPRINT_IMPOSSIBLE
    assert len(found.notes) == 2
    assert found.hint is None
