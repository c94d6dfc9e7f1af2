"""regions.json: on which page, and in which box, every question and part stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from notesbuild.exam.typeset import Paper
from notesbuild.pdf.text import page_sizes

_SP_PER_POINT = 65536 * 72.27 / 72
_POINT_PER_PT = 72 / 72.27

_TEXT = re.compile(r"text ([-\d.]+)pt ([-\d.]+)pt ([-\d.]+)pt ([-\d.]+)pt")
_MARK = re.compile(r"(\d+) \[(.*?)\] (top|end) (\d+) (-?\d+) (-?\d+)")


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in PDF points from the lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Region:
    """A question (``part`` is empty) or a part on one page; a long one has several regions."""

    question: int
    part: str
    box: Box


@dataclass(frozen=True)
class _Frame:
    """The text area of a page."""

    left: float
    right: float
    bottom: float
    top: float


def regions(positions: str) -> tuple[Region, ...]:
    """The regions of one paper, from the positions that TeX wrote."""
    text = _TEXT.search(positions)
    if text is None:
        return ()
    left, width, height, top = (float(number) * _POINT_PER_PT for number in text.groups())
    frame = _Frame(left, left + width, top - height, top)
    parts = [r for block in _blocks(positions, frame) for r in block]
    return tuple(sorted([*parts, *_questions(parts)], key=_order))


def _order(region: Region) -> tuple[int, int, str, int]:
    return region.question, len(region.part), region.part, region.box.page


def _blocks(positions: str, frame: _Frame) -> Iterator[list[Region]]:
    opened: tuple[int, str, int, float] | None = None
    for found in _MARK.finditer(positions):
        question, part = int(found[1]), found[2]
        page, height = int(found[4]), int(found[6]) / _SP_PER_POINT
        if found[3] == "top":
            opened = (question, part, page, height)
        elif opened is not None:
            yield list(_over_pages(opened, page, height, frame))
            opened = None


def _over_pages(
    opened: tuple[int, str, int, float], last: int, end: float, frame: _Frame
) -> Iterator[Region]:
    question, part, first, start = opened
    for page in range(first, last + 1):
        top = start if page == first else frame.top
        bottom = end if page == last else frame.bottom
        box = Box(page, frame.left, min(bottom, top), frame.right, top)
        yield Region(question, part, box)


def _questions(parts: Iterable[Region]) -> Iterator[Region]:
    """For each question and page the box around everything that belongs to it."""
    boxes: dict[tuple[int, int], list[Box]] = {}
    for region in parts:
        boxes.setdefault((region.question, region.box.page), []).append(region.box)
    for (question, page), own in sorted(boxes.items()):
        yield Region(
            question,
            "",
            Box(
                page,
                min(box.left for box in own),
                min(box.bottom for box in own),
                max(box.right for box in own),
                max(box.top for box in own),
            ),
        )


def regions_json(papers: Iterable[Paper]) -> bytes:
    """The file: for each version its pages, and the regions of its questions and parts."""
    versions = {
        paper.version: {
            "pages": [[round(side, 2) for side in size] for size in page_sizes(paper.pdf)],
            "regions": [_as_json(region) for region in unique(regions(paper.positions))],
        }
        for paper in sorted(papers, key=lambda p: p.version)
    }
    content = {"unit": "pt", "origin": "lower left", "versions": versions}
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def unique(found: Iterable[Region]) -> tuple[Region, ...]:
    """One region for each question, part and page: an introduction lies inside its question."""
    best: dict[tuple[int, str, int], Region] = {}
    for region in found:
        key = (region.question, region.part, region.box.page)
        if key not in best or _height(region) > _height(best[key]):
            best[key] = region
    return tuple(best.values())


def _height(region: Region) -> float:
    return region.box.top - region.box.bottom


def _as_json(region: Region) -> dict[str, object]:
    box = region.box
    sides = (box.left, box.bottom, box.right, box.top)
    return {
        "question": region.question,
        "part": region.part or None,
        "page": box.page,
        "box": [round(side, 2) for side in sides],
    }
