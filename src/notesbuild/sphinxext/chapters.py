"""Chapter numbers that go on from one toctree to the next, and numbers for stray pages."""

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment


def join_numbered_toctrees(app: Sphinx, doctree: nodes.document) -> None:
    """Number the chapters of several captioned toctrees of the root in one sequence.

    Sphinx begins with 1 in every numbered toctree, so two parts of a course would both have
    a Theorem 1.1. A hidden toctree of all entries takes over the numbering; it is put in
    after Sphinx has collected the table of contents, and so is shown nowhere.
    """
    if app.env.current_document.docname != app.config.root_doc:
        return
    numbered = [tree for tree in doctree.findall(addnodes.toctree) if tree.get("numbered")]
    if len(numbered) < 2:
        return
    joined = numbered[0].deepcopy()
    joined["hidden"] = True
    joined["includefiles"] = []
    joined["entries"] = [entry for tree in numbered for entry in tree["entries"]]
    for tree in numbered:
        tree["numbered"] = 0
    parent = numbered[0].parent
    assert parent is not None
    parent.insert(parent.index(numbered[0]), joined)


def number_stray_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Count on its own whatever stands on a page that no toctree leads to."""
    reached = set(_reached(env, env.config.root_doc, set()))
    for docname in env.found_docs - reached:
        numbers: dict[str, dict[str, tuple[int, ...]]] = {}
        for node in env.get_doctree(docname).findall(nodes.Element):
            figtype = _figtype(env, node)
            if figtype and node["ids"]:
                own = numbers.setdefault(figtype, {})
                own[node["ids"][0]] = (len(own) + 1,)
        if numbers:
            env.toc_fignumbers[docname] = numbers
    return []


def _reached(env: BuildEnvironment, docname: str, seen: set[str]) -> Iterator[str]:
    if docname in seen:
        return
    seen.add(docname)
    yield docname
    for child in env.toctree_includes.get(docname, []):
        yield from _reached(env, child, seen)


def _figtype(env: BuildEnvironment, node: nodes.Element) -> str | None:
    for domain in env.domains.sorted():
        figtype = domain.get_enumerable_node_type(node)
        if isinstance(domain, StandardDomain) and not domain.get_numfig_title(node):
            continue  # it has no caption, so it has no number
        if figtype:
            return figtype
    return None


def setup_chapters(app: Sphinx) -> None:
    """Numbers of chapters."""
    app.connect("doctree-read", join_numbered_toctrees, priority=900)
    app.connect("env-get-updated", number_stray_pages, priority=900)
