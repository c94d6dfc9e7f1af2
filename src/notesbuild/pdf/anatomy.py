"""Taking a composed PDF apart: what it consists of, what its pages show and where.

A composed page shows forms and draws rules; it has no text of its own. So a form that is known
by its content is known by what it shows, and everything else in the file stands out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from notesbuild.pdf.inspect import SUSPICIOUS_KEYS

# What composed files have; whatever else there is, somebody has put there.
_TRAILER = {"/ID", "/Info", "/Root", "/Size", "/Encrypt", "/Type", "/W", "/Index", "/Filter"}
_TRAILER |= {"/Length", "/DecodeParms", "/XRefStm"}
_CATALOG = {"/Type", "/Pages"}
_INFORMATION = {"/Title", "/Subject"}
_PAGE = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
_RESOURCES = {"/XObject", "/ProcSet"}
_OPERATORS = frozenset(b"q Q cm Do re f S m l w d J rg RG g G".split())

_NUMBER = re.compile(rb"\[?-?[0-9]*\.?[0-9]+\]?|\[\]")
_STEP = re.compile(rb"(?<!\S)(?:cm|Do|q|Q)(?!\S)")
_LOOK_BACK = 150
_CONTAINERS = (Dictionary, pikepdf.Stream)


@dataclass(frozen=True)
class Shown:
    """A form on a page: the digest of its content, its box in PDF points, its scale."""

    digest: str
    left: float
    bottom: float
    right: float
    top: float
    scale: float


@dataclass(frozen=True)
class Anatomy:
    """A PDF: its pages with their forms, and everything in it that no composed page needs.

    ``forms`` are the digests of all forms, shown or not; ``oddities`` are in words; ``words`` are
    all keys, names and strings outside of contents.
    """

    pages: tuple[tuple[Shown, ...], ...]
    forms: frozenset[str]
    oddities: tuple[str, ...]
    words: frozenset[str]


def anatomy(document: pikepdf.Pdf) -> Anatomy:
    """Take a document apart."""
    reader = _Reader(document)
    return Anatomy(
        tuple(reader.page(number) for number in range(len(document.pages))),
        frozenset(reader.forms),
        tuple(sorted({*reader.oddities, *reader.catalog(), *reader.objects()})),
        frozenset(reader.words),
    )


def page_digests(document: pikepdf.Pdf) -> tuple[str, ...]:
    """For each page the digest of the form that it is where another file shows it."""
    digests = _Digests()
    return tuple(
        digests.of_parts(_content(page), page.obj.get("/Resources", Dictionary()))
        for page in document.pages
    )


def _content(page: pikepdf.Page) -> bytes:
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    parts = list(contents) if isinstance(contents, Array) else [contents]
    return b"\n".join(part.read_bytes() for part in parts)


class _Digests:
    """Digests of forms and pictures, with everything that they show in turn."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def of(self, form: pikepdf.Object, depth: int = 0) -> str:
        key = form.objgen
        if key not in self._known:
            resources = form.get("/Resources", Dictionary())
            self._known[key] = self.of_parts(_bytes(form), resources, depth)
        return self._known[key]

    def of_parts(self, content: bytes, resources: pikepdf.Object, depth: int = 0) -> str:
        digest = hashlib.sha256(content)
        nested = resources.get("/XObject", Dictionary())
        for name in sorted(nested.keys()) if depth < 10 else ():
            digest.update(f"\0{name} {self.of(nested[name], depth + 1)}".encode())
        return digest.hexdigest()


def _bytes(stream: pikepdf.Object) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:  # a picture whose filter is its format
        return stream.read_raw_bytes()


class _Reader:
    def __init__(self, document: pikepdf.Pdf) -> None:
        self._document = document
        self._digests = _Digests()
        self._boxes: dict[tuple[int, int], tuple[float, float, float, float]] = {}
        self.forms: set[str] = set()
        self.oddities: set[str] = set()
        self.words: set[str] = set()

    def page(self, number: int) -> tuple[Shown, ...]:
        """The forms of a page, in the order in which they are drawn."""
        page = self._document.pages[number]
        self._unknown_keys(page.obj, _PAGE, "a page with")
        resources = page.obj.get("/Resources", Dictionary())
        self._unknown_keys(resources, _RESOURCES, "a page with")
        content = _content(page)
        odd = sorted(word for word in set(content.split()) if not _is_plain(word))
        if odd:
            self.oddities.add(f"a page that draws with {odd[0].decode('latin-1')!r} itself")
        forms = resources.get("/XObject", Dictionary())
        shown = tuple(self._shown(content, forms))
        if forms.keys() - {name for name, _ in shown}:
            self.oddities.add("a form that its page does not show")
        self.forms.update(self._digests.of(forms[key]) for key in forms.keys())  # noqa: SIM118
        return tuple(place for _, place in shown)

    def _shown(self, content: bytes, forms: pikepdf.Object) -> Iterator[tuple[str, Shown]]:
        x, y, scale = 0.0, 0.0, 1.0
        stack: list[tuple[float, float, float]] = []
        for step in _STEP.finditer(content):
            before = content[max(step.start() - _LOOK_BACK, 0) : step.start()].split()
            if step[0] == b"q":
                stack.append((x, y, scale))
            elif step[0] == b"Q" and stack:
                x, y, scale = stack.pop()
            elif step[0] == b"cm":
                a, b, c, d, e, f = map(float, before[-6:])
                if b or c or a != d:
                    self.oddities.add("a form that is turned or stretched")
                x, y, scale = x + e * scale, y + f * scale, scale * a
            elif step[0] == b"Do":
                name = before[-1].decode("latin-1")
                if name not in forms:
                    self.oddities.add("a page that shows a form it does not have")
                    continue
                low = self._box(forms[name])
                left, bottom, right, top = (
                    start + scale * side for start, side in zip((x, y, x, y), low, strict=True)
                )
                digest = self._digests.of(forms[name])
                yield name, Shown(digest, left, bottom, right, top, scale)

    def _box(self, form: pikepdf.Object) -> tuple[float, float, float, float]:
        if form.objgen not in self._boxes:
            sides = [float(side) for side in list(form.get("/BBox", Array([0, 0, 0, 0])))]
            self._boxes[form.objgen] = (sides[0], sides[1], sides[2], sides[3])
        return self._boxes[form.objgen]

    def catalog(self) -> Iterator[str]:
        """What stands beside the pages."""
        self._unknown_keys(self._document.trailer, _TRAILER, "a trailer with")
        self._unknown_keys(self._document.Root, _CATALOG, "a document with")
        for key in self._document.docinfo.keys() - _INFORMATION:
            yield f"the entry {key}"

    def _unknown_keys(self, item: pikepdf.Object, known: set[str], whose: str) -> None:
        for key in item.keys() - known:
            self.oddities.add(SUSPICIOUS_KEYS.get(key, f"{whose} {key}"))

    def objects(self) -> Iterator[str]:
        """What is in the file, needed or not; the words are collected on the way."""
        reached: set[tuple[int, int]] = set()
        waiting: list[pikepdf.Object] = [self._document.trailer]
        while waiting:
            waiting += self._children(waiting.pop(), reached)
        for item in self._document.objects:
            spare = item.objgen not in reached and item.objgen != (0, 0)
            if spare and not _is_bookkeeping(item):
                yield "an object that no page needs"
                waiting = [item]
                while waiting:
                    waiting += self._children(waiting.pop(), reached)
        yield from (SUSPICIOUS_KEYS[word] for word in self.words & SUSPICIOUS_KEYS.keys())

    def _children(
        self, item: pikepdf.Object, reached: set[tuple[int, int]]
    ) -> Iterator[pikepdf.Object]:
        values: list[Any] = []
        if isinstance(item, _CONTAINERS):
            keys = list(item.keys())
            self.words.update(keys)
            values = [item[key] for key in keys]
        elif isinstance(item, Array):
            values = list(item)
        elif isinstance(item, (pikepdf.String, Name)):
            self.words.add(str(item))
        for value in values:
            if not isinstance(value, pikepdf.Object):
                continue
            if value.is_indirect:
                if value.objgen in reached:
                    continue
                reached.add(value.objgen)
            yield value


def _is_plain(word: bytes) -> bool:
    return word in _OPERATORS or word.startswith(b"/") or _NUMBER.fullmatch(word) is not None


def _is_bookkeeping(item: pikepdf.Object) -> bool:
    """Streams that hold or list other objects, and numbers of objects that are free."""
    if not isinstance(item, _CONTAINERS):
        return not isinstance(item, (pikepdf.String, Name, Array))
    return item.get("/Type") in (Name.ObjStm, Name.XRef)
