"""The files in which Sphinx finds the problems of chapters: all that pages show, and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

from notesbuild.model.names import ID_PATTERN
from notesbuild.model.shown import ShownProblem
from notesbuild.source.files import digest

FOLDER = "_problems"
"""Where they are laid out for a build, below the sources."""

ORIGINS = "origins"
"""A path below the folder stands for the file of the project that has it."""


def problem_name(problem: str) -> str:
    """The name of a problem's file."""
    return f"{problem}.json"


def query_name(key: str) -> str:
    """The name of the file with what a query finds."""
    return f"query-{digest(key.encode())}.json"


def problem_text(problem: ShownProblem) -> str:
    """A problem's file."""
    from pydantic import TypeAdapter

    data = TypeAdapter(ShownProblem).dump_python(problem, mode="json", exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def query_text(found: tuple[str, ...]) -> str:
    """The file with what a query finds."""
    return json.dumps(list(found)) + "\n"


def read_problem_file(folder: Path, problem: str) -> ShownProblem | None:
    """A problem that was laid out; None if it was not."""
    if not re.fullmatch(ID_PATTERN, problem):
        return None
    try:
        content = (folder / problem_name(problem)).read_bytes()
    except OSError:
        return None
    from pydantic import TypeAdapter  # Sphinx needs it where problems are shown, and only there

    return TypeAdapter(ShownProblem).validate_json(content)


def read_query_file(folder: Path, key: str) -> tuple[str, ...] | None:
    """What a query finds; None if nobody asked before."""
    try:
        return tuple(json.loads((folder / query_name(key)).read_text("utf-8")))
    except OSError:
        return None
