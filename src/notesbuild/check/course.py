"""Rules about manifests."""

from __future__ import annotations

from collections.abc import Iterator

from notesbuild.diagnostics import Code, Diagnostic, error, warning
from notesbuild.model.course import Course
from notesbuild.model.names import nearest
from notesbuild.model.project import Project
from notesbuild.render.kinds import kinds_named_like_macros
from notesbuild.source.labels import defined_labels


def chapters_exist(project: Project) -> Iterator[Diagnostic]:
    """Every chapter of a manifest has a source, and stands there once."""
    known = [chapter.name for chapter in project.chapters]
    for course in project.courses:
        places = course.chapter_spans()
        for position, (name, place) in enumerate(zip(course.chapters, places, strict=True)):
            if name not in known:
                message = f"there is no chapter {name!r}"
                yield error(Code.UNKNOWN_CHAPTER, message, place, nearest(name, known))
            elif name in course.chapters[:position]:
                message = f"the chapter {name!r} is named twice"
                yield error(Code.MANIFEST_WRONG, message, place, "name each chapter once")


def kinds_have_names(project: Project) -> Iterator[Diagnostic]:
    """No kind of results has the name of a macro."""
    for course in project.courses:
        yield from kinds_named_like_macros(course, project.macros)


def weights_add_up(project: Project) -> Iterator[Diagnostic]:
    """The weights of the grading make 100 percent."""
    for course in project.courses:
        total = sum(part.weight for part in course.grading)
        if course.grading and abs(total - 100) > 1e-9:
            message = f"the weights add up to {total:g} %, not 100 %"
            yield error(Code.MANIFEST_WRONG, message, course.origin.span("grading"))


def schedule_fits(project: Project) -> Iterator[Diagnostic]:
    """Rows are in order; what they cover and examine exists in the course."""
    for course in project.courses:
        yield from _rows_in_order(course)
        labels = {
            label.name
            for chapter in project.chapters
            if chapter.name in course.chapters
            for label in defined_labels(chapter)
        }
        exams = _exams_of(course, project)
        for number, row in enumerate(course.schedule):
            for position, target in enumerate(row.covers):
                if target not in course.chapters and target not in labels:
                    place = course.origin.span("schedule", number, "covers", position)
                    known = [*course.chapters, *sorted(labels)]
                    message = f"{target!r} is neither a chapter nor a label of this course"
                    yield error(Code.MANIFEST_WRONG, message, place, nearest(target, known))
            if row.exam is not None and row.exam not in exams:
                place = course.origin.span("schedule", number, "exam")
                message = f"the course has no exam {row.exam!r}"
                wanted = f"write {project.settings.exams}/{course.name}/{row.exam}.yaml"
                hint = nearest(row.exam, sorted(exams)) or wanted
                yield error(Code.UNKNOWN_EXAM, message, place, hint)


def _exams_of(course: Course, project: Project) -> set[str]:
    """The names of its exams, also of those whose blueprints have errors."""
    own = {exam.partition("/") for exam in project.unread}
    own |= {exam.exam.partition("/") for exam in project.blueprints}
    return {name for folder, _, name in own if folder == course.name}


def _rows_in_order(course: Course) -> Iterator[Diagnostic]:
    for number in range(1, len(course.schedule)):
        if course.schedule[number].date < course.schedule[number - 1].date:
            place = course.origin.span("schedule", number, "date")
            message = "this row is earlier than the one before it"
            yield warning(Code.MANIFEST_WRONG, message, place, "put the rows in order of date")
