"""Reading a reStructuredText chapter into an outline: a scanner of blocks and of roles.

docutils itself would have to know every directive, and would take as long as a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notesbuild.diagnostics import Span
from notesbuild.source import chapter_words as words
from notesbuild.source.outline import (
    REFERENCE_ROLES,
    Directive,
    Draft,
    Formula,
    Home,
    LabelKind,
    Outline,
    Proof,
    Reference,
)

_DIRECTIVE = re.compile(r"^(?P<indent>[ ]*)\.\.[ ]+(?P<name>[\w:.-]+?)::(?:[ ]+(?P<argument>.*))?$")
_TARGET = re.compile(r"^[ ]*\.\.[ ]+_(?P<label>[^:\n`]+):[ ]*$")
_EXPLICIT = re.compile(r"^[ ]*\.\.(?:[ ]|$)")
_OPTION = re.compile(r"^[ ]*:(?P<key>[\w-]+):[ ]*(?P<value>.*)$")
_UNDERLINE = re.compile(r"^(?P<mark>[=\-~^\"'`#*+.:_<>])(?P=mark){2,}[ ]*$")
_INLINE = re.compile(
    r"(?P<literal>``.+?``)|:(?P<role>[A-Za-z][\w:.+-]*):`(?P<text>(?:[^`\\]|\\.)+?)`",
    re.S,
)


@dataclass
class _Row:
    """A line, without the indentation of its block; ``number`` and ``shift`` tell its place."""

    text: str
    number: int
    shift: int

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))


def read_rst(text: str, path: str) -> Outline:
    """The outline of a reStructuredText chapter."""
    draft = Draft(path)
    read_rst_block(draft, text.expandtabs(8).split("\n"), 1, 0, Home())
    return draft.finished()


def read_rst_block(draft: Draft, lines: Sequence[str], first: int, shift: int, home: Home) -> None:
    """What stands in some lines, of which the first is the line ``first`` of the file."""
    rows = [_Row(line, first + number, shift) for number, line in enumerate(lines)]
    _Block(draft, rows, home).read()


@dataclass
class _Block:
    """The rows of a chapter or of the body of a directive."""

    draft: Draft
    rows: Sequence[_Row]
    home: Home
    after: int | None = None
    restated: str = ""
    marks: str = ""

    def read(self) -> None:
        """Everything in the rows."""
        position = 0
        while position < len(self.rows):
            row = self.rows[position]
            if row.blank:
                position += 1
            elif found := _TARGET.match(row.text):
                label = found["label"].strip()
                self.draft.target(label, _span(self.draft, row, found.start("label")))
                position += 1
            elif found := _DIRECTIVE.match(row.text):
                end = self._end_of_indented(position, row.indent)
                self._directive(found, position, end)
                position = end
            elif _EXPLICIT.match(row.text):
                position = self._end_of_indented(position, row.indent)
            else:
                position = self._paragraph(position)

    def _end_of_indented(self, position: int, indent: int) -> int:
        """Where the rows end that are blank or deeper than ``indent``, after a position."""
        end = position + 1
        for number in range(position + 1, len(self.rows)):
            if self.rows[number].blank:
                continue
            if self.rows[number].indent <= indent:
                break
            end = number + 1
        return end

    def _paragraph(self, position: int) -> int:
        end = position
        while end < len(self.rows) and not self.rows[end].blank:
            if end > position and _DIRECTIVE.match(self.rows[end].text):
                break
            end += 1
        rows = list(self.rows[position:end])
        heading = self._heading(rows)
        if heading:
            return position + heading
        text = "\n".join(row.text for row in rows)
        self._words(text, rows)
        self._visible(text)
        if text.rstrip().endswith("::") and not text.rstrip().endswith(":::"):
            following = next((n for n in range(end, len(self.rows)) if not self.rows[n].blank), end)
            if following < len(self.rows) and self.rows[following].indent > rows[0].indent:
                return self._end_of_indented(following - 1, rows[0].indent)
        return end

    def _heading(self, rows: list[_Row]) -> int:
        """How many rows a heading at the beginning takes; 0 if there is none."""
        over = len(rows) > 2 and _UNDERLINE.match(rows[0].text) and _UNDERLINE.match(rows[2].text)
        start = 1 if over else 0
        if len(rows) < start + 2 or (rows[start].text.startswith(" ") and not over):
            return 0
        found = _UNDERLINE.match(rows[start + 1].text)
        title = rows[start].text.strip()
        if found is None or len(found[0].strip()) < min(len(title), 4) or _UNDERLINE.match(title):
            return 0
        style = found["mark"] * (2 if over else 1)
        known = self.marks.split(" ") if self.marks else []
        if style not in known:
            known.append(style)
            self.marks = " ".join(known)
        self.after, self.restated = None, ""
        row = rows[start]
        self.draft.heading(known.index(style) + 1, plain(title), _span(self.draft, row, row.indent))
        self._words(row.text, [row])
        return start + 2

    def _visible(self, text: str) -> None:
        """Something that a reader sees, so that what follows does not follow a result."""
        if self.after is not None and words.tells_of_proof(text):
            self.draft.elsewhere.add(self.after)
        self.after, self.restated = None, ""
        self.draft.settle()

    def _words(self, text: str, rows: list[_Row]) -> None:
        """The formulas and references of a paragraph."""
        for role, start, content in _roles(text):
            number = text.count("\n", 0, start)
            column = start - (text.rfind("\n", 0, start) + 1)
            if role == "math":
                spots = [(rows[number].number, rows[number].shift + column + 1)]
                for row in rows[number + 1 : number + 1 + content.count("\n")]:
                    spots.append((row.number, row.shift + 1))
                path = self.draft.path
                self.draft.formulas.append(Formula(content, False, path, tuple(spots)))
            elif role in REFERENCE_ROLES:
                label, at = words.target_of(content)
                line = number + content.count("\n", 0, at)
                if line > number:
                    column, at = rows[line].text.find(label), 0
                place = _span(self.draft, rows[line], column + at)
                self.draft.references.append(Reference(role, label, place, self.home))

    # --- directives ---------------------------------------------------------------------

    def _directive(self, found: re.Match[str], position: int, end: int) -> None:
        row = self.rows[position]
        name = found["name"]
        place = _span(self.draft, row, found.start("name"))
        argument, inside = (found["argument"] or "").strip(), position + 1
        argument_rows = [row]
        while inside < end and not self.rows[inside].blank:
            if _OPTION.match(self.rows[inside].text) or not argument or name == "math":
                break
            argument += " " + self.rows[inside].text.strip()
            argument_rows.append(self.rows[inside])
            inside += 1
        options: dict[str, str] = {}
        places: dict[str, Span] = {}
        while inside < end and (option := _OPTION.match(self.rows[inside].text)):
            options[option["key"]] = option["value"].strip()
            places[option["key"]] = _span(self.draft, self.rows[inside], option.start("value"))
            inside += 1
        body = _dedented(self.rows[inside:end])
        last = self.rows[end - 1].number
        if words.is_result(name):
            self._result(name, argument, argument_rows, (options, places), body, (place, last))
        elif name == "prf:proof":
            self._proof(options, places, body, (place, last))
        else:
            self._other(name, argument, row, (options, places), body, place)

    def _result(
        self,
        name: str,
        argument: str,
        rows: list[_Row],
        given: tuple[dict[str, str], dict[str, Span]],
        body: list[_Row],
        where: tuple[Span, int],
    ) -> None:
        number = self.draft.opened_result()
        home = words.inside(self.home, result=number)
        about = {"kind": LabelKind.RESULT.value, "title": plain(argument), "result": name[4:]}
        words.mark_of(self.draft, given[0], given[1], **about)
        _Block(self.draft, rows, home)._words("\n".join(row.text for row in rows), rows)
        _Block(self.draft, body, home).read()
        words.add_result(self.draft, number, name, plain(argument), *where, given[0])
        if words.cites(argument) or words.cites("\n".join(row.text for row in body)):
            self.draft.elsewhere.add(number)
        self.after, self.restated = number, ""

    def _proof(
        self,
        options: dict[str, str],
        places: dict[str, Span],
        body: list[_Row],
        where: tuple[Span, int],
    ) -> None:
        number = self.draft.opened_proof()
        near = self.after if self.after is not None else words.nearest_result(self.draft)
        if options.get("of"):
            reference = Reference("of", options["of"], places["of"], Home(None, number))
            self.draft.references.append(reference)
        of = options.get("of", "") or self.restated
        _Block(self.draft, body, words.inside(Home(), proof=number)).read()
        self.draft.proofs[number] = Proof(of, near, *where)
        self.after, self.restated = None, ""

    def _other(
        self,
        name: str,
        argument: str,
        row: _Row,
        given: tuple[dict[str, str], dict[str, Span]],
        body: list[_Row],
        place: Span,
    ) -> None:
        options, places = given
        text = "\n".join(one.text for one in body)
        if name == "math":
            self._math(argument, row, body)
            words.mark_of(self.draft, options, places, kind=LabelKind.EQUATION)
        elif name in ("figure", "image"):
            words.add_image(self.draft, argument, options, place)
            title = plain(" ".join(text.split("\n\n", 1)[0].split()))
            words.mark_of(self.draft, options, places, kind=LabelKind.FIGURE, title=title)
        elif name == "prf:restate":
            label, _ = words.target_of(argument)
            where = _span(self.draft, row, max(row.text.find(label), 0))
            self.draft.references.append(Reference("prf:restate", label, where, self.home))
        else:
            words.mark_of(self.draft, options, places)
        self._visible("")
        given_options = tuple(options.items())
        self.draft.directives.append(
            Directive(name, argument, given_options, text, place, self.home)
        )
        if name not in words.RAW and name != "math":
            if name not in ("figure", "image", "prf:restate"):
                self._words(row.text, [row])
            _Block(self.draft, body, self.home).read()
        if name == "prf:restate":
            self.restated = words.target_of(argument)[0]

    def _math(self, argument: str, row: _Row, body: list[_Row]) -> None:
        pieces, spots = [], []
        if argument:
            pieces.append(argument)
            spots.append((row.number, row.shift + row.text.rfind(argument) + 1))
        filled = [number for number, one in enumerate(body) if not one.blank]
        for one in body[filled[0] : filled[-1] + 1] if filled else ():
            pieces.append(one.text)
            spots.append((one.number, one.shift + 1))
        if pieces:
            path = self.draft.path
            self.draft.formulas.append(Formula("\n".join(pieces), True, path, tuple(spots)))


def plain(text: str) -> str:
    """Words with their formulas between dollars, and without any other markup."""
    pieces, position = [], 0
    for found in _INLINE.finditer(text):
        pieces.append(text[position : found.start()].replace("*", ""))
        if found["role"] == "math":
            pieces.append(f"${found['text']}$")
        elif found["role"] is None:
            pieces.append(found["literal"].strip("`"))
        elif not found["role"].startswith("cite"):
            pieces.append(found["text"])
        position = found.end()
    pieces.append(text[position:].replace("*", ""))
    return " ".join("".join(pieces).split())


def _roles(text: str) -> Iterator[tuple[str, int, str]]:
    for found in _INLINE.finditer(text):
        if found["role"] is not None:
            yield found["role"], found.start("text"), found["text"]


def _span(draft: Draft, row: _Row, column: int) -> Span:
    return draft.span(row.number, row.shift + column + 1)


def _dedented(rows: Sequence[_Row]) -> list[_Row]:
    cut = min((row.indent for row in rows if not row.blank), default=0)
    return [_Row(row.text[cut:], row.number, row.shift + cut) for row in rows]
