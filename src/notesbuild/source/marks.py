r"""The macros and environments of LaTeX, with their places: what a body's structure consists of.

Nearly all LaTeX of a bank is of the plain sort: balanced groups, formulas and environments, no
comments, nothing verbatim. That is read here, in one pass. Everything else, whatever is wrong
included, is left to pylatexenc, whose nodes lead to the same marks; tests compare them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from notesbuild.source.arguments import OF_ENVIRONMENTS, OF_MACROS, RARE

MAX_DEPTH = 30

_TOKEN = re.compile(r"\\(?:([A-Za-z]+)|(.)|\Z)|[{}$%]", re.S)
_ENVIRONMENT = re.compile(r"\{([A-Za-z]+\*?)\}")
_BRACKETS = re.compile(r"\[[^\[\]{}$\\%]*\]")
_SPACE = re.compile(r"[ \t\n]*")
_MATH = {"(": r"\)", "[": r"\]"}


class Mark(NamedTuple):
    r"""A macro, such as ``\item``, or an environment.

    ``end`` is behind an environment, or behind a macro's name; ``argument`` is the optional
    argument that comes first, with its brackets; ``holder`` the place of the environment that
    holds a macro, where there is no group between the two, or else -1.
    """

    name: str
    is_environment: bool
    start: int
    end: int
    argument: str | None
    holder: int


class Unbalanced(ValueError):
    """Why LaTeX cannot be read; ``place`` is what was opened and never closed, or the end."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place

    @classmethod
    def because(cls, fault: Any) -> Unbalanced:
        """The parser's own reason, told where the mistake is."""
        reason = str(fault.msg).strip().splitlines()[0]
        opened = fault.open_contexts or ()
        if not opened:
            return cls(reason, fault.pos)
        return cls(f"{reason} (the {opened[0][0]} begins here)", opened[0][1])


@lru_cache(maxsize=512)
def marks_of(text: str) -> tuple[Mark, ...]:
    """The macros and environments of LaTeX without Jinja, in reading order.

    Raises:
        Unbalanced: something is opened and not closed, or closed and not opened.
        RecursionError: groups that are nested too deeply.
    """
    found = plain_marks(text)
    return found if found is not None else tuple(parsed_marks(text))


def plain_marks(text: str) -> tuple[Mark, ...] | None:
    """The marks of plain LaTeX; None where it takes a parser to be sure."""
    reader = _Reader(text)
    try:
        reader.read()
    except _NotPlain:
        return None
    return tuple(reader.marks)


def parsed_marks(text: str) -> Iterator[Mark]:
    """The marks of any LaTeX, from pylatexenc's nodes.

    Raises:
        Unbalanced, RecursionError: as ``marks_of`` says.
    """
    from notesbuild.source.walker import Environment, Macro, ParseError, nodes_of, walk

    try:
        nodes = nodes_of(text)
    except ParseError as fault:
        raise Unbalanced.because(fault) from fault
    holders: dict[int, int] = {}
    for node in walk(nodes):
        if isinstance(node, Environment):
            holders.update((id(child), node.pos) for child in node.nodelist)
            end = node.pos + node.len
            yield Mark(node.environmentname, True, node.pos, end, _in_brackets(node), -1)
        elif isinstance(node, Macro):
            name, holder = node.macroname, holders.get(id(node), -1)
            end = node.pos + len(name) + 1
            yield Mark(name, False, node.pos, end, _in_brackets(node), holder)


def _in_brackets(node: Any) -> str | None:
    arguments = getattr(node.nodeargd, "argnlist", None)
    first: Any = arguments[0] if arguments else None
    is_option = getattr(first, "delimiters", None) == ("[", "]")
    return str(first.latex_verbatim()) if is_option else None


class _NotPlain(Exception):
    """Something that only a parser understands, or that is wrong."""


class _Open(NamedTuple):
    """What ends with ``closer``: a group, a formula, or the environment that ``mark`` counts.

    ``arguments`` are those that still follow a group that is an argument itself.
    """

    closer: str
    mark: int = -1
    arguments: str = ""


class _Reader:
    def __init__(self, text: str) -> None:
        self.marks: list[Mark] = []
        self._text = text
        self._open: list[_Open] = []

    def read(self) -> None:
        """Fill ``marks``."""
        token = _TOKEN.search(self._text)
        while token is not None:
            token = _TOKEN.search(self._text, self._behind(token))
        if self._open:
            raise _NotPlain

    def _behind(self, token: re.Match[str]) -> int:
        """Where to go on behind a token and its arguments."""
        name = token[1] or token[2]
        if name is None:
            return self._behind_character(token[0], token.end())
        if name in ("begin", "end"):
            return self._behind_border(name, token)
        if name in _MATH:
            self._push(_Open(_MATH[name]))
        elif name in (")", "]"):
            self._pop(f"\\{name}")
        else:
            holder = self._open[-1].mark if self._open else -1
            self._add(token, self.marks[holder].start if holder >= 0 else -1)
            return self._arguments(token.end(), OF_MACROS.get(name, ""), len(self.marks) - 1)
        return token.end()

    def _behind_character(self, character: str, end: int) -> int:
        if character == "{":
            self._push(_Open("}"))
        elif character == "}":
            return self._arguments(end, self._pop("}").arguments)
        elif character != "$" or self._text.startswith("$", end):
            raise _NotPlain
        elif self._open and self._open[-1].closer == "$":
            self._pop("$")
        else:
            self._push(_Open("$"))
        return end

    def _behind_border(self, border: str, token: re.Match[str]) -> int:
        r"""Behind ``\begin{name}`` or ``\end{name}``."""
        named = _ENVIRONMENT.match(self._text, token.end())
        if named is None or named[1] in RARE:
            raise _NotPlain
        name = named[1]
        if border == "end":
            mark = self._pop(f"\\end{{{name}}}").mark
            self.marks[mark] = self.marks[mark]._replace(end=named.end())
            return named.end()
        self.marks.append(Mark(name, True, token.start(), -1, None, -1))
        mark = len(self.marks) - 1
        self._push(_Open(f"\\end{{{name}}}", mark))
        return self._arguments(named.end(), OF_ENVIRONMENTS.get(name, ""), mark)

    def _add(self, token: re.Match[str], holder: int) -> None:
        name, end = token[1] or token[2], token.end()
        # A macro's name goes on with any letter, and not with those of TeX alone.
        if name in RARE or not (token[1] or name.isascii()):
            raise _NotPlain
        if token[1] and self._text[end : end + 1].isalpha():
            raise _NotPlain
        self.marks.append(Mark(name, False, token.start(), end, None, holder))

    def _arguments(self, position: int, wanted: str, mark: int = -1) -> int:
        """Behind the arguments of a mark; before what is in the first group among them."""
        for number, kind in enumerate(wanted, start=1):
            start = _SPACE.match(self._text, position).end()  # type: ignore[union-attr]
            first = self._text[start : start + 1]
            apart = "\n\n" in self._text[position:start]
            if not first or first == "%" or first.isspace():
                raise _NotPlain
            if kind == "{":
                if apart or first == "$":
                    raise _NotPlain
                if first == "{":
                    self._push(_Open("}", arguments=wanted[number:]))
                    return start + 1
                position = self._behind_bare(start, first)
            elif kind != first or apart:
                continue
            elif kind == "*":
                position = start + 1
            else:
                position = self._behind_brackets(start, mark if number == 1 else -1)
        return position

    def _behind_brackets(self, start: int, mark: int) -> int:
        found = _BRACKETS.match(self._text, start)
        if found is None:
            raise _NotPlain
        if mark >= 0:
            self.marks[mark] = self.marks[mark]._replace(argument=found[0])
        return found.end()

    def _behind_bare(self, start: int, first: str) -> int:
        """An argument without braces: a character, or a macro that takes no arguments then."""
        if first == "}":
            return start
        if first != "\\":
            return start + 1
        token = _TOKEN.match(self._text, start)
        if token is None or not token[1] or token[1] in ("begin", "end"):
            raise _NotPlain
        self._add(token, -1)
        return token.end()

    def _push(self, opened: _Open) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _NotPlain
        self._open.append(opened)

    def _pop(self, closer: str) -> _Open:
        if not self._open or self._open[-1].closer != closer:
            raise _NotPlain
        return self._open.pop()
