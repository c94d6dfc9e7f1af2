"""Everything that has a number on the finished pages of a site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
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


_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
_MARKS = {
    "section-number": Sort.SECTION,
    "result-name": Sort.RESULT,
    "eqno": Sort.EQUATION,
    "caption-number": Sort.FIGURE,
}
_FLOATS = {"figure": Sort.FIGURE, "table": Sort.TABLE, "div": Sort.LISTING}


@dataclass
class _Open:
    """An element that has not ended; ``text`` collects what it says if it is a mark."""

    tag: str
    anchor: str
    classes: tuple[str, ...]
    mark: str = ""
    text: str = ""


class _Numbers(HTMLParser):
    """Reads the marks that Sphinx and our extension give to numbers."""

    def __init__(self, docname: str) -> None:
        super().__init__()
        self._docname = docname
        self._open: list[_Open] = []
        self._inside: _Open | None = None
        self.found: list[Numbered] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element; a mark begins what is collected."""
        if tag in _VOID:
            return
        values = dict(attrs)
        classes = tuple((values.get("class") or "").split())
        mark = next((name for name in _MARKS if name in classes), "")
        element = _Open(tag, values.get("id") or "", classes, mark)
        self._open.append(element)
        if mark and self._in_content():
            self._inside = element
        elif self._inside is not None and "headerlink" in classes:
            self._finish()

    def handle_data(self, data: str) -> None:
        """Collect the text of a mark."""
        if self._inside is not None:
            self._inside.text += data

    def handle_endtag(self, tag: str) -> None:
        """Forget an element, and those in it that have no end."""
        if all(element.tag != tag for element in self._open):
            return  # it ends what has never begun
        while self._open:
            element = self._open.pop()
            if element is self._inside:
                self._finish(element)
            if element.tag == tag:
                return

    def _in_content(self) -> bool:
        """Not in the contents beside the page, which repeat the numbers."""
        return any(element.tag == "section" for element in self._open)

    def _finish(self, element: _Open | None = None) -> None:
        mark = element or self._inside
        assert mark is not None
        self._inside = None
        owner = self._owner(mark)
        shown = mark.text.strip().strip("()").rstrip(".:").strip()
        sort = _MARKS[mark.mark]
        if sort is Sort.FIGURE:
            sort = _FLOATS.get(owner.tag, Sort.FIGURE)
        number = shown.rpartition(" ")[2]
        if any(letter.isdigit() for letter in number):
            self.found.append(Numbered(sort, number, shown, self._docname, owner.anchor))

    def _owner(self, mark: _Open) -> _Open:
        """The nearest element around a mark that has a name."""
        around = [element for element in self._open if element is not mark]
        if mark.mark == "section-number":
            around = [element for element in around if element.tag == "section"]
        return next((element for element in reversed(around) if element.anchor), mark)


def numbers_on(page: Path, docname: str) -> tuple[Numbered, ...]:
    """The numbers on a page, in its order."""
    reader = _Numbers(docname)
    reader.feed(page.read_text("utf-8"))
    return tuple(reader.found)


def numbers_of(site: Path, docnames: tuple[str, ...]) -> Iterator[Numbered]:
    """The numbers of documents in their order; a page that is not there has none."""
    for docname in docnames:
        page = site / f"{docname}.html"
        if page.is_file():
            yield from numbers_on(page, docname)
