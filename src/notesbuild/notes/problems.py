"""The problems that a course's chapters show, as sources for Sphinx."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from notesbuild.diagnostics import Diagnostic, Outcome, Span, has_errors
from notesbuild.model.course import Course
from notesbuild.model.project import Project
from notesbuild.notes.page import SourceFile
from notesbuild.practice.files import FOLDER, problem_name, problem_text, query_name, query_text
from notesbuild.practice.leak import NO_SECRETS, Secrets, secrets_of
from notesbuild.practice.plan import Placed, plan_of_course

if TYPE_CHECKING:
    from notesbuild.practice.ready import Ready


@dataclass(frozen=True)
class ShownInCourse:
    """What is laid out: texts, pictures with their files, and what none of it may tell.

    ``places`` leads from a chapter and an id to the problem's own file.
    """

    files: tuple[SourceFile, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[tuple[str, str], Span], ...] = ()
    secrets: Secrets = NO_SECRETS


NO_PROBLEMS = ShownInCourse()


def shown_in_course(
    project: Project, course: Course, day: date | None
) -> Outcome[ShownInCourse | None]:
    """The problems of a course, with the solutions that are released on a day."""
    planned = plan_of_course(project, course)
    if has_errors(planned.diagnostics):
        return Outcome(None, planned.diagnostics)
    if not planned.value.placed:
        return Outcome(NO_PROBLEMS)
    from notesbuild.practice.kept import Kept
    from notesbuild.practice.release import Calendar  # notes without problems load none of it

    released = Calendar(project, course).released(planned.value, day)
    found: list[Diagnostic] = []
    made: list[tuple[Placed, Ready]] = []
    kept = Kept.opened(project)
    for placed in planned.value.placed:
        ready = kept.ready(placed, course.name)
        found += ready.diagnostics
        if ready.value is not None:
            out = placed.problem.id in released
            made.append((placed, ready.value if out else ready.value.before_release()))
    kept.save(all_courses=False)
    if has_errors(found):
        return Outcome(None, tuple(found))
    texts = [(problem_name(one.shown.id), problem_text(one.shown)) for _, one in made]
    texts += [(query_name(key), query_text(ids)) for key, ids in planned.value.queries]
    chapters = [chapter.text for chapter in project.chapters if chapter.name in course.chapters]
    shown = ShownInCourse(
        tuple(SourceFile(f"{FOLDER}/{name}", text) for name, text in texts),
        tuple(
            (f"{FOLDER}/{one.shown.id}/{name}", path)
            for _, one in made
            for name, path in one.shown.pictures
        ),
        tuple(((p.asked.chapter, p.problem.id), p.problem.span) for p, _ in made),
        secrets_of([one for _, one in made], released, chapters),
    )
    return Outcome(shown, tuple(found))
