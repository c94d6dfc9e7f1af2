"""What LaTeX knows after the preambles of notes and of exams: a table that TeX itself has made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "latex_commands.txt"
_TOKEN = re.compile(
    r"(?<!\\)(?:\\\\)*(?P<comment>%[^\n]*)|\\(?P<place>begin|end)\s*\{(?P<environment>[^{}]*)\}"
    r"|\\(?P<name>[A-Za-z]+)|\\[^A-Za-z]",
    re.S,
)
_DEFINES = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|def|let|newlength|newcounter"
    r"|newsavebox|newif|newenvironment)\*?\s*\{?\\?(?P<name>[A-Za-z]+)"
)


@dataclass(frozen=True)
class Names:
    """Commands and environments, each without its backslash."""

    names: frozenset[str]

    def has_environment(self, name: str) -> bool:
        """Whether there is an environment of that name."""
        return name in self.names and f"end{name}" in self.names


@dataclass(frozen=True)
class Used:
    """A command or, with ``environment``, an environment that a text uses at a position."""

    name: str
    position: int
    environment: bool = False

    @property
    def shown(self) -> str:
        """As it is written."""
        return f"\\begin{{{self.name}}}" if self.environment else f"\\{self.name}"


@lru_cache(maxsize=1)
def in_notes() -> Names:
    """What the notes know."""
    return Names(_named("n"))


@lru_cache(maxsize=1)
def in_exams() -> Names:
    """What exams know."""
    return Names(_named("e"))


def used_names(text: str) -> Iterator[Used]:
    """The commands and environments of LaTeX, in order; comments have none."""
    for found in _TOKEN.finditer(text):
        if found["place"] == "begin":
            yield Used(found["environment"].strip(), found.start(), True)
        elif found["name"]:
            yield Used(found["name"], found.start())


def defined_names(text: str) -> frozenset[str]:
    """The names that a text defines itself."""
    if not any(word in text for word in ("command", "\\def", "\\let", "Operator", "\\new")):
        return frozenset()
    return frozenset(found["name"] for found in _DEFINES.finditer(text))


@lru_cache(maxsize=2)
def _named(flag: str) -> frozenset[str]:
    rows = (line.split(" ") for line in _TABLE.read_text("utf-8").splitlines() if line[:1] != "#")
    return frozenset(name for name, flags in rows if flag in flags)
