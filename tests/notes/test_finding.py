"""Nodes are found as docutils finds them, also while the document is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.notes.finding import quick_finding

KINDS = (nodes.container, nodes.block_quote, nodes.section)
Tree = list["str | tuple[int, Tree]"]
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.just([]),
    lambda tree: st.lists(st.just("text") | st.tuples(st.integers(0, 2), tree), max_size=4),
    max_leaves=25,
)


def _document(tree: Tree, number: Iterator[int]) -> nodes.Element:
    top = nodes.container(number=next(number))
    for part in tree:
        if isinstance(part, str):
            top += nodes.Text(part)
        else:
            kind, inner = part
            top += KINDS[kind]("", *_document(inner, number).children, number=next(number))
    return top


def _told(node: nodes.Node) -> str:
    return f"{node['number']}" if isinstance(node, nodes.Element) else "text"


def _lists(node: nodes.Node) -> bool:
    return isinstance(node, nodes.section)


def _nothing(node: nodes.Node) -> None:
    """Leave the document as it is."""


def _remove(node: nodes.Node) -> None:
    if node.parent is not None:
        node.parent.remove(node)


def _replace(node: nodes.Node) -> None:
    if node.parent is not None:
        node.parent.replace(node, nodes.block_quote("", nodes.Text("new"), number=-1))


def _unwrap(node: nodes.Node) -> None:
    if node.parent is not None and node.children:
        node.parent.replace(node, list(node.children))


def _empty_parent(node: nodes.Node) -> None:
    if isinstance(node.parent, nodes.Element):
        node.parent.clear()


CHANGES = (_nothing, _remove, _replace, _unwrap, _empty_parent)


def _found(
    document: nodes.Element, change: Callable[[nodes.Node], None], *arguments: object
) -> tuple[list[str], str]:
    found = []
    for node in document.findall(*arguments):  # type: ignore[arg-type]
        found.append(_told(node))
        change(node)
        if len(found) > 200:
            break
    return found, document.pformat()


@given(
    TREES,
    st.sampled_from(
        [(nodes.Text,), (nodes.Element,), (nodes.block_quote,), (_lists,), (None,), ()]
    ),
    st.sampled_from(CHANGES),
)
def test_finds_what_docutils_finds(
    tree: Tree, wanted: tuple[object, ...], change: Callable[[nodes.Node], None]
) -> None:
    usual = _found(_document(tree, iter(range(999))), change, *wanted)
    with quick_finding():
        assert _found(_document(tree, iter(range(999))), change, *wanted) == usual


@given(TREES, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_other_ways_are_as_before(
    tree: Tree, own: bool, descend: bool, siblings: bool, ascend: bool
) -> None:
    ways = (nodes.block_quote, own, descend, siblings, ascend)
    first = next(iter(_document(tree, iter(range(999))).children), nodes.paragraph())
    usual = [_told(node) for node in first.findall(*ways)]
    with quick_finding():
        assert [_told(node) for node in first.findall(*ways)] == usual


def test_only_inside_of_the_block() -> None:
    usual = nodes.Node.findall
    with quick_finding():
        assert nodes.Node.findall is not usual
    assert nodes.Node.findall is usual
