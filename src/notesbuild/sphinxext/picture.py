"""Drawing one picture: its LaTeX, its PDF, its SVG, and what TeX says of it."""

import shutil
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from notesbuild.run.program import ProgramMissing, run_program
from notesbuild.sphinxext.svg import inline_svg
from notesbuild.tex.engine import program_missing, run_tex
from notesbuild.tex.log import in_plain_words

JOB = "picture"
CONVERTER = "pdftocairo"
FONTS = Path(__file__).parent / "latex_style"
_FONT_FILES = ("nbfonts.sty", "nbfonts.lua")
_SCHEME = "1"
_CONVERSION_SECONDS = 60.0

# What a picture needs besides TikZ itself, by words in its code.
_ASKED = (
    (r"\begin{tikzcd}", r"\usepackage{tikz-cd}"),
    (r"\begin{axis}", r"\usepackage{pgfplots}\pgfplotsset{compat=1.18}"),
    (r"\begin{semilog", r"\usepackage{pgfplots}\pgfplotsset{compat=1.18}"),
    (r"\begin{loglogaxis}", r"\usepackage{pgfplots}\pgfplotsset{compat=1.18}"),
)
_UNREADABLE = ("Could not read table file", "not found", "can't find file")
_ENVIRONMENTS = (r"\begin{tikzpicture}", r"\begin{tikzcd}", r"\tikz")


@dataclass(frozen=True, slots=True)
class Picture:
    """What an author draws."""

    code: str
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What all pictures of a project share."""

    engine: str
    fonts: str
    macros: str
    preamble: str
    timeout: float


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a picture could not be drawn; ``line`` is one of its code, from 1."""

    line: int
    message: str
    tex: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The files of a picture."""

    pdf: Path
    svg: Path

    @staticmethod
    def kept(cache: Path, name: str) -> "Drawn | None":
        """What an earlier build has drawn."""
        drawn = Drawn(cache / f"{name}.pdf", cache / f"{name}.svg")
        return drawn if drawn.pdf.is_file() and drawn.svg.is_file() else None


def picture_digest(picture: Picture, setting: Setting) -> str:
    """The same for the same picture."""
    parts = [_SCHEME, setting.engine, *_document(picture, setting)]
    parts += [(FONTS / name).read_text("utf-8") for name in _FONT_FILES]
    return sha256("\0".join(parts).encode()).hexdigest()[:24]


def draw(picture: Picture, setting: Setting, cache: Path, name: str) -> Fault | None:
    """Set a picture and keep it; why that cannot be done, if so."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as place:
        folder = Path(place)
        fault = _typeset(picture, setting, folder) or _convert(folder)
        if fault is None:
            # The second one last: only with both a picture is there.
            for ending in ("pdf", "svg"):
                (folder / f"{JOB}.{ending}").replace(cache / f"{name}.{ending}")
    return fault


def _typeset(picture: Picture, setting: Setting, folder: Path) -> Fault | None:
    before, code, after = _document(picture, setting)
    (folder / f"{JOB}.tex").write_text(f"{before}{code}{after}", "utf-8")
    for style in _FONT_FILES:
        shutil.copyfile(FONTS / style, folder / style)
    run = run_tex(folder, JOB, engine=setting.engine, timeout=setting.timeout, settle=())
    first, last = before.count("\n") + 1, code.count("\n")
    if run.missing_program:
        missing = program_missing(run.missing_program)
        return Fault(1, f"{missing.message}: {missing.hint}")
    if run.timed_out:
        return Fault(1, "the picture does not come to an end")
    for message in run.errors:
        line = min(max(message.line - first + 1, 1), max(last, 1))
        return Fault(line, _in_words(message.text), message.text)
    return None if run.pdf else Fault(1, "the picture shows nothing")


def _in_words(text: str) -> str:
    if any(words in text for words in _UNREADABLE):
        return "a picture reads no other file: its data stand in its code"
    words, hint = in_plain_words(text)
    return f"{words}; {hint}" if hint else words


def _convert(folder: Path) -> Fault | None:
    command = (CONVERTER, "-svg", "-f", "1", "-l", "1", f"{JOB}.pdf", f"{JOB}.raw")
    try:
        finished = run_program(command, cwd=folder, timeout=_CONVERSION_SECONDS)
    except ProgramMissing:
        hint = "Debian and Ubuntu: apt install poppler-utils; see `notesbuild doctor`"
        return Fault(1, f"{CONVERTER}, which pictures on pages need, is not installed: {hint}")
    if not finished.ok:
        return Fault(1, f"{CONVERTER} failed", finished.stderr.decode("utf-8", "replace").strip())
    (folder / f"{JOB}.svg").write_text(inline_svg((folder / f"{JOB}.raw").read_bytes()), "utf-8")
    return None


def _document(picture: Picture, setting: Setting) -> tuple[str, str, str]:
    """What stands before the author's code, the code, and what stands behind it."""
    code = picture.code.rstrip() + "\n"
    if setting.engine == "pdflatex":
        encoding = r"\usepackage[T1]{fontenc}"
    else:
        encoding = r"\PassOptionsToPackage{no-math}{fontspec}\usepackage{fontspec}"
    asked = dict.fromkeys(package for words, package in _ASKED if words in code)
    libraries = ",".join(("arrows.meta", "calc", "positioning", *picture.libraries))
    before = [
        r"\documentclass[11pt]{article}",
        encoding,
        r"\usepackage{amsmath,amssymb}",
        setting.fonts,
        r"\usepackage{tikz}",
        *asked,
        rf"\usetikzlibrary{{{libraries}}}",
        setting.macros,
        setting.preamble,
        r"\begin{document}",
        r"\setbox0=\hbox{\ignorespaces",
    ]
    bare = not any(words in code for words in _ENVIRONMENTS)
    opening, closing = (r"\begin{tikzpicture}", r"\end{tikzpicture}") if bare else ("", "")
    behind = [
        closing + r"\unskip}",
        r"\ifdim\wd0>0pt\relax \hoffset=-1in \voffset=-1in",
        r"\ifdefined\pagewidth \pagewidth=\wd0 \pageheight=\dimexpr\ht0+\dp0\relax",
        r"\else \pdfpagewidth=\wd0 \pdfpageheight=\dimexpr\ht0+\dp0\relax \fi",
        r"\shipout\box0 \fi",
        r"\end{document}",
        "",
    ]
    return "\n".join([*before, opening, ""]), code, "\n".join(behind)
