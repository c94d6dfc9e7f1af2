"""Formulas in a line of text keep the comma behind them, and the bracket before them.

Browsers may break a line on either side of a formula, even before a full stop.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

from notesbuild.sphinxext.katex import RENDERER

# Closing marks behind a formula, or the end of a word such as "n-th".
_BEHIND = re.compile(r"[,.;:!?)\]’”'\"»…]+|-\w{1,2}\b")
_BEFORE = re.compile(r"[(\[‘“«]+$")
# A longer formula may need a break inside, which is worse to lose.
_LONGEST = 44
_BASE = '<span class="base">'


def hold_formulas(app: Sphinx, document: nodes.document, *_: object) -> None:
    """Put formulas and the marks that cling to them into elements that no line breaks."""
    builder = app.builder
    if builder.format != "html" or getattr(builder, "math_renderer_name", "") != RENDERER:
        return
    for node in list(document.findall(nodes.math)):
        if _may_be_held(node):
            _hold(node)


def _may_be_held(node: nodes.math) -> bool:
    """Whether no break inside the formula is lost that a narrow page needs."""
    return len(node.astext()) <= _LONGEST or str(node.get("katex", "")).count(_BASE) < 2


def _hold(node: nodes.math) -> None:
    parent = node.parent
    if parent is None:
        return
    at = parent.index(node)
    before = _mark(parent[at - 1] if at else None, _BEFORE)
    behind = _mark(parent[at + 1] if at + 1 < len(parent) else None, _BEHIND, at_start=True)
    if not (before or behind):
        return
    if behind:
        _replace(parent, at + 1, parent[at + 1].astext()[len(behind) :])
    held = nodes.inline("", "", nodes.Text(before), node, nodes.Text(behind), classes=["nb-hold"])
    parent[at] = held
    if before:
        _replace(parent, at - 1, parent[at - 1].astext()[: -len(before)])


def _mark(node: nodes.Node | None, pattern: re.Pattern[str], *, at_start: bool = False) -> str:
    if not isinstance(node, nodes.Text):
        return ""
    found = pattern.match(node.astext()) if at_start else pattern.search(node.astext())
    return found[0] if found else ""


def _replace(parent: nodes.Element, at: int, text: str) -> None:
    if text:
        parent[at] = nodes.Text(text)
    else:
        del parent[at]


def setup_held(app: Sphinx) -> None:
    """After the formulas are rendered."""
    app.connect("doctree-resolved", hold_formulas, priority=700)
