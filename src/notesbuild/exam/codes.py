"""The QR code on a page: what it says, and how it is drawn."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

from notesbuild.pdf.units import POINTS_PER_MM, number

QUIET = 4
"""The white border that the standard asks for, in modules."""
SIDE = 14 * POINTS_PER_MM
"""The side of a page's code with its border, in PDF points."""
EDGE = 4 * POINTS_PER_MM
"""How far a page's code is from the upper and the right edge of the paper."""

# Everything is in the alphabet of QR's alphanumeric mode, 5.5 bits a character. It has no small
# letters: they are written as capitals, capitals behind a plus sign, and _ as a dollar sign.
_PAYLOAD = re.compile(r"NB1:([A-Z0-9.$+/-]+):([A-Z0-9.$+-]+):([1-9][0-9]{0,3}):([0-9A-Z]{5})")
_ESCAPED = re.compile(r"\+([A-Z])|([A-Z])|\$")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHABET = _DIGITS + " $%*+-./:"
_DARK = re.compile("1+")
_STRETCH = 9


@dataclass(frozen=True)
class PageCode:
    """A page of a copy: the exam as ``<course>/<exam>``, the copy's ID, the page from 1."""

    exam: str
    copy: str
    page: int


def page_code(exam: str, copy: str, page: int) -> str:
    """The text of a page's code, with a checksum: ``NB1:<exam>:<copy>:<page>:<checksum>``."""
    text = f"NB1:{_write(exam)}:{_write(copy)}:{page}"
    return f"{text}:{_checksum(text)}"


def parse_code(text: str) -> PageCode | None:
    """What a code says; None for a text that is not ours, or whose checksum is wrong."""
    found = _PAYLOAD.fullmatch(text)
    if found is None or _checksum(text.rpartition(":")[0]) != found[4]:
        return None
    return PageCode(_read(found[1]), _read(found[2]), int(found[3]))


def corner_box(page: tuple[float, float]) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the code on a page of this width and height, in points."""
    right, top = page[0] - EDGE, page[1] - EDGE
    return right - SIDE, top - SIDE, right, top


def corner_operators(payload: str, page: tuple[float, float]) -> bytes:
    """PDF operators that draw a code in the upper right corner of a page."""
    left, bottom, _, _ = corner_box(page)
    return code_operators(payload, left, bottom, SIDE)


def code_operators(payload: str, x: float, y: float, size: float) -> bytes:
    """PDF operators that draw the code of :func:`page_code`, black on white.

    ``x`` and ``y`` are the lower left corner and ``size`` the side of the square in PDF points,
    the quiet zone included. One path holds all modules, so that no seams show between them.
    """
    width, modules = _modules(payload)
    side = width + 2 * QUIET
    scale = f"{size / side:.5f}"
    pieces = [f"q {scale} 0 0 {scale} {number(x)} {number(y)} cm 1 g 0 0 {side} {side} re f 0 g"]
    dots = f"{modules:0{width * width}b}"
    for row in range(width):
        height, end = side - QUIET - 1 - row, (row + 1) * width
        for start in range(row * width, end, _STRETCH):
            stretch = dots[start : min(start + _STRETCH, end)]
            pieces += _rectangles(stretch, start - row * width + QUIET, height)
    pieces.append("f Q\n")
    return " ".join(pieces).encode()


@lru_cache(maxsize=1 << 17)
def _rectangles(dots: str, left: int, height: int) -> tuple[str, ...]:
    """The dark modules of a stretch of a row; stretches come again and again."""
    return tuple(
        f"{dark.start() + left} {height} {dark.end() - dark.start()} 1 re"
        for dark in _DARK.finditer(dots)
    )


# --- Modules --------------------------------------------------------------------------
# A code is a linear function of its data, error correction and all: the codes of two texts of
# one length differ by the sum (without carry) of what the differing bits change. Alphanumeric
# data go two letters to 11 bits. So segno is asked only for what each bit changes, and the
# thousands of codes of an exam are sums.


def _modules(payload: str) -> tuple[int, int]:
    """The width of a code, and its modules row by row as the bits of a number."""
    width, modules = _encoded("0" * len(payload))
    for start in range(0, len(payload), 2):
        modules ^= _change(len(payload), start, payload[start : start + 2])
    return width, modules


@lru_cache(maxsize=100_000)
def _change(length: int, start: int, letters: str) -> int:
    """What changes in a code of zeros with these one or two letters in it."""
    value, change = _value(letters), 0
    for bit in range(value.bit_length()):
        if value >> bit & 1:
            change ^= _change_of_bit(length, start, len(letters), bit)
    return change


@lru_cache(maxsize=4096)
def _change_of_bit(length: int, start: int, count: int, bit: int) -> int:
    high, low = divmod(1 << bit, len(_ALPHABET))
    letters = (_ALPHABET[high] + _ALPHABET[low])[-count:]
    before, after = "0" * start, "0" * (length - start - count)
    return _encoded(before + letters + after)[1] ^ _encoded("0" * length)[1]


def _value(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * len(_ALPHABET) + _ALPHABET.index(letter)
    return value


@lru_cache(maxsize=256)
def _encoded(payload: str) -> tuple[int, int]:
    from segno import encoder

    # Choosing among the eight masks would not be linear; readers take any.
    code = encoder.encode(
        payload, error="m", mode="alphanumeric", mask=3, micro=False, boost_error=False
    )
    dots = "".join("1" if module else "0" for row in code.matrix for module in row)
    return len(code.matrix), int(dots, 2)


def _write(name: str) -> str:
    written = (f"+{c}" if "A" <= c <= "Z" else "$" if c == "_" else c.upper() for c in name)
    return "".join(written)


def _read(written: str) -> str:
    return _ESCAPED.sub(lambda m: m[1] or (m[2].lower() if m[2] else "_"), written)


def _checksum(text: str) -> str:
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(5):
        number, digit = divmod(number, len(_DIGITS))
        digits += _DIGITS[digit]
    return digits
