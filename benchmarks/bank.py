"""A bank of 10,000 problems: reading and checking it, and drawing eight versions from it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from measure import Row, Target, alternate, bare, notesbuild, run
from synthetic import COURSE, write_project
from synthetic import EXAM as NAME

EXAM = f"{COURSE}/{NAME}"

# The draw without reading the bank: seconds on the last line.
DRAW = """
import sys, time
from pathlib import Path
from notesbuild.pipeline import draw_exam
from notesbuild.source.project import read_project
project = read_project(Path(sys.argv[1])).value
start = time.perf_counter()
drawn = draw_exam(project, sys.argv[2])
seconds = time.perf_counter() - start
sys.exit("the draw failed") if drawn.value is None else print(seconds)
"""


def rows(folder: Path, quick: bool) -> Iterator[Row]:
    """The lines of the table."""
    count = 1_000 if quick else 10_000
    project = folder / "bank"
    write_project(project, count)
    named = f"bank of {count:,} problems"

    def check() -> float:
        return notesbuild("check", project=project).seconds

    def cold() -> float:
        shutil.rmtree(project / "build", ignore_errors=True)
        return check()

    def parse() -> float:
        return bare("parse.py", project / "problem_bank").seconds

    first, parsed = alternate(1 if quick else 2, cold, parse)
    beside = "pylatexenc parses the same bodies, 2 processes"
    yield Row(f"check: {named}, cold", first, beside, parsed, Target(ratio=1.3))
    (again,) = alternate(3, check)
    yield Row("check again", again, target=Target(seconds=2))

    lock = project / f"exams/{EXAM}.lock.yaml"

    def draw_alone() -> float:
        lock.unlink(missing_ok=True)
        return float(run(sys.executable, "-c", DRAW, project, EXAM).output.split()[-1])

    def draw() -> float:
        lock.unlink(missing_ok=True)
        return notesbuild("exam", "draw", EXAM, project=project).seconds

    alone, whole = alternate(2, draw_alone, draw)
    yield Row(f"draw of 8 versions: {named}", alone, target=Target(seconds=3))
    yield Row("the whole command exam draw", whole)
