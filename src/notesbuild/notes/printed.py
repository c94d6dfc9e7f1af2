"""The numbers of a finished PDF of the notes, compared with those of the pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docutils import nodes

from notesbuild.notes.numbered import Numbered, Sort
from notesbuild.pdf.places import Area, Place, destinations, texts_in
from notesbuild.sphinxext.directives import RESTATED
from notesbuild.sphinxext.latex_writer import latex_label

# LaTeX names these destinations by itself; those of results and displays have names of ours.
_FLOATS = {
    Sort.FIGURE: re.compile(r"figure\.(?:caption\.\d|.*:)"),
    Sort.TABLE: re.compile(r"table\.(?:caption\.\d|.*:)"),
    Sort.LISTING: re.compile(r"literalblock\.(?:caption\.\d|.*:)"),
}
_LEVELS = ("chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_HEADING = re.compile(rf"(?P<level>{'|'.join(_LEVELS)})\.\w")
_NUMBER = r"\d+(?:\.\d+)*"
_CHAPTER = re.compile(r"^[^\d\n]*(\d+)[^\d\n]*$", re.M)
_TAG = re.compile(rf"\(({_NUMBER})\)")

_Printed = tuple[int, tuple[str, ...]]
"""A page, and the numbers that may be meant: a line of text above a heading can begin with one."""

# A destination is at the first line of its words, or a little above; in points.
_ABOVE = 14.0
_LINE = 32.0
_HEADING_HEIGHT = 110.0


@dataclass(frozen=True)
class _Seen:
    """A destination, and what is printed there."""

    name: str
    place: Place
    text: str


def differences(
    pdf: bytes, numbers: tuple[Numbered, ...], where: str, *, complete: bool
) -> Iterator[str]:
    """Every number that is not the same, in words; a PDF may be not ``complete``."""
    places = destinations(pdf)
    for sort in (Sort.RESULT, Sort.EQUATION):
        wanted = tuple(number for number in numbers if number.sort is sort)
        yield from _by_name(pdf, places, wanted, where, complete=complete)
        yield from _unknown(places, wanted, sort, where)
    yield from _by_count(_headings(pdf, places), numbers, Sort.SECTION, where, complete=complete)
    for sort, pattern in _FLOATS.items():
        words = {n.shown.removesuffix(n.number).strip() for n in numbers if n.sort is sort}
        printed = _captions(pdf, places, pattern, words)
        yield from _by_count(printed, numbers, sort, where, complete=complete)


def _headings(pdf: bytes, places: dict[str, Place]) -> Iterator[_Printed]:
    """Page and number of every heading that has a number."""
    named = {name: place for name, place in places.items() if _HEADING.match(name)}
    for seen in _look(pdf, named, dict.fromkeys(named, _HEADING_HEIGHT)):
        match = _HEADING.match(seen.name)
        depth = _LEVELS.index(match["level"]) if match else 0
        pattern = rf"^\s*(\d+(?:\.\d+){{{depth}}})(?![\d.])" if depth else _CHAPTER
        yield seen.place.page, tuple(re.findall(pattern, seen.text, re.M if depth else 0))


def _captions(
    pdf: bytes, places: dict[str, Place], pattern: re.Pattern[str], words: set[str]
) -> Iterator[_Printed]:
    """Page and number of every caption; it stands below the place of its float."""
    named = {name: place for name, place in places.items() if pattern.match(name)}
    called = "|".join(re.escape(word) for word in sorted(words)) or r"\w+"
    for seen in _look(pdf, named, dict.fromkeys(named), above=0.0):
        yield seen.place.page, tuple(re.findall(rf"(?:{called})\s?({_NUMBER})", seen.text)[:1])


def _by_name(
    pdf: bytes,
    places: dict[str, Place],
    wanted: tuple[Numbered, ...],
    where: str,
    *,
    complete: bool,
) -> Iterator[str]:
    """Results and displays: each has a destination with its own name."""
    known = {name.partition(".")[2]: place for name, place in places.items()}
    folded = {_folded(name): place for name, place in known.items()}
    by_key = {}
    for number in wanted:
        key = _key(number)
        place = known.get(key) or folded.get(_folded(key))
        if place is not None:
            by_key[key] = (number, place)
        elif complete:
            yield f"{where} has no {number.sort} {number.number} ({_origin(number)})"
    heights = {key: None if n.sort is Sort.EQUATION else _LINE for key, (n, _) in by_key.items()}
    for seen in _look(pdf, {key: place for key, (_, place) in by_key.items()}, heights):
        number, _ = by_key[seen.name]
        printed = _printed(number, seen.text)
        if printed != number.number:
            instead = f", but {printed}" if printed else ""
            page = f"page {seen.place.page} of {where}"
            yield f"{page} does not show {number.shown} ({_origin(number)}){instead}"


def _unknown(
    places: dict[str, Place], wanted: tuple[Numbered, ...], sort: Sort, where: str
) -> Iterator[str]:
    """What has a number in the PDF, and none on the pages."""
    prefix = f"{sort}."
    known = {_folded(_key(number)) for number in wanted}
    for name in sorted(places):
        if name.startswith(prefix) and _folded(name.removeprefix(prefix)) not in known:
            yield f"{where} has a {sort} that no page has: {name.removeprefix(prefix)}"


def _by_count(
    printed: Iterator[_Printed],
    numbers: tuple[Numbered, ...],
    sort: Sort,
    where: str,
    *,
    complete: bool,
) -> Iterator[str]:
    """Headings and floats: the same numbers, however often."""
    left = Counter(number.number for number in numbers if number.sort is sort)
    for page, candidates in printed:
        number = next((n for n in candidates if left[n]), "".join(candidates[:1]))
        if left[number]:
            left[number] -= 1
        else:
            shown = f"{sort} {number}" if number else f"a {sort} without a number"
            yield f"page {page} of {where} shows {shown}, and no page of the site does"
    for number in +left if complete else ():
        yield f"{where} has no {sort} {number}"


def _look(
    pdf: bytes,
    places: dict[str, Place],
    heights: Mapping[str, float | None],
    above: float = _ABOVE,
) -> tuple[_Seen, ...]:
    """What is printed at each place; without a height, down to the end of the page."""
    ordered = sorted(places.items(), key=lambda item: item[1])
    areas = [
        Area(place.page, place.down - above, place.down + height if height else None)
        for name, place in ordered
        for height in (heights[name],)
    ]
    texts = texts_in(pdf, areas)
    return tuple(_Seen(n, p, text) for (n, p), text in zip(ordered, texts, strict=True))


def _printed(number: Numbered, text: str) -> str:
    """The number at the place of a result or of a display."""
    if number.sort is Sort.EQUATION:
        tags = _TAG.findall(text)
        return number.number if number.number in tags else tags[0] if tags else ""
    name = number.shown.removesuffix(number.number).strip()
    found = re.search(rf"(?<!\w){re.escape(name)}\s?({_NUMBER})(?:\.(?!\d)|\s?\()", text)
    return found[1] if found else ""


def _key(number: Numbered) -> str:
    """The name of a destination, without its counter."""
    if number.sort is Sort.EQUATION:
        return f"equation:{latex_label(number.docname, number.anchor)}"
    return latex_label(number.docname, number.anchor)


def _folded(key: str) -> str:
    """The name of a destination without what differs between the two forms.

    The anchors of displays are made from their labels by rules of docutils. What is stated again
    is in LaTeX a thing of the document where it was stated first.
    """
    display = key.startswith("equation:")
    docname, _, label = key.removeprefix("equation:").partition(":")
    stated_again = label.startswith(RESTATED)
    if display:
        label = nodes.make_id("equation-" + label.replace("equation-", ""))
    return f"{display}:{'' if stated_again else docname}:{label}"


def _origin(number: Numbered) -> str:
    return f"{number.docname}.html#{number.anchor}"
