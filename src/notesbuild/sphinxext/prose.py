"""The text of a problem as docutils' nodes: what every builder understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from notesbuild.model.prose import Counting, Prose, Shape
from notesbuild.model.shown import ShownProblem
from notesbuild.model.words import say

NO_BREAK = "\N{NO-BREAK SPACE}"
PARTS, CHOICES = "problem-parts", "problem-choices"
"""Classes of lists that are counted in parentheses."""


@dataclass
class ProseNodes:
    """Makes nodes of a problem's text.

    ``root`` is the folder that the problem's paths are relative to; ``picture`` tells the address
    of a picture; with ``points`` parts say what they are worth.
    """

    document: nodes.document
    docname: str
    root: Path
    picture: Callable[[str], str]
    language: str | None
    points: bool = False

    def __post_init__(self) -> None:
        self._footnotes: list[nodes.Node] = []

    def of(self, pieces: Sequence[Prose]) -> list[nodes.Node]:
        """The nodes of a text, with its footnotes behind it."""
        made = self._blocks(pieces)
        notes, self._footnotes = self._footnotes, []
        return [*made, *notes]

    def question(self, shown: ShownProblem) -> list[nodes.Node]:
        """What a problem asks, behind its points where they are wanted."""
        made = self.of(shown.question)
        return run_in(made, [self._points(shown.points)]) if self.points else made

    def _points(self, points: int) -> nodes.Node:
        words = say("{} point" if points == 1 else "{} points", self.language, str(points))
        return nodes.inline("", f"({words})", classes=["problem-points"])

    def _blocks(self, pieces: Iterable[Prose]) -> list[nodes.Node]:
        return [node for piece in pieces for node in self._block(piece)]

    def _block(self, piece: Prose) -> list[nodes.Node]:
        made = _BLOCKS[piece.shape](self, piece)
        for node in made:
            self._place(node, piece)
        return made

    def _place(self, node: nodes.Node, piece: Prose) -> None:
        if piece.line:
            node.source, node.line = str(self.root / piece.path), piece.line

    def _inline(self, pieces: Iterable[Prose]) -> list[nodes.Node]:
        return [self._word(piece) for piece in pieces]

    # --- blocks -------------------------------------------------------------------------

    def paragraph(self, piece: Prose) -> list[nodes.Node]:
        """A paragraph."""
        return [nodes.paragraph("", "", *self._inline(piece.children))]

    def display(self, piece: Prose) -> list[nodes.Node]:
        """A display without a number."""
        attributes = {"number": None, "label": None, "nowrap": False, "no-wrap": False}
        return [nodes.math_block(piece.text, piece.text, docname=self.docname, **attributes)]

    def parts(self, piece: Prose) -> list[nodes.Node]:
        """Parts of a problem as a list."""
        items = [nodes.list_item("", *self._part(part)) for part in piece.children]
        return [_counted(items, piece.text, PARTS)]

    def _part(self, part: Prose) -> list[nodes.Node]:
        blocks = self._blocks(part.children)
        if self.points and part.note.isdecimal():
            return run_in(blocks, [self._points(int(part.note))])
        return blocks

    def part(self, piece: Prose) -> list[nodes.Node]:
        """A part of a solution, behind the letter of what it solves."""
        return run_in(self._blocks(piece.children), [nodes.strong("", piece.text)])

    def choices(self, piece: Prose) -> list[nodes.Node]:
        """Choices, one below the other."""
        items = [nodes.list_item("", *self._blocks(one.children)) for one in piece.children]
        return [_counted(items, Counting.CAPITALS.value, CHOICES)]

    def choice_row(self, piece: Prose) -> list[nodes.Node]:
        """Choices, one beside the other if each is a line of text."""
        lines = [one.children for one in piece.children]
        if not all(len(line) == 1 and line[0].shape is Shape.PARAGRAPH for line in lines):
            return self.choices(piece)
        row = nodes.paragraph(classes=["problem-choice-row"])
        for choice, (line,) in zip(piece.children, lines, strict=True):
            if row.children:
                row += nodes.Text(f"{NO_BREAK}{NO_BREAK}{NO_BREAK} ")
            row += nodes.Text(f"({choice.text}){NO_BREAK}")
            row += self._inline(line.children)
        return [row]

    def answer(self, piece: Prose) -> list[nodes.Node]:
        """The letters of what is right."""
        letters = ", ".join(f"({letter})" for letter in piece.text.split(", "))
        return [nodes.paragraph("", f"{say('Answer', self.language)}: {letters}.")]

    def bullets(self, piece: Prose) -> list[nodes.Node]:
        """A list."""
        items = [nodes.list_item("", *self._blocks(one.children)) for one in piece.children]
        return [nodes.bullet_list("", *items, bullet="*")]

    def numbers(self, piece: Prose) -> list[nodes.Node]:
        """A numbered list."""
        items = [nodes.list_item("", *self._blocks(one.children)) for one in piece.children]
        suffix = "." if piece.text == Counting.NUMBERS else ")"
        return [nodes.enumerated_list("", *items, enumtype=piece.text, prefix="", suffix=suffix)]

    def terms(self, piece: Prose) -> list[nodes.Node]:
        """A list of terms."""
        items = []
        for one in piece.children:
            term, *rest = one.children
            name = nodes.term("", "", *self._inline(term.children))
            body = nodes.definition("", *self._blocks(rest))
            items.append(nodes.definition_list_item("", name, body))
        return [nodes.definition_list("", *items)]

    def table(self, piece: Prose) -> list[nodes.Node]:
        """A table; rows that are too short get empty cells."""
        width = max((len(row.children) for row in piece.children), default=1)
        rows = [self._row(row, width) for row in piece.children]
        group = nodes.tgroup("", cols=width)
        group += [nodes.colspec("", colwidth=100 // width) for _ in range(width)]
        if piece.note == "head":
            group += nodes.thead("", rows.pop(0))
        group += nodes.tbody("", *rows)
        return [nodes.table("", group, classes=["problem-table", "colwidths-auto"])]

    def _row(self, row: Prose, width: int) -> nodes.row:
        cells = [nodes.entry("", *self._blocks(cell.children)) for cell in row.children]
        return nodes.row("", *cells, *(nodes.entry() for _ in range(width - len(cells))))

    def listing(self, piece: Prose) -> list[nodes.Node]:
        """Text as it is."""
        return [nodes.literal_block(piece.text, piece.text, language="none")]

    def image(self, piece: Prose) -> list[nodes.Node]:
        """A picture."""
        size = {"width": piece.size} if piece.size else {}
        return [nodes.image("", uri=self.picture(piece.text), alt=piece.note, **size)]

    def quote(self, piece: Prose) -> list[nodes.Node]:
        """An indented text."""
        return [nodes.block_quote("", *self._blocks(piece.children))]

    # --- words --------------------------------------------------------------------------

    def _word(self, piece: Prose) -> nodes.Node:
        shape = piece.shape
        if shape is Shape.TEXT:
            return nodes.Text(piece.text)
        if shape is Shape.MATH:
            return nodes.math(piece.text, piece.text)
        if shape is Shape.CODE:
            return nodes.literal(piece.text, piece.text)
        if shape is Shape.RESULT:
            return self._result(piece)
        if shape is Shape.FOOTNOTE:
            return self._footnote(piece)
        inside = self._inline(piece.children)
        if shape is Shape.LINK:
            return nodes.reference("", "", *inside, refuri=piece.text, internal=False)
        return _WORDS[shape]("", "", *inside)

    def _result(self, piece: Prose) -> nodes.Node:
        number = piece.note == "number"
        words = nodes.inline("", "{number}" if number else piece.text)
        reference = addnodes.pending_xref(
            "",
            words,
            refdomain="prf",
            reftype="numref" if number else "ref",
            reftarget=piece.text,
            refexplicit=number,
            refwarn=True,
            refdoc=self.docname,
        )
        self._place(reference, piece)
        return reference

    def _footnote(self, piece: Prose) -> nodes.Node:
        name = f"problem-note-{len(self.document.autofootnotes) + 1}-{piece.line}"
        reference = nodes.footnote_reference("", auto=1, refname=name)
        self.document.note_footnote_ref(reference)
        self.document.note_autofootnote_ref(reference)
        body = nodes.footnote("", *self._blocks(piece.children), auto=1, names=[name])
        self.document.note_autofootnote(body)
        self.document.note_explicit_target(body, body)
        self._footnotes.append(body)
        return reference


_BLOCKS: dict[Shape, Callable[[ProseNodes, Prose], list[nodes.Node]]] = {
    Shape.PARAGRAPH: ProseNodes.paragraph,
    Shape.DISPLAY: ProseNodes.display,
    Shape.PARTS: ProseNodes.parts,
    Shape.PART: ProseNodes.part,
    Shape.CHOICES: ProseNodes.choices,
    Shape.CHOICE_ROW: ProseNodes.choice_row,
    Shape.ANSWER: ProseNodes.answer,
    Shape.BULLETS: ProseNodes.bullets,
    Shape.NUMBERS: ProseNodes.numbers,
    Shape.TERMS: ProseNodes.terms,
    Shape.TABLE: ProseNodes.table,
    Shape.LISTING: ProseNodes.listing,
    Shape.PICTURE: ProseNodes.image,
    Shape.QUOTE: ProseNodes.quote,
}

_WORDS: dict[Shape, type[nodes.TextElement]] = {
    Shape.EMPHASIS: nodes.emphasis,
    Shape.STRONG: nodes.strong,
    Shape.RAISED: nodes.superscript,
    Shape.LOWERED: nodes.subscript,
}


def run_in(blocks: list[nodes.Node], words: list[nodes.Node]) -> list[nodes.Node]:
    """The blocks with words before the first of them, on its own line if it is a paragraph."""
    if blocks and isinstance(blocks[0], nodes.paragraph):
        blocks[0].insert(0, [*words, nodes.Text(" ")])
        return blocks
    return [nodes.paragraph("", "", *words), *blocks]


def _counted(items: list[nodes.list_item], counting: str, name: str) -> nodes.Node:
    shown = {"enumtype": counting, "prefix": "(", "suffix": ")"}
    return nodes.enumerated_list("", *items, classes=[name], **shown)
