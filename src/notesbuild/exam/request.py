"""What is asked of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from notesbuild.exam.ahead import Ahead
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.project import Project
from notesbuild.model.results import ResultNumbers
from notesbuild.model.roster import Roster
from notesbuild.run.workplace import Workplace, workplace


@dataclass(frozen=True)
class Request:
    """An exam to be built, and for whom.

    ``passwords`` open the students' copies, by ID; ``solutions`` asks for the solutions of every
    student where each has an exam of their own; ``numbers`` are those of the course's results,
    where the exam cites any; ``place`` says where the work runs; ``ahead`` has runs of TeX wait for
    texts.
    """

    project: Project
    course: Course | None
    blueprint: Blueprint
    lock: Lock
    roster: Roster | None = None
    passwords: Mapping[str, str] = field(default_factory=dict)
    solutions: bool = False
    numbers: ResultNumbers | None = None
    place: Workplace = field(default_factory=lambda: workplace(1))
    ahead: Ahead | None = None

    @property
    def personal(self) -> bool:
        """Whether every student has a version of their own."""
        return self.blueprint.versions == "per-student"

    @property
    def target(self) -> Path:
        """Where the exam is published."""
        return self.project.build / self.blueprint.course / "exams" / self.blueprint.name

    @property
    def cache(self) -> Path:
        """What is kept for the next build."""
        work = self.project.build / ".work" / "exams"
        return work / self.blueprint.course / self.blueprint.name

    @property
    def formats(self) -> Path:
        """Where the dumped formats of all exams are kept."""
        return self.project.build / ".work" / "exams" / "formats"
