"""What is known of each document about results and proofs: records without nodes.

Sphinx keeps them from build to build, and what has no slots is pickled by C code.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes
from docutils.nodes import Element
from sphinx.addnodes import pending_xref

from notesbuild.sphinxext.nodes import notation, proof, proofs, restated, result, result_title


@dataclass(frozen=True)
class ResultEntry:
    """A result as it was read; its number depends on the whole project and is not here.

    ``digest`` is that of all that it holds.
    """

    label: str
    kind: str
    title: str
    docname: str
    anchor: str
    line: int
    numbered: bool
    uses: tuple[str, ...]
    digest: str = ""


@dataclass(frozen=True)
class Place:
    """A place that readers are led to; ``section`` is the anchor of its section.

    ``title`` is that of the section, and ``section`` is empty for a document as a whole.
    ``order`` counts proofs, and places of deferred ones, through a document. A place of deferred
    proofs is a chapter's ``own`` if no author made it.
    """

    docname: str
    anchor: str
    section: str
    title: str
    order: int = 0
    own: bool = False


@dataclass(frozen=True)
class ProofEntry:
    """What a proof proves and what it refers to.

    ``follows`` tells that it stands directly after its result, ``deferred`` that readers find it
    elsewhere. ``ids`` are all anchors inside it.
    """

    of: str
    ofid: str
    docname: str
    anchor: str
    uses: tuple[str, ...]
    follows: bool = False
    deferred: bool = False
    place: Place = Place("", "", "", "")
    ids: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True)
class DocumentEntries:
    """All that one document says about results, in its order."""

    results: tuple[ResultEntry, ...]
    proofs: tuple[ProofEntry, ...]
    targets: frozenset[str]
    """What the document refers to, anywhere in it and by any role."""
    lists: tuple[Place, ...] = ()
    """Places of deferred proofs; the last may be that at the end of the chapter."""
    restated: tuple[str, ...] = ()
    """Labels of the results that are stated again."""


def read_entries(document: nodes.document, docname: str) -> DocumentEntries:
    """The records of a document that has been read."""
    order = {id(node): number for number, node in enumerate(_those(document))}
    return DocumentEntries(
        tuple(_result_entry(node, docname) for node in document.findall(result)),
        tuple(_proof_entry(node, docname, order[id(node)]) for node in document.findall(proof)),
        frozenset(_targets(document)),
        tuple(_place(node, docname, order[id(node)]) for node in document.findall(proofs)),
        tuple(node["label"] for node in document.findall(restated)),
    )


def _those(document: nodes.document) -> Iterator[Element]:
    # docutils is slow where it is given a function to find nodes by.
    return (node for node in document.findall(Element) if isinstance(node, proof | proofs))


def _result_entry(node: result, docname: str) -> ResultEntry:
    title = next(iter(node.findall(result_title)))
    return ResultEntry(
        label=node["label"],
        kind=node["kind"],
        title=title.astext(),
        docname=docname,
        anchor=node["ids"][0],
        line=node.line or 0,
        numbered=not node["nonumber"],
        uses=tuple(dict.fromkeys(_uses(node))),
        digest=_digest(node),
    )


def _proof_entry(node: proof, docname: str, order: int) -> ProofEntry:
    return ProofEntry(
        node["of"],
        node["ofid"],
        docname,
        node["ids"][0],
        tuple(dict.fromkeys(_uses(node))),
        follows=node["follows"],
        deferred=node["deferred"],
        place=_place(node, docname, order),
        ids=tuple(name for part in node.findall(Element) for name in part["ids"]),
        digest=_digest(node),
    )


def _place(node: Element, docname: str, order: int) -> Place:
    sections = []
    parent = node.parent
    while isinstance(parent, Element):
        if isinstance(parent, nodes.section):
            sections.append(parent)
        parent = parent.parent
    title = _title(sections[0]) if sections else ""
    # The outermost section is the document itself.
    section = sections[0]["ids"][0] if len(sections) > 1 else ""
    return Place(docname, node["ids"][0], section, title, order, own=node.get("own", False))


def _title(section: nodes.section) -> str:
    title = section.next_node(nodes.title)
    return title.astext() if title is not None else ""


def _targets(node: Element) -> Iterable[str]:
    return (reference["reftarget"] for reference in node.findall(pending_xref))


def _uses(node: Element) -> Iterator[str]:
    """What a result or a proof rests on: not what it mentions with the role ``any``.

    What notation means is told elsewhere.
    """
    for child in node.children:
        if isinstance(child, pending_xref):
            if child["reftype"] != "any":
                yield child["reftarget"]
        elif isinstance(child, Element) and not isinstance(child, notation):
            yield from _uses(child)


def _digest(node: Element) -> str:
    return hashlib.sha256(node.pformat().encode()).hexdigest()[:16]
