"""From the pages of a TeX run to pieces whose bytes do not depend on what else was in the run.

TeX numbers fonts and pictures through a whole run, and a font in its PDF holds the letters of
all its pages. A piece names its resources in the order of their first use and tells which
letters of which font it needs, so that it may be kept, and met again beside other pieces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name

_TOKEN = re.compile(rb"\((?:[^()\\]|\\.)*\)|/([^\s/()<>\[\]{}%]+)", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_CONTROL = {b"n": 10, b"r": 13, b"t": 9, b"b": 8, b"f": 12}
_BUILT_IN = re.compile(rb"dup\s+(\d+)\s*/(\S+)\s+put")
_HEXADECIMAL = re.compile(r"<([0-9A-Fa-f]+)>")
_TAG = re.compile(r"^/?(?:[A-Z]{6}\+)?")


class Letter(NamedTuple):
    """A letter of a font: its code, its glyph, its width, its Unicode text (hexadecimal)."""

    code: int
    glyph: str
    width: float
    unicode: str


class FontUse(NamedTuple):
    """A font of a piece under its name there: the letters that the piece really shows."""

    name: str
    base: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Piece:
    """One page of a run: its fonts, which have to be put in before it can be shown."""

    fonts: tuple[FontUse, ...]


class ForeignFont(ValueError):
    """A font of another sort than Type 1, whose letters cannot be told apart."""


class FontReader:
    """The fonts of one document, each read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[str, dict[int, Letter]]] = {}

    def read(self, font: pikepdf.Object) -> tuple[str, dict[int, Letter]]:
        """The name without its tag, and the letters by code.

        Raises:
            ForeignFont: a bitmap font, or one that was made of another format.
        """
        key = font.objgen
        if key not in self._known:
            self._known[key] = _read_font(font)
        return self._known[key]


def cut_page(source: pikepdf.Page, target: pikepdf.Pdf, fonts: FontReader) -> Piece:
    """Add the page to ``target``, with names of its own and without its fonts.

    Raises:
        ForeignFont: see :class:`FontReader`.
    """
    content = b"\n".join(part.read_bytes() for part in _streams(source.Contents))
    own = {key: source.Resources[key] for key in source.Resources.keys()}  # noqa: SIM118
    renamed = _Renaming(own)
    text = _TOKEN.sub(renamed.token, content)
    uses = []
    for old, new in renamed.names("/Font").items():
        base, letters = fonts.read(own["/Font"][old])
        shown = tuple(letters[code] for code in sorted(renamed.shown[old]) if code in letters)
        uses.append(FontUse(new, base, shown))
    page = target.add_blank_page()
    page.MediaBox = Array([0, 0, *_size(source)])  # no paper may be so large, but TeX's pages may
    page.Contents = target.make_stream(text)
    page.Resources = _resources(own, renamed, target)
    return Piece(tuple(uses))


def shown_codes(page: pikepdf.Page) -> dict[str, set[int]]:
    """The codes that a page itself shows in each of its fonts, by the font's name there."""
    own = {key: page.Resources[key] for key in page.Resources.keys()}  # noqa: SIM118
    seen = _Renaming(own)
    _TOKEN.sub(seen.token, b"\n".join(part.read_bytes() for part in _streams(page.Contents)))
    return seen.shown


def copied(value: pikepdf.Object, target: pikepdf.Pdf) -> pikepdf.Object:
    """A value of another document, for use in ``target``."""
    if isinstance(value, pikepdf.Object) and value.is_indirect:
        return target.copy_foreign(value)
    if isinstance(value, Dictionary):
        return Dictionary({key: copied(value[key], target) for key in value.keys()})  # noqa: SIM118
    if isinstance(value, Array):
        return Array([copied(item, target) for item in list(value)])
    return value


def _streams(contents: pikepdf.Object) -> list[pikepdf.Object]:
    return list(contents) if isinstance(contents, Array) else [contents]


def _size(page: pikepdf.Page) -> tuple[float, float]:
    box = [float(side) for side in page.mediabox]
    return box[2] - box[0], box[3] - box[1]


class _Renaming:
    """New names for fonts and pictures, in the order in which a content meets them."""

    def __init__(self, resources: dict[str, pikepdf.Object]) -> None:
        self._kinds = {
            name: kind
            for kind in ("/Font", "/XObject")
            if kind in resources
            for name in resources[kind].keys()  # noqa: SIM118
        }
        self._new: dict[str, str] = {}
        self._counts = {"/Font": 0, "/XObject": 0}
        self.shown: dict[str, set[int]] = {}
        self._font: set[int] = set()

    def names(self, kind: str) -> dict[str, str]:
        """The names in use of one kind, old and new."""
        return {old: new for old, new in self._new.items() if self._kinds[old] == kind}

    def token(self, found: re.Match[bytes]) -> bytes:
        """A string or a name of the content, as it shall be."""
        if found[1] is None:
            self._font.update(_codes(found[0][1:-1]))
            return found[0]
        old = found[0].decode("latin-1")
        kind = self._kinds.get(old)
        if kind is None:
            return found[0]
        if old not in self._new:
            self._counts[kind] += 1
            self._new[old] = f"/{'F' if kind == '/Font' else 'X'}{self._counts[kind]}"
        if kind == "/Font":
            self._font = self.shown.setdefault(old, set())
        return self._new[old].encode()


def _resources(
    own: dict[str, pikepdf.Object], renamed: _Renaming, target: pikepdf.Pdf
) -> Dictionary:
    """All resources but the fonts; what is not asked for is left out."""
    kept = Dictionary()
    for key, value in sorted(own.items()):
        if key == "/XObject":
            pictures = Dictionary()
            for old, new in renamed.names(key).items():
                pictures[new] = target.copy_foreign(value[old])
            kept[key] = pictures
        elif key not in ("/Font", "/ProcSet"):
            kept[key] = copied(value, target)
    return kept


def _codes(string: bytes) -> bytes:
    """The codes of a string's letters."""
    if b"\\" not in string:
        return string

    def plain(found: re.Match[bytes]) -> bytes:
        word = found[1]
        if word.isdigit():
            return bytes([int(word, 8) & 255])
        return bytes([_CONTROL[word]]) if word in _CONTROL else word

    return _ESCAPE.sub(plain, string)


def _read_font(font: pikepdf.Object) -> tuple[str, dict[int, Letter]]:
    descriptor = font.get("/FontDescriptor")
    if font.get("/Subtype") != Name.Type1 or descriptor is None or "/FontFile" not in descriptor:
        raise ForeignFont(str(font.get("/BaseFont", "a bitmap font")))
    first = int(font.FirstChar)
    widths = [float(width) for width in list(font.Widths)]
    glyphs = _encoding(font, descriptor)
    meaning = _unicode(font)
    letters = {
        code: Letter(code, glyph, widths[code - first], meaning.get(code, ""))
        for code, glyph in glyphs.items()
        if 0 <= code - first < len(widths)
    }
    return _TAG.sub("", str(font.BaseFont)), letters


def _encoding(font: pikepdf.Object, descriptor: pikepdf.Object) -> dict[int, str]:
    """Glyphs by code, from the font's dictionary or from the font program itself."""
    encoding = font.get("/Encoding")
    if encoding is None or "/Differences" not in encoding:
        head = descriptor.FontFile.read_bytes()[: int(descriptor.FontFile.Length1)]
        return {int(code): name.decode("latin-1") for code, name in _BUILT_IN.findall(head)}
    glyphs, code = {}, 0
    for item in list(encoding.Differences):
        if isinstance(item, Name):
            glyphs[code] = str(item)[1:]
            code += 1
        else:
            code = int(item)
    return glyphs


def _unicode(font: pikepdf.Object) -> dict[int, str]:
    """The text of each code, from the map that TeX wrote."""
    if "/ToUnicode" not in font:
        return {}
    found: dict[int, str] = {}
    text = font.ToUnicode.read_bytes().decode("latin-1").partition("endcodespacerange")[2]
    for line in text.split("\n"):
        numbers = _HEXADECIMAL.findall(line)
        if len(numbers) == 2:
            found[int(numbers[0], 16)] = numbers[1]
        elif len(numbers) == 3:
            first, last = int(numbers[0], 16), int(numbers[1], 16)
            start, digits = int(numbers[2], 16), len(numbers[2])
            found.update((c, f"{start + c - first:0{digits}X}") for c in range(first, last + 1))
    return found
