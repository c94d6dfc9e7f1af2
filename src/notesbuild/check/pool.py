"""The outlines of all chapters together: where each label stands, and what each proof rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from notesbuild.diagnostics import Span
from notesbuild.model.project import Chapter, Project
from notesbuild.source.chapters import outline_of
from notesbuild.source.outline import LabelKind, Mark, Outline, Proof, Reference, Result

MENTION = "any"
"""The role that names a result on which nothing rests."""
_LEANING = frozenset({"prf:ref", "prf:numref", "ref", "numref"})


@dataclass(frozen=True)
class Spot:
    """A label of the pool: its chapter, and what is known of it."""

    chapter: str
    mark: Mark


@dataclass(frozen=True)
class Leaning:
    """A reference to a result inside a proof, or inside the statement of a result.

    ``result`` is what is proved or stated; None where a proof belongs to nothing.
    """

    chapter: str
    reference: Reference
    result: Result | None
    of: str
    proof: Proof | None

    @property
    def words(self) -> str:
        """What leans, in words."""
        name = self.of or (self.result.kind if self.result else "")
        if self.proof is None:
            return f"the statement of {name}"
        return f"the proof of {name}" if name else "a proof"


@dataclass(frozen=True)
class Pool:
    """All chapters in the order of their names."""

    outlines: Mapping[str, Outline]
    spots: Mapping[str, Spot]

    def result(self, label: str) -> Spot | None:
        """The place of a result with that label."""
        spot = self.spots.get(label)
        return spot if spot is not None and spot.mark.kind is LabelKind.RESULT else None

    def leanings(self, chapter: str) -> Iterator[Leaning]:
        """What the proofs and statements of a chapter refer to by a label, in order."""
        outline = self.outlines[chapter]
        for reference in outline.references:
            if reference.role not in _LEANING:
                continue
            home = reference.home
            if home.proof is not None:
                proof = outline.proofs[home.proof]
                proved = self.proved(outline, proof)
                of = proof.of or (proved.label if proved else "")
                yield Leaning(chapter, reference, proved, of, proof)
            elif home.result is not None:
                stated = outline.results[home.result]
                yield Leaning(chapter, reference, stated, stated.label, None)

    def proved(self, outline: Outline, proof: Proof) -> Result | None:
        """What a proof in a chapter proves."""
        if proof.of:
            spot = self.result(proof.of)
            if spot is None:
                return None
            known = self.outlines[spot.chapter].results
            return next((one for one in known if one.label == proof.of), None)
        return outline.results[proof.result] if proof.result is not None else None


def pool_of(project: Project) -> Pool:
    """The outlines of a project's chapters."""
    return _pool(project.chapters)


@lru_cache(maxsize=4)
def _pool(chapters: tuple[Chapter, ...]) -> Pool:
    outlines = {chapter.name: outline_of(chapter) for chapter in chapters}
    spots: dict[str, Spot] = {}
    for name, outline in outlines.items():
        for mark in outline.marks:
            spots.setdefault(mark.name, Spot(name, mark))
    return Pool(outlines, spots)


def place_of(span: Span) -> str:
    """A place as short as messages have it: the chapter and the line."""
    return f"{span.path.rsplit('/', 1)[-1].rsplit('.', 1)[0]}:{span.line}"
