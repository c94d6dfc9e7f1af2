"""regions.json: on which page, and in which box, every question and part stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from notesbuild.exam.body import View
from notesbuild.exam.compose import Paper, Spot
from notesbuild.exam.sheet import Sheet


def regions_json(
    papers: Iterable[Paper], sheet: Sheet, large: tuple[Sheet, Paper] | None, *, fixed: bool
) -> bytes:
    """The file: pages and boxes in PDF points, from the lower left corner of each page.

    With a fixed layout one plan holds for every version and copy; ``large`` is the plan of
    those in larger type. Otherwise each version has its own.
    """
    students = sorted((p for p in papers if p.view is View.STUDENT), key=lambda p: p.version)
    content: dict[str, object] = {
        "unit": "pt",
        "origin": "lower left",
        "layout": "fixed" if fixed else "flowing",
    }
    if fixed and students:
        content |= _plan(students[0], sheet)
    if large is not None:
        content["large_print"] = _plan(large[1], large[0])
    content["versions"] = {paper.version: _plan(paper, sheet) for paper in students[:26]}
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _plan(paper: Paper, sheet: Sheet) -> Mapping[str, object]:
    size = [round(sheet.width, 2), round(sheet.height, 2)]
    return {
        "pages": [size for _ in paper.pages],
        "regions": [_region(spot, sheet) for spot in paper.spots],
    }


def _region(spot: Spot, sheet: Sheet) -> Mapping[str, object]:
    top = sheet.inner_height - sheet.top - spot.top
    sides = (sheet.left, top - spot.height, sheet.left + sheet.text_width, top)
    return {
        "question": spot.question,
        "part": spot.letter or None,
        "page": spot.page,
        "box": [round(side * sheet.scale, 2) for side in sides],
    }
