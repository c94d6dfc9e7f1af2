"""A draw as a command asks for it: whose versions, what of the lock stays, where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error, has_errors
from notesbuild.exam.draw import Drawn, Earlier, draw
from notesbuild.exam.lockfile import lock_text
from notesbuild.exam.render import choices_of
from notesbuild.exam.summary import DrawSummary
from notesbuild.model.exam import Blueprint, version_names
from notesbuild.model.project import Project
from notesbuild.model.roster import Roster
from notesbuild.run.publish import write_file
from notesbuild.source.roster import read_roster
from notesbuild.source.taught import taught_problems


@dataclass(frozen=True)
class Wanted:
    """What a command may say about a draw.

    ``seed`` and ``versions`` replace the blueprint's; ``roster`` is a CSV file of students. What
    the exam's lock has stays as far as it still fits; with ``keep`` only what is pinned in it;
    with ``fresh`` nothing.
    """

    seed: int | None = None
    versions: int | None = None
    roster: Path | None = None
    keep: bool = False
    fresh: bool = False


@dataclass(frozen=True)
class WrittenDraw:
    """A draw, and the lock file that holds it."""

    path: str
    drawn: Drawn

    @property
    def summary(self) -> DrawSummary:
        """What a person wants to see of it."""
        return self.drawn.summary

    def as_json(self) -> dict[str, object]:
        """What ``exam draw --json`` prints."""
        drawn = self.drawn
        lock = drawn.lock.model_dump(mode="json", exclude={"origin"})
        summary = {**drawn.summary.as_json(), "fairest": drawn.fairest}
        return {"path": self.path, "lock": lock, "summary": summary}


def draw_and_write(
    project: Project, blueprint: Blueprint, wanted: Wanted
) -> Outcome[WrittenDraw | None]:
    """Solve a blueprint that ``check`` has nothing against, and write the lock file."""
    names = _names(blueprint, wanted)
    if names.value is None:
        return Outcome(None, names.diagnostics)
    lock = None if wanted.fresh else project.lock(blueprint.exam)
    taught, later = taught_problems(project, blueprint)
    drawn = draw(
        blueprint,
        project.bank,
        tuple(other for other in project.locks if other.exam != blueprint.exam),
        versions=names.value,
        seed=blueprint.seed if wanted.seed is None else wanted.seed,
        taught=taught,
        later=later,
        choices_of=choices_of,
        earlier=None if lock is None else Earlier(lock, pinned=wanted.keep),
    )
    found = (*names.diagnostics, *drawn.diagnostics)
    if drawn.value is None:
        return Outcome(None, found)
    path = blueprint.origin.path.rsplit(".", 1)[0] + ".lock.yaml"
    written = write_file(project.root / path, lock_text(drawn.value.lock).encode(), path)
    if has_errors(written):
        return Outcome(None, (*found, *written))
    return Outcome(WrittenDraw(path, drawn.value), found)


def _names(blueprint: Blueprint, wanted: Wanted) -> Outcome[tuple[str, ...] | None]:
    """A, B, C, …; or the ids of the students, where each has a version of their own."""
    if not isinstance(blueprint.versions, int):
        return _students(blueprint, wanted)
    if wanted.roster is not None:
        message = f"{blueprint.exam} has {blueprint.versions} versions, not one for every student"
        hint = "write `versions: per-student`, or leave --roster to `exam build`"
        return _wrong(blueprint, message, hint)
    count = blueprint.versions if wanted.versions is None else wanted.versions
    return Outcome(version_names(count))


def _students(blueprint: Blueprint, wanted: Wanted) -> Outcome[tuple[str, ...] | None]:
    if wanted.roster is None or wanted.versions is not None:
        message = f"{blueprint.exam} has one version per student: a roster says how many"
        hint = f"run `notesbuild exam draw {blueprint.exam} --roster FILE.csv`"
        return _wrong(blueprint, message, hint)
    read = read_roster(wanted.roster, str(wanted.roster))
    if read.value is None or has_errors(read.diagnostics):
        return Outcome(None, read.diagnostics)
    faults = _assigned(read.value)
    if faults:
        return Outcome(None, (*read.diagnostics, *faults))
    if not read.value.students:
        return _wrong(blueprint, f"{wanted.roster} has no students", "add a row for each of them")
    return Outcome(tuple(student.id for student in read.value.students), read.diagnostics)


def _assigned(roster: Roster) -> tuple[Diagnostic, ...]:
    """Students to whom the roster gives a version by its name."""
    return tuple(
        error(
            Code.BLUEPRINT_WRONG,
            f"{student.id} gets a version of their own, and cannot have {student.version!r}",
            span,
            "leave the column `version` empty",
        )
        for student, span in zip(roster.students, roster.spans("version"), strict=True)
        if student.version is not None
    )


def _wrong(blueprint: Blueprint, message: str, hint: str) -> Outcome[tuple[str, ...] | None]:
    place = blueprint.origin.span("versions")
    return Outcome(None, (error(Code.BLUEPRINT_WRONG, message, place, hint),))
