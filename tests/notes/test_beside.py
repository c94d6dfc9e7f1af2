"""Sphinx in a process of its own: the same site, the same words, and nothing loaded twice."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.notes.built import Built
from tests.small import SMALL, broken

CHAPTER = "notes/chapters/basics/means.md"
PROGRAM = """
import os, sys
from notesbuild.cli.main import main
if {jobs} == 1:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
sys.argv = ["notesbuild", "--project", {root!r}, "notes", {form!r}]
try:
    main()
finally:
    print("Sphinx here:", "sphinx.application" in sys.modules)
"""


def run(root, jobs, form="html"):
    program = PROGRAM.format(jobs=jobs, root=str(root), form=form)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120
    )


def both(root):
    """Two copies of a project, side by side."""
    copies = root / "here", root / "beside"
    for copy in copies:
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns("here", "beside"))
    return copies


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_helper_makes_the_same_files(make_project, form):
    here, beside = both(make_project(SMALL))
    alone, helped = run(here, 1, form), run(beside, 2, form)
    assert alone.returncode == helped.returncode == 0, helped.stderr
    assert alone.stdout.endswith("Sphinx here: True\n")
    assert helped.stdout.endswith("Sphinx here: False\n")
    assert helped.stderr == alone.stderr
    files = Built(beside, (), (), ()).files()
    assert files == Built(here, (), (), ()).files()
    assert any(name.endswith(f".{form}") for name in files)


@pytest.mark.parametrize(
    "files",
    [
        broken(CHAPTER, "## Use", "{prf:ref}`thm-nowhere`\n\n## Use"),
        {**SMALL, "notes/conf.py": "print('so it begins')\nx = 1 / 0\n"},
        {**SMALL, "notes/references.bib": "@book{open,\n"},
    ],
    ids=["reference", "configuration", "bibliography"],
)
def test_a_helper_tells_the_same(make_project, files):
    here, beside = both(make_project(files))
    alone, helped = run(here, 1), run(beside, 2)
    assert alone.returncode == helped.returncode == 1
    assert helped.stderr == alone.stderr
    assert helped.stderr.count("error") > 0
    told = alone.stdout.replace("Sphinx here: True", "Sphinx here: False")
    assert helped.stdout == told


@pytest.mark.parametrize("jobs", [1, 3])
def test_sphinx_gets_as_many_jobs_as_are_asked_for(make_project, jobs):
    conf = "def setup(app):\n    print(f'so many: {app.parallel}')\n"
    files = {path: text for path, text in SMALL.items() if not path.startswith("exams/")}
    root = make_project({**files, "notes/conf.py": conf})
    command = [sys.executable, "-m", "notesbuild", "--project", str(root), "build"]
    told = subprocess.run(
        [*command, "--jobs", str(jobs)], capture_output=True, text=True, check=True, timeout=120
    )
    assert told.stdout.count("so many:") == told.stdout.count(f"so many: {jobs}") == 2
