"""A draw stays what it was: what a lock has is left alone as far as it still fits."""

from __future__ import annotations

import pytest

from notesbuild.diagnostics import Code, Outcome
from notesbuild.exam.draw import Drawn, Earlier, draw
from notesbuild.exam.lockfile import lock_text
from notesbuild.exam.render import choices_of
from notesbuild.model.exam import Lock, version_names
from notesbuild.source.yaml import read_record
from tests.draw.banks import bank, drawn, exam, many, problem, read

PATH = "exams/course/exam.lock.yaml"
CHOICES = r"""
Which of \VAR{n}?
\begin{choices}
  \CorrectChoice one
  \choice two
  \choice three
  \choice four
\end{choices}
"""
VARIED = {"body": CHOICES, "kind": "multiple-choice", "params": "{n: {between: [1, 9999]}}"}
FILES = many("a", 10, minutes=4) | many("b", 10, minutes=6, **VARIED)
BLUEPRINT = exam(
    """
    sections:
      - {title: Short, pick: 2, where: "kind == 'short'"}
      - {title: Choices, pick: 1, where: "kind == 'multiple-choice'"}
    constraints: {overlap: {max: 0}}
    """
)


def text_of(root, **how) -> str:
    return lock_text(drawn(root, **how).lock)


def again(root, text: str, *, versions=4, seed=1, pinned=False) -> Outcome[Drawn | None]:
    """The draw of course/exam with this text as its lock."""
    project = read(root)
    blueprint = project.blueprint("course/exam")
    lock = read_record(text, PATH, Lock)
    assert blueprint is not None
    assert lock.value is not None
    return draw(
        blueprint,
        project.bank,
        (),
        versions=version_names(versions),
        seed=seed,
        taught=None,
        choices_of=choices_of,
        earlier=Earlier(lock.value, pinned=pinned),
    )


def lock_after(root, text: str, **how) -> Lock:
    outcome = again(root, text, **how)
    assert outcome.diagnostics == ()
    assert outcome.value is not None
    return outcome.value.lock


def test_drawing_again_changes_nothing(make_project):
    root = make_project(FILES | BLUEPRINT)
    text = text_of(root, versions=4)
    assert lock_text(lock_after(root, text)) == text


def test_a_further_version_leaves_the_others_alone(make_project):
    root = make_project(FILES | BLUEPRINT)
    text = text_of(root, versions=4)
    lock = lock_after(root, text, versions=5)
    assert lock_text(lock).startswith(text)
    used = [item.problem for version in lock.versions for item in version.items]
    assert len(set(used)) == len(used) == 15


def test_a_further_version_is_as_like_the_others_as_can_be(make_project):
    files = many("p", 8, minutes=5) | many("q", 8, minutes=9)
    files |= exam("sections: [{title: All, pick: 2}]\nconstraints: {overlap: {max: 0}}")
    root = make_project(files)
    text = text_of(root, versions=3)
    outcome = again(root, text, versions=4)
    assert outcome.value is not None
    assert outcome.value.summary.gaps.minutes == 0
    assert outcome.value.fairest is None


def test_fewer_versions_are_the_first_ones(make_project):
    root = make_project(FILES | BLUEPRINT)
    text = text_of(root, versions=4)
    lock = lock_after(root, text, versions=2)
    assert text.startswith(lock_text(lock))


def test_a_problem_more_in_the_bank_changes_nothing(make_project):
    text = text_of(make_project(FILES | BLUEPRINT), versions=4)
    more = many("c", 5, minutes=4) | FILES | BLUEPRINT
    assert lock_text(lock_after(make_project(more), text)) == text


def test_a_mended_problem_gets_its_new_digest_and_keeps_the_rest(make_project):
    root = make_project(FILES | BLUEPRINT)
    lock = drawn(root, versions=4).lock
    item = lock.versions[1].items[2]
    body = CHOICES.replace("four", "five")
    mended = problem(**{**VARIED, "body": body}, minutes=6)
    files = {**FILES, **BLUEPRINT, f"problem_bank/t/{item.problem}.tex": mended}
    after = lock_after(make_project(files), lock_text(lock))
    new = after.versions[1].items[2]
    assert new.digest != item.digest
    assert new.model_copy(update={"digest": item.digest}) == item
    assert after.versions[0] == lock.versions[0]


def test_a_parameter_that_a_mended_problem_refuses_is_drawn_again(make_project):
    lock = drawn(make_project(FILES | BLUEPRINT), versions=1).lock
    item = lock.versions[0].items[2]
    mended = problem(**{**VARIED, "params": "{n: {choose: [-1]}}"}, minutes=6)
    files = {**FILES, **BLUEPRINT, f"problem_bank/t/{item.problem}.tex": mended}
    after = lock_after(make_project(files), lock_text(lock), versions=1)
    assert after.versions[0].items[2].params == {"n": -1}
    assert after.versions[0].items[:2] == lock.versions[0].items[:2]


def test_choices_that_a_mended_problem_lacks_are_ordered_again(make_project):
    lock = drawn(make_project(FILES | BLUEPRINT), versions=1).lock
    item = lock.versions[0].items[2]
    body = CHOICES.replace("\\choice four", "")
    mended = problem(**{**VARIED, "body": body}, minutes=6)
    files = {**FILES, **BLUEPRINT, f"problem_bank/t/{item.problem}.tex": mended}
    (after,) = lock_after(make_project(files), lock_text(lock), versions=1).versions
    assert sorted(after.items[2].choices[0]) == [0, 1, 2]
    assert after.items[2].params == item.params


def test_what_an_editor_wrote_stays(make_project):
    root = make_project(FILES | BLUEPRINT)
    lock = drawn(root, versions=2).lock
    items = lock.versions[0].items
    mine = items[2].model_copy(update={"params": {"n": 123456}, "choices": ()})
    version = lock.versions[0].model_copy(update={"items": (items[1], items[0], mine)})
    edited = lock.model_copy(update={"versions": (version, lock.versions[1])})
    assert lock_after(root, lock_text(edited), versions=2).versions == edited.versions


def test_another_seed_draws_everything_anew(make_project):
    root = make_project(FILES | BLUEPRINT)
    text = text_of(root, versions=4)
    assert lock_text(lock_after(root, text, seed=2)) == text_of(root, versions=4, seed=2)


def test_a_version_that_does_not_fit_any_more_is_drawn_anew_and_told(make_project):
    root = make_project(FILES | BLUEPRINT)
    lock = drawn(root, versions=3).lock
    gone = lock.versions[1].items[0].problem
    files = FILES | exam(
        f"""
        sections:
          - {{title: Short, pick: 2, where: "kind == 'short'"}}
          - {{title: Choices, pick: 1, where: "kind == 'multiple-choice'"}}
        exclude: [{gone}]
        """
    )
    outcome = again(make_project(files), lock_text(lock), versions=3)
    assert outcome.value is not None
    after = outcome.value.lock
    assert (after.versions[0], after.versions[2]) == (lock.versions[0], lock.versions[2])
    assert gone not in [item.problem for item in after.versions[1].items]
    (remark,) = outcome.diagnostics
    assert (remark.code, remark.severity) == (Code.DRAWN_ANEW, "warning")
    assert remark.message.startswith("version B is drawn anew")
    assert (remark.span.path, remark.span.line) == (PATH, 25)
    assert remark.notes == ("exams/course/exam.yaml:8:1: exclude leaves 19 of 20 problems",)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("overlap: {max: 0}", "overlap: 0 lets two of 2 versions share no problem of 2"),
        ("balance: {minutes: 0}", "the minutes of two versions may lie 0 apart"),
    ],
)
def test_versions_that_do_not_fit_together_any_more_are_all_drawn_anew(make_project, keys, words):
    files = bank(a=problem(), b=problem(minutes=9), c=problem(minutes=9), d=problem())
    old = exam("sections: [{title: All, pick: 2}]\nrequire: [a]")
    lock = drawn(make_project(files | old), versions=2).lock
    a, b, c = (lock.versions[0].items[0].model_copy(update={"problem": n}) for n in "abc")
    first = lock.versions[0].model_copy(update={"items": (a, b)})
    second = lock.versions[1].model_copy(update={"items": (b, c)})
    edited = lock.model_copy(update={"versions": (first, second)})
    new = exam(f"sections: [{{title: All, pick: 2}}]\nconstraints: {{{keys}}}")
    outcome = again(make_project(files | new), lock_text(edited), versions=2)
    assert outcome.value is not None
    (remark,) = outcome.diagnostics
    assert remark.message.startswith("every version is drawn anew")
    assert remark.notes[0].endswith(words)


def test_where_no_further_version_fits_all_are_drawn_anew(make_project):
    files = many("p", 2, points=1) | many("q", 2, points=9)
    files |= exam(
        """
        sections: [{title: All, pick: 2}]
        constraints: {overlap: {max: 0}, balance: {points: 0}}
        """
    )
    root = make_project(files)
    lock = drawn(root, versions=2).lock
    item = lock.versions[0].items[0]
    p = [item.model_copy(update={"problem": f"p-{n}", "points": 1}) for n in (1, 2)]
    only = lock.versions[0].model_copy(update={"items": tuple(p)})
    edited = lock.model_copy(update={"versions": (only,)})
    outcome = again(root, lock_text(edited), versions=2)
    assert outcome.value is not None
    assert outcome.value.summary.gaps.points == 0
    (remark,) = outcome.diagnostics
    assert remark.code is Code.DRAWN_ANEW
    assert remark.message == "no version B fits beside those of the lock: all are drawn anew"


def pinned_in(lock: Lock, version: int, item: int, **changes: object) -> Lock:
    """The lock with one item pinned."""
    items = list(lock.versions[version].items)
    items[item] = items[item].model_copy(update={"pinned": True, **changes})
    versions = list(lock.versions)
    versions[version] = versions[version].model_copy(update={"items": tuple(items)})
    return lock.model_copy(update={"versions": tuple(versions)})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_pinned_stays_and_the_rest_is_drawn_around_it(make_project, seed):
    root = make_project(FILES | BLUEPRINT)
    lock = pinned_in(drawn(root, versions=3).lock, 1, 2, params={"n": 77}, choices=((3, 2, 1, 0),))
    lock = pinned_in(lock, 0, 0)
    after = lock_after(root, lock_text(lock), versions=3, seed=seed, pinned=True)
    assert lock.versions[1].items[2] in after.versions[1].items
    assert lock.versions[0].items[0] in after.versions[0].items
    used = [item.problem for version in after.versions for item in version.items]
    assert len(set(used)) == 9


def test_pins_that_cannot_be_kept_stand_in_the_explanation(make_project):
    root = make_project(FILES | BLUEPRINT)
    lock = pinned_in(drawn(root, versions=2).lock, 0, 0, problem="a-1")
    lock = pinned_in(lock, 1, 0, problem="a-1")
    text = lock_text(lock)
    outcome = again(root, text, versions=2, pinned=True)
    assert outcome.value is None
    (found,) = outcome.diagnostics
    lines = [n for n, line in enumerate(text.split("\n"), 1) if "pinned" in line]
    assert found.code is Code.BLUEPRINT_IMPOSSIBLE
    assert list(found.notes[1:]) == [
        f"{PATH}:{lines[0]}:9: 'a-1' is pinned to section 'Short' of version A",
        f"{PATH}:{lines[1]}:9: 'a-1' is pinned to section 'Short' of version B",
    ]
    assert "overlap: 0" in found.notes[0]


def test_a_pin_in_a_section_that_does_not_take_it(make_project):
    root = make_project(FILES | BLUEPRINT)
    lock = pinned_in(drawn(root, versions=1).lock, 0, 0, problem="b-1")
    outcome = again(root, lock_text(lock), versions=1, pinned=True)
    (found,) = outcome.diagnostics
    assert len(found.notes) == 1
    assert found.notes[0].endswith("whose `where` it does not meet (or it is not ready)")
    assert found.hint == "with 'b-1' not pinned in version A it works"


def test_pins_that_name_nothing(make_project):
    root = make_project(FILES | BLUEPRINT)
    lock = pinned_in(drawn(root, versions=1).lock, 0, 0, problem="a-11")
    lock = pinned_in(lock, 0, 2, section=3)
    outcome = again(root, lock_text(lock), versions=1, pinned=True)
    assert outcome.value is None
    assert [(d.code, str(d.span)) for d in outcome.diagnostics] == [
        (Code.UNKNOWN_PROBLEM, f"{PATH}:12:9"),
        (Code.LOCK_WRONG, f"{PATH}:20:9"),
    ]
