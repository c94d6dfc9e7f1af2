"""What of the bank the numbers of a course depend on, so that an exam need not read all of it.

Which problems the chapters show depends on what a query can ask of each problem, and on whether
it may be shown. That is kept beside the numbers, by the content of the problem's files: only
what has changed since is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from notesbuild.model.course import Course
from notesbuild.model.problem import Problem
from notesbuild.model.project import Project
from notesbuild.model.where import fields
from notesbuild.practice.plan import asks_the_bank, showable
from notesbuild.run.code import code_digest
from notesbuild.source.bank import find_problems
from notesbuild.source.files import Files
from notesbuild.source.problem import digest_of_files, read_files

_CODE = ("model", "practice", "source")


@dataclass(frozen=True)
class BankState:
    """For each problem's path the digest of its files, and that of what a query can ask of it.

    ``code`` is the digest of our code. Where no chapter shows problems nothing is kept.
    """

    code: str = ""
    problems: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def bank_state(project: Project, course: Course) -> BankState:
    """The state of a bank of which all problems were read."""
    if not asks_the_bank(project, course):
        return BankState()
    known = {problem.origin.path: problem for problem in project.bank.problems}
    found = find_problems(Files(project.root), project.settings.bank)
    return BankState(code_digest(*_CODE), {one.path: _state(known.get(one.path)) for one in found})


def unmoved(project: Project, course: Course, before: BankState) -> BankState | None:
    """The state now, if a query finds in the bank what it found ``before``; else None.

    Of the project no problems are needed.
    """
    if not asks_the_bank(project, course):
        return BankState()
    files = Files(project.root)
    found = find_problems(files, project.settings.bank)
    if before.code != code_digest(*_CODE) or {one.path for one in found} != before.problems.keys():
        return None
    moved = {}
    for one in found:
        known, told = before.problems[one.path]
        if digest_of_files(files, one) != known:
            moved[one.path] = _state(read_files(files, one).value)
            if moved[one.path][1] != told:
                return None
    return replace(before, problems={**before.problems, **moved}) if moved else before


def _state(problem: Problem | None) -> tuple[str, str]:
    if problem is None:
        return "", ""
    told = repr((fields(problem), showable(problem)))
    return problem.digest, hashlib.sha256(told.encode()).hexdigest()[:16]
