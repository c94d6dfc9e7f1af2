"""Counting without reading everything again: of each document, what has a number.

Sphinx counts figures, equations and results through the whole project whenever a document has
changed, and for that reads every document from disk, with all its formulas. What it looks at are
sections, toctrees and what has a number; so these are kept for each document.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector

from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.nodes import result

_EVENT = "env-get-updated"
# Their number depends on themselves and their captions alone.
_KNOWN = (nodes.figure, nodes.math_block, nodes.table, result)


@contextmanager
def outlines(env: BuildEnvironment) -> Iterator[None]:
    """In this block ``env.get_doctree`` gives outlines, which are enough for counting."""
    kept = results_domain(env).outlines
    read = env.get_doctree

    def outline(docname: str) -> nodes.document:
        return kept[docname] if docname in kept else read(docname)

    own: dict[str, Any] = vars(env)
    own["get_doctree"] = outline
    try:
        yield
    finally:
        del own["get_doctree"]


def figtype_of(env: BuildEnvironment, node: nodes.Node) -> str | None:
    """By which counter a node has a number, as Sphinx finds it."""
    for domain in env.domains.sorted():
        figtype = domain.get_enumerable_node_type(node)
        if isinstance(domain, StandardDomain) and not domain.get_numfig_title(node):
            continue  # it has no caption, so it has no number
        if figtype:
            return figtype
    return None


def _keep_outline(app: Sphinx, document: nodes.document) -> None:
    outline = document.copy()
    outline.settings = outline.reporter = None  # type: ignore[assignment]
    outline.extend(_numbered(app.env, document))
    results_domain(app.env).outlines[app.env.current_document.docname] = outline


def _numbered(env: BuildEnvironment, node: nodes.Element) -> Iterator[nodes.Element]:
    for child in node.children:
        if not isinstance(child, nodes.Element):
            continue
        if isinstance(child, nodes.section):
            section = child.copy()
            section.extend(_numbered(env, child))
            yield section
        elif isinstance(child, addnodes.toctree):
            yield child.deepcopy()
        elif figtype_of(env, child) is None:
            yield from _numbered(env, child)
        elif isinstance(child, _KNOWN):
            yield _small(env, child)
        else:
            yield child.deepcopy()


def _small(env: BuildEnvironment, node: nodes.Element) -> nodes.Element:
    """The node with a plain caption, and what has a number inside of it."""
    if isinstance(node, nodes.math_block):
        return nodes.math_block("", "", ids=node["ids"])
    small = node.copy()
    for child in node.children:
        if isinstance(child, nodes.caption | nodes.title):
            small += type(child)("", child.astext())
    small.extend(_numbered(env, node))
    return small


def _with_outlines(
    count: Callable[[Sphinx, BuildEnvironment], list[str]],
) -> Callable[[Sphinx, BuildEnvironment], list[str]]:
    def counted(app: Sphinx, env: BuildEnvironment) -> list[str]:
        with outlines(env):
            return count(app, env)

    return counted


def setup_outlines(app: Sphinx) -> None:
    """Keep outlines, and have Sphinx's own counting use them."""
    # Behind everything that changes what was read.
    app.connect("doctree-read", _keep_outline, priority=990)
    for listener in tuple(app.events.listeners[_EVENT]):
        if isinstance(getattr(listener.handler, "__self__", None), TocTreeCollector):
            app.disconnect(listener.id)
            app.connect(_EVENT, _with_outlines(listener.handler), priority=listener.priority)
