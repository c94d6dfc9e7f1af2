"""The directives ``problem`` and ``problems`` of a chapter, found without running Sphinx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from notesbuild.diagnostics import Span
from notesbuild.model.project import Chapter
from notesbuild.model.shown import DIRECTIVES, Asked, Option

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
_NAME = re.compile(r"\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>.*?)[ \t]*$")
_RST = re.compile(
    r"^(?P<indent>[ \t]*)\.\.[ \t]+(?P<name>problems?)::[ \t]*(?P<argument>.*?)[ \t]*$"
)
_LITERAL = re.compile(
    r"^[ \t]*(?:\.\.[ \t]+(?:code-block|code|sourcecode|literalinclude|raw)::"
    r"|(?!\.\.[ \t]).*::[ \t]*$)"
)
_OPTION = re.compile(r"^[ \t]*:(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*?))?[ \t]*$")
_KEY = re.compile(r"^(?P<name>[\w-]+)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*$")
# Inside these fences nothing is a directive.
_VERBATIM = ("code", "code-block", "code-cell", "literalinclude", "math", "raw", "sourcecode")


@lru_cache(maxsize=1024)
def asked_in(chapter: Chapter) -> tuple[Asked, ...]:
    """The directives of a chapter in their order."""
    if "problem" not in chapter.text:
        return ()
    lines = chapter.text.split("\n")
    found = _in_rst(chapter, lines) if chapter.path.endswith(".rst") else _in_myst(chapter, lines)
    return tuple(found)


def _in_myst(chapter: Chapter, lines: list[str]) -> Iterator[Asked]:
    opened: list[tuple[str, bool]] = []  # fences, and whether what they hold is text as it is
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        marks, info = fence["fence"], fence["info"].strip()
        if not info and opened and _closes(marks, opened[-1][0]):
            opened.pop()
        elif not (opened and opened[-1][1]):
            named = _NAME.match(fence["info"])
            name = named["name"] if named else ""
            opened.append((marks, marks[0] != ":" and (not name or name in _VERBATIM)))
            if named is not None and name in DIRECTIVES:
                at = fence.start("info") + named.start("argument")
                options = tuple(_myst_options(chapter, lines, number + 1))
                yield _asked(chapter, named, number, fence.end("indent"), at, options)


def _closes(marks: str, opened: str) -> bool:
    return marks[0] == opened[0] and len(marks) >= len(opened)


def _myst_options(chapter: Chapter, lines: list[str], start: int) -> Iterator[Option]:
    yaml = start < len(lines) and lines[start].strip() == "---"
    pattern = _KEY if yaml else _OPTION
    for number in range(start + yaml, len(lines)):
        match = pattern.match(lines[number].strip() if yaml else lines[number])
        if match is None:
            return
        value = (match["value"] or "").strip()
        # MyST reads both forms as YAML.
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        column = lines[number].find(value) + 1 if value else 1
        shown = value[1:-1] if quoted else value
        yield Option(match["name"], shown, Span(chapter.path, number + 1, column))


def _in_rst(chapter: Chapter, lines: list[str]) -> Iterator[Asked]:
    literal = -1
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if literal >= 0 and line.strip() and indent <= literal:
            literal = -1
        if literal >= 0:
            continue
        match = _RST.match(line)
        if match is not None:
            options = tuple(_rst_options(chapter, lines, number + 1, indent))
            yield _asked(chapter, match, number, indent, match.start("argument"), options)
        elif _LITERAL.match(line):
            literal = indent


def _rst_options(chapter: Chapter, lines: list[str], start: int, indent: int) -> Iterator[Option]:
    found: list[Option] = []
    for number in range(start, len(lines)):
        line = lines[number]
        if not line.strip() or len(line) - len(line.lstrip()) <= indent:
            break
        match = _OPTION.match(line)
        if match is not None:
            value = match["value"] or ""
            column = match.start("value") + 1 if value else 1
            found.append(Option(match["name"], value, Span(chapter.path, number + 1, column)))
        elif found:  # a value that goes on
            last = found[-1]
            found[-1] = Option(last.name, f"{last.value} {line.strip()}".strip(), last.span)
        else:
            break
    return iter(found)


def _asked(
    chapter: Chapter,
    match: re.Match[str],
    number: int,
    column: int,
    at: int,
    options: tuple[Option, ...],
) -> Asked:
    place = Span(chapter.path, number + 1, column + 1)
    argument = Span(chapter.path, number + 1, at + 1) if match["argument"] else place
    return Asked(match["name"], match["argument"], options, chapter.name, place, argument)
