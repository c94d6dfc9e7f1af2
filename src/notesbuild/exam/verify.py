"""Building an exam again from its lock, and comparing every byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.build import output_folder, produce
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.project import Project


def verify(
    project: Project,
    course: Course | None,
    blueprint: Blueprint,
    lock: Lock,
    *,
    jobs: int,
    progress: Callable[[str], None],
) -> Outcome[int | None]:
    """The number of published files that a new build repeats byte for byte."""
    target = output_folder(project, blueprint)
    shown = target.relative_to(project.root).as_posix()
    if not target.is_dir():
        message = f"{blueprint.exam} has not been built"
        hint = f"run `notesbuild exam build {blueprint.exam}`"
        return Outcome(None, (error(Code.NOT_REPRODUCED, message, Span(shown), hint),))
    made = produce(project, course, blueprint, lock, jobs=jobs, progress=progress)
    if made.value is None or has_errors(made.diagnostics):
        return Outcome(None, made.diagnostics)
    progress(f"Comparing with {shown}")
    different = tuple(_differences(made.value, target, shown))
    if different:
        return Outcome(None, (*made.diagnostics, *different))
    return Outcome(len(made.value), made.diagnostics)


def _differences(outputs: dict[str, bytes], target: Path, shown: str) -> list[Diagnostic]:
    found = []
    published = {path.name for path in target.iterdir()}
    for name in sorted(outputs.keys() | published):
        path = target / name
        if name not in outputs:
            message = "the lock does not lead to this file"
        elif name not in published:
            message = "the file was not published"
        elif not path.is_file() or path.read_bytes() != outputs[name]:
            message = "the file differs from what the lock leads to now"
        else:
            continue
        found.append(error(Code.NOT_REPRODUCED, message, Span(f"{shown}/{name}")))
    return found
