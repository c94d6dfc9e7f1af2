"""A version of their own for every student."""

from __future__ import annotations

from notesbuild.diagnostics import Code, Outcome
from notesbuild.exam.draw import Drawn, Earlier, draw
from notesbuild.exam.lockfile import lock_text
from notesbuild.exam.render import choices_of
from notesbuild.model.exam import Lock
from notesbuild.source.yaml import read_record
from tests.draw.banks import bank, exam, many, problem, read
from tests.draw.oracle import Oracle, asked
from tests.draw.test_stability import PATH, VARIED, pinned_in

FILES = {
    **many("a", 8, minutes=4, difficulty=1, topics="[x]"),
    **many("b", 8, minutes=6, difficulty=3, topics="[y]"),
    **many("c", 8, minutes=9, difficulty=2, points=6, **{**VARIED, "topics": "[x, y]"}),
}
SECTIONS = """
versions: per-student
sections:
  - {title: Short, pick: 3, where: "kind == 'short'"}
  - {title: Choices, pick: 2, where: "kind == 'multiple-choice'"}
"""
BLUEPRINT = exam(
    SECTIONS + "constraints: {points: 24, minutes: {max: 35}, balance: {minutes: 2}, "
    "topics: {x: {points: [12, 20]}}}\nrequire: [a-1]\n"
)
STUDENTS = tuple(f"s{number}" for number in range(30))


def outcome_of(root, students=STUDENTS, *, lock=None, seed=1, pinned=False):
    project = read(root)
    blueprint = project.blueprint("course/exam")
    assert blueprint is not None
    return draw(
        blueprint,
        project.bank,
        (),
        versions=students,
        seed=seed,
        taught=None,
        choices_of=choices_of,
        earlier=Earlier(lock, pinned=pinned) if lock is not None else None,
    )


def students_of(root, students=STUDENTS, **how) -> Lock:
    outcome: Outcome[Drawn | None] = outcome_of(root, students, **how)
    assert outcome.diagnostics == ()
    assert outcome.value is not None
    return outcome.value.lock


def by_student(lock: Lock) -> dict[str, object]:
    return {version.version: version.items for version in lock.versions}


def test_every_student_gets_what_the_blueprint_asks(make_project):
    root = make_project(FILES | BLUEPRINT)
    project = read(root)
    lock = students_of(root)
    assert tuple(version.version for version in lock.versions) == STUDENTS
    (blueprint,) = project.blueprints
    oracle = Oracle.__new__(Oracle)
    oracle.blueprint, oracle.problems = blueprint, project.bank.by_id()
    versions = tuple(
        tuple((item.section - 1, item.problem) for item in version.items)
        for version in lock.versions
    )
    keys = asked(blueprint, oracle.problems, len(versions))
    oracle.used, oracle.taught = set(), None
    assert oracle.all_hold(versions, keys) == []


def test_papers_differ_and_weigh_the_same(make_project):
    outcome = outcome_of(make_project(FILES | BLUEPRINT))
    assert outcome.value is not None
    summary, lock = outcome.value.summary, outcome.value.lock
    gaps = summary.gaps
    assert (gaps.points, gaps.minutes, gaps.difficulty) == (0, 0, 0)
    assert len({frozenset(i.problem for i in v.items) for v in lock.versions}) > 20
    assert summary.shared == ()


def test_a_student_s_paper_does_not_depend_on_the_others(make_project):
    root = make_project(FILES | BLUEPRINT)
    all_of_them = by_student(students_of(root))
    for some in (STUDENTS[3:5], (STUDENTS[20], "late", STUDENTS[7])):
        papers = by_student(students_of(root, some))
        for name in {*some} & {*STUDENTS}:
            assert papers[name] == all_of_them[name]


def test_a_student_more_changes_nobody_else_s_paper(make_project):
    root = make_project(FILES | BLUEPRINT)
    text = lock_text(students_of(root))
    lock = read_record(text, PATH, Lock).value
    more = lock_text(students_of(root, (*STUDENTS, "late"), lock=lock))
    assert more.startswith(text)
    assert "version: late\n" in more


def test_a_new_problem_in_the_bank_moves_no_student(make_project):
    lock = students_of(make_project(FILES | BLUEPRINT))
    root = make_project(FILES | BLUEPRINT | many("d", 4, minutes=4, topics="[x]"))
    after = students_of(root, (*STUDENTS, "late"), lock=lock)
    assert after.versions[:-1] == lock.versions


def test_pins_of_one_student(make_project):
    root = make_project(FILES | BLUEPRINT)
    lock = pinned_in(students_of(root), 2, 4)
    item = lock.versions[2].items[4]
    after = by_student(students_of(root, lock=lock, pinned=True, seed=9))
    assert item in after[STUDENTS[2]]


def test_the_only_selection_is_everybody_s(make_project):
    files = bank(a=problem(**{**VARIED, "body": VARIED["body"]}), b=problem())
    files |= exam("versions: per-student\nsections: [{title: All, pick: 2}]")
    lock = students_of(make_project(files))
    assert {frozenset(i.problem for i in v.items) for v in lock.versions} == {frozenset("ab")}
    values = {next(i.params["n"] for i in v.items if i.params) for v in lock.versions}
    assert len(values) > 20


def test_what_no_student_could_have_is_explained(make_project):
    files = FILES | exam(SECTIONS + "constraints: {points: 23}\n")
    outcome = outcome_of(make_project(files))
    assert outcome.value is None
    (found,) = outcome.diagnostics
    assert found.code is Code.BLUEPRINT_IMPOSSIBLE
    assert "even in one version" in found.message
    assert found.hint == "with `points: 24` (now 23) it works"


def test_overlap_is_not_asked(make_project):
    files = FILES | exam(SECTIONS + "constraints: {overlap: {max: 0}}\n")
    outcome = outcome_of(make_project(files))
    assert outcome.value is not None
    (remark,) = outcome.diagnostics
    assert (remark.code, remark.severity) == (Code.BLUEPRINT_WRONG, "warning")
    assert "`overlap` is not asked" in remark.message
