"""Kinds of results that a course or a project adds, and counters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from notesbuild.model.base import Record
from notesbuild.model.names import nearest
from notesbuild.model.usual_kinds import BUILT_IN, SHARED, Style

OTHER_DIRECTIVES = ("proof", "proofs", "restate", "ref", "numref")

_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_Location = tuple[str | int, ...]


class KindEntry(Record):
    """A kind of results besides the usual ones.

    ``name`` is its directive (`prf:claim`), its class on pages and its environment in LaTeX.
    """

    name: str
    """The name, in small letters, such as `claim`."""
    title: str | dict[str, str] | None = Field(default=None)
    """What readers see, such as `Claim`, or a word for each language; else made of the name."""
    style: Style = Style.PLAIN
    """How it is set: `plain` (slanted, as theorems), `definition` or `remark`."""
    counter: str | None = None
    """The counter it is numbered by; the one that all kinds share if left out."""


class CounterEntry(Record):
    """A counter. The one named `results` is that of all kinds that have no other."""

    kinds: tuple[str, ...] = ()
    """The kinds that are numbered by it, which may be usual ones such as `exercise`."""
    by: Literal["chapter", "section"] = "chapter"
    """Where it begins again: `chapter` gives 2.3, `section` gives 2.1.3."""


def check_kinds(kinds: tuple[KindEntry, ...], counters: Mapping[str, CounterEntry]) -> None:
    """Raise all that is wrong with them, each at its own place."""
    found = [
        InitErrorDetails(
            type=PydanticCustomError("kind", "{words}", {"words": words}), loc=place, input=None
        )
        for place, words in _faults(kinds, counters)
    ]
    if found:
        raise ValidationError.from_exception_data("kinds", found)


class KindTable(Record):
    """Kinds and counters alone, as the configuration of a Sphinx project gives them."""

    kinds: tuple[KindEntry, ...] = ()
    """The kinds that a project adds."""
    counters: dict[str, CounterEntry] = Field(default={})
    """The counters, by name."""

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        check_kinds(self.kinds, self.counters)
        return self


def _faults(
    kinds: tuple[KindEntry, ...], counters: Mapping[str, CounterEntry]
) -> Iterator[tuple[_Location, str]]:
    names = [kind.name for kind in kinds]
    for place, kind in enumerate(kinds):
        words = _name_fault(kind.name, names[:place])
        if words:
            yield ("kinds", place, "name"), words
        if not _has_title(kind):
            yield ("kinds", place, "title"), "a title needs a word"
        if kind.counter not in (None, SHARED) and kind.counter not in counters:
            yield (
                ("kinds", place, "counter"),
                _unknown("counter", kind.counter or "", [SHARED, *counters]),
            )
    yield from _counter_faults(kinds, counters)


def _counter_faults(
    kinds: tuple[KindEntry, ...], counters: Mapping[str, CounterEntry]
) -> Iterator[tuple[_Location, str]]:
    owners = {kind.name: kind.counter for kind in kinds if kind.counter is not None}
    known = [*BUILT_IN, *(kind.name for kind in kinds)]
    for name, counter in counters.items():
        if not _NAME.fullmatch(name):
            yield ("counters", name), f"{name!r} is no name: small letters, and - between them"
        for place, kind in enumerate(counter.kinds):
            where = ("counters", name, "kinds", place)
            if kind not in known:
                yield where, _unknown("kind", kind, known)
            elif owners.setdefault(kind, name) != name:
                yield where, f"{kind!r} has the counter {owners[kind]!r} already"


def _name_fault(name: str, before: list[str]) -> str | None:
    if not _NAME.fullmatch(name):
        return f"{name!r} is no name of a kind: small letters, and - between them"
    if name in BUILT_IN:
        return f"{name!r} is a kind already, which every course has"
    if name in OTHER_DIRECTIVES:
        return f"{name!r} is the name of another directive"
    if name in before:
        return f"the kind {name!r} is named twice"
    if name in latex_names():
        return f"{name!r} is the name of a command or an environment of LaTeX"
    return None


def _has_title(kind: KindEntry) -> bool:
    titles = kind.title.values() if isinstance(kind.title, dict) else (kind.title or kind.name,)
    return bool(titles) and all(title.strip() for title in titles)


def _unknown(what: str, name: str, known: list[str]) -> str:
    near = nearest(name, known)
    return f"there is no {what} {name!r}{f'; {near}' if near else ''}"


@cache
def latex_names() -> frozenset[str]:
    """The names in small letters that LaTeX and its packages have taken in the notes' PDF."""
    text = resources.files(__package__).joinpath("latex_names.txt").read_text("utf-8")
    return frozenset(text.split())
