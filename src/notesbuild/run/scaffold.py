"""What ``init`` and ``bank new`` write; nothing that exists is ever overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from notesbuild import __version__
from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.names import ID_PATTERN
from notesbuild.run.publish import write_file

_TEMPLATES = "templates"
# Names that begin with a dot are stored with this, so that packaging does not lose them.
_DOT = "dot-"
_NAME = re.compile(rf"(?P<topic>{ID_PATTERN})/(?P<id>{ID_PATTERN})")


def init_files() -> tuple[tuple[str, str], ...]:
    """The small course: path and text of each of its files."""
    start = files("notesbuild") / _TEMPLATES / "init"
    found = sorted(_below(start, ""))
    return tuple((path, text.replace("NOTESBUILD_VERSION", __version__)) for path, text in found)


def write_project(folder: Path) -> Outcome[int | None]:
    """Write the small course into ``folder``; the value is the number of files."""
    planned = init_files()
    taken = tuple(path for path, _ in planned if _is_there(folder / path))
    if taken:
        return Outcome(None, (_exists(*taken),))
    written: list[Path] = []
    for path, text in planned:
        failed = write_file(folder / path, text.encode(), path)
        if failed:
            for done in written:
                done.unlink(missing_ok=True)
            return Outcome(None, failed)
        written.append(folder / path)
    return Outcome(len(planned))


def new_problem(root: Path, bank_folder: str, name: str, kind: str) -> Outcome[str | None]:
    """Begin the problem ``<topic>/<id>``; the value is the path of its file."""
    wanted = _NAME.fullmatch(name)
    if wanted is None:
        message = f"{name!r} is not <topic>/<id>"
        hint = "use lower-case letters, digits and hyphens, such as kernels/gaussian-gram"
        return Outcome(None, (error(Code.BAD_ID, message, hint=hint),))
    path = f"{bank_folder}/{name}.tex"
    found = _taken(root, bank_folder, path, wanted["id"])
    if found is not None:
        return Outcome(None, (found,))
    template = files("notesbuild") / _TEMPLATES / "problem" / f"{kind}.tex"
    title = wanted["id"].replace("-", " ").capitalize()
    text = template.read_text("utf-8").replace("PROBLEM_TITLE", title)
    text = text.replace("PROBLEM_TOPIC", wanted["topic"])
    failed = write_file(root / path, text.encode(), path)
    return Outcome(None, failed) if failed else Outcome(path)


def _taken(root: Path, bank_folder: str, path: str, problem_id: str) -> Diagnostic | None:
    """The file that has this place or this id, if there is one."""
    if _is_there(root / path):
        return _exists(path)
    for other in sorted((root / bank_folder).rglob(f"{problem_id}.tex")):
        shown = other.relative_to(root).as_posix()
        message = f"the id {problem_id!r} is taken by {shown}"
        return error(Code.DUPLICATE_ID, message, Span(shown), "choose another id")
    return None


def _exists(path: str, *others: str) -> Diagnostic:
    more = f", and so are {len(others)} others" if others else ""
    return error(Code.FILE_EXISTS, f"{path} is there already{more}", Span(path))


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        name = entry.name
        shown = "." + name.removeprefix(_DOT) if name.startswith(_DOT) else name
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{shown}/")
        else:
            yield prefix + shown, entry.read_text("utf-8")
