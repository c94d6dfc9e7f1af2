"""Rules about blueprints and their locks."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.check.lock import check_lock
from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.model.exam import Blueprint
from notesbuild.model.names import nearest
from notesbuild.model.project import Project
from notesbuild.model.where import WhereError, parse_where, vocabulary


def courses_exist(project: Project) -> Iterator[Diagnostic]:
    """The folder of a blueprint is named after a course."""
    names = [course.name for course in project.courses]
    for blueprint in project.blueprints:
        if blueprint.course not in names:
            message = f"there is no course {blueprint.course!r}"
            hint = nearest(blueprint.course, names)
            yield error(Code.UNKNOWN_COURSE, message, blueprint.origin.span(), hint)


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


def locks_fit(project: Project) -> Iterator[Diagnostic]:
    """A lock names problems of the bank, in the sections of its blueprint."""
    for lock in project.locks:
        blueprint = project.blueprint(lock.exam)
        if blueprint is None:
            message = f"the lock is of {lock.exam!r}, and there is no such exam"
            known = [b.exam for b in project.blueprints]
            place = lock.origin.span("exam")
            yield error(Code.UNKNOWN_EXAM, message, place, nearest(lock.exam, known))
        else:
            yield from check_lock(lock, blueprint, project.bank)
