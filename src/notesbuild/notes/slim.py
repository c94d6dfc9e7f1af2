"""A chapter's PDF with the letters that it shows, and not those of the whole book.

pdfTeX cuts the fonts, as it does for exams. Fonts of other sorts than Type 1, such as those of
lualatex, and those inside of pictures stay as they are.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Name

from notesbuild.diagnostics import Code, Outcome, error
from notesbuild.notes.cut import saved
from notesbuild.pdf.fonts import (
    ANSWER_TEX,
    REQUEST,
    descriptors,
    differences,
    needed_fonts,
    request,
)
from notesbuild.pdf.pieces import FontReader, FontUse, ForeignFont, Letter, shown_codes
from notesbuild.tex.engine import program_missing, run_tex

ENGINE = "pdftex"
_JOB = "fonts"


@dataclass
class _Used:
    """A font of a document, and the letters that its pages show."""

    font: pikepdf.Object
    base: str
    letters: dict[int, Letter] = field(default_factory=dict)


def slim(pdf: bytes, timeout: float) -> Outcome[bytes | None]:
    """The same pages with smaller fonts."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        used = _used_fonts(document)
        uses = [FontUse("", one.base, tuple(one.letters.values())) for one in used]
        if not uses:
            return Outcome(pdf)
        answer = _answer(uses, timeout)
        if answer.value is None:
            return answer
        with pikepdf.open(io.BytesIO(answer.value)) as fonts:
            _exchange(document, used, descriptors(fonts))
            return Outcome(saved(document))


def _used_fonts(document: pikepdf.Pdf) -> list[_Used]:
    reader = FontReader()
    used: dict[tuple[int, int], _Used] = {}
    for page in document.pages:
        fonts = page.Resources.get("/Font", pikepdf.Dictionary())
        for name, codes in shown_codes(page).items():
            try:
                base, letters = reader.read(fonts[name])
            except ForeignFont:
                continue
            one = used.setdefault(fonts[name].objgen, _Used(fonts[name], base))
            one.letters.update((code, letters[code]) for code in sorted(codes) if code in letters)
    return [one for _, one in sorted(used.items()) if one.letters]


def _exchange(document: pikepdf.Pdf, used: list[_Used], found: dict[str, pikepdf.Object]) -> None:
    known: dict[str, pikepdf.Object] = {}
    for one in used:
        if one.base not in found:
            continue  # pdfTeX does not know it: it stays whole
        if one.base not in known:
            known[one.base] = document.copy_foreign(found[one.base])
        one.font.FontDescriptor = known[one.base]
        one.font.BaseFont = known[one.base].FontName
        one.font.Encoding = pikepdf.Dictionary(
            Type=Name.Encoding, Differences=differences(one.letters)
        )


def _answer(uses: Iterable[FontUse], timeout: float) -> Outcome[bytes | None]:
    """A PDF with the fonts, as pdfTeX embeds them."""
    with tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        (folder / REQUEST).write_bytes(request(needed_fonts(uses)))
        (folder / f"{_JOB}.tex").write_text(ANSWER_TEX, "utf-8")
        run = run_tex(folder, _JOB, engine=ENGINE, timeout=timeout, settle=())
    if run.missing_program is not None:
        return Outcome(None, (program_missing(ENGINE),))
    if run.pdf is None:
        message = f"{ENGINE} could not cut down the fonts of a chapter"
        return Outcome(None, (error(Code.PROGRAM_FAILED, message, notes=(run.last_words,)),))
    return Outcome(run.pdf)
