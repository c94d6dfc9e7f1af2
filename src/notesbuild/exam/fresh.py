"""Whether what is published is what a build would make: then there is nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from notesbuild.diagnostics import Diagnostic
from notesbuild.exam.request import Request
from notesbuild.exam.results import built_results
from notesbuild.exam.written import Written
from notesbuild.run.code import code_digest
from notesbuild.run.publish import write_file
from notesbuild.source.files import Files, digest
from notesbuild.tex.engine import engine_file

CODE = ("exam", "model", "pdf", "render", "run", "source", "sphinxext/latex_style", "tex")


def fingerprint(request: Request) -> str:
    """A digest of everything that an exam's outputs depend on."""
    project, lock = request.project, request.lock
    files = Files(project.root)
    paths = [
        request.blueprint.origin.path,
        lock.origin.path,
        f"{project.settings.notes}/macros.tex",
    ]
    if request.course is not None:
        paths.append(request.course.origin.path)
        chapters = (project.chapter(name) for name in request.course.chapters)
        paths += [chapter.path for chapter in chapters if chapter]
    used = {item.problem for version in lock.versions for item in version.items}
    # A digest tells what the files of a problem hold, but not their names.
    problems = [
        repr((p.id, p.digest, p.origin.path, p.assets))
        for p in project.bank.problems
        if p.id in used
    ]
    engines = [f"{name} {engine_file(name)}" for name in ("pdflatex", "lualatex", "pdftex")]
    words = [code_digest(*CODE), project.settings.model_dump_json(), *engines, *problems]
    words += [
        repr(request.numbers),
        repr(request.roster),
        repr(sorted(request.passwords.items())),
        str(request.solutions),
    ]
    contents = [files.content(p).value or b"" for p in paths if files.exists(p)]
    contents.append(built_results(project, request.course))
    return digest(*contents, *(word.encode() for word in words))


def published_files(request: Request, current: str) -> tuple[str, ...]:
    """The published files if a build of this fingerprint left them there, unchanged."""
    target = request.target
    try:
        known = json.loads(_state(request).read_text("utf-8"))
        outputs = known["outputs"] if known["fingerprint"] == current else {}
        names = names_below(target)
        same = all(_sha256(target / name) == outputs.get(name) for name in names)
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return names if same and list(names) == sorted(outputs) else ()


def names_below(folder: Path) -> tuple[str, ...]:
    """Every file below a folder, as a path from there, sorted."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(path.relative_to(folder).as_posix() for path in paths))


def remember(request: Request, current: str, outputs: Iterable[Written]) -> tuple[Diagnostic, ...]:
    """Leave word for the next build. Only builds without any complaint are remembered."""
    known = {"fingerprint": current, "outputs": {w.name: w.digest for w in outputs}}
    path = _state(request)
    shown = path.relative_to(request.project.root).as_posix()
    return write_file(path, json.dumps(known, sort_keys=True).encode(), shown)


def _state(request: Request) -> Path:
    return request.cache / "built.json"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
