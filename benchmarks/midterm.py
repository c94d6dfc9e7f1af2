"""The midterm of the example course: four versions with solutions and marking guides.

Beside it stands one run of pdflatex on one version for students, written as an instructor
would write it for exam.cls: a cover with a table of grades, sections, points, answer spaces, the
same fonts. A second run, which the table of grades would need, is not counted.

For comparison there is also what none of the exam's papers can be made without: two runs of
pdflatex side by side on all versions in all views, written in the same way, while the libraries
are loaded that read, compute, render, compose and draw them.
"""

from __future__ import annotations

import itertools
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from measure import (
    ENVIRONMENT,
    TOP,
    Failed,
    Row,
    Target,
    alternate,
    at_once,
    notesbuild,
    pdflatex,
    run,
)

EXAM = "snu-ml-theory-2024/midterm"
HEAD = r"""
\documentclass[11pt,a4paper]{exam}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,graphicx,xcolor,array,tgpagella,mathpazo,microtype}
\usepackage[margin=23mm]{geometry}
\newenvironment{rubric}{\begin{itemize}}{\end{itemize}}
\addpoints \pagestyle{headandfoot}
\header{SNU}{}{Midterm examination} \footer{Version A}{}{Page \thepage\ of \numpages}
"""
COVER = r"""
\begin{document}
\begin{coverpages}
\begin{center}\Large\bfseries Midterm examination\end{center}
Name: \hrulefill\quad ID: \hrulefill\quad Signature: \hrulefill\par\bigskip
Answer in the space below each question. Prove what you claim.\par\bigskip
\begin{center}\gradetable[h][questions]\end{center}
\end{coverpages}
\begin{questions}
"""
END = "\n\\end{questions}\n\\end{document}\n"
VIEWS = (r"\noprintanswers", r"\printanswers", r"\printanswers")
LIBRARIES = ("import click, jinja2, pikepdf, pydantic, pypdfium2, yaml", "import sympy")
SOLUTION = r"(\\begin\{solution\}(?:\[[^\]]*\])?\n)"
QUESTION = r"((?:^%.*\n)+)"
WATCHING = "Watching (Ctrl-C ends)\n"
ITEM = re.compile(r"section: (\d+)\s+problem: ([\w-]+)\s+points: (\d+)")


def copy_of_project(target: Path) -> Path:
    """The project's sources, without anything built."""
    for name in ("notes", "exams", "problem_bank"):
        shutil.copytree(TOP / name, target / name)
    shutil.copy(TOP / "notesbuild.toml", target)
    return target


def clear(build: Path) -> None:
    """Remove all that builds have left but the numbers of the notes, which are no exam's work."""
    numbers = build / ".work" / "numbers"
    kept = build.with_name("numbers")
    if numbers.is_dir():
        numbers.rename(kept)
    shutil.rmtree(build, ignore_errors=True)
    if kept.is_dir():
        numbers.parent.mkdir(parents=True)
        kept.rename(numbers)


def rows(folder: Path, quick: bool) -> Iterator[Row]:
    """The lines of the table."""
    project = copy_of_project(folder / "midterm")
    lock = (project / f"exams/{EXAM}.lock.yaml").read_text("utf-8")
    items = ITEM.findall(lock.split("- version:")[1])
    paper = bare_paper(project, items, folder)
    halves = bare_halves(project, lock, folder)
    mended = problem_file(project, items[-1][1])
    numbers = itertools.count(1)

    def build() -> float:
        return notesbuild("exam", "build", EXAM, project=project).seconds

    def cold() -> float:
        clear(project / "build")
        return build()

    def after_solution() -> float:
        mend(mended, SOLUTION, next(numbers))
        return build()

    def after_statement() -> float:
        mend(mended, QUESTION, next(numbers))
        return build()

    def one_version() -> float:
        return pdflatex(paper.stem, cwd=folder).seconds

    def parts() -> float:
        return at_once(*(partial(pdflatex, half.stem, cwd=folder) for half in halves), *loading)

    loading = [partial(run, sys.executable, "-c", names) for names in LIBRARIES]
    works = (cold, after_solution, after_statement, build, parts, one_version)
    *ours, bare_seconds = alternate(2 if quick else 5, *works)
    named = (
        ("exam build: midterm, 4 versions, 3 views, cold", Target(ratio=4)),
        ("after a word of one solution is mended", Target(ratio=1.5)),
        ("after a word of one question is mended", Target(ratio=1.5)),
        ("after nothing", Target()),
        ("all views of all versions, two runs; libraries loaded", Target()),
    )
    bare_name = "one run of pdflatex, one version"
    for (name, target), seconds in zip(named, ours, strict=True):
        yield Row(name, seconds, bare_name, bare_seconds, target)
    *watched, bare_seconds = alternate_watched(
        project, mended, 4 if quick else 12, numbers, one_version
    )
    for name, seconds in zip(("solution", "question"), watched, strict=True):
        shown = f"the same while it is watched, {name}"
        yield Row(shown, seconds, bare_name, bare_seconds, Target(ratio=1.5))


def alternate_watched(
    project: Path,
    mended: Path,
    times: int,
    numbers: Iterator[int],
    beside: Callable[[], float],
) -> tuple[float, ...]:
    """Seconds from a saved file to finished papers while ``exam build --watch`` waits for it.

    Solution, question, and the work ``beside`` which they are told.
    """
    command = (sys.executable, "-m", "notesbuild", "--project", project, "exam", "build", EXAM)
    with subprocess.Popen(
        [*map(str, command), "--watch"],
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as watching:
        lines = watching.stdout
        assert lines is not None
        for line in lines:
            if line == WATCHING:
                break

        def after(before: str) -> float:
            time.sleep(0.5)  # whoever mends a word needs longer
            start = time.perf_counter()
            mend(mended, before, next(numbers))
            if " files" not in lines.readline():
                raise Failed("a mended problem was not built")
            return time.perf_counter() - start

        try:
            return alternate(times, partial(after, SOLUTION), partial(after, QUESTION), beside)
        finally:
            watching.send_signal(signal.SIGINT)


def mend(path: Path, before: str, number: int) -> None:
    """Write a new word behind the first match of ``before``; each number makes another text."""
    text = path.read_text("utf-8")
    clean = re.sub(r"Mended\d+\. ", "", text)
    path.write_text(re.sub(before, rf"\g<1>Mended{number}. ", clean, count=1, flags=re.M), "utf-8")


def problem_file(project: Path, problem: str) -> Path:
    """Where a problem stands."""
    (path,) = (project / "problem_bank").rglob(f"{problem}.tex")
    return path


def bare_paper(project: Path, items: list[tuple[str, str, str]], folder: Path) -> Path:
    """One version as plain LaTeX (section, problem, points): what a run of pdflatex costs."""
    macros = (project / "notes/macros.tex").read_text("utf-8")
    paper = folder / "paper.tex"
    content = HEAD.lstrip() + macros + COVER + bare_questions(project, items) + END
    paper.write_text(content, "utf-8")
    return paper


def bare_questions(project: Path, items: list[tuple[str, str, str]]) -> str:
    """The questions of a version."""
    questions, before = [], ""
    for section, problem, points in items:
        heading = f"\\fullwidth{{\\bfseries Section {section}}}\n" if section != before else ""
        body = bare_body(project, problem)
        worth = "" if "\\part[" in body else f"[{points}]"  # exam.cls adds the points of parts up
        questions.append(f"{heading}\\question{worth} {body}")
        before = section
    return "\n".join(questions)


def bare_halves(project: Path, lock: str, folder: Path) -> list[Path]:
    """All versions in all views as plain LaTeX, shared out among two documents."""
    versions = [ITEM.findall(words) for words in lock.split("- version:")[1:]]
    wanted = [(items, view) for items in versions for view in VIEWS]
    macros = (project / "notes/macros.tex").read_text("utf-8")
    halves = []
    for number in range(2):
        papers = [f"{view}\n{bare_questions(project, items)}" for items, view in wanted[number::2]]
        half = folder / f"half-{number}.tex"
        content = HEAD.lstrip() + macros + COVER + "\n\\newpage\n".join(papers) + END
        half.write_text(content, "utf-8")
        halves.append(half)
    return halves


def bare_body(project: Path, problem: str) -> str:
    """The LaTeX of a problem; a parameter becomes a number, a cited result two words."""
    body = problem_file(project, problem).read_text("utf-8").split("% ---\n")[-1]
    body = re.sub(r"\\result\*?\{[^{}]*\}", "Theorem 3", body.replace("[fixed]", ""))
    return re.sub(r"\\(?:BLOCK|VAR)\{[^{}]*\}", "3", body)
