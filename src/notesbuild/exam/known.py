"""What is known of an exam's papers before one of them is opened.

It follows from a build in memory: the digest of every piece that a student may see, of every
piece that nobody but a marker may see, and where each question has to stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import chain

import pikepdf

from notesbuild.exam.blocks import PAD, Block, Part, Strip
from notesbuild.exam.body import View
from notesbuild.exam.edition import Edition
from notesbuild.exam.layout import parts_of
from notesbuild.exam.leak import Secrets
from notesbuild.exam.outputs import Made
from notesbuild.pdf.anatomy import page_digests


@dataclass(frozen=True)
class AskedPart:
    """A part of a question (or what precedes its parts) as a version asks it.

    ``strips`` are the digests of its pieces from top to bottom; ``gap`` is how far below the top
    of its box the first one begins, where nothing stands above it.
    """

    question: int
    letter: str
    first: bool
    gap: float | None
    strips: tuple[str, ...]


Asked = Mapping[tuple[str, bool], tuple[AskedPart, ...]]
"""By version, and whether in larger type."""


@dataclass(frozen=True)
class Known:
    """Everything that a process needs to judge a file.

    ``secret`` leads from a digest to whose solution or marking guide it is part of; ``labels``
    from that of a name, an ID or a seat to the students whose it is.
    """

    exam: str
    codes: bool
    students: frozenset[str]
    labels: Mapping[str, frozenset[str]]
    secret: Mapping[str, str]
    secrets: Secrets
    asked: Asked
    folder: str


def known_of(made: Made, folder: str) -> Known:
    """What a build knows; ``folder`` is the project's, whose name no paper may hold."""
    blueprint, produced = made.exam.blueprint, made.produced
    editions = [(produced.normal, False)]
    if produced.larger is not None:
        editions.append((produced.larger, True))
    students: set[str] = set()
    secret: dict[str, str] = {}
    asked: dict[tuple[str, bool], tuple[AskedPart, ...]] = {}
    for edition, large in editions:
        digests = _digests(edition)
        for name, own in digests.items():
            if _is_for_students(name, edition):
                students.update(own)
            else:
                secret.update(dict.fromkeys(own, _whose(name, edition)))
        for version in edition.versions:
            parts = chain.from_iterable(
                _asked(ask.number, ask.blocks[View.STUDENT], edition, digests)
                for ask in version.asks
            )
            asked[version.name, large] = tuple(parts)
    rendered = {id(q.rendered): q.rendered for copy in made.copies for q in copy.questions}
    return Known(
        blueprint.exam,
        blueprint.layout.codes,
        frozenset(students),
        _labels(made),
        {digest: whose for digest, whose in secret.items() if digest not in students},
        Secrets.of(rendered.values()),
        asked,
        folder,
    )


def _digests(edition: Edition) -> dict[str, tuple[str, ...]]:
    """For every text the digests of its pieces."""
    files: dict[int, tuple[str, ...]] = {}
    found = {}
    for name, block in edition.blocks.items():
        if id(block.pdf) not in files:
            files[id(block.pdf)] = _file_digests(block.pdf)
        pages = files[id(block.pdf)]
        found[name] = pages[block.first : block.first + block.block.pages]
    return found


def _file_digests(pdf: bytes) -> tuple[str, ...]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return page_digests(document)


def _is_for_students(name: str, edition: Edition) -> bool:
    if name.startswith("question-text-"):
        return name.endswith(f"-{View.STUDENT.value}")
    if name.startswith("cover-"):
        return name.startswith(f"cover-{View.STUDENT.value}-")
    if name.startswith("footer-"):
        return any(name == version.footers.get(View.STUDENT) for version in edition.versions)
    return name != "more" and not name.startswith("question-")


def _whose(name: str, edition: Edition) -> str:
    if not name.startswith("question-text-"):
        return "the papers with solutions"
    base, _, view = name.rpartition("-")
    what = "marking guide" if view == View.RUBRIC.value else "solution"
    return f"the {what} of {edition.inventory.questions[base].rendered.problem.id}"


def _asked(
    number: int, name: str, edition: Edition, digests: Mapping[str, tuple[str, ...]]
) -> Iterator[AskedPart]:
    joined = edition.plan is not None and number in edition.plan.joined
    block: Block = edition.blocks[name].block
    for index, part in enumerate(parts_of(block, joined=joined)):
        strips = _strips(part)
        if strips:
            own = tuple(digests[name][strip.page] for strip in strips)
            above = part.items[0] is not strips[0]
            gap = None if above else strips[0].gap * edition.sheet.scale
            yield AskedPart(number, part.letter, index == 0, gap, own)


def _strips(part: Part) -> list[Strip]:
    return [item for item in part.items if isinstance(item, Strip)]


def _labels(made: Made) -> dict[str, frozenset[str]]:
    sitting = made.sitting
    if sitting is None:
        return {}
    digests = [_file_digests(sheet) for sheet in sitting.sheets.sheets]
    owners: dict[str, set[str]] = {}
    for student, boxes in sitting.labels.items():
        for box in filter(None, boxes):
            owners.setdefault(digests[box.sheet][box.page], set()).add(student)
    return {digest: frozenset(names) for digest, names in owners.items()}


def inner(sides: Iterable[float], scale: float) -> tuple[float, float, float, float]:
    """The box of a strip, from that of its form, which is larger on every side."""
    left, bottom, right, top = sides
    pad = PAD * scale
    return left + pad, bottom + pad, right - pad, top - pad
