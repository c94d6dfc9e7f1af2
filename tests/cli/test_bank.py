"""The bank commands."""

from __future__ import annotations

import json

from click.testing import CliRunner

from notesbuild.cli.main import cli
from tests.small import SMALL


def run(root, *arguments):
    result = CliRunner().invoke(cli, ["--project", str(root), *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_list_shows_a_table(make_project):
    printed = run(make_project(SMALL), "bank", "list", "--where", "kind == 'proof'")
    assert "mean-minimizes" in printed and "variance-uniform" not in printed
    assert printed.endswith("1 of 3 problems\n")


def test_list_as_json_has_every_field(make_project):
    where = "difficulty >= 2 and points < 8 and parametric"
    (problem,) = json.loads(run(make_project(SMALL), "bank", "list", "--where", where, "--json"))
    assert problem["id"] == "variance-uniform"
    assert problem["points"] == 6
    assert problem["topics"] == ["variances"]


def test_stats_count_topics_kinds_and_solutions(make_project):
    without = SMALL["problem_bank/means/mean-minimizes.tex"].replace(
        "status: ready", "status: draft"
    )
    without = without.split("\\begin{parts}")[0]
    root = make_project({**SMALL, "problem_bank/means/no-solution.tex": without})
    printed = run(root, "bank", "stats")
    assert "4 problems, 1 with parameters, 3 ready, 1 without a complete solution" in printed
    assert "variances" in printed and "multiple-choice" in printed


def test_show_prints_the_source_without_its_solution(make_project):
    printed = run(make_project(SMALL), "bank", "show", "mean-minimizes")
    assert "smallest at the mean" in printed
    assert "Differentiate" not in printed
    assert "Differentiate" in run(make_project({}), "bank", "show", "mean-minimizes", "--solution")


def test_show_a_version_fills_the_parameters_in(make_project):
    root = make_project(SMALL)
    first = run(root, "bank", "show", "variance-uniform", "--version", "1", "--solution")
    second = run(root, "bank", "show", "variance-uniform", "--version", "2", "--solution")
    again = run(root, "bank", "show", "variance-uniform", "--version", "2", "--solution")
    assert r"\VAR" not in first
    assert first != second == again


def test_new_begins_a_problem_that_can_be_read(make_project):
    root = make_project(SMALL)
    for kind in ("proof", "computation", "short", "multiple-choice", "true-false"):
        run(root, "bank", "new", f"means/fresh-{kind}", "--kind", kind)
    listed = json.loads(run(root, "bank", "list", "--json"))
    assert {p["kind"] for p in listed if p["id"].startswith("fresh-")} == {
        "proof",
        "computation",
        "short",
        "multiple-choice",
        "true-false",
    }


def test_new_overwrites_nothing(make_project):
    root = make_project(SMALL)
    before = (root / "problem_bank/means/mean-minimizes.tex").read_text()
    result = CliRunner().invoke(
        cli, ["--project", str(root), "bank", "new", "means/mean-minimizes"]
    )
    assert result.exit_code == 1
    assert (root / "problem_bank/means/mean-minimizes.tex").read_text() == before
