"""Homework and practice sheets that are released to a course's site by a certain day."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from notesbuild.diagnostics import Diagnostic, Outcome
from notesbuild.exam.body import View
from notesbuild.model.course import Course
from notesbuild.model.exam import SHEETS, Blueprint
from notesbuild.model.handout import Handout, HandoutFile
from notesbuild.model.project import Project

if TYPE_CHECKING:
    # Most builds of a site have no sheet to build.
    from notesbuild.exam.build import BuiltExam

    Build = Callable[[Blueprint], Outcome[BuiltExam | None]]

FOLDER = "handouts"


def handouts_of(
    project: Project, course: Course, day: datetime.date, build: Build
) -> Outcome[tuple[Handout, ...]]:
    """What the course's site hands out on that day, in the order of release.

    Every sheet is built first; one that cannot be built is left out, and its errors are told.
    """
    found: list[Diagnostic] = []
    handouts = []
    for blueprint in _released(project, course, day):
        built = build(blueprint)
        found += built.diagnostics
        if built.value is not None:
            files = tuple(_files(blueprint, project.root / built.value.folder, built.value, day))
            handouts.append(Handout(blueprint, files))
    return Outcome(tuple(handouts), tuple(found))


def _released(project: Project, course: Course, day: datetime.date) -> list[Blueprint]:
    own = [b for b in project.blueprints if b.course == course.name and b.kind in SHEETS]
    there = [
        (b.release.sheet, b.name, b) for b in own if b.release.sheet and b.release.sheet <= day
    ]
    return [blueprint for _, _, blueprint in sorted(there, key=lambda one: one[:2])]


def _files(
    blueprint: Blueprint, folder: Path, built: BuiltExam, day: datetime.date
) -> Iterator[HandoutFile]:
    """The sheet, and from their day on its solutions; a released sheet has one version."""
    solutions = blueprint.release.solutions
    views = [(View.STUDENT, "Sheet")]
    if solutions is not None and solutions <= day:
        views.append((View.SOLUTIONS, "Solutions"))
    for view, words in views:
        name = f"{blueprint.name}-A{view.suffix}.pdf"
        if name in built.files:
            path = f"{FOLDER}/{blueprint.name}{view.suffix}.pdf"
            yield HandoutFile(words, path, folder / name)
