"""Building the small exam, and reading what comes out."""

from __future__ import annotations

from notesbuild.exam.build import build_exam
from notesbuild.exam.request import Request
from notesbuild.exam.verify import verify
from notesbuild.pdf.text import page_texts
from notesbuild.run.workplace import workplace

FOLDER = "build/course/exams/quiz"
CACHE = "build/.work/exams/course/quiz"


def request(project, jobs=2):
    return Request(
        project,
        project.course("course"),
        project.blueprint("course/quiz"),
        project.lock("course/quiz"),
        place=workplace(jobs),
    )


def build(project, jobs=2, say=lambda step: None):
    return build_exam(request(project, jobs), say)


def check_again(project):
    return verify(request(project, jobs=1), lambda step: None)


def contents(project):
    """Every published file by its name."""
    return {path.name: path.read_bytes() for path in (project.root / FOLDER).iterdir()}


def texts(project, name):
    return "\n".join(page_texts((project.root / FOLDER / name).read_bytes()))


def squeezed(text):
    return "".join(text.split())
