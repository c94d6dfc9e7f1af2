"""``exam draw`` as a person runs it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result

from notesbuild.cli.main import cli
from tests.draw.banks import exam, many

MANIFEST = {
    "notes/courses/course.yaml": "title: A course\ninstitution: A school\nterm: Spring\n"
    "chapters: [one]\n",
    "notes/chapters/one.md": "# One\n\nA chapter.\n",
}
BANK = many("a", 6, minutes=4) | many("b", 6, minutes=6)
FILES = MANIFEST | BANK | exam("versions: 2\nsections: [{title: All, pick: 3}]")
STUDENTS = MANIFEST | BANK
STUDENTS |= exam("versions: per-student\nsections: [{title: All, pick: 3}]")
LOCK = "exams/course/exam.lock.yaml"


def run(root, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--project", str(root), "exam", "draw", *arguments])


def draw(root, *arguments: str) -> str:
    result = run(root, "course/exam", *arguments)
    assert result.exit_code == 0, result.output
    return (root / LOCK).read_text("utf-8")


def roster(root, text: str) -> str:
    path = root / "students.csv"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_table_tells_how_balanced_the_draw_is(make_project):
    result = run(make_project(FILES), "course/exam")
    assert "mean difficulty" in result.stdout
    assert "Balance: points equal, minutes equal" in result.stdout
    assert "It is proven that no other selection is more balanced." in result.stdout
    assert f"Wrote {LOCK}" in result.stdout


def test_verbose_lists_the_problems_and_what_versions_share(make_project):
    few = MANIFEST | many("a", 4) | exam("versions: 2\nsections: [{title: All, pick: 3}]")
    result = run(make_project(few), "course/exam", "--verbose")
    lines = result.stdout.splitlines()
    assert any(line.split()[:2] == ["A", "1"] and "a-" in line for line in lines)
    assert any(line.split()[:2] == ["A", "-"] for line in lines)


def test_a_second_draw_leaves_the_lock_alone_and_a_fresh_one_does_not(make_project):
    root = make_project(FILES)
    first = draw(root)
    assert draw(root, "--versions", "3").startswith(first)
    assert draw(root) == first
    item = first.split("      - ")[1]
    edited = first.replace(item, item + "        pinned: true\n", 1)
    (root / LOCK).write_text(edited, "utf-8")
    assert draw(root) == edited
    assert draw(root, "--fresh") == first


def test_pins_are_kept_with_another_seed(make_project):
    root = make_project(FILES)
    item = draw(root).split("      - ")[1]
    text = (root / LOCK).read_text("utf-8").replace(item, item + "        pinned: true\n", 1)
    (root / LOCK).write_text(text, "utf-8")
    after = draw(root, "--keep", "--seed", "5")
    assert item + "        pinned: true\n" in after
    assert "seed: 5\n" in after


def test_a_seed_that_the_blueprint_does_not_have_is_worth_a_word(make_project):
    root = make_project(FILES)
    words = "write `seed: 5` into the blueprint"
    assert words in run(root, "course/exam", "--seed", "5").stdout
    path = root / "exams/course/exam.yaml"
    path.write_text(re.sub(r"seed: \d+", "seed: 5", path.read_text("utf-8")), "utf-8")
    assert words not in run(root, "course/exam", "--seed", "5").stdout


def test_keep_and_fresh_contradict_each_other(make_project):
    result = run(make_project(FILES), "course/exam", "--keep", "--fresh")
    assert result.exit_code == 2
    assert "contradict" in result.stderr


def test_json_says_whether_the_draw_is_the_fairest(make_project):
    result = run(make_project(FILES), "course/exam", "--json")
    data = json.loads(result.stdout)
    assert data["summary"]["fairest"] is True
    assert [len(version["items"]) for version in data["lock"]["versions"]] == [3, 3]


def test_a_version_for_every_student_of_a_roster(make_project):
    root = make_project(STUDENTS)
    people = "".join(f"s{number},Student {number}\n" for number in range(40))
    text = draw(root, "--roster", roster(root, f"id,name\n{people}"))
    assert text.count("- version: s") == 40
    result = run(root, "course/exam", "--roster", roster(root, f"id,name\n{people}z,Late\n"))
    assert "41 versions" in result.stdout
    assert "least" in result.stdout
    assert (root / LOCK).read_text("utf-8").startswith(text)


@pytest.mark.parametrize(
    ("files", "arguments", "words"),
    [
        (STUDENTS, (), "has one version per student: a roster says how many"),
        (STUDENTS, ("--versions", "3"), "has one version per student"),
        (FILES, ("--roster", "id,name\na,A\n"), "has 2 versions, not one for every student"),
        (STUDENTS, ("--roster", "id,name,version\na,A,B\n"), "cannot have 'B'"),
    ],
)
def test_versions_and_rosters_that_do_not_fit(make_project, files, arguments, words):
    root = make_project(files)
    options = [roster(root, a) if a.startswith("id,") else a for a in arguments]
    result = run(root, "course/exam", *options)
    assert result.exit_code == 1
    assert words in result.stderr
    assert not (root / LOCK).exists()
