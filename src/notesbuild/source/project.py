"""Finding a project and reading all of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from notesbuild.diagnostics import Code, Diagnostic, Origin, Outcome, Span, error
from notesbuild.model.base import FileRecord
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.project import Chapter, Project, Settings
from notesbuild.source.bank import Reader, read_bank, read_each
from notesbuild.source.chapters import with_outlines
from notesbuild.source.files import Files
from notesbuild.source.yaml import read_record, validate

F = TypeVar("F", bound=FileRecord)

CHAPTER_ENDINGS = (".md", ".rst")


def find_root(start: Path) -> Path | None:
    """The nearest folder at or above ``start`` that holds a project's settings."""
    for folder in (start, *start.parents):
        if (folder / "notesbuild.toml").is_file():
            return folder
        if _table_in_pyproject(folder / "pyproject.toml"):
            return folder
    return None


def read_settings(files: Files) -> Outcome[Settings | None]:
    """Settings from notesbuild.toml or from ``[tool.notesbuild]``."""
    path = "notesbuild.toml" if files.exists("notesbuild.toml") else "pyproject.toml"
    source = files.text(path)
    if source.value is None:
        return Outcome(None, source.diagnostics)
    try:
        table: Any = tomllib.loads(source.value)
    except tomllib.TOMLDecodeError as fault:
        line, column = getattr(fault, "lineno", 1), getattr(fault, "colno", 1)
        return Outcome(None, (error(Code.WRONG_VALUE, str(fault), Span(path, line, column)),))
    if path == "pyproject.toml":
        table = _tool_table(table)
    return validate(table, _toml_origin(path, source.value, table), Settings)


def watched(root: Path) -> tuple[Path, ...]:
    """What to look at for changes: the settings, and the folders that they name.

    A folder that is not there may come back.
    """
    settings = read_settings(Files(root)).value
    files = (root / "notesbuild.toml", root / "pyproject.toml")
    return files if settings is None else (*files, *_named_folders(root, settings))


def folders_of(root: Path, settings: Settings) -> tuple[Path, ...]:
    """The folders that people write in, as far as they are there."""
    return tuple(path for path in _named_folders(root, settings) if path.is_dir())


def _named_folders(root: Path, settings: Settings) -> tuple[Path, ...]:
    return tuple(root / name for name in (settings.notes, settings.exams, settings.bank))


def read_project(
    root: Path, reader: Reader = read_each, *, checks: bool = False, exam: str | None = None
) -> Outcome[Project | None]:
    """Everything that the project's people wrote; None only without usable settings.

    ``reader`` reads those problems of which nothing is known from an earlier run; with
    ``checks`` it checks them, too. For an ``exam`` its course, its blueprint, its lock and the
    problems in it are enough, where they are there.
    """
    files = Files(root)
    settings = read_settings(files)
    if settings.value is None:
        return Outcome(None, settings.diagnostics)
    folders = settings.value
    exam = exam if exam and _has_exam(files, folders, exam) else None
    courses = _read_courses(files, f"{folders.notes}/courses", exam)
    chapters = _read_chapters(files, f"{folders.notes}/chapters")
    blueprints = _read_blueprints(files, folders.exams, exam)
    locks = _read_locks(files, folders.exams, exam)
    if exam is not None and not any(lock.exam == exam for lock in locks.value):
        return read_project(root, reader, checks=checks)  # its lock is elsewhere, or broken
    wanted = _locked_problems(locks.value, exam)
    bank = read_bank(files, folders, reader, checks=checks, wanted=wanted)
    macros_path = f"{folders.notes}/macros.tex"
    macros = files.text(macros_path) if files.exists(macros_path) else Outcome("")
    project = Project(
        root,
        folders,
        courses.value,
        with_outlines(chapters.value, files, folders.build, read_all=checks),
        bank.value.bank,
        blueprints.value,
        locks.value,
        macros.value or "",
        bank.value.checked,
        _unread(files, folders.exams, exam, blueprints.value),
    )
    stages = (settings, courses, chapters, bank, blueprints, locks, macros)
    return Outcome(project, tuple(d for stage in stages for d in stage.diagnostics))


def _locked_problems(locks: Iterable[Lock], exam: str | None) -> frozenset[str] | None:
    """The problems of an exam; None where it has no lock, or all are asked for."""
    lock = next((lock for lock in locks if lock.exam == exam), None)
    if lock is None:
        return None
    return frozenset(item.problem for version in lock.versions for item in version.items)


def _has_exam(files: Files, folders: Settings, exam: str) -> bool:
    """Whether the exam has all its files at their usual places."""
    name = f"{folders.exams}/{exam}"
    course = f"{folders.notes}/courses/{exam.partition('/')[0]}"
    return all(files.exists(f"{path}.yaml") for path in (course, name, f"{name}.lock"))


def _read_courses(files: Files, folder: str, exam: str | None) -> Outcome[tuple[Course, ...]]:
    depth = folder.count("/") + 1
    paths = [p for p in files.listing(folder, (".yaml", ".yml")) if p.count("/") == depth]
    if exam is not None:
        paths = [f"{folder}/{exam.partition('/')[0]}.yaml"]
    return _read_all(files, paths, Course, lambda path: {"name": PurePosixPath(path).stem})


def _read_blueprints(files: Files, folder: str, exam: str | None) -> Outcome[tuple[Blueprint, ...]]:
    return _read_all(files, _blueprint_paths(files, folder, exam), Blueprint, _exam_name)


def _blueprint_paths(files: Files, folder: str, exam: str | None) -> list[str]:
    if exam is not None:
        return [f"{folder}/{exam}.yaml"]
    return [p for p in files.listing(folder, (".yaml", ".yml")) if ".lock." not in p]


def _unread(
    files: Files, folder: str, exam: str | None, read: Iterable[Blueprint]
) -> frozenset[str]:
    """The exams that are there, but for those that could be read."""
    names = (_exam_name(path) for path in _blueprint_paths(files, folder, exam))
    return frozenset(f"{n['course']}/{n['name']}" for n in names) - {b.exam for b in read}


def _read_locks(files: Files, folder: str, exam: str | None) -> Outcome[tuple[Lock, ...]]:
    paths: Iterable[str] = files.listing(folder, (".lock.yaml",))
    if exam is not None:
        paths = [f"{folder}/{exam}.lock.yaml"]
    return _read_all(files, paths, Lock, lambda path: {})


def _exam_name(path: str) -> dict[str, str]:
    pure = PurePosixPath(path)
    return {"course": pure.parent.name, "name": pure.stem}


def _read_all(
    files: Files, paths: Iterable[str], model: type[F], names: Any
) -> Outcome[tuple[F, ...]]:
    records: list[F] = []
    found: list[Diagnostic] = []
    for path in paths:
        source = files.text(path)
        found += source.diagnostics
        if source.value is not None:
            record = _record(source.value, path, model, tuple(names(path).items()))
            found += record.diagnostics
            if record.value is not None:
                records.append(record.value)
    return Outcome(tuple(records), tuple(found))


@lru_cache(maxsize=64)
def _record(
    text: str, path: str, model: type[F], names: tuple[tuple[str, str], ...]
) -> Outcome[F | None]:
    """The record in a text; who watches a project reads most of them again and again."""
    return read_record(text, path, model, extra=dict(names))


def _read_chapters(files: Files, folder: str) -> Outcome[tuple[Chapter, ...]]:
    chapters: dict[str, Chapter] = {}
    found: list[Diagnostic] = []
    for path in files.listing(folder, CHAPTER_ENDINGS):
        source = files.text(path)
        found += source.diagnostics
        name = path.removeprefix(folder + "/").rsplit(".", 1)[0]
        if name in chapters:
            message = f"the chapter {name!r} is there twice: {chapters[name].path} and {path}"
            found.append(error(Code.MANIFEST_WRONG, message, Span(path)))
        elif source.value is not None:
            chapters[name] = Chapter(name, path, source.value)
    return Outcome(tuple(chapters.values()), tuple(found))


def _table_in_pyproject(path: Path) -> bool:
    try:
        tools = tomllib.loads(path.read_text("utf-8")).get("tool")
        return isinstance(tools, dict) and isinstance(tools.get("notesbuild"), dict)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def _tool_table(table: dict[str, Any]) -> dict[str, Any]:
    tools = table.get("tool")
    own = tools.get("notesbuild") if isinstance(tools, dict) else None
    return own if isinstance(own, dict) else {}


def _toml_origin(path: str, text: str, table: dict[str, Any]) -> Origin:
    """Lines of the keys of a flat table; TOML's parser does not tell them."""
    places = []
    for number, line in enumerate(text.split("\n"), start=1):
        key = line.split("=", 1)[0].strip()
        if "=" in line and key in table:
            places.append(((key,), (number, line.index(key) + 1)))
    return Origin(path, tuple(places))
