"""Times of notesbuild, each beside the bare parts of the same work, measured in one run.

A ratio says how much notesbuild adds to what cannot be avoided. Each time is the best of
several, because whatever else the machine does can only make it longer.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
EXAM = "snu-ml-theory-2024/midterm"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(TOP / "src")}

PARSE_BODIES = """
import sys
from pathlib import Path
from pylatexenc.latexwalker import LatexWalker
for path in sorted(Path(sys.argv[1]).rglob("*.tex")):
    LatexWalker(path.read_text("utf-8").split("% ---")[-1]).get_latex_nodes()
"""


@dataclass(frozen=True)
class Measure:
    """Something that notesbuild does, and the bare work inside it."""

    name: str
    ours: Callable[[], object]
    bare_name: str
    bare: Callable[[], object]
    times: int = 3


def run(*command: str, cwd: Path = TOP) -> None:
    """Run a program, and stop if it fails."""
    subprocess.run(command, cwd=cwd, env=ENVIRONMENT, check=True, capture_output=True)


def notesbuild(*arguments: str, project: Path = TOP) -> None:
    """Run a command of notesbuild."""
    run(sys.executable, "-m", "notesbuild", "--project", str(project), *arguments)


def best(work: Callable[[], object], times: int) -> float:
    """The shortest of several times, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def copy_of_project(folder: Path) -> Path:
    """The project's sources, without anything built."""
    target = folder / "project"
    for name in ("notes", "exams", "problem_bank"):
        shutil.copytree(TOP / name, target / name)
    shutil.copy(TOP / "notesbuild.toml", target)
    return target


def bare_paper(folder: Path) -> Path:
    """One version as a plain LaTeX file for exam.cls: what a run of pdflatex costs at least."""
    lock = (TOP / "exams" / f"{EXAM}.lock.yaml").read_text("utf-8")
    first = lock.split("- version:")[1]
    bodies = [bare_body(name) for name in re.findall(r"problem: ([\w-]+)", first)]
    macros = (TOP / "notes/macros.tex").read_text("utf-8")
    paper = folder / "paper.tex"
    head = "\\documentclass[11pt,a4paper]{exam}\n\\usepackage[T1]{fontenc}\n"
    packages = "\\usepackage{amsmath,amssymb,graphicx,xcolor,array,tgpagella,mathpazo,microtype}\n"
    begin = "\\newenvironment{rubric}{\\begin{itemize}}{\\end{itemize}}\n\\begin{document}\n"
    questions = "\n".join(f"\\question {body}" for body in bodies)
    text = f"{head}{packages}{macros}{begin}\\begin{{questions}}\n{questions}\n\\end{{questions}}\n"
    paper.write_text(text + "\\end{document}\n", "utf-8")
    return paper


def bare_body(problem: str) -> str:
    """The LaTeX of a problem; a parameter becomes a number."""
    (path,) = (TOP / "problem_bank").rglob(f"{problem}.tex")
    body = path.read_text("utf-8").split("% ---")[-1].replace("[fixed]", "")
    return re.sub(r"\\(?:BLOCK|VAR)\{[^{}]*\}", "3", body)


def measures(folder: Path) -> tuple[Measure, ...]:
    """What is measured."""
    project = copy_of_project(folder)
    if not (project / "exams" / f"{EXAM}.lock.yaml").is_file():
        notesbuild("exam", "draw", EXAM, project=project)
    paper = bare_paper(folder)

    def build_cold() -> None:
        shutil.rmtree(project / "build", ignore_errors=True)
        notesbuild("exam", "build", EXAM, project=project)

    def pdflatex() -> None:
        run("pdflatex", "-interaction=batchmode", "-halt-on-error", paper.name, cwd=folder)

    return (
        Measure(
            "notesbuild --help",
            lambda: run(sys.executable, "-m", "notesbuild", "--help"),
            "python -c 'import click'",
            lambda: run(sys.executable, "-c", "import click"),
            times=5,
        ),
        Measure(
            "notesbuild check",
            lambda: notesbuild("check", project=project),
            "pylatexenc parses the bodies of the bank",
            lambda: run(sys.executable, "-c", PARSE_BODIES, str(project / "problem_bank")),
        ),
        Measure(
            "exam build: 4 versions, 3 views each",
            build_cold,
            "one pdflatex run of one version",
            pdflatex,
        ),
    )


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        rows = [
            (m.name, best(m.ours, m.times), m.bare_name, best(m.bare, m.times))
            for m in measures(Path(name))
        ]
    width, bare_width = (max(len(row[column]) for row in rows) for column in (0, 2))
    print(f"{'':{width}}  {'seconds':>7}  {'beside':{bare_width}}  {'seconds':>7}  {'ratio':>5}")
    for ours, seconds, bare, bare_seconds in rows:
        measured = f"{ours:{width}}  {seconds:7.2f}"
        beside = f"{bare:{bare_width}}  {bare_seconds:7.2f}"
        print(f"{measured}  {beside}  {seconds / bare_seconds:5.1f}")


if __name__ == "__main__":
    main()
