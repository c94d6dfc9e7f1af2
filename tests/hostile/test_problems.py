"""Problems, blueprints and settings that are wrong in unkind ways."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from notesbuild.cli.main import cli
from tests.small import SMALL, broken

PROOF = "problem_bank/means/mean-minimizes.tex"
VARIANCE = "problem_bank/means/variance-uniform.tex"
QUIZ = "exams/small/quiz.yaml"


def run(root, *arguments):
    return CliRunner().invoke(cli, ["--project", str(root), *arguments])


@pytest.mark.parametrize(
    "latex",
    [
        r"\UseName{@@input}/etc/hostname ",
        r"\ExpandArgs{c}\show{x}",
        r"\primitive\input x ",
        r"\expandableinput{x}",
        r"\enddocument",
        r"\gdef\part{}",
        r"\xdef\x{}",
        r"\global\let\question\relax",
        r"\globaldefs=1 ",
    ],
)
def test_a_problem_changes_nothing_but_itself(make_project, latex):
    result = run(make_project(broken(PROOF, "Let $x_1", f"{latex} Let $x_1")), "check")
    assert result.exit_code == 1
    assert f"{PROOF}:11:1: error[forbidden-latex]" in result.output


@pytest.mark.parametrize("bound", ["10000000000000000000000000000", "-1000000000000000000000"])
def test_an_end_beyond_all_bounds(make_project, bound):
    ends = f"[{bound}, 5]" if bound.startswith("-") else f"[1, {bound}]"
    result = run(
        make_project(broken(VARIANCE, "choose: [2, 3, 4, 5, 6]", f"between: {ends}")), "check"
    )
    assert result.exit_code == 1
    assert f"{VARIANCE}:10:" in result.output
    assert "error[wrong-value]" in result.output


def test_a_wide_range_is_not_written_out(make_project):
    files = broken(VARIANCE, "choose: [2, 3, 4, 5, 6]", "between: [2, 999999999999]")
    root = make_project(files)
    assert run(root, "check").exit_code == 0
    assert run(root, "exam", "draw", "small/quiz").exit_code == 0


@pytest.mark.parametrize(
    "constraint",
    [
        "minutes: {max: nan}",
        "difficulty: {mean: [nan, 3]}",
        "balance: {minutes: nan}",
        "overlap: {max: nan}",
    ],
)
def test_a_bound_that_is_no_number(make_project, constraint):
    root = make_project(broken(QUIZ, "taught: true", constraint))
    result = run(root, "exam", "draw", "small/quiz")
    assert result.exit_code == 1, result.output
    assert f"{QUIZ}:" in result.output
    assert "error[wrong-value]" in result.output


@pytest.mark.parametrize("table", ["tool = 5", "[tool]\nnotesbuild = 5", "[[tool]]\nx = 1"])
def test_a_pyproject_of_another_kind(make_project, tmp_path, table):
    root = make_project(SMALL)
    (root / "notesbuild.toml").unlink()
    (root / "pyproject.toml").write_text(table + "\n")
    result = run(root, "check")
    assert result.exit_code == 1
    assert "error[project-missing]" in result.output


def test_thousands_of_errors_are_told_in_time(make_project):
    chapter = "notes/chapters/basics/means.md"
    files = {**SMALL, chapter: SMALL[chapter] + "\n" + "(a)=\n" * 5000}
    result = run(make_project(files), "check")
    assert result.exit_code == 1
    assert "4999 errors" in result.output
