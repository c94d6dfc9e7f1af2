"""Commands that people wait for many times a day."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from measure import Row, alternate, bare, notesbuild, run
from midterm import copy_of_project


def rows(folder: Path, quick: bool) -> Iterator[Row]:
    """The lines of the table."""
    times = 2 if quick else 5
    ours, click = alternate(
        times,
        lambda: run(sys.executable, "-m", "notesbuild", "--help").seconds,
        lambda: run(sys.executable, "-c", "import click").seconds,
    )
    yield Row("notesbuild --help", ours, "python -c 'import click'", click)

    project = copy_of_project(folder / "commands")

    def check() -> float:
        return notesbuild("check", project=project).seconds

    def cold() -> float:
        shutil.rmtree(project / "build", ignore_errors=True)
        return check()

    def parse() -> float:
        return bare("parse.py", project / "problem_bank").seconds

    first, again, parsed = alternate(times, cold, check, parse)
    beside = "pylatexenc parses the same bodies, 2 processes"
    yield Row("check of the example course, cold", first, beside, parsed)
    yield Row("check again", again, beside, parsed)
