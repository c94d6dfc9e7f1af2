"""Taking pylatexenc's nodes apart: arguments, entries of lists, cells, words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pylatexenc.latexwalker import LatexCharsNode

from notesbuild.model.prose import Prose, Shape

Nodes = Sequence[Any]

_ENDINGS = (".svg", ".png", ".jpg", ".jpeg")
_OPTION = re.compile(r"\s*(?P<key>\w+)\s*=\s*(?P<value>\{[^{}]*\}|[^,{}]*)\s*(?:,|$)")
_SHARE = re.compile(r"(\d*\.?\d+)?\s*\\(?:text|line|column)width")
_RULE = re.compile(r"(?:\([^()]*\))?(?:\[[^\]]*\])?(?:\{[^{}]*\})?")
_ARGUMENTS = {"tabular": 0, "tabular*": 2, "tabularx": 0, "minipage": 1}


def is_blank(node: Any) -> bool:
    """White space."""
    return hasattr(node, "chars") and not node.chars.strip()


def arguments(node: Any, nodes: Nodes, at: int, count: int) -> tuple[list[list[Any]], int]:
    """The arguments of a command, as many as there are, and where to go on behind them.

    Those of a command that pylatexenc does not know are the groups that follow it.
    """
    parsed = node.nodeargd
    pairs = zip(parsed.argspec, parsed.argnlist, strict=False) if parsed else ()
    given = [_inside(argument) for kind, argument in pairs if kind == "{" and argument]
    while len(given) < count and at < len(nodes):
        following = nodes[at]
        if getattr(following, "delimiters", ("",))[0] == "{":
            given.append(_inside(following))
        elif not is_blank(following):
            break
        at += 1
    return given, at


def _inside(argument: Any) -> list[Any]:
    return list(argument.nodelist) if hasattr(argument, "delimiters") else [argument]


def entries(nodes: Nodes, names: Sequence[str]) -> tuple[list[tuple[Any, list[Any]]], list[Any]]:
    """Each entry of a list with what belongs to it, and what stands before the first."""
    found: list[tuple[Any, list[Any]]] = []
    before: list[Any] = []
    for node in nodes:
        if getattr(node, "macroname", None) in names:
            found.append((node, []))
        else:
            (found[-1][1] if found else before).append(node)
    return found, before


def content_of(node: Any, name: str) -> list[Any]:
    """What an environment holds behind its arguments, as far as pylatexenc took them for text."""
    inside = list(node.nodelist)
    while inside and (is_blank(inside[0]) or _is_option(inside[0])):
        inside.pop(0)
    for _ in range(_ARGUMENTS.get(name, 0)):
        if inside and getattr(inside[0], "delimiters", ("",))[0] == "{":
            inside.pop(0)
    return inside


def _is_option(node: Any) -> bool:
    return hasattr(node, "chars") and bool(re.fullmatch(r"\s*\[[^\[\]]*\]\s*", node.chars))


def cells(node: Any, start: int) -> list[Any]:
    """Characters from a position on, divided where a new cell of a table begins."""
    found, position = [], node.pos
    for text in node.chars.split("&"):
        cut = max(start - position, 0)
        shown = text[cut:]
        place = position + min(cut, len(text))
        state = node.parsing_state
        found.append(LatexCharsNode(chars=shown, pos=place, len=len(shown), parsing_state=state))
        position += len(text) + 1
    return found


def rule_end(text: str, node: Any) -> int:
    """Where the arguments of a rule of a table end."""
    found = _RULE.match(text, node.pos + len(node.macroname) + 1)
    return found.end() if found else 0


def options(text: str) -> Iterator[tuple[str, str]]:
    """``key=value`` pairs."""
    for found in _OPTION.finditer(text):
        yield found["key"], found["value"].strip()


def picture_file(name: str, known: Sequence[str]) -> str | None:
    """The file that pages show for a name with or without ending."""
    stem, dot, ending = name.rpartition(".")
    stems = [name] if not dot or f".{ending}" not in (*_ENDINGS, ".pdf", ".eps") else [stem, name]
    candidates = [stem + end for stem in stems for end in ("", *_ENDINGS)]
    return next((one for one in candidates if one in known and one.endswith(_ENDINGS)), None)


def size(given: dict[str, str]) -> str:
    """The width of a picture, as docutils writes it; empty where none is given."""
    width = given.get("width", "")
    share = _SHARE.fullmatch(width)
    if share:
        return f"{float(share[1] or 1) * 100:.0f}%"
    return width if re.fullmatch(r"\d*\.?\d+(?:cm|mm|in|pt)", width) else ""


def joined(words: Sequence[Prose]) -> tuple[Prose, ...]:
    """Neighbouring texts as one, with single spaces."""
    found: list[Prose] = []
    for word in words:
        last = found[-1] if found else None
        if word.shape is Shape.TEXT and last is not None and last.shape is Shape.TEXT:
            text = last.text + word.text
            found[-1] = replace(last, text=re.sub(r" {2,}", " ", text))
        else:
            found.append(word)
    return tuple(word for word in found if word.text or word.shape is not Shape.TEXT)


def trimmed(words: Sequence[Prose], *, right: bool = True) -> tuple[Prose, ...]:
    """Words without white space at the beginning, and at the end; empty if that is all."""
    found = list(joined(words))
    if found and found[0].shape is Shape.TEXT:
        found[0] = replace(found[0], text=found[0].text.lstrip(" "))
    if right and found and found[-1].shape is Shape.TEXT:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip(" "))
    return tuple(word for word in found if word.text or word.shape is not Shape.TEXT)
