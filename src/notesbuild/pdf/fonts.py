"""One font for all pieces that use it, with just the letters that they show together."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from notesbuild.pdf.pieces import FontUse, Letter

REQUEST = "request.pdf"
"""The name of the file with a request, for ``ANSWER_TEX``."""

ANSWER_TEX = rf"""\pdfoutput=1 \pdfinfoomitdate=1 \pdftrailerid{{}} \pdfsuppressptexinfo=-1
\pdfximage{{{REQUEST}}}\shipout\hbox{{\pdfrefximage\pdflastximage}}\end
"""
"""What pdfTeX runs to answer a request."""

_FLAGS = 4
_LINES_PER_BLOCK = 100


@dataclass(frozen=True)
class NeededFont:
    """A font by its PostScript name, and every glyph that is needed of it."""

    base: str
    glyphs: tuple[str, ...]


def needed_fonts(uses: Iterable[FontUse]) -> tuple[NeededFont, ...]:
    """The fonts behind all uses, by name."""
    letters: dict[str, set[Letter]] = {}
    for use in uses:
        letters.setdefault(use.base, set()).update(use.letters)
    glyphs = {base: {letter.glyph for letter in letters[base]} for base in sorted(letters)}
    return tuple(NeededFont(base, tuple(sorted(own))) for base, own in glyphs.items())


def request(fonts: tuple[NeededFont, ...]) -> bytes:
    """A PDF that asks for the fonts: pdfTeX, which includes it, puts in its own.

    pdfTeX replaces an included Type 1 font that it knows by its own, cut down to the glyphs in
    the font's /CharSet (pdfTeX manual, \\pdfinclusioncopyfonts). So the cutting of fonts is
    left to the typesetter.
    """
    with pikepdf.new() as document:
        resources = Dictionary()
        for number, font in enumerate(fonts, start=1):
            name = Name(f"/AAAAAA+{font.base}")
            descriptor = Dictionary(
                Type=Name.FontDescriptor,
                FontName=name,
                Flags=_FLAGS,
                FontBBox=Array([0, 0, 1000, 1000]),
                ItalicAngle=0,
                Ascent=700,
                Descent=-200,
                CapHeight=700,
                StemV=80,
                CharSet=String("".join(f"/{glyph}" for glyph in font.glyphs)),
                FontFile=document.make_stream(b"%!"),
            )
            resources[f"/F{number}"] = document.make_indirect(
                Dictionary(
                    Type=Name.Font,
                    Subtype=Name.Type1,
                    BaseFont=name,
                    FirstChar=65,
                    LastChar=65,
                    Widths=Array([500]),
                    Encoding=Dictionary(Type=Name.Encoding, Differences=Array([65, Name.A])),
                    FontDescriptor=document.make_indirect(descriptor),
                )
            )
        page = document.add_blank_page(page_size=(10, 10))
        page.Resources = Dictionary(Font=resources)
        shown = b" ".join(b"/F%d 1 Tf (A) Tj" % (n + 1) for n in range(len(fonts)))
        page.Contents = document.make_stream(b"BT " + shown + b" ET")
        stream = io.BytesIO()
        document.save(stream, static_id=True)
        return stream.getvalue()


def descriptors(answer: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """The fonts' descriptors, with their programs, in the PDF that pdfTeX made of a request."""
    found: dict[str, pikepdf.Object] = {}
    for item in answer.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.FontDescriptor:
            found[str(item.FontName)[1:].rpartition("+")[2]] = item
    return found


def font_dictionary(
    target: pikepdf.Pdf, descriptor: pikepdf.Object, letters: Iterable[Letter]
) -> pikepdf.Object:
    """A font of the pieces in ``target``: its letters by code, and what each of them means."""
    by_code = {letter.code: letter for letter in letters}
    first, last = min(by_code), max(by_code)
    widths = [by_code[c].width if c in by_code else 0 for c in range(first, last + 1)]
    return target.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=descriptor.FontName,
            FirstChar=first,
            LastChar=last,
            Widths=Array([_plain(width) for width in widths]),
            Encoding=Dictionary(Type=Name.Encoding, Differences=differences(by_code)),
            FontDescriptor=descriptor,
            ToUnicode=target.make_stream(_unicode_map(by_code)),
        )
    )


def _plain(width: float) -> object:
    return int(width) if width == int(width) else pikepdf.Object.parse(f"{width:.3f}".encode())


def differences(by_code: dict[int, Letter]) -> Array:
    """The glyph of each code, as an encoding of a PDF lists them."""
    items: list[object] = []
    previous = None
    for code in sorted(by_code):
        if previous is None or code != previous + 1:
            items.append(code)
        items.append(Name(f"/{by_code[code].glyph}"))
        previous = code
    return Array(items)


def _unicode_map(by_code: dict[int, Letter]) -> bytes:
    """A ToUnicode CMap (PDF 32000-1, 9.10.3): copying and screen readers need it."""
    lines = [f"<{c:02X}> <{by_code[c].unicode}>" for c in sorted(by_code) if by_code[c].unicode]
    text = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CMapName /notesbuild def /CMapType 2 def",
        "1 begincodespacerange <00> <FF> endcodespacerange",
    ]
    for start in range(0, len(lines), _LINES_PER_BLOCK):
        some = lines[start : start + _LINES_PER_BLOCK]
        text += [f"{len(some)} beginbfchar", *some, "endbfchar"]
    text += ["endcmap CMapName currentdict /CMap defineresource pop end end", ""]
    return "\n".join(text).encode()
