"""The walk through LaTeX: words, formulas, commands and groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pylatexenc import latexwalker as lw

from notesbuild.diagnostics import Span
from notesbuild.model.prose import Prose, Shape
from notesbuild.source.citations import Citation, find_citations
from notesbuild.source.prose.letters import ACCENTS, LAYOUT, NO_BREAK, SYMBOLS, accented, typeset
from notesbuild.source.prose.pieces import arguments, is_blank, joined, trimmed
from notesbuild.source.scan import option

Place = Callable[[int], Span]
"""From a position in the text to a place in the author's file."""

Order = Callable[[int, tuple[bool, ...]], tuple[int, ...]]
"""The order of the choices of a list: its number, which of them are fixed, their positions."""

_BREAK = re.compile(r"(\n[ \t]*\n\s*)")
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_OUTER = re.compile(
    r"\\begin\{(?P<name>\w+)\*?\}(?P<columns>\{\d+\})?(?P<body>.*)\\end\{(?P=name)\*?\}", re.S
)
_INNER = {
    "equation": "",
    "displaymath": "",
    "gather": "gathered",
    "multline": "gathered",
    "alignat": "alignedat",
}
_FONTS = {
    **dict.fromkeys(("emph", "textit", "textsl", "underline"), Shape.EMPHASIS),
    "textbf": Shape.STRONG,
    "textsuperscript": Shape.RAISED,
    "textsubscript": Shape.LOWERED,
}
_SWITCHES = {
    **dict.fromkeys(("em", "it", "itshape", "sl", "slshape"), Shape.EMPHASIS),
    **dict.fromkeys(("bf", "bfseries"), Shape.STRONG),
}
_PLAIN = ("mbox", "text", "textrm", "textsf", "textsc", "textmd", "textup", "textnormal", "hbox")


def _inner(display: str) -> str:
    """A display that can bear a tag as a whole."""
    found = _OUTER.fullmatch(display)
    if found is None:
        return display
    name, body = _INNER.get(found["name"], "aligned"), found["body"].strip()
    columns = found["columns"] or ""
    return f"\\begin{{{name}}}{columns}\n{body}\n\\end{{{name}}}" if name else body


@dataclass(frozen=True)
class Fault:
    """Why a piece of LaTeX, at its position in the text, cannot be shown."""

    position: int
    message: str
    hint: str | None = None


@dataclass(frozen=True)
class Spot:
    """A formula, and the stretch of the text that it was made from."""

    text: str
    display: bool
    start: int
    end: int


@dataclass(frozen=True)
class Read:
    """What a problem asks, what its solution says, and what could not be read."""

    question: tuple[Prose, ...]
    solution: tuple[Prose, ...]
    faults: tuple[Fault, ...]
    formulas: tuple[Spot, ...] = ()


Given = list[list[Any]]
"""The arguments of a command, each as nodes."""

Command = Callable[["Reader", Any, Given, "Page"], None]
"""Reads a command with its arguments onto a page."""

Block = Callable[["Reader", Any, "Page"], None]
"""Reads an environment onto a page."""


class Page:
    """Blocks as they fill up; words wait for the end of their paragraph."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._blocks: list[Prose] = []
        self._words: list[Prose] = []
        self._start = 0

    def say(self, piece: Prose, position: int) -> None:
        """Add to the paragraph."""
        if not trimmed(self._words):
            self._start = position
        self._words.append(piece)

    def put(self, block: Prose) -> None:
        """Add a block behind the paragraph."""
        self.end()
        self._blocks.append(block)

    def end(self) -> None:
        """End the paragraph, if there is one."""
        words = trimmed(self._words)
        if words:
            self._blocks.append(self._reader.piece(Shape.PARAGRAPH, self._start, children=words))
        self._words = []

    def finished(self) -> tuple[Prose, ...]:
        """All blocks."""
        self.end()
        return tuple(self._blocks)

    def words(self) -> tuple[Prose, ...] | None:
        """What stands on one line; None if there are blocks."""
        return None if self._blocks else joined(self._words)


@dataclass
class Reader:
    """Walks through LaTeX; ``skip`` is the position up to which all has been read already.

    ``here`` is the part that is being read, ``lists`` counts lists of choices, ``labels`` tells
    what the problem's own labels stand for.
    """

    text: str
    place: Place
    order: Order
    pictures: tuple[str, ...]
    commands: Mapping[str, Command]
    environment: Block
    faults: list[Fault] = field(default_factory=list)
    solution: list[Prose] = field(default_factory=list)
    formulas: list[Spot] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    _citations: dict[int, Citation] = field(default_factory=dict)
    lists: int = 0
    skip: int = 0
    here: str = ""
    _tags: int = 0

    def __post_init__(self) -> None:
        self._citations = {one.start: one for one in find_citations(self.text)}

    # --- helpers ------------------------------------------------------------------------

    def piece(self, shape: Shape, position: int, text: str = "", **more: Any) -> Prose:
        """A piece of text that begins at a position."""
        span = self.place(position)
        return Prose(shape, text, line=span.line, path=span.path, **more)

    def fault(self, position: int, message: str, hint: str | None = None) -> None:
        """Remember what cannot be shown."""
        self.faults.append(Fault(position, message, hint))

    def settled(self, pieces: tuple[Prose, ...]) -> tuple[Prose, ...]:
        """With the problem's own labels as what they stand for."""
        return tuple(self._settled(piece) for piece in pieces)

    def _settled(self, piece: Prose) -> Prose:
        if piece.shape is Shape.REFERENCE:
            words = self.labels.get(piece.text, "")
            return replace(piece, shape=Shape.TEXT, text=piece.note.format(words))
        return replace(piece, children=self.settled(piece.children))

    def blocks(self, nodes: Sequence[Any]) -> tuple[Prose, ...]:
        """Nodes as blocks of their own."""
        page = Page(self)
        self.read(nodes, page)
        return page.finished()

    def words(self, nodes: Sequence[Any], position: int) -> tuple[Prose, ...]:
        """Nodes that stand within a line."""
        page = Page(self)
        self.read(nodes, page)
        words = page.words()
        if words is None:
            self.fault(position, "a paragraph, a display or a list cannot stand here")
        return words or ()

    def plain(self, nodes: Sequence[Any], position: int) -> str:
        """Nodes that may be letters only."""
        words = self.words(nodes, position)
        if any(word.shape is not Shape.TEXT for word in words):
            self.fault(position, "only letters can stand here")
        return "".join(word.text for word in words)

    def verbatim(self, nodes: Sequence[Any]) -> str:
        """The LaTeX itself."""
        return "".join(node.latex_verbatim() for node in nodes)

    # --- the walk -----------------------------------------------------------------------

    def read(self, nodes: Sequence[Any], page: Page) -> None:
        """All nodes, in order."""
        at = 0
        while at < len(nodes):
            node = nodes[at]
            at += 1
            if isinstance(node, lw.LatexCharsNode):
                self._chars(node, page)
            elif node.pos < self.skip or isinstance(node, lw.LatexCommentNode):
                self._after_comment(node, page)
            elif isinstance(node, lw.LatexMathNode):
                self._math(node, page)
            elif isinstance(node, lw.LatexGroupNode):
                self._group(node, page)
            elif isinstance(node, lw.LatexEnvironmentNode):
                self.environment(self, node, page)
            else:
                at = self._macro(node, nodes, at, page)

    def _chars(self, node: Any, page: Page) -> None:
        position = max(self.skip, node.pos)
        text = node.chars[position - node.pos :]
        for number, stretch in enumerate(_BREAK.split(text)):
            if number % 2:
                page.end()
            elif stretch:
                blank = len(stretch) - len(stretch.lstrip())
                page.say(Prose(Shape.TEXT, typeset(stretch)), position + blank)
            position += len(stretch)

    def _after_comment(self, node: Any, page: Page) -> None:
        space = getattr(node, "comment_post_space", "")
        if space.count("\n") > 1:
            page.end()

    def _math(self, node: Any, page: Page) -> None:
        before, after = node.delimiters
        stretch = (node.pos + len(before), node.pos + node.len - len(after))
        text = self.formula(self.text[slice(*stretch)], node.pos)
        self.show_formula(text, node.displaytype != "inline", stretch, node.pos, page)

    def show_formula(
        self, text: str, display: bool, stretch: tuple[int, int], position: int, page: Page
    ) -> None:
        """Put a formula onto a page; ``stretch`` of our text is what it was made from."""
        self.formulas.append(Spot(text, display, *stretch))
        if display:
            page.put(self.piece(Shape.DISPLAY, position, text))
        else:
            page.say(self.piece(Shape.MATH, position, text), position)

    def formula(self, text: str, position: int) -> str:
        """A formula without references to the problem's own displays, which get a tag."""
        if "\\result" in text:
            self.fault(position, r"\result cannot stand in a formula")
        names = _LABEL.findall(text)
        if len(names) > 1:
            self.fault(position, r"only one \label can stand in a display", "write \\tag{…}")
        if not names:
            return text.strip()
        self._tags += 1
        self.labels[names[0]] = str(self._tags)
        return f"{_inner(_LABEL.sub('', text).strip())} \\tag{{{self._tags}}}"

    def _group(self, node: Any, page: Page) -> None:
        """Braces: a font that is switched on inside ends with them."""
        inside = list(node.nodelist)
        switch = next((n for n in inside if not is_blank(n)), None)
        shape = _SWITCHES.get(getattr(switch, "macroname", None) or "")
        if shape is None:
            self.read(inside, page)
            return
        inside.remove(switch)
        words = trimmed(self.words(inside, node.pos), right=False)
        page.say(self.piece(shape, node.pos, children=words), node.pos)

    def _macro(self, node: Any, nodes: Sequence[Any], at: int, page: Page) -> int:
        """One command; returns where to go on."""
        name, position = node.macroname, node.pos
        behind = position + len(name) + 1
        if position in self._citations:
            citation = self._citations[position]
            note = "number" if citation.starred else ""
            page.say(self.piece(Shape.RESULT, position, citation.label, note=note), position)
            self.skip = citation.end
        elif name in ACCENTS:
            given, at = arguments(node, nodes, at, 1)
            letter = self.plain(given[0], position) if given else ""
            page.say(Prose(Shape.TEXT, accented(name, letter)), position)
        elif name in SYMBOLS:
            page.say(Prose(Shape.TEXT, SYMBOLS[name]), position)
        elif name in LAYOUT:
            self.skip = max(self.skip, option(self.text, behind)[1])
        elif name in ("\\", "newline", "par"):
            page.end()
        elif name in ("vspace", "hspace", "setlength", "setcounter"):
            _, at = arguments(node, nodes, at, 2 if name.startswith("set") else 1)
            page.say(Prose(Shape.TEXT, " "), position)
        elif name == "fillin":
            self.skip = option(self.text, option(self.text, behind)[1])[1]
            page.say(Prose(Shape.TEXT, NO_BREAK + "_" * 8), position)
        else:
            at = self._with_argument(node, nodes, at, page)
        return at

    def _with_argument(self, node: Any, nodes: Sequence[Any], at: int, page: Page) -> int:
        name, position = node.macroname, node.pos
        rule = self.commands.get(name)
        if rule is None and name not in _FONTS and name not in _PLAIN:
            self.fault(position, f"\\{name} cannot be shown on a page")
            return at
        count = {"href": 2, "verb": 0}.get(name, 1)
        given, at = arguments(node, nodes, at, count)
        if len(given) < count:
            self.fault(position, f"\\{name} needs an argument in braces")
        elif rule is not None:
            rule(self, node, given, page)
        elif name in _PLAIN:
            self.read(given[0], page)
        else:
            words = self.words(given[0], position)
            page.say(self.piece(_FONTS[name], position, children=words), position)
        return at
