"""A project: its settings and everything that was read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from notesbuild.diagnostics import Diagnostic
from notesbuild.model.base import Record
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.problem import Bank


def _below_root(value: str) -> str:
    """A folder of the project, and not the project itself: builds write and `clean` removes."""
    path = PurePosixPath(value)
    if not path.parts or path.is_absolute() or {"..", ".git"} & set(path.parts):
        raise ValueError("it must be a folder below the project's, such as build")
    if "\\" in value or not value.isprintable():
        raise ValueError("a folder is written with / and printable characters")
    return path.as_posix()


Folder = Annotated[str, AfterValidator(_below_root)]


class Settings(Record):
    """``notesbuild.toml``, or ``[tool.notesbuild]`` in pyproject.toml; paths are the project's."""

    notes: Folder = "notes"
    """The folder of courses, chapters, macros and references."""
    exams: Folder = "exams"
    """The folder of blueprints and locks."""
    bank: Folder = "problem_bank"
    """The folder of the problem bank."""
    build: Folder = "build"
    """The folder that outputs go to; `notesbuild clean` removes it."""
    exam_engine: str = Field(default="pdflatex", pattern="^(pdflatex|lualatex)$")
    """What sets exams: `pdflatex`, or `lualatex` for other scripts."""
    notes_engine: str = Field(default="auto", pattern="^(auto|pdflatex|lualatex)$")
    """What sets the notes: `pdflatex`, `lualatex`, or `auto`, which looks at the letters used."""
    paper: str = Field(default="a4paper", pattern="^(a4paper|letterpaper)$")
    """`a4paper` or `letterpaper`."""
    tex_timeout: int = Field(default=120, gt=0, le=3600)
    """Seconds after which a run of TeX is stopped."""

    @field_validator("build")
    @classmethod
    def _holds_nothing_of_the_author(cls, value: str, info: ValidationInfo) -> str:
        for name in ("notes", "exams", "bank"):
            other, build = PurePosixPath(info.data.get(name, "")), PurePosixPath(value)
            if other.parts and (other.is_relative_to(build) or build.is_relative_to(other)):
                raise ValueError(f"outputs have a folder of their own; {other} is yours ({name})")
        return value


EMPTY_BANK = Bank()


@dataclass(frozen=True)
class Chapter:
    """A chapter's source: ``name`` is its path below notes/chapters without its ending."""

    name: str
    path: str
    text: str

    @property
    def slug(self) -> str:
        """The last part of the name."""
        return self.name.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Project:
    """Everything that people wrote, read and validated.

    ``checked`` holds what the checks of single problems found, by id, for those problems that
    were checked when they were read. ``unread`` names the exams whose blueprints have errors.
    """

    root: Path
    settings: Settings
    courses: tuple[Course, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    bank: Bank = EMPTY_BANK
    blueprints: tuple[Blueprint, ...] = ()
    locks: tuple[Lock, ...] = ()
    macros: str = ""
    checked: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict, repr=False)
    unread: frozenset[str] = frozenset()

    def course(self, name: str) -> Course | None:
        """The course of that name."""
        return next((c for c in self.courses if c.name == name), None)

    def chapter(self, name: str) -> Chapter | None:
        """The chapter of that name."""
        return next((c for c in self.chapters if c.name == name), None)

    def blueprint(self, exam: str) -> Blueprint | None:
        """The blueprint of ``<course>/<exam>``."""
        return next((b for b in self.blueprints if b.exam == exam), None)

    def lock(self, exam: str) -> Lock | None:
        """The lock of ``<course>/<exam>``."""
        return next((lock for lock in self.locks if lock.exam == exam), None)

    @property
    def build(self) -> Path:
        """The folder of outputs."""
        return self.root / self.settings.build
