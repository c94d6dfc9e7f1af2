"""Problems that chapters show: what a directive asks for, and what is shown for it."""

from __future__ import annotations

from dataclasses import dataclass

from notesbuild.diagnostics import Span
from notesbuild.model.prose import Prose

DIRECTIVES = ("problem", "problems")


@dataclass(frozen=True)
class Option:
    """An option of a directive, and where its value stands."""

    name: str
    value: str
    span: Span


@dataclass(frozen=True)
class Asked:
    """A directive ``problem`` or ``problems`` in a chapter.

    ``span`` is its place, ``at`` that of its argument.
    """

    name: str
    argument: str
    options: tuple[Option, ...]
    chapter: str
    span: Span
    at: Span

    def option(self, name: str) -> Option | None:
        """The option of that name."""
        return next((option for option in self.options if option.name == name), None)

    def value(self, name: str) -> str:
        """What an option says; empty where it is not there."""
        found = self.option(name)
        return found.value if found else ""


@dataclass(frozen=True)
class ShownProblem:
    """A problem as a page shows it; ``solution`` is None before its release.

    ``pictures`` pairs the name of each picture in it with its path in the project.
    """

    id: str
    points: int
    question: tuple[Prose, ...]
    solution: tuple[Prose, ...] | None = None
    pictures: tuple[tuple[str, str], ...] = ()


def query_key(where: str, sort: str, limit: str) -> str:
    """What two directives with the same query have in common."""
    return "\n".join(" ".join(text.split()) for text in (where, sort, limit))
