"""pylatexenc's parser with a quicker tokenizer, and the vocabulary of exam.cls and Jinja.

Importing pylatexenc takes its time, so that this module is imported where a text is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pylatexenc import latexwalker, macrospec

from notesbuild.source.latex import CHOICES, PARTS, SOLUTIONS

ParseError = latexwalker.LatexWalkerParseError
Macro = latexwalker.LatexMacroNode
Environment = latexwalker.LatexEnvironmentNode

# What ends a stretch of plain characters, inside braces and inside an optional argument.
_PLAIN = re.compile(r"[^\\%{}$]*")
_PLAIN_IN_BRACKETS = re.compile(r"[^\\%{}$\[\]]*")
_NAME = re.compile(r"[A-Za-z]+(?![^\W\d_])")
_SPACE = re.compile(r"[ \t\n]*")
_STOPS = {("{", "}"): "}", "$": "$", r"\)": r"\)", r"\]": r"\]"}
_BRACKETS = [("[", "]")]


class _Token:
    """pylatexenc's LatexToken, without what makes it slow to create."""

    __slots__ = ("arg", "len", "pos", "post_space", "pre_space", "tok")

    def __init__(
        self, tok: str, arg: str, pos: int, length: int, before: str, after: str = ""
    ) -> None:
        self.tok = tok
        self.arg = arg
        self.pos = pos
        self.len = length
        self.pre_space = before
        self.post_space = after


class Walker(latexwalker.LatexWalker):  # type: ignore[misc]
    """Reads a stretch of plain characters as one token, where pylatexenc reads one each.

    The nodes are the same ones; tests compare them. The vocabulary must have no specials.
    """

    def get_token(
        self,
        pos: int,
        include_brace_chars: Any = None,
        environments: bool = True,
        keep_inline_math: Any = None,
        parsing_state: Any = None,
        **more: Any,
    ) -> Any:
        """The token at ``pos``; pylatexenc's own wherever anything is out of the ordinary."""
        found = None
        # Macros ask for an argument without environments, and for a star without a state:
        # there a single character counts.
        if environments and parsing_state is not None:
            if include_brace_chars is None:
                found = self._quick(pos, _PLAIN, parsing_state)
            elif include_brace_chars == _BRACKETS:
                found = self._quick(pos, _PLAIN_IN_BRACKETS, parsing_state)
        if found is not None:
            return found
        return super().get_token(
            pos,
            include_brace_chars=include_brace_chars,
            environments=environments,
            parsing_state=parsing_state,
            **more,
        )

    def make_node(self, node_class: Any, **fields: Any) -> Any:
        """The node itself."""
        return node_class(**fields)

    def get_latex_nodes(
        self,
        pos: int = 0,
        stop_upon_closing_brace: Any = None,
        stop_upon_end_environment: Any = None,
        stop_upon_closing_mathmode: Any = None,
        read_max_nodes: Any = None,
        parsing_state: Any = None,
    ) -> Any:
        """The nodes up to a stop; at once where only plain characters stand before it."""
        stop = _STOPS.get(stop_upon_closing_brace or stop_upon_closing_mathmode)
        if stop and parsing_state is not None and not stop_upon_end_environment:
            end = _PLAIN.match(self.s, pos).end()  # type: ignore[union-attr]
            if end > pos and self.s.startswith(stop, end):
                text = self.s[pos:end]
                if not text.isspace():
                    chars = self.make_node(
                        latexwalker.LatexCharsNode,
                        parsing_state=parsing_state,
                        chars=text,
                        pos=pos,
                        len=end - pos,
                    )
                    return [chars], pos, end - pos + len(stop)
        return super().get_latex_nodes(
            pos,
            stop_upon_closing_brace,
            stop_upon_end_environment,
            stop_upon_closing_mathmode,
            read_max_nodes,
            parsing_state,
        )

    def _quick(self, pos: int, plain: re.Pattern[str], state: Any) -> _Token | None:
        text: str = self.s
        end = plain.match(text, pos).end()  # type: ignore[union-attr]
        space = text[pos:end]
        if space and not space.isspace():
            return _Token("char", space, pos, end - pos, "")
        if end >= len(text) or "\n\n" in space:
            return None
        first = text[end]
        if first == "\\":
            return self._quick_macro(end, space)
        if first == "$" and not text.startswith("$$", end):
            return _Token("mathmode_inline", "$", end, 1, space)
        if first in "{[":
            return _Token("brace_open", first, end, 1, space)
        if first in "}]":
            return _Token("brace_close", first, end, 1, space)
        return None

    def _quick_macro(self, pos: int, space: str) -> _Token | None:
        text: str = self.s
        name = _NAME.match(text, pos + 1)
        if name is None or name[0] in ("begin", "end"):
            return None
        end = name.end()
        after = _SPACE.match(text, end)[0]  # type: ignore[index]
        if "\n\n" in after or text[end + len(after) : end + len(after) + 1].isspace():
            return None
        return _Token("macro", name[0], pos, end - pos + len(after), space, after)


@lru_cache(maxsize=1)
def vocabulary() -> Any:
    """pylatexenc's own database, and the vocabulary of exam.cls and of Jinja."""
    # Specials such as ~ or -- do not matter here, and looking for them costs a third of the time.
    database = latexwalker.get_default_latex_context_db().filter_context(
        keep_which=["macros", "environments"]
    )
    macros = [macrospec.MacroSpec(name, "[") for name in PARTS]
    macros += [macrospec.MacroSpec(name, "") for name in ("choice", "CorrectChoice")]
    macros += [macrospec.MacroSpec(name, "{") for name in ("VAR", "BLOCK", "result")]
    environments = [macrospec.EnvironmentSpec(name, "[") for name in sorted(SOLUTIONS)]
    environments += [macrospec.EnvironmentSpec(n, "") for n in ("rubric", *sorted(CHOICES))]
    database.add_context_category(
        "notesbuild", prepend=True, macros=macros, environments=environments
    )
    database.set_unknown_macro_spec(macrospec.MacroSpec(""))
    database.set_unknown_environment_spec(macrospec.EnvironmentSpec(""))
    return database


def nodes_of(text: str) -> list[Any]:
    """The nodes at the outermost level.

    Raises:
        ParseError: braces, environments or formulas that are not balanced.
        RecursionError: groups that are nested too deeply.
    """
    walker = Walker(text, latex_context=vocabulary(), tolerant_parsing=False)
    try:
        nodes: list[Any] = walker.get_latex_nodes()[0]
    except IndexError as fault:  # pylatexenc looks for the delimiter behind the end of the text
        message = "\\verb at the end of the text has nothing to print"
        raise ParseError(message, s=text, pos=len(text)) from fault
    return nodes


def walk(nodes: Any) -> Iterator[Any]:
    """Every node, in reading order: a node, its arguments, what it holds."""
    waiting = [iter(nodes)]
    while waiting:
        for node in waiting[-1]:
            if node is not None:
                yield node
                inside = _children(node)
                if inside:
                    waiting.append(iter(inside))
                    break
        else:
            waiting.pop()


def _children(node: Any) -> list[Any]:
    arguments = getattr(node, "nodeargd", None)
    held = getattr(node, "nodelist", None) or []
    if arguments is None or not arguments.argnlist:
        return held
    return [*arguments.argnlist, *held]
