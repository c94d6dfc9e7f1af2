"""Rules about blueprints and their locks."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.check.lock import check_lock
from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.model.exam import SHEETS, Blueprint
from notesbuild.model.names import nearest
from notesbuild.model.problem import Visibility
from notesbuild.model.project import Project
from notesbuild.model.where import WhereError, parse_where, vocabulary


def courses_exist(project: Project) -> Iterator[Diagnostic]:
    """The folder of a blueprint is named after a course, and so is what it asks about others."""
    names = [course.name for course in project.courses]
    for blueprint in project.blueprints:
        asked = [(blueprint.course, blueprint.origin.span())]
        for number, course in enumerate(blueprint.constraints.not_used_in):
            place = blueprint.origin.span("constraints", "not_used_in", number)
            asked.append((course, place))
        for course, place in asked:
            if course not in names:
                hint = nearest(course, names)
                yield error(Code.UNKNOWN_COURSE, f"there is no course {course!r}", place, hint)


def queries_sound(project: Project) -> Iterator[Diagnostic]:
    """Every ``where`` parses, and names only what the bank has."""
    words = vocabulary(project.bank)
    for blueprint in project.blueprints:
        for number, section in enumerate(blueprint.sections):
            try:
                parse_where(section.where, words)
            except WhereError as fault:
                code = Code.WHERE_UNKNOWN if fault.unknown else Code.WHERE_SYNTAX
                place = blueprint.origin.span("sections", number, "where")
                yield error(code, str(fault), place, fault.hint)


def named_problems_exist(project: Project) -> Iterator[Diagnostic]:
    """``require`` and ``exclude`` are ids of the bank, and do not contradict each other."""
    ids = [problem.id for problem in project.bank.problems]
    for blueprint in project.blueprints:
        for key in ("require", "exclude"):
            for position, name in enumerate(getattr(blueprint, key)):
                if name not in ids:
                    place = blueprint.origin.span(key, position)
                    message = f"there is no problem {name!r}"
                    yield error(Code.UNKNOWN_PROBLEM, message, place, nearest(name, ids))
        yield from _required_and_excluded(blueprint)


def _required_and_excluded(blueprint: Blueprint) -> Iterator[Diagnostic]:
    for position, name in enumerate(blueprint.require):
        if name in blueprint.exclude:
            place = blueprint.origin.span("require", position)
            message = f"{name!r} is required and excluded"
            yield error(Code.BLUEPRINT_WRONG, message, place, "keep one of the two")


def constraint_topics_exist(project: Project) -> Iterator[Diagnostic]:
    """Topics under ``constraints`` are topics of the bank."""
    topics = list(project.bank.topics)
    for blueprint in project.blueprints:
        for topic in blueprint.constraints.topics:
            if topic not in topics:
                place = blueprint.origin.span("constraints", "topics", topic)
                message = f"no problem has the topic {topic!r}"
                yield error(Code.WHERE_UNKNOWN, message, place, nearest(topic, topics))


def releases_sound(project: Project) -> Iterator[Diagnostic]:
    """What appears on a site is a sheet of one version, of problems that students may see."""
    for blueprint in project.blueprints:
        if blueprint.release.sheet is None:
            continue
        place = blueprint.origin.span("release")
        if blueprint.kind not in SHEETS:
            message = f"a {blueprint.kind} is not released to the site"
            hint = "only homework and practice sheets are: change `kind`, or leave `release` out"
            yield error(Code.BLUEPRINT_WRONG, message, place, hint)
        if blueprint.versions != 1:
            message = "a sheet that is released to the site has one version"
            place_of_versions = blueprint.origin.span("versions")
            yield error(Code.BLUEPRINT_WRONG, message, place_of_versions, "write `versions: 1`")
        yield from _exam_problems_released(project, blueprint)


def _exam_problems_released(project: Project, blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Problems that are for exams only, drawn or to be drawn for a released sheet."""
    hint = "a released sheet has `visibility: [practice, public]`"
    if "exam" in blueprint.visibility:
        place = blueprint.origin.span("visibility")
        yield error(Code.BLUEPRINT_WRONG, "the site would show problems of exams", place, hint)
    lock = project.lock(blueprint.exam)
    for number, version in enumerate(lock.versions if lock else ()):
        for position, item in enumerate(version.items):
            problem = project.bank.get(item.problem)
            if lock and problem and problem.metadata.visibility is Visibility.EXAM:
                place = lock.origin.span("versions", number, "items", position, "problem")
                message = f"{item.problem} is for exams only, and the sheet is released"
                yield error(Code.LOCK_WRONG, message, place, hint)


def blueprint_sound(project: Project) -> Iterator[Diagnostic]:
    """Everything about blueprints themselves, whatever their locks and the bank are like."""
    yield from courses_exist(project)
    yield from queries_sound(project)
    yield from named_problems_exist(project)
    yield from constraint_topics_exist(project)
    yield from releases_sound(project)


def locks_fit(project: Project) -> Iterator[Diagnostic]:
    """A lock names problems of the bank, in the sections of its blueprint."""
    for lock in project.locks:
        blueprint = project.blueprint(lock.exam)
        if lock.exam in project.unread:
            continue
        if blueprint is None:
            message = f"the lock is of {lock.exam!r}, and there is no such exam"
            known = [b.exam for b in project.blueprints]
            place = lock.origin.span("exam")
            yield error(Code.UNKNOWN_EXAM, message, place, nearest(lock.exam, known))
        else:
            yield from check_lock(lock, blueprint, project.bank)
