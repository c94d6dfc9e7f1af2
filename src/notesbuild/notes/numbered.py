"""Everything that has a number on the finished pages of a site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Sort(StrEnum):
    """What has numbers; results are of many kinds, and have the names of them all."""

    SECTION = "section"
    RESULT = "result"
    EQUATION = "equation"
    FIGURE = "figure"
    TABLE = "table"
    LISTING = "listing"


@dataclass(frozen=True)
class Numbered:
    """One thing with a number; ``shown`` are the words that stand with it, such as Figure 1.2."""

    sort: Sort
    number: str
    shown: str
    docname: str
    anchor: str


_MARKS = {
    "section-number": Sort.SECTION,
    "result-name": Sort.RESULT,
    "eqno": Sort.EQUATION,
    "caption-number": Sort.FIGURE,
}
_FLOATS = {"figure": Sort.FIGURE, "table": Sort.TABLE, "div": Sort.LISTING}

# What numbers stand in. A formula has thousands of elements, and none of these.
_ELEMENTS = "section|figure|table|div"
_TOKEN = re.compile(
    rf"<(?P<open>{_ELEMENTS})\b(?P<attributes>[^>]*)>|</(?P<close>{_ELEMENTS})\s*>"
    rf'|<span class="(?P<mark>{"|".join(_MARKS)})\b[^"]*"[^>]*>(?P<text>[^<]*)'
)
_ID = re.compile(r'\bid="([^"]*)"')

_Element = tuple[str, str]
"""An element that has not ended: its tag, and its anchor if it has one."""


def numbers_on(page: Path, docname: str) -> Iterator[Numbered]:
    """The numbers on a page, by the marks that Sphinx and our extension give to them."""
    around: list[_Element] = []
    for token in _TOKEN.finditer(page.read_text("utf-8")):
        if token["open"]:
            anchor = _ID.search(token["attributes"])
            around.append((token["open"], html.unescape(anchor[1]) if anchor else ""))
        elif token["close"]:
            _leave(around, token["close"])
        elif any(tag == "section" for tag, _ in around):  # contents beside the page repeat them
            number = _numbered(token["mark"], html.unescape(token["text"]), around, docname)
            if number is not None:
                yield number


def _leave(around: list[_Element], tag: str) -> None:
    """End the innermost element of a kind, and whatever in it has no end of its own."""
    while any(name == tag for name, _ in around):
        if around.pop()[0] == tag:
            return


def _numbered(mark: str, text: str, around: list[_Element], docname: str) -> Numbered | None:
    """What is numbered is the nearest element around the mark that has a name."""
    shown = text.strip().strip("()").rstrip(".:").strip()
    number = shown.rpartition(" ")[2]
    if not any(letter.isdigit() for letter in number):
        return None
    wanted = [e for e in around if e[1] and (mark != "section-number" or e[0] == "section")]
    tag, anchor = wanted[-1] if wanted else ("", "")
    sort = _MARKS[mark]
    if sort is Sort.FIGURE:
        sort = _FLOATS.get(tag, Sort.FIGURE)
    return Numbered(sort, number, shown, docname, anchor)


def numbers_of(site: Path, docnames: tuple[str, ...]) -> Iterator[Numbered]:
    """The numbers of documents in their order; a page that is not there has none."""
    for docname in docnames:
        page = site / f"{docname}.html"
        if page.is_file():
            yield from numbers_on(page, docname)
