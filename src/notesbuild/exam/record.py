"""record.json: what an exam was built from, and the digests of what came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from notesbuild import __version__
from notesbuild.exam.batch import styles
from notesbuild.exam.paper import Copy
from notesbuild.exam.request import Request
from notesbuild.exam.written import Written
from notesbuild.source.files import Files

FILE = "record.json"


def record_json(
    request: Request, copies: Iterable[Copy], tex: str, outputs: Iterable[Written]
) -> bytes:
    """The record; it holds no time, and no path outside of the project.

    Encryption is different every time, so files with a password are named without a digest.
    """
    project, lock = request.project, request.lock
    files = Files(project.root)
    all_copies = tuple(copies)
    problems = {
        q.rendered.problem.id: q.rendered.problem.digest
        for copy in all_copies
        for q in copy.questions
    }
    written = sorted(outputs, key=lambda w: w.name)
    macros = f"{project.settings.notes}/macros.tex"
    sources = [request.blueprint.origin.path, lock.origin.path, macros]
    if request.course is not None:
        sources.append(request.course.origin.path)
    content = {
        "exam": request.blueprint.exam,
        "seed": lock.seed,
        "versions": [copy.version.version for copy in all_copies],
        "tool": {"name": "notesbuild", "version": __version__, "tex": tex},
        "sources": {path: _file_digest(files, path) for path in sorted(set(sources)) if path},
        "styles": {name: _sha256(content) for name, content in styles()},
        "problems": dict(sorted(problems.items())),
        "outputs": {w.name: w.digest for w in written if not w.encrypted},
    }
    if request.passwords:
        content["encrypted"] = [w.name for w in written if w.encrypted]
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _file_digest(files: Files, path: str) -> str | None:
    content = files.content(path).value if files.exists(path) else None
    return None if content is None else _sha256(content)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
