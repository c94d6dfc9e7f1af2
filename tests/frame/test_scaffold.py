"""What `init` and `bank new` write."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from notesbuild import __version__
from notesbuild.cli.main import cli
from notesbuild.model.course import Course
from notesbuild.model.problem import Kind
from notesbuild.pipeline import check_project
from notesbuild.render.parameters import admissible
from notesbuild.run.scaffold import init_files, new_problem, write_project
from notesbuild.source.project import read_project


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("init") / "course"
    made = CliRunner().invoke(cli, ["init", str(folder)])
    assert made.exit_code == 0, made.output
    return folder


def test_the_small_course_is_right_in_every_respect(course):
    project = read_project(course)
    assert project.diagnostics == ()
    assert check_project(project.value) == ()


def test_it_shows_what_there_is(course):
    project = read_project(course).value
    problems = project.bank.problems
    assert {p.metadata.kind for p in problems} == set(Kind)
    assert sum(bool(p.metadata.params) for p in problems) >= 2
    assert {chapter.path.rsplit(".")[-1] for chapter in project.chapters} == {"md", "rst"}
    assert [lock.exam for lock in project.locks] == ["example-course/quiz"]


def test_the_manifest_shows_every_field_but_those_for_special_cases(course):
    written = yaml.safe_load((course / "notes/courses/example-course.yaml").read_text())
    fields = Course.model_fields.items()
    keys = {field.alias or name for name, field in fields if not field.exclude}
    special = {"follows", "about", "publisher", "site", "pdf", "kinds", "counters"}
    assert keys - set(written) == special


def test_every_parameter_of_the_bank_can_be_drawn(course):
    for problem in read_project(course).value.bank.problems:
        if problem.metadata.params:
            assert len(list(admissible(problem.metadata))) >= 4, problem.id


def test_the_versions_of_the_quiz_have_no_problem_in_common(course):
    (lock,) = read_project(course).value.locks
    first, second = ({item.problem for item in version.items} for version in lock.versions)
    assert first and not first & second


def test_the_workflow_is_what_github_reads(course):
    workflow = yaml.safe_load((course / ".github/workflows/course.yml").read_text())
    steps = workflow["jobs"]["build"]["steps"]
    runs = "\n".join(step.get("run", "") for step in steps)
    for command in ("notesbuild check --format github", "notes html", "notes pdf"):
        assert command in runs
    assert "exam" not in runs
    assert workflow["jobs"]["publish"]["needs"] == "build"
    assert (course / "requirements.txt").read_text() == f"notesbuild=={__version__}\n"
    assert "/build/" in (course / ".gitignore").read_text()


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    refused = write_project(tmp_path)
    assert refused.value is None
    (found,) = refused.diagnostics
    assert (found.code.slug, found.span.path) == ("file-exists", "README.md")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert (tmp_path / "README.md").read_text() == "mine"


def test_other_files_may_be_there(tmp_path):
    (tmp_path / "LICENSE").write_text("mine")
    assert write_project(tmp_path).value == len(init_files())
    assert (tmp_path / "LICENSE").read_text() == "mine"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(cli, ["init", str(tmp_path / "file" / "course")])
    assert result.exit_code == 3
    assert "write-failed" in result.output


def test_a_write_that_fails_half_way_leaves_nothing(tmp_path):
    (tmp_path / "problem_bank").write_text("a file where a folder must be")
    failed = write_project(tmp_path)
    assert [found.code.slug for found in failed.diagnostics] == ["write-failed"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "problem_bank"]


@pytest.mark.parametrize("kind", Kind)
def test_a_new_problem_of_each_kind_is_right_at_once(tmp_path, kind):
    write_project(tmp_path)
    made = new_problem(tmp_path, "problem_bank", "series/geometric-sum", kind.value)
    assert made.value == "problem_bank/series/geometric-sum.tex"
    project = read_project(tmp_path).value
    assert check_project(project) == ()
    problem = project.bank.get("geometric-sum")
    assert problem.metadata.kind is kind
    assert problem.metadata.title == "Geometric sum"
    assert problem.metadata.topics == ("series",)
    assert not problem.drawable


@pytest.mark.parametrize(
    "name",
    ["no-topic", "Upper/case", "a/b/c", "../out/side", "a/", "/etc/passwd", "a/b.tex", "ä/b"],
)
def test_a_name_that_is_none(tmp_path, name):
    refused = new_problem(tmp_path, "problem_bank", name, "proof")
    assert [found.code.slug for found in refused.diagnostics] == ["bad-id"]
    assert list(tmp_path.iterdir()) == []


def test_an_id_is_given_once(tmp_path):
    write_project(tmp_path)
    again = new_problem(tmp_path, "problem_bank", "inequalities/nesbitt", "proof")
    assert [found.code.slug for found in again.diagnostics] == ["file-exists"]
    elsewhere = new_problem(tmp_path, "problem_bank", "other/nesbitt", "proof")
    (found,) = elsewhere.diagnostics
    assert found.code.slug == "duplicate-id"
    assert found.span.path == "problem_bank/inequalities/nesbitt.tex"
