"""Environments: parts, choices, lists, tables and displays."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from notesbuild.model.prose import Counting, Prose, Shape, counted
from notesbuild.source.latex import CHOICES, SOLUTIONS
from notesbuild.source.prose.letters import LAYOUT
from notesbuild.source.prose.pieces import cells, content_of, entries, is_blank, rule_end
from notesbuild.source.prose.reader import Page, Reader
from notesbuild.source.scan import option

_DISPLAYS = re.compile(
    r"(?:equation|displaymath|align|flalign|alignat|gather|multline|eqnarray)\*?|math"
)
_BOXES = ("center", "flushleft", "flushright", "minipage", "figure", "figure*", "samepage")
_COUNTED = {"parts": "part", "subparts": "subpart", "subsubparts": "subsubpart"}
_PART_COUNTING = {
    "part": Counting.LETTERS,
    "subpart": Counting.ROMAN,
    "subsubpart": Counting.CAPITALS,
}
_ITEM_COUNTING = {
    r"\alph": Counting.LETTERS,
    r"\Alph": Counting.CAPITALS,
    r"\roman": Counting.ROMAN,
    r"\arabic": Counting.NUMBERS,
}
_LINES = ("hline", "toprule", "midrule", "bottomrule", "cmidrule", "cline")
_CHOICE_NAMES = ("choice", "CorrectChoice", "correctchoice")


def environment(reader: Reader, node: Any, page: Page) -> None:
    """Any environment."""
    name = node.environmentname.strip()
    if name in SOLUTIONS or name == "rubric":
        page.end()
        if name in SOLUTIONS:
            _solve(reader, node)
    elif name in _BLOCKS:
        page.put(_BLOCKS[name](reader, node, name))
    elif _DISPLAYS.fullmatch(name):
        _display(reader, node, name, page)
    elif name in _BOXES:
        page.end()
        reader.read(content_of(node, name), page)
        page.end()
    else:
        reader.fault(node.pos, f"\\begin{{{name}}} cannot be shown on a page")


def _display(reader: Reader, node: Any, name: str, page: Page) -> None:
    stretch = (node.pos, node.pos + node.len)
    text = reader.text[slice(*stretch)]
    if name == "math":
        inside = text[len("\\begin{math}") : -len("\\end{math}")]
        reader.show_formula(inside.strip(), False, stretch, node.pos, page)
    else:
        reader.show_formula(reader.formula(text, node.pos), True, stretch, node.pos, page)


def _quote(reader: Reader, node: Any, name: str) -> Prose:
    return reader.piece(Shape.QUOTE, node.pos, children=reader.blocks(node.nodelist))


def _listing(reader: Reader, node: Any, name: str) -> Prose:
    return reader.piece(Shape.LISTING, node.pos, node.nodeargd.verbatim_text.strip("\n"))


def _solve(reader: Reader, node: Any) -> None:
    """Put a solution where solutions go: none of it is a part of the question."""
    here, reader.here = reader.here, ""
    reader.solution += reader.blocks(node.nodelist)
    reader.here = here


def _parts(reader: Reader, node: Any, name: str) -> Prose:
    name = _COUNTED[name]
    counting = _PART_COUNTING[name]
    heads, rest = entries(node.nodelist, (name,))
    _expect_nothing(reader, rest)
    parts = []
    for number, (head, content) in enumerate(heads, start=1):
        label = f"({counted(counting, number)})"
        outer_solution, outer_label = reader.solution, reader.here
        reader.solution, reader.here = [], label
        points = reader.verbatim([a for a in head.nodeargd.argnlist if a]).strip("[] \n")
        children = reader.blocks(content)
        parts.append(reader.piece(Shape.PART, head.pos, label, children=children, note=points))
        if reader.solution:
            inner = tuple(reader.solution)
            outer_solution.append(reader.piece(Shape.PART, head.pos, label, children=inner))
        reader.solution, reader.here = outer_solution, outer_label
    return reader.piece(Shape.PARTS, node.pos, counting.value, children=tuple(parts))


def _choices(reader: Reader, node: Any, name: str) -> Prose:
    heads, rest = entries(node.nodelist, _CHOICE_NAMES)
    _expect_nothing(reader, rest)
    number, reader.lists = reader.lists, reader.lists + 1
    behind = [head.pos + len(head.macroname) + 1 for head, _ in heads]
    fixed = tuple(reader.text.startswith("[fixed]", position) for position in behind)
    row = "onepar" in name
    choices, right = [], []
    for place, index in enumerate(reader.order(number, fixed), start=1):
        head, content = heads[index]
        letter = counted(Counting.CAPITALS, place)
        skip, reader.skip = reader.skip, behind[index] + len("[fixed]") * fixed[index]
        children = reader.blocks(content)
        reader.skip = skip
        choices.append(reader.piece(Shape.CHOICE, head.pos, letter, children=children))
        if head.macroname != "choice":
            right.append(letter)
    if right:
        reader.solution.append(reader.piece(Shape.ANSWER, node.pos, ", ".join(right)))
    shape = Shape.CHOICE_ROW if row else Shape.CHOICES
    return reader.piece(shape, node.pos, children=tuple(choices))


def _list(reader: Reader, node: Any, name: str) -> Prose:
    heads, rest = entries(node.nodelist, ("item",))
    _expect_nothing(reader, [n for n in rest if getattr(n, "macroname", "") not in LAYOUT])
    asked = option(reader.text, node.pos + len(f"\\begin{{{name}}}"))[0]
    counting = next((c for m, c in _ITEM_COUNTING.items() if m in asked), Counting.NUMBERS)
    shape = {"itemize": Shape.BULLETS, "enumerate": Shape.NUMBERS}.get(name, Shape.TERMS)
    named = [[a for a in head.nodeargd.argnlist if a] for head, _ in heads]
    if any(named):
        shape = Shape.TERMS
    items = []
    for (head, content), words in zip(heads, named, strict=True):
        children = reader.blocks(content)
        if shape is Shape.TERMS:
            term = reader.words([n for a in words for n in a.nodelist], head.pos)
            children = (reader.piece(Shape.TERM, head.pos, children=term), *children)
        items.append(reader.piece(Shape.ITEM, head.pos, children=children))
    return reader.piece(shape, node.pos, counting.value, children=tuple(items))


def _table(reader: Reader, node: Any, name: str) -> Prose:
    rows: list[list[list[Any]]] = [[[]]]
    ruled: list[int] = []
    start = node.pos  # what stands before it has been read
    for inner in content_of(node, name):
        macro = getattr(inner, "macroname", None)
        if macro in _LINES:
            ruled.append(len(rows) - 1)
            start = max(start, rule_end(reader.text, inner))
        elif macro == "\\":
            rows.append([[]])
        elif hasattr(inner, "chars"):
            first, *more = cells(inner, start)
            rows[-1][-1].append(first)
            rows[-1] += [[cell] for cell in more]
        elif inner.pos >= start:
            rows[-1][-1].append(inner)
    if all(is_blank(n) for cell in rows[-1] for n in cell):
        rows.pop()
    shown = tuple(
        reader.piece(
            Shape.ROW,
            node.pos,
            children=tuple(
                reader.piece(Shape.CELL, node.pos, children=reader.blocks(cell)) for cell in row
            ),
        )
        for row in rows
    )
    inside = [n for n in ruled if 0 < n < len(rows)]
    head = "head" if inside == [1] else ""
    return reader.piece(Shape.TABLE, node.pos, children=shown, note=head)


def _expect_nothing(reader: Reader, nodes: Sequence[Any]) -> None:
    """Before the first entry of a list nothing can stand."""
    for node in nodes:
        if not is_blank(node) and not hasattr(node, "comment"):
            reader.fault(node.pos, "this stands before the first entry of a list")
            return


_BLOCKS: dict[str, Callable[[Reader, Any, str], Prose]] = {
    **dict.fromkeys(_COUNTED, _parts),
    **dict.fromkeys(CHOICES, _choices),
    **dict.fromkeys(("itemize", "enumerate", "description"), _list),
    **dict.fromkeys(("tabular", "tabular*", "tabularx"), _table),
    **dict.fromkeys(("quote", "quotation"), _quote),
    **dict.fromkeys(("verbatim", "verbatim*"), _listing),
}
