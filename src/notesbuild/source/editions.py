"""Editions: which chapters of the pool a course has, and what it cites of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notesbuild.model.course import Course
from notesbuild.model.project import Chapter
from notesbuild.source.chapters import outline_of
from notesbuild.source.outline import LINK, Mark, Reference


@dataclass(frozen=True)
class Absent:
    """A label of a chapter that an edition leaves out; ``title`` is the chapter's."""

    mark: Mark
    chapter: str
    title: str


@dataclass(frozen=True)
class Citation:
    """A place of an edition that refers to what it leaves out."""

    reference: Reference
    chapter: str
    absent: Absent

    @property
    def in_proof(self) -> bool:
        """Whether a proof depends on it."""
        return self.reference.home.proof is not None and self.reference.role not in (LINK, "any")


@dataclass(frozen=True)
class Edition:
    """A course in the pool: what it cites of chapters left out, in its own order."""

    course: Course
    citations: tuple[Citation, ...]
    needs: Mapping[str, Counter[str]]
    """Of every chapter of the pool: how often it cites each other one."""
    needs_of_proofs: Mapping[str, Counter[str]]

    @property
    def absent(self) -> tuple[Absent, ...]:
        """What is cited of the chapters left out, each once, in order of its label."""
        found = {one.absent.mark.name: one.absent for one in self.citations}
        return tuple(found[name] for name in sorted(found))

    @property
    def missing(self) -> tuple[str, ...]:
        """The fewest chapters with which no citation leads out: all that these cite in turn."""
        return _closure(self.course.chapters, self.needs)

    @property
    def missing_for_proofs(self) -> tuple[str, ...]:
        """The fewest chapters with which no proof depends on what is left out."""
        return _closure(self.course.chapters, self.needs_of_proofs)


def edition(course: Course, chapters: Iterable[Chapter]) -> Edition:
    """An edition of a pool of chapters."""
    pool = tuple(chapters)
    if {chapter.name for chapter in pool} <= set(course.chapters):
        return Edition(course, (), {}, {})
    places = _places(pool, course)
    all_citations: list[Citation] = []
    needs: dict[str, Counter[str]] = {}
    needs_of_proofs: dict[str, Counter[str]] = {}
    for chapter in pool:
        own, of_proofs = Counter[str](), Counter[str]()
        for reference in outline_of(chapter).references:
            absent = places.get(reference.label)
            if absent is None or absent.chapter == chapter.name:
                continue
            citation = Citation(reference, chapter.name, absent)
            all_citations.append(citation)
            own[absent.chapter] += 1
            of_proofs[absent.chapter] += citation.in_proof
        needs[chapter.name], needs_of_proofs[chapter.name] = own, +of_proofs
    position = {name: number for number, name in enumerate(course.chapters)}
    led_out = [
        one
        for one in all_citations
        if one.chapter in position and one.absent.chapter not in position
    ]
    led_out.sort(key=lambda one: (position[one.chapter], one.reference.span))
    return Edition(course, tuple(led_out), needs, needs_of_proofs)


def _places(pool: Iterable[Chapter], course: Course) -> dict[str, Absent]:
    """Every label; where two chapters have it, the course's own chapter counts."""
    found: dict[str, Absent] = {}
    for chapter in sorted(pool, key=lambda one: one.name not in course.chapters):
        outline = outline_of(chapter)
        for mark in outline.marks:
            found.setdefault(mark.name, Absent(mark, chapter.name, outline.title))
    return found


def _closure(chapters: Iterable[str], needs: Mapping[str, Counter[str]]) -> tuple[str, ...]:
    """What has to be added to some chapters so that all their needs are met.

    A label stands in one chapter, so each need has one answer, and the set is the smallest.
    """
    own = set(chapters)
    reached, queue = set(own), list(own)
    for name in queue:
        fresh = set(needs.get(name, ())) - reached
        reached |= fresh
        queue += sorted(fresh)
    return tuple(sorted(reached - own))
