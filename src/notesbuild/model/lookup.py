"""Finding what a user names, or the error that says that there is no such thing."""

from __future__ import annotations

from collections.abc import Iterable

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error, has_errors
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.names import nearest
from notesbuild.model.project import Project


def courses_of(project: Project, names: Iterable[str]) -> Outcome[tuple[Course, ...]]:
    """The courses of these names, all of them without any."""
    wanted = tuple(names)
    known = [course.name for course in project.courses]
    unknown = tuple(
        error(Code.UNKNOWN_COURSE, f"there is no course {name!r}", hint=nearest(name, known))
        for name in wanted
        if name not in known
    )
    if not wanted and not known:
        message = f"{project.settings.notes}/courses holds no manifest that can be read"
        unknown = (error(Code.UNKNOWN_COURSE, message),)
    return Outcome(tuple(c for c in project.courses if not wanted or c.name in wanted), unknown)


def blueprint_of(project: Project, exam: str) -> Outcome[Blueprint | None]:
    """The blueprint of ``<course>/<exam>``; why one cannot be read has been told by then."""
    blueprint = project.blueprint(exam)
    if blueprint is not None or exam in project.unread:
        return Outcome(blueprint)
    hint = nearest(exam, (*(b.exam for b in project.blueprints), *project.unread))
    return Outcome(None, (error(Code.UNKNOWN_EXAM, f"there is no exam {exam!r}", hint=hint),))


def lock_of(project: Project, exam: str) -> Outcome[tuple[Blueprint, Lock] | None]:
    """The blueprint of ``<course>/<exam>``, and its lock."""
    blueprint = blueprint_of(project, exam)
    if blueprint.value is None:
        return Outcome(None, blueprint.diagnostics)
    lock = project.lock(exam)
    if lock is None:
        message = f"{exam} has no lock file"
        hint = f"run `notesbuild exam draw {exam}`"
        place = blueprint.value.origin.span()
        return Outcome(None, (error(Code.LOCK_MISSING, message, place, hint),))
    return Outcome((blueprint.value, lock))


def describe(project: Project) -> str:
    """One line about a project in which nothing is wrong."""
    counts = (
        (len(project.courses), "course"),
        (len(project.chapters), "chapter"),
        (len(project.bank.problems), "problem"),
        (len(project.blueprints), "exam"),
    )
    listed = ", ".join(f"{number} {what}{'' if number == 1 else 's'}" for number, what in counts)
    return f"Nothing to complain about: {listed}."


def concerning(
    courses: Iterable[Course], project: Project, found: Iterable[Diagnostic]
) -> Iterable[Diagnostic]:
    """All errors; of the rest, what is not about chapters that these courses do not have."""
    own = {name for course in courses for name in course.chapters}
    others = {chapter.path for chapter in project.chapters if chapter.name not in own}
    return (d for d in found if has_errors((d,)) or d.span is None or d.span.path not in others)
