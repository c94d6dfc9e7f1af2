"""Building the small exam, and reading what comes out."""

from __future__ import annotations

from notesbuild.exam.build import build_exam
from notesbuild.exam.verify import verify
from notesbuild.pdf.text import page_texts

FOLDER = "build/course/exams/quiz"


def build(project, jobs=2, say=lambda step: None):
    arguments = (project, project.course("course"), project.blueprint("course/quiz"))
    return build_exam(*arguments, project.lock("course/quiz"), jobs=jobs, progress=say)


def check_again(project):
    arguments = (project, project.course("course"), project.blueprint("course/quiz"))
    return verify(*arguments, project.lock("course/quiz"), jobs=1, progress=lambda step: None)


def texts(project, name):
    return "\n".join(page_texts((project.root / FOLDER / name).read_bytes()))


def squeezed(text):
    return "".join(text.split())
