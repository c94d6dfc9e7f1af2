"""Makes src/notesbuild/render/latex_commands.txt: what LaTeX knows in notes and in exams.

It sets the notes and the exam preamble with TeX itself and asks it for every name that it has:
`python scripts/latex_commands.py`. Needs LuaLaTeX and pdfLaTeX, like the builds.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import notesbuild
from notesbuild.exam.paper import preamble as usual_preamble
from notesbuild.run.scaffold import write_project

TABLE = Path(__file__).parents[1] / "src" / "notesbuild" / "render" / "latex_commands.txt"
_BEGIN = "\\begin{document}"
_NAME = re.compile(r"[A-Za-z]+\*?")
_ASK_LUA = r"""
\directlua{
  local names = tex.hashtokens()
  for key, value in pairs(names) do
    local name = type(value) == "string" and value or key
    if type(name) == "string" and name:match("^[A-Za-z]+[*]?$") and token.is_defined(name) then
      texio.write_nl("log", "KNOWN " .. name)
    end
  end
  texio.write_nl("log", "")}
\stop
"""


def main() -> None:
    """Write the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notes, exams = known(notes_preamble(folder)), known(exam_preamble(folder))
    TABLE.write_text(table(notes, exams), "utf-8")
    print(f"{len(notes)} names in notes, {len(exams)} in exams -> {TABLE.name}")  # noqa: T201


def table(notes: Iterable[str], exams: Iterable[str]) -> str:
    """One name on a line, with the letters of the documents that know it."""
    in_notes, in_exams = set(notes), set(exams)
    lines = ["# Made by scripts/latex_commands.py: n is known in notes, e in exams."]
    for name in sorted(in_notes | in_exams):
        flags = "n" * (name in in_notes) + "e" * (name in in_exams)
        lines.append(f"{name} {flags}")
    return "\n".join(lines) + "\n"


def notes_preamble(folder: Path) -> Path:
    """The LaTeX of a small course without macros, as far as its text begins."""
    project = folder / "project"
    write_project(project)
    (project / "notes" / "macros.tex").write_text("", "utf-8")
    command = [sys.executable, "-m", "notesbuild", "--project", str(project), "notes", "pdf"]
    subprocess.run(command, check=False, capture_output=True)
    (made,) = (project / "build" / ".work").glob("*/latex/notes.tex")
    return _cut(made)


def exam_preamble(folder: Path) -> Path:
    """The LaTeX of an exam without macros, as far as its text begins."""
    made = folder / "exam" / "exam.tex"
    made.parent.mkdir()
    made.write_text(usual_preamble("", "", tikz=True).text, "utf-8")
    templates = Path(notesbuild.__file__).parent / "render" / "templates"
    for style in templates.glob("*.sty"):
        shutil.copy(style, made.parent)
    return _cut(made)


def _cut(path: Path) -> Path:
    head = path.read_text("utf-8").partition(_BEGIN)[0]
    path.write_text(head, "utf-8")
    return path


def known(preamble: Path) -> set[str]:
    """Commands and environments (both have names) that both engines have after the preamble."""
    candidates = _ask(preamble, "lualatex", _ASK_LUA)
    asked = "\n".join(
        f"\\ifcsname {name}\\endcsname\\immediate\\write-1{{KNOWN {name}}}\\fi"
        for name in sorted(candidates)
    )
    return _ask(preamble, "pdflatex", f"\\makeatletter\n{asked}\n\\stop\n")


def _ask(preamble: Path, engine: str, question: str) -> set[str]:
    job = preamble.with_name(f"ask-{engine}.tex")
    job.write_text(preamble.read_text("utf-8") + _BEGIN + question, "utf-8")
    command = [engine, "-interaction=batchmode", "-no-shell-escape", job.name]
    subprocess.run(command, cwd=job.parent, check=False, capture_output=True)
    log = job.with_suffix(".log").read_text("utf-8", "replace")
    names = set(re.findall(r"^KNOWN (\S+)$", log, re.M))
    return {name for name in names if _NAME.fullmatch(name)}


if __name__ == "__main__":
    main()
