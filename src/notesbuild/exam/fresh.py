"""Whether what is published is what a build would make: then there is nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from notesbuild.diagnostics import Diagnostic
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.project import Project
from notesbuild.run.code import code_digest
from notesbuild.run.publish import write_file
from notesbuild.source.files import Files, digest
from notesbuild.tex.engine import tex_version

CODE = ("exam", "model", "pdf", "render", "source", "sphinxext/latex_style", "tex")


def fingerprint(project: Project, course: Course | None, blueprint: Blueprint, lock: Lock) -> str:
    """A digest of everything that an exam's outputs depend on."""
    files = Files(project.root)
    paths = [blueprint.origin.path, lock.origin.path, f"{project.settings.notes}/macros.tex"]
    if course is not None:
        paths.append(course.origin.path)
    used = {item.problem for version in lock.versions for item in version.items}
    problems = [f"{p.id} {p.digest}" for p in project.bank.problems if p.id in used]
    engines = [f"{name} {tex_version(name)}" for name in ("pdflatex", "lualatex")]
    words = [code_digest(*CODE), project.settings.model_dump_json(), *engines, *problems]
    contents = [files.content(p).value or b"" for p in paths if files.exists(p)]
    return digest(*contents, *(word.encode() for word in words))


def published_files(project: Project, target: Path, current: str) -> tuple[str, ...]:
    """The files in ``target`` if a build of this fingerprint left them there, unchanged."""
    try:
        known = json.loads(_state(project, target).read_text("utf-8"))
        outputs = known["outputs"] if known["fingerprint"] == current else {}
        names = sorted(path.name for path in target.iterdir())
        same = all(_sha256((target / name).read_bytes()) == outputs.get(name) for name in names)
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(names) if same and names == sorted(outputs) else ()


def remember(
    project: Project, target: Path, current: str, outputs: Mapping[str, bytes]
) -> tuple[Diagnostic, ...]:
    """Leave word for the next build. Only builds without any complaint are remembered."""
    known = {
        "fingerprint": current,
        "outputs": {name: _sha256(content) for name, content in sorted(outputs.items())},
    }
    path = _state(project, target)
    return write_file(path, json.dumps(known).encode(), path.relative_to(project.root).as_posix())


def _state(project: Project, target: Path) -> Path:
    course, exam = target.parent.parent.name, target.name
    return project.build / ".work" / "exams" / course / f"{exam}.json"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
