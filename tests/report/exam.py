"""A small exam as an instructor writes it, and everything that its report is made from."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf

from notesbuild.exam.paper import Copy, Question
from notesbuild.exam.render import render
from notesbuild.exam.report import ReportInput, StudentPaper
from notesbuild.exam.results import known_results
from notesbuild.exam.summary import summarize
from notesbuild.source.project import read_project

CHAPTERS = {
    "notes/chapters/means.md": """
# Means of numbers

:::{prf:theorem} Minimizing property
:label: thm-mean
The mean minimizes.
:::

:::{prf:proof}
:label: proof-mean
Differentiate.
:::

````{prf:lemma} The space $L^2$
:class: wide
:label: lem-square
Squares.
````

(sec-use)=
## Use
""",
    "notes/chapters/medians.rst": """
Medians
=======

.. prf:definition:: Median
   :label: def-median

   The middle.
""",
}

COURSE = """
title: Small Statistics
chapters: [means, medians]
"""

BLUEPRINT = """
title: Small quiz
kind: quiz
date: 2030-04-01
start: "10:00"
duration: 45min
place: Room <7>
versions: 2
seed: 7
sections:
  - {title: Short answers, pick: 1}
  - {title: Proofs, pick: 2}
constraints:
  overlap: {max: 0.5}
  balance: {minutes: 5, difficulty: 1, topic_points: 6}
"""


def problem(title="A problem", topics="[means]", difficulty=2, points=5, minutes=8, **more):
    head = {
        "title": title,
        "kind": "short",
        "topics": topics,
        "difficulty": difficulty,
        "points": points,
        "minutes": minutes,
        "status": "ready",
        **more,
    }
    lines = "".join(f"% {key}: {value}\n" for key, value in head.items())
    text = "\\begin{solution}[2cm] So. \\begin{rubric} \\item[1] yes \\end{rubric} \\end{solution}"
    return f"% ---\n{lines}% ---\nProve it.\n{text}\n"


BANK = {
    "mean": problem("The mean of $\\sqrt{n}$ numbers", uses="[thm-mean, sec-use]"),
    "median": problem("A median", "[medians]", 4, 5, 12, uses="[def-median]"),
    "range": problem("A range", "[means, ranges]", 1, 3, 4, params="{n: {choose: [3, 5]}}"),
    "spread": problem("A spread", "[ranges]", 3, 3, 9),
    "shared": problem("Both have it", "[means]", 5, 10, 20, uses="[thm-mean]"),
}

# A version: its items, each as section, problem, parameters.
VERSIONS = {
    "A": [(1, "range", {"n": 3}), (2, "mean", {}), (2, "shared", {})],
    "B": [(1, "spread", {}), (2, "shared", {}), (2, "median", {})],
}


def lock_text(versions, digests, points):
    lines = ["format: 1", "exam: course/quiz", "seed: 7", "versions:"]
    for name, items in versions.items():
        lines += [f'- version: "{name}"', "  items:"]
        for section, problem_id, params in items:
            drawn = ", ".join(f"{key}: {value}" for key, value in params.items())
            lines.append(
                f"  - {{section: {section}, problem: {problem_id}, params: {{{drawn}}}, "
                f'points: {points[problem_id]}, digest: "{digests[problem_id]}"}}'
            )
    return "\n".join(lines) + "\n"


class SmallExam:
    """The small exam in a folder; ``given`` is what its report is made from."""

    def __init__(self, make_project, versions=None, bank=None, blueprint=BLUEPRINT, files=None):
        texts = {f"problem_bank/all/{n}.tex": text for n, text in {**BANK, **(bank or {})}.items()}
        texts |= {"notes/courses/course.yaml": COURSE, "exams/course/quiz.yaml": blueprint}
        self.root: Path = make_project({**texts, **CHAPTERS, **(files or {})})
        problems = read_project(self.root).value.bank.by_id()
        text = lock_text(
            versions or VERSIONS,
            {name: problem.digest for name, problem in problems.items()},
            {name: problem.points for name, problem in problems.items()},
        )
        (self.root / "exams/course/quiz.lock.yaml").write_text(text, "utf-8")

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def given(self, *, without=(), pages=2) -> ReportInput:
        project = read_project(self.root).value
        lock = project.lock("course/quiz")
        problems = project.bank.by_id()
        copies = tuple(copy(v, problems) for v in lock.versions if v.version not in without)
        course = project.course("course")
        return ReportInput(
            blueprint=project.blueprint("course/quiz"),
            course=course,
            copies=copies,
            papers=tuple(student_paper(c.version.version, pages) for c in copies[:3]),
            results=known_results(project, course),
            summary=summarize(lock, project.bank),
        )


def copy(version, problems):
    questions = []
    for number, item in enumerate(version.items, start=1):
        rendered = render(problems[item.problem], tuple(item.params.items())).value
        questions.append(Question(number, item.section, item.points, rendered))
    return Copy(version, tuple(questions))


def student_paper(version, pages):
    return StudentPaper(version, f"quiz-{version}.pdf", pdf(pages))


def pdf(pages):
    """Upright pages, each with one more black bar than the one before."""
    document = pikepdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=(300, 400))
        bars = "".join(f"20 {380 - 40 * bar} 260 20 re f\n" for bar in range(1, number + 1))
        page.obj.Contents = document.make_stream(bars.encode())
    content = io.BytesIO()
    document.save(content, static_id=True)
    return content.getvalue()
