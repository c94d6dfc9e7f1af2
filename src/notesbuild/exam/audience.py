"""For whom an exam is built: a roster and passwords, from the files that the user names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from notesbuild.diagnostics import Code, Outcome, error
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.roster import Roster
from notesbuild.source.passwords import read_passwords
from notesbuild.source.roster import read_roster


@dataclass(frozen=True)
class Audience:
    """Who sits the exam, the passwords of their copies by ID, and whether they get solutions."""

    roster: Roster | None = None
    passwords: Mapping[str, str] = field(default_factory=dict)
    solutions: bool = False


def read_audience(
    blueprint: Blueprint,
    lock: Lock | None,
    roster: Path | None,
    passwords: Path | None,
    *,
    solutions: bool,
) -> Outcome[Audience | None]:
    """Read both files; without a roster a personal exam has the students of its lock."""
    students: list[str] = []
    known: Roster | None = None
    if roster is not None:
        read = read_roster(roster, str(roster))
        if read.value is None:
            return Outcome(None, read.diagnostics)
        known = read.value
        students = [student.id for student in known.students]
    elif blueprint.versions == "per-student" and lock is not None:
        students = [version.version for version in lock.versions]
    if passwords is None:
        return Outcome(Audience(known, solutions=solutions))
    if not students:
        message = "passwords are those of students' own copies, and there are none"
        hint = "name the students with --roster"
        return Outcome(None, (error(Code.PASSWORDS_WRONG, message, hint=hint),))
    opened = read_passwords(passwords, str(passwords), students)
    if opened.value is None:
        return Outcome(None, opened.diagnostics)
    return Outcome(Audience(known, opened.value, solutions), opened.diagnostics)
