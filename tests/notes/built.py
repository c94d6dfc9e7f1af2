"""Real builds of small courses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from notesbuild.diagnostics import Diagnostic
from notesbuild.model.project import Project
from notesbuild.notes.build import build_course
from notesbuild.source.project import read_project

# sphinx-book-theme still asks for something that Sphinx 11 will not have.
third_party = pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning")


@dataclass(frozen=True)
class Built:
    """What a build printed and left."""

    root: Path
    outputs: tuple[str, ...]
    found: tuple[Diagnostic, ...]
    steps: tuple[str, ...]

    def path(self, path: str) -> Path:
        return self.root / "build" / "small" / path

    def text(self, path: str) -> str:
        return self.path(path).read_text("utf-8")

    def codes(self) -> list[str]:
        return [f"{d.span}: {d.code.slug}" for d in self.found]

    def files(self) -> dict[str, bytes]:
        top = self.root / "build" / "small"
        return {
            path.relative_to(top).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_file() and not path.name.endswith(".lock")
        }


def project(root: Path) -> Project:
    read = read_project(root)
    assert read.value is not None
    assert read.diagnostics == ()
    return read.value


def build(root: Path, *, html: bool = True, pdf: bool = False) -> Built:
    steps: list[str] = []
    read = project(root)
    built = build_course(read, read.courses[0], html=html, pdf=pdf, progress=steps.append)
    return Built(root, built.value, built.diagnostics, tuple(steps))
