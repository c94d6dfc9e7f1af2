"""Projects for the rules of ``check``: what is broken, and a twin that is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from notesbuild.check.reader import read_and_check
from notesbuild.diagnostics import Diagnostic
from notesbuild.pipeline import check_project
from notesbuild.source.project import read_project
from tests.small import SMALL

CHAPTER = "notes/chapters/basics/means.md"
MANIFEST = "notes/courses/small.yaml"


def write(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in {"notesbuild.toml": "", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    return root


def found_in(root: Path, files: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Everything that ``check`` says."""
    read = read_project(write(root, files), read_and_check, checks=True)
    assert read.value is not None
    return (*read.diagnostics, *check_project(read.value))


def shown(found: tuple[Diagnostic, ...]) -> list[str]:
    """Each finding with its place, on one line."""
    return [f"{d.span} {d.severity.value}[{d.code.slug}] {d.message}" for d in found]


def with_chapter(text: str, name: str = "basics/more.md", *, listed: bool = True) -> dict[str, str]:
    """The small project with one more chapter; its course has it if it is ``listed``."""
    files = {**SMALL, f"notes/chapters/{name}": text}
    if listed:
        line = f"  - {name.rsplit('.', 1)[0]}\n"
        files[MANIFEST] = SMALL[MANIFEST].replace("schedule:", line + "schedule:", 1)
    return files
