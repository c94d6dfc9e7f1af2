"""Finding the few commands of a body that matter to its views, without parsing the rest.

A body is parsed once, by pylatexenc, which refuses whatever is not balanced. After that its
environments and commands can be found by looking for them: hundreds of times as fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_TOKEN = re.compile(
    r"%(?P<comment>[^\n]*)"
    r"|\\verb\*?(?P<mark>[^A-Za-z\s*]).*?(?P=mark)"
    r"|\\begin\s*\{(?P<begin>[^{}]*)\}"
    r"|\\end\s*\{(?P<end>[^{}]*)\}"
    r"|\\(?P<command>[A-Za-z]+)"
    r"|\\.",
    re.S,
)
_VERBATIM = frozenset({"verbatim", "verbatim*", "lstlisting", "Verbatim"})
_OPTION = re.compile(r"\s*\[")


@dataclass(frozen=True)
class Command:
    """A command by its name; ``end`` is behind the name."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Comment:
    """A comment without its percent sign."""

    start: int
    end: int


@dataclass
class Environment:
    """An environment: all of it, its inside, and the commands that are directly inside."""

    name: str
    start: int
    inside: int
    end: int = 0
    inside_end: int = 0
    commands: list[Command] = field(default_factory=list)


@dataclass(frozen=True)
class Scan:
    """What a body consists of, each kind in reading order."""

    environments: tuple[Environment, ...]
    commands: tuple[Command, ...]
    comments: tuple[Comment, ...]

    def named(self, *names: str) -> Iterator[Environment]:
        """The environments of some names."""
        return (found for found in self.environments if found.name in names)


@lru_cache(maxsize=256)
def scan(text: str) -> Scan:
    """The environments, commands and comments of LaTeX that is balanced.

    What stands in verbatim text is none of them. An environment that is not closed ends with
    the text.
    """
    # Each view of a problem looks at the same text.
    environments: list[Environment] = []
    commands: list[Command] = []
    comments: list[Comment] = []
    opened: list[Environment] = []
    position = 0
    while found := _TOKEN.search(text, position):
        position = found.end()
        if found["comment"] is not None:
            comments.append(Comment(found.start() + 1, found.end()))
        elif found["begin"] is not None:
            environment = Environment(found["begin"].strip(), found.start(), found.end())
            if environment.name in _VERBATIM:
                closing = text.find(f"\\end{{{environment.name}}}", position)
                position = len(text) if closing < 0 else closing
            environments.append(environment)
            opened.append(environment)
        elif found["end"] is not None:
            _close(opened, found["end"].strip(), found.start(), found.end())
        elif found["command"] is not None:
            command = Command(found["command"], found.start(), found.end())
            commands.append(command)
            if opened:
                opened[-1].commands.append(command)
    for environment in opened:
        environment.inside_end = environment.end = len(text)
    return Scan(tuple(environments), tuple(commands), tuple(comments))


def _close(opened: list[Environment], name: str, start: int, end: int) -> None:
    if opened and opened[-1].name == name:
        environment = opened.pop()
        environment.inside_end, environment.end = start, end


def option(text: str, position: int) -> tuple[str, int]:
    """The argument in brackets at a position (empty if there is none), and where it ends."""
    found = _OPTION.match(text, position)
    if found is None:
        return "", position
    depth = 0
    for place in range(found.end(), len(text)):
        character = text[place]
        if character == "]" and not depth:
            return text[found.end() : place].strip(), place + 1
        depth += {"{": 1, "}": -1}.get(character, 0)
    return "", position
