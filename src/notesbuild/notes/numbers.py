"""The numbers of a course's results for its exams: what Sphinx made, kept while it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from notesbuild.diagnostics import Diagnostic, Outcome
from notesbuild.model.course import Course
from notesbuild.model.project import Project
from notesbuild.model.results import NumberedResult, OtherLabel, ResultNumbers
from notesbuild.notes.bank_state import BankState, bank_state, unmoved
from notesbuild.notes.tex_labels import LatexLabel
from notesbuild.practice.plan import plan_of_course, with_whole_bank
from notesbuild.run.code import code_digest, version_of
from notesbuild.run.publish import write_file
from notesbuild.source.chapters import label_names
from notesbuild.source.files import Files, digest

CHAPTERS = "chapters/"

Order = tuple[tuple[str, str], ...]
"""Chapter and id of each problem that chapters show."""

Record = dict[str, Any]
"""What the Sphinx extension has written of one result."""


@dataclass(frozen=True)
class _Kept:
    """The file: ``sources`` is the digest of what the numbers were made from.

    ``order`` holds the problems that the chapters showed, when the bank was in the state ``bank``.
    """

    sources: str
    results: tuple[NumberedResult, ...]
    others: tuple[OtherLabel, ...]
    order: Order
    bank: BankState


def numbers_at_hand(project: Project, course: Course) -> ResultNumbers | None:
    """The numbers if some build has left them, and the notes are still the same."""
    kept = _read(project, course)
    if kept is None or kept.sources != numbered_sources(project, course):
        return None
    return _numbers(kept, course)


def numbers_for_exam(project: Project, course: Course) -> Outcome[ResultNumbers | None]:
    """The numbers, for a project of which not all problems were read.

    Where they are not known from the last build, Sphinx reads the chapters, and writes no pages.
    """
    kept = _read(project, course)
    bank = unmoved(project, course, kept.bank) if kept else None
    if kept and bank and kept.sources == _sources(project, course, kept.order):
        if bank != kept.bank:
            _write(project, course, replace(kept, bank=bank))
        return Outcome(_numbers(kept, course))
    whole = with_whole_bank(project, course)
    known = numbers_at_hand(whole, course)
    if kept is not None and known is not None:
        _write(project, course, replace(kept, bank=bank_state(whole, course)))
        return Outcome(known)
    # Sphinx takes a second to load, and is seldom asked.
    from notesbuild.notes.numbering import number_results

    return number_results(whole, course)


def result_words(project: Project, course: Course, label: str) -> str:
    """``Theorem 7.2 (thm-massart)`` where the number is at hand, or else the label alone."""
    numbers = numbers_at_hand(project, course)
    result = numbers.find(label) if numbers else None
    return f"{result.heading} ({label})" if result and result.number else label


def numbered_sources(project: Project, course: Course) -> str:
    """A digest of all that the numbers of a course depend on: its notes, and our own code.

    Of the manifest that is the list of chapters, the language for the names of kinds, the kinds
    and their counters; of the bank, which problems the chapters show.
    """
    return _sources(project, course, plan_of_course(project, course).value.order)


def _sources(project: Project, course: Course, order: Order) -> str:
    files = Files(project.root)
    folder = project.settings.notes
    paths = (p for p in files.listing(folder) if not p.startswith(f"{folder}/courses/"))
    code = f"{version_of('sphinx')} {code_digest('notes', 'practice', 'sphinxext')}"
    kinds = repr((*course.kinds, *course.counters.items()))
    shown = map("\n".join, order)
    pieces = [course.name, course.language, code, kinds, *course.chapters, "", *shown]
    contents = ((path.encode(), files.content(path).value or b"") for path in paths)
    return digest(*(p.encode() for p in pieces), *(piece for pair in contents for piece in pair))


def keep_numbers(
    project: Project,
    course: Course,
    sources: str,
    records: list[Record],
    labels: Mapping[str, LatexLabel],
) -> Outcome[ResultNumbers]:
    """Leave for exams what Sphinx has written of the results.

    ``sources`` is what ``numbered_sources`` said before Sphinx began; ``labels`` are those of
    the finished PDF.
    """
    results = tuple(_results(course, records, labels))
    own = {result.label for result in results}
    others = tuple(
        OtherLabel(name, chapter.name)
        for chapter in project.chapters
        for name in label_names(chapter)
        if name not in own
    )
    order = plan_of_course(project, course).value.order
    kept = _Kept(sources, results, others, order, bank_state(project, course))
    return Outcome(_numbers(kept, course), _write(project, course, kept))


def _read(project: Project, course: Course) -> _Kept | None:
    try:
        return _adapter().validate_json(numbers_file(project, course).read_bytes())
    except (OSError, ValueError):
        return None


def _write(project: Project, course: Course, kept: _Kept) -> tuple[Diagnostic, ...]:
    path = numbers_file(project, course)
    content = _adapter().dump_json(kept, indent=1) + b"\n"
    return write_file(path, content, path.relative_to(project.root).as_posix())


def _numbers(kept: _Kept, course: Course) -> ResultNumbers:
    return ResultNumbers(course.name, course.chapters, kept.results, kept.others)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[_Kept]:
    return TypeAdapter(_Kept)


def _results(
    course: Course, records: list[Record], labels: Mapping[str, LatexLabel]
) -> Iterator[NumberedResult]:
    documents = {f"{CHAPTERS}{name}": name for name in course.chapters}
    for record in records:
        if record["label"] and record["docname"] in documents:
            latex = labels.get(record["latex_label"])
            yield NumberedResult(
                record["label"],
                record["kind"],
                record["name"],
                record["number"],
                record["title"],
                documents[record["docname"]],
                f"{record['docname']}.html#{record['anchor']}",
                latex.page if latex else None,
            )


def numbers_file(project: Project, course: Course) -> Path:
    """Where the numbers are kept; Sphinx works in the folder of the same name."""
    return project.build / ".work" / "numbers" / f"{course.name}.json"
