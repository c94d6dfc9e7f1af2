"""Whether questions stand where regions.json says, measured on finished pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from notesbuild.exam.known import AskedPart, inner
from notesbuild.pdf.anatomy import Shown
from notesbuild.pdf.units import mm

TOLERANCE = 0.1
"""PDF points: all numbers are rounded a few times on their way."""


@dataclass(frozen=True)
class Place:
    """A region of regions.json: question, letter of the part (empty: the whole), page, box."""

    question: int
    letter: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Layout:
    """The places of one size of type, and how many pages have questions."""

    pages: int
    places: tuple[Place, ...]


def read_layouts(text: bytes) -> tuple[Layout | None, Layout | None]:
    """The layouts of the usual and of the larger type in a regions.json.

    The first is None without a fixed layout, the second where nobody has larger type.

    Raises:
        ValueError: the file cannot be read, or a version has a layout of its own.
    """
    try:
        content = json.loads(text)
        if content["layout"] != "fixed":
            return None, None
        layout = _layout(content)
        large = _layout(content["large_print"]) if "large_print" in content else None
        for version, own in content["versions"].items():
            if _layout(own) != layout:
                raise ValueError(f"version {version} has another layout than the others")
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("it is no table of regions") from fault
    return layout, large


def _layout(content: Any) -> Layout:
    return Layout(len(content["pages"]), tuple(_place(region) for region in content["regions"]))


def _place(region: Any) -> Place:
    left, bottom, right, top = (float(side) for side in region["box"])
    letter = region["part"] or ""
    return Place(region["question"], letter, region["page"], left, bottom, right, top)


def misplaced(
    pages: Sequence[Sequence[Shown]], asked: Iterable[AskedPart], layout: Layout
) -> Iterator[str]:
    """In words, what stands elsewhere than the layout says, or nowhere at all."""
    found: dict[str, list[tuple[int, Shown]]] = {}
    for number, page in enumerate(pages, start=1):
        for shown in page:
            found.setdefault(shown.digest, []).append((number, shown))
    for part in asked:
        places = _places_of(part, layout)
        for index, digest in enumerate(part.strips):
            gap = part.gap if index == 0 else None
            seen = found.get(digest, [])
            fault = _fault(seen, places, gap)
            if fault is not None:
                yield f"question {part.question}{_part(part)} {fault}"
                break


def _part(part: AskedPart) -> str:
    return f", part {part.letter}," if part.letter else ""


def _places_of(part: AskedPart, layout: Layout) -> list[Place]:
    """The regions in which a part may stand: its own, or those of the whole question."""
    own = [p for p in layout.places if p.question == part.question and p.letter == part.letter]
    if part.letter or not part.first:
        return own
    first = min((place.page for place in own), default=0)
    return [place for place in own if place.page == first]


def _fault(seen: list[tuple[int, Shown]], places: list[Place], gap: float | None) -> str | None:
    if not seen:
        return "is not on the paper as it was set"
    if not places:
        return "has no region"
    if any(_inside(page, shown, place, gap) for page, shown in seen for place in places):
        return None
    page, shown = seen[0]
    _, _, _, top = inner((shown.left, shown.bottom, shown.right, shown.top), shown.scale)
    where = f"stands on page {page}, {mm(top):.1f} mm above its lower edge"
    expected = places[0]
    return f"{where}; its region ends on page {expected.page} at {mm(expected.top):.1f} mm"


def _inside(page: int, shown: Shown, place: Place, gap: float | None) -> bool:
    sides = (shown.left, shown.bottom, shown.right, shown.top)
    left, bottom, _, top = inner(sides, shown.scale)
    if page != place.page or abs(left - place.left) > TOLERANCE:
        return False
    if gap is not None and abs(place.top - gap - top) > TOLERANCE:
        return False
    return top <= place.top + TOLERANCE and bottom >= place.bottom - TOLERANCE
