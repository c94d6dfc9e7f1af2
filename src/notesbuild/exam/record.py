"""record.json: what an exam was built from, and the digests of what came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from notesbuild import __version__
from notesbuild.exam.typeset import Copy, styles
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.project import Project
from notesbuild.source.files import Files

FILE = "record.json"


def record_json(
    project: Project,
    blueprint: Blueprint,
    lock: Lock,
    copies: Iterable[Copy],
    tex: str,
    outputs: Mapping[str, bytes],
) -> bytes:
    """The record; it holds no time, and no path outside of the project."""
    files = Files(project.root)
    problems = {
        q.rendered.problem.id: q.rendered.problem.digest for copy in copies for q in copy.questions
    }
    sources = [blueprint.origin.path, lock.origin.path, f"{project.settings.notes}/macros.tex"]
    course = project.course(blueprint.course)
    if course is not None:
        sources.append(course.origin.path)
    content = {
        "exam": blueprint.exam,
        "seed": lock.seed,
        "versions": [copy.version.version for copy in copies],
        "tool": {"name": "notesbuild", "version": __version__, "tex": tex},
        "sources": {path: _file_digest(files, path) for path in sorted(set(sources)) if path},
        "styles": {name: _sha256(content) for name, content in styles()},
        "problems": dict(sorted(problems.items())),
        "outputs": {name: _sha256(content) for name, content in sorted(outputs.items())},
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _file_digest(files: Files, path: str) -> str | None:
    content = files.content(path).value if files.exists(path) else None
    return None if content is None else _sha256(content)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
