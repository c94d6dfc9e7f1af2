"""Names on students' copies, in any script: each set once by TeX, as a small page of its own.

Latin names that the T1 fonts of pdfTeX have are set by pdflatex, all others in one run of
lualatex; ``nbfonts.lua`` chooses their fonts and directions.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.exam.letters import letter_missing
from notesbuild.pdf.units import POINTS_PER_PT
from notesbuild.render.escape import escape_tex
from notesbuild.tex.engine import TexRun, program_missing, run_tex

JOB = "labels"
SIZE = 11
"""The size of the letters, in TeX's points."""
MARGIN = 6
"""The white around the box on every page of a sheet, in PDF points: no accent is cut off."""

_STYLES = (
    "render/templates/nblabels.sty",
    "sphinxext/latex_style/nbfonts.sty",
    "sphinxext/latex_style/nbfonts.lua",
)
_HEAD = rf"""\documentclass{{minimal}}
\usepackage{{nblabels}}
\nbmargin={MARGIN}bp
\begin{{document}}
\fontsize{{{SIZE}}}{{{SIZE}}}\selectfont"""

# T1 has no Đ of its own: there it is the same as Ð.
_T1_LETTERS = frozenset("ĂăĄąĆćČčĎďđĘęĚěĞğİıĹĺĽľŁłŃńŇňŊŋŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž‘’‚“”„–—‹›")
_LATIN_1 = frozenset(chr(code) for code in range(0xC0, 0x100)) - {"×", "÷"}
_ASCII = frozenset(chr(code) for code in range(0x20, 0x7F)) | {"\u00a0"}
_PDFLATEX = _T1_LETTERS | _LATIN_1 | _ASCII


@dataclass(frozen=True)
class Label:
    """A text for a copy, whom it is for, and where the roster has it."""

    text: str
    student: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class LabelBox:
    """Where a label stands, in PDF points.

    Its page is ``width + 2 * MARGIN`` wide and ``height + depth + 2 * MARGIN`` high; the
    left end of its baseline is at ``(MARGIN, MARGIN + depth)``, from the lower left corner.
    """

    sheet: int
    page: int
    width: float
    height: float
    depth: float


@dataclass(frozen=True)
class LabelSheets:
    """PDFs with one page for each different label, and the box of every label, in order."""

    sheets: tuple[bytes, ...]
    boxes: tuple[LabelBox, ...]


@dataclass(frozen=True)
class _Sheet:
    run: TexRun
    lines: tuple[str, ...]


def set_labels(labels: Sequence[Label], *, timeout: float) -> Outcome[LabelSheets | None]:
    """Set every label; letters that no font has are errors at the roster's line."""
    texts = [unicodedata.normalize("NFC", label.text) for label in labels]
    different = tuple(dict.fromkeys(texts))
    latin = tuple(text for text in different if engine_for(text) == "pdflatex")
    others = tuple(text for text in different if engine_for(text) == "lualatex")
    runs = [(engine, some) for engine, some in (("pdflatex", latin), ("lualatex", others)) if some]
    with ThreadPoolExecutor(2) as pool:
        sheets = list(pool.map(lambda run: _set(run[0], run[1], timeout), runs))
    found: list[Diagnostic] = []
    boxes: dict[str, LabelBox] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    for number, ((engine, some), sheet) in enumerate(zip(runs, sheets, strict=True)):
        failed = _failure(engine, sheet, len(some), timeout)
        if failed is not None:
            found.append(failed)
            continue
        for page, (text, line) in enumerate(zip(some, sheet.lines, strict=True)):
            width, height, depth, *missing = line.split()
            boxes[text] = LabelBox(number, page, _points(width), _points(height), _points(depth))
            lacking[text] = tuple(missing)
    for label, text in zip(labels, texts, strict=True):
        found += _missing_letters(label, lacking.get(text, ()))
    if found:
        return Outcome(None, tuple(found))
    pdfs = tuple(sheet.run.pdf or b"" for sheet in sheets)
    return Outcome(LabelSheets(pdfs, tuple(boxes[text] for text in texts)))


def engine_for(text: str) -> str:
    """``pdflatex`` where its fonts have every letter, else ``lualatex``."""
    return "pdflatex" if _PDFLATEX.issuperset(text) else "lualatex"


def labels_document(texts: Iterable[str]) -> str:
    """The LaTeX that sets one page for each text; nothing in a text is a command."""
    lines = (f"\\nblabel{{{direction(text)}}}{{{escape_tex(text)}}}" for text in texts)
    return "\n".join((_HEAD, *lines, "\\end{document}", ""))


def direction(text: str) -> str:
    """``TRT`` if the first letter with a direction runs from right to left, else ``TLT``."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "TLT" if kind == "L" else "TRT"
    return "TLT"


def _set(engine: str, texts: tuple[str, ...], timeout: float) -> _Sheet:
    with tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / f"{JOB}.tex").write_text(labels_document(texts), "utf-8")
        for style in _STYLES:
            content = (files("notesbuild") / style).read_bytes()
            (folder / style.rsplit("/", 1)[-1]).write_bytes(content)
        run = run_tex(folder, JOB, engine=engine, timeout=timeout, settle=())
        boxes = folder / f"{JOB}.box"
        lines = boxes.read_text("utf-8").splitlines() if boxes.is_file() else []
    return _Sheet(run, tuple(lines))


def _failure(engine: str, sheet: _Sheet, expected: int, timeout: float) -> Diagnostic | None:
    run = sheet.run
    if run.missing_program is not None:
        return program_missing(run.missing_program)
    if run.timed_out:
        message = f"{engine} did not set the names within {timeout:g} s"
        return error(Code.PROGRAM_FAILED, message, notes=(run.last_words,))
    if run.pdf is None or run.errors or len(sheet.lines) != expected:
        words = run.errors[0].text if run.errors else run.last_words
        return error(Code.PROGRAM_FAILED, f"{engine} could not set the names", notes=(words,))
    return None


def _points(length: str) -> float:
    return round(float(length.removesuffix("pt")) * POINTS_PER_PT, 3)


def _missing_letters(label: Label, missing: tuple[str, ...]) -> Iterable[Diagnostic]:
    for entry in dict.fromkeys(missing):
        whose = f" of student {label.student}" if label.student else ""
        yield letter_missing(entry, label.span, "the name", whose)
