"""Reading a Markdown chapter into an outline, with the parser that MyST itself uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from notesbuild.diagnostics import Span
from notesbuild.source import chapter_words as words
from notesbuild.source.outline import (
    LINK,
    REFERENCE_ROLES,
    Directive,
    Draft,
    Formula,
    Home,
    Image,
    LabelKind,
    Mark,
    Outline,
    Proof,
    Reference,
)
from notesbuild.source.rst_outline import read_rst_block

_INFO = re.compile(r"^\{(?P<name>[^}\s]+)\}[ \t]*(?P<argument>.*)$", re.S)
_OPTION = re.compile(r"^(?P<indent>[ \t]*):(?P<key>[\w-]+):(?P<space>[ \t]*)(?P<value>.*)$")
_YAML = re.compile(r"^(?P<indent>[ \t]*)(?P<key>[\w-]+):(?P<space>[ \t]*)(?P<value>.*)$")
_OPENING = re.compile(r"[:`~]{3}[ \t]*\{prf:|\.\.[ \t]+prf:")
_FENCES = ("fence", "colon_fence")
_INVISIBLE = frozenset({"paragraph_open", "myst_line_comment", "myst_block_break", "front_matter"})
MAX_DEPTH = 40


def read_myst(text: str, path: str, *, results_only: bool = False) -> Outline:
    """The outline of a Markdown chapter; ``results_only`` leaves out what no result's label needs.

    Then paragraphs are not taken apart, and a body is read only where a result may stand in it.
    """
    draft = Draft(path, results_only)
    _Level(draft, text.split("\n"), 1, Home(), 0).read(text)
    return draft.finished()


@lru_cache(maxsize=2)
def _parser(*, inline: bool = True) -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)
    parser.use(myst_block_plugin).use(myst_role_plugin)
    parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    parser.use(dollarmath_plugin, allow_labels=True, allow_space=True, allow_digits=True)
    parser.use(colon_fence_plugin).use(amsmath_plugin).use(deflist_plugin)
    after = ("image", "code_inline", "link_close", "span_close")
    parser.use(attrs_plugin, after=after, spans=True, span_after="footnote_ref")
    return parser if inline else parser.disable("inline")


@dataclass
class _Fence:
    """A directive: its options with their places, and its body with the line of its beginning."""

    name: str
    argument: str
    options: dict[str, str]
    places: dict[str, Span]
    body: list[str]
    line: int
    end: int


@dataclass
class _Level:
    """The text of a chapter or of the body of a directive; ``first`` is its line in the file.

    ``lines`` are those of the file.
    """

    draft: Draft
    lines: Sequence[str]
    first: int
    home: Home
    depth: int
    after: int | None = None
    restated: str = ""

    def read(self, text: str) -> None:
        """Everything in the text."""
        # Colon fences look behind a quotation that ends without a line's end.
        tokens = _parser(inline=not self.draft.results_only).parse(f"{text}\n")
        line = self.first
        for number, token in enumerate(tokens):
            if token.map:
                line = self.first + token.map[0]
            if token.type == "heading_open":
                self._heading(token, tokens[number + 1], line)
            elif token.type == "inline":
                self._words(token.content, token.children or (), line)
                if not tokens[number - 1].type.startswith("heading"):
                    self._visible(token.content)
            elif token.type in _FENCES:
                last = self.first + (token.map[1] if token.map else 1) - 1
                self._fence(token, line, last)
            elif token.type in ("math_block", "math_block_label", "amsmath"):
                self._display(token, line)
            elif token.type == "myst_target":
                self.draft.target(token.content, self._find(line, token.content))
            elif token.type not in _INVISIBLE and token.nesting >= 0 and not token.hidden:
                self._visible("")

    def _visible(self, text: str) -> None:
        """Something that a reader sees, so that what follows does not follow a result."""
        if self.after is not None and words.tells_of_proof(text):
            self.draft.elsewhere.add(self.after)
        self.after, self.restated = None, ""
        self.draft.settle()

    def _line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _find(self, line: int, text: str, start: int = 0) -> Span:
        return self.draft.span(line, max(self._line(line).find(text, start), 0) + 1)

    def _heading(self, token: Token, inline: Token, line: int) -> None:
        self.after, self.restated = None, ""
        place = self._find(line, inline.content)
        self.draft.heading(int(token.tag[1:] or 1), plain(inline.children or ()), place)

    def _display(self, token: Token, line: int) -> None:
        spots = self._spots(token.content, line)
        if token.content.strip():
            self.draft.formulas.append(_formula(token.content, True, self.draft.path, spots))
        if token.type == "math_block_label" and token.info:
            last = self.first + (token.map[1] if token.map else 1) - 1
            far = self._line(last).rfind("$$")
            place = self._find(last, token.info, max(far, 0))
            self.draft.marks.append(Mark(token.info, LabelKind.EQUATION, place))
        self._visible("")

    def _spots(self, content: str, line: int) -> list[tuple[int, int]]:
        """Where each line of a content stands, which begins on ``line`` or on the next one."""
        rows = content.split("\n")
        if not rows[0].strip() and rows[0] not in self._line(line):
            rows = rows[1:]
        shift = 0
        first = next((row for row in rows if row.strip()), "")
        while first.strip() not in self._line(line + shift) and shift < 3:
            shift += 1
        blank = next((n for n, row in enumerate(rows) if row.strip()), 0)
        start = line + shift - (blank if shift >= blank else 0)
        spots = []
        for number, row in enumerate(rows):
            at = self._line(start + number).find(row.strip()) if row.strip() else 0
            lead = len(row) - len(row.lstrip())
            spots.append((start + number, max(at - lead, 0) + 1))
        return spots

    # --- text with markup ---------------------------------------------------------------

    def _words(self, content: str, children: Sequence[Token], line: int) -> None:
        """The formulas, references and pictures of a paragraph; ``children`` are in order."""
        if not children:
            return
        spots = self._spots(content, line)
        cursor = 0
        for child in children:
            if child.type in ("math_inline", "math_inline_double"):
                cursor = self._inline_formula(content, child, cursor, spots)
            elif child.type == "myst_role":
                written = f"{{{child.meta['name']}}}`"
                at = content.find(written, cursor)
                at = content.find(child.content, max(at, cursor))
                at = max(at, cursor)
                self._role(child.meta["name"], child.content, content, at, spots)
                cursor = at + len(child.content)
            elif child.type == "link_open":
                href = str(child.attrs.get("href", ""))
                if href.startswith("#") and len(href) > 1:
                    place = _place(self.draft, content, max(content.find(href, cursor), 0), spots)
                    reference = Reference(LINK, href[1:], place, self.home)
                    self.draft.references.append(reference)
            elif child.type == "image":
                self._image(child, content, cursor, spots)

    def _inline_formula(
        self, content: str, child: Token, cursor: int, spots: list[tuple[int, int]]
    ) -> int:
        at = content.find(f"${child.content}$", cursor)
        if at < 0:
            at = content.find(child.content, cursor) - 1
        at = max(at + 1, cursor)
        own = [_spot(content, at, spots)]
        number = content.count("\n", 0, at)
        own += spots[number + 1 : number + 1 + child.content.count("\n")]
        display = child.type == "math_inline_double"
        self.draft.formulas.append(_formula(child.content, display, self.draft.path, own))
        return at + len(child.content)

    def _role(
        self, name: str, text: str, content: str, at: int, spots: list[tuple[int, int]]
    ) -> None:
        if name == "math":
            own = [_spot(content, at, spots)]
            self.draft.formulas.append(_formula(text, False, self.draft.path, own))
        elif name in REFERENCE_ROLES:
            label, start = words.target_of(text)
            place = _place(self.draft, content, at + start, spots)
            self.draft.references.append(Reference(name, label, place, self.home))

    def _image(self, child: Token, content: str, cursor: int, spots: list[tuple[int, int]]) -> None:
        source = str(child.attrs.get("src", ""))
        place = _place(self.draft, content, max(content.find("![", cursor), 0), spots)
        given = str(child.attrs.get("class", "")).split()
        alt = child.content or (None if words.DECORATION_CLASS not in given else "")
        decoration = words.DECORATION_CLASS in given
        self.draft.images.append(Image(source, alt, place, decoration))
        if child.attrs.get("id"):
            name = str(child.attrs["id"])
            self.draft.marks.append(Mark(name, LabelKind.FIGURE, place, child.content))

    # --- directives ---------------------------------------------------------------------

    def _fence(self, token: Token, line: int, last: int) -> None:
        found = _INFO.match(token.info.strip())
        if last == line or not words.closes(token.markup, self._line(last)):
            name = found["name"] if found else ""
            place = self._find(line, token.markup)
            self.draft.unclosed.append(Mark(name, LabelKind.OTHER, place))
        if found is None or self.depth >= MAX_DEPTH:
            self._visible("")
            return
        fence = self._directive(found["name"], found["argument"].strip(), token, line, last)
        place = self._find(line, "{" + fence.name + "}")
        if words.is_result(fence.name):
            self._result(fence, place, line)
        elif fence.name == "prf:proof":
            self._proof(fence, place)
        else:
            self._other(fence, place, line)

    def _directive(self, name: str, argument: str, token: Token, line: int, last: int) -> _Fence:
        body = token.content.split("\n")
        fence = _Fence(name, argument, {}, {}, [], line + 1, last)
        used = 0
        if body and body[0].strip() == "---":
            closing = next((n for n in range(1, len(body)) if body[n].strip() == "---"), 0)
            for number in range(1, closing):
                self._option(fence, _YAML, body[number], line + 1 + number)
            used = closing + 1
        else:
            while used < len(body) and _OPTION.match(body[used]):
                self._option(fence, _OPTION, body[used], line + 1 + used)
                used += 1
        fence.body, fence.line = body[used:], line + 1 + used
        return fence

    def _option(self, fence: _Fence, pattern: re.Pattern[str], row: str, line: int) -> None:
        found = pattern.match(row)
        if found is None:
            return
        value = found["value"].strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and pattern is _YAML:
            value = value[1:-1]
        after = self._line(line).find(f"{found['key']}:") + len(found["key"]) + 1
        fence.options.setdefault(found["key"], value)
        fence.places.setdefault(found["key"], self._find(line, value, after))

    def _result(self, fence: _Fence, place: Span, line: int) -> None:
        number = self.draft.opened_result()
        home = words.inside(self.home, result=number)
        children = _inline(fence.argument)
        title = plain(children)
        kind = fence.name[4:]
        words.mark_of(
            self.draft,
            fence.options,
            fence.places,
            kind=LabelKind.RESULT,
            title=title,
            result=kind,
        )
        _Level(self.draft, self.lines, line, home, self.depth)._words(
            fence.argument, children, line
        )
        self._inside(fence, home)
        words.add_result(self.draft, number, fence.name, title, place, fence.end, fence.options)
        if words.cites(fence.argument) or words.cites("\n".join(fence.body)):
            self.draft.elsewhere.add(number)
        self.after, self.restated = number, ""

    def _proof(self, fence: _Fence, place: Span) -> None:
        number = self.draft.opened_proof()
        of = fence.options.get("of", "") or self.restated
        near = self.after if self.after is not None else words.nearest_result(self.draft)
        if fence.options.get("of"):
            reference = Reference("of", of, fence.places["of"], Home(None, number))
            self.draft.references.append(reference)
        self._inside(fence, words.inside(Home(), proof=number))
        self.draft.proofs[number] = Proof(of, near, place, fence.end)
        self.after, self.restated = None, ""

    def _other(self, fence: _Fence, place: Span, line: int) -> None:
        name, options = fence.name, fence.options
        if name == "math":
            self._math(fence, line)
        elif name in ("figure", "image"):
            words.add_image(self.draft, fence.argument, options, place)
            title = plain(_inline(" ".join(fence.body).strip()))
            words.mark_of(self.draft, options, fence.places, kind=LabelKind.FIGURE, title=title)
        elif name == "prf:restate":
            label, _ = words.target_of(fence.argument)
            where = self._find(line, label)
            self.draft.references.append(Reference("prf:restate", label, where, self.home))
        else:
            words.mark_of(self.draft, options, fence.places)
        self._visible("")
        self.draft.directives.append(
            Directive(
                *(name, fence.argument, tuple(options.items()), "\n".join(fence.body)),
                place,
                self.home,
            )
        )
        if name == "eval-rst":
            read_rst_block(self.draft, fence.body, fence.line, 0, self.home)
        elif name not in words.RAW and name != "math":
            if name not in ("figure", "image", "prf:restate"):
                self._words(fence.argument, _inline(fence.argument), line)
            self._inside(fence, self.home)
        if name == "prf:restate":
            self.restated = words.target_of(fence.argument)[0]

    def _math(self, fence: _Fence, line: int) -> None:
        rows = fence.body
        text = "\n".join(rows).strip("\n")
        if fence.argument:
            start = self._find(line, fence.argument)
            spots = [(line, start.column)]
            path = self.draft.path
            self.draft.formulas.append(_formula(fence.argument, True, path, spots))
        if text.strip():
            blank = next(n for n, row in enumerate(rows) if row.strip())
            spots = self._spots(text, fence.line + blank)
            self.draft.formulas.append(_formula(text, True, self.draft.path, spots))
        words.mark_of(self.draft, fence.options, fence.places, kind=LabelKind.EQUATION)

    def _inside(self, fence: _Fence, home: Home) -> None:
        body = "\n".join(fence.body)
        if not self.draft.results_only or _OPENING.search(body):
            _Level(self.draft, self.lines, fence.line, home, self.depth + 1).read(body)


def plain(children: Sequence[Token]) -> str:
    """Words with their formulas between dollars, and without any other markup."""
    pieces = []
    for child in children:
        if child.type == "math_inline":
            pieces.append(f"${child.content}$")
        elif child.type == "myst_role":
            pieces.append(child.content if not child.meta["name"].startswith("cite") else "")
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif child.type in ("text", "code_inline", "image", "text_special"):
            pieces.append(child.content)
    return " ".join("".join(pieces).split())


def _inline(text: str) -> Sequence[Token]:
    tokens = _parser().parseInline(text) if text else ()
    return (tokens[0].children or ()) if tokens else ()


def _formula(text: str, display: bool, path: str, spots: list[tuple[int, int]]) -> Formula:
    return Formula(text, display, path, tuple(spots[: text.count("\n") + 1]) or ((1, 1),))


def _spot(content: str, position: int, spots: list[tuple[int, int]]) -> tuple[int, int]:
    before = content[:position]
    line, column = spots[min(before.count("\n"), len(spots) - 1)]
    return line, column + len(before) - (before.rfind("\n") + 1)


def _place(draft: Draft, content: str, position: int, spots: list[tuple[int, int]]) -> Span:
    return draft.span(*_spot(content, position, spots))
