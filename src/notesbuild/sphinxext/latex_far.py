r"""“Theorem 2.3 on page 17”: behind references in the PDF stands the page of a target far away.

What is far is known when the pages are: ``\nbpage`` in ``notesbuild.sty`` decides. Here it is put
behind the references that can have it: to results, sections, figures and tables, in running text.
"""

from collections.abc import Iterator
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.latex_writer import document_of, latex_label
from notesbuild.sphinxext.nodes import proof_title, result_title

ON_PAGE = " on page {}"
_ELSEWHERE = " (p. {})"

# Where a page would be in the way: in headings, captions and narrow columns.
_NOT_IN = (
    nodes.title,
    nodes.caption,
    nodes.table,
    nodes.term,
    nodes.rubric,
    nodes.topic,
    nodes.citation,
    result_title,
    proof_title,
)


class PagesOfReferences(SphinxPostTransform):
    """Mark the references that say the page of their target, if that is far away."""

    default_priority = 35  # behind whoever makes references, and the numbers
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        if not self.config.notesbuild_page_references:
            return
        for reference in list(self.document.findall(nodes.reference)):
            target = target_of(reference)
            if target[0] and self._is_numbered(*target) and not _stands_in(reference, _NOT_IN):
                label = latex_label(*target) if target[1] else f"{target[0]}::doc"
                page = nodes.raw("", rf"\nbpage{{{label}}}", format="latex")
                parent = cast(nodes.Element, reference.parent)
                parent.insert(parent.index(reference) + 1, page)

    def _is_numbered(self, docname: str, anchor: str) -> bool:
        """Whether the target has a number, so that it is something that one turns to."""
        sections = self.env.toc_secnumbers.get(docname, {})
        if sections.get(f"#{anchor}" if anchor else ""):
            return True
        if any(anchor in numbers for numbers in self.env.toc_fignumbers.get(docname, {}).values()):
            return True
        # The label of a chapter is an anchor, but its number is that of the document.
        known = self.env.domains.standard_domain.labels.values()
        return any((docname, anchor) == label[:2] and sections for label in known)


def on_page(language: str | None) -> tuple[str, str]:
    """What stands before the number of a page, and behind it."""
    words = translate(ON_PAGE, language)
    if words == ON_PAGE and not (language or "en").startswith("en"):
        words = _ELSEWHERE
    before, after = words.split("{}")
    kept = f"{before.rstrip()}~" if before.endswith(" ") else before
    return kept, after


def target_of(reference: nodes.Element) -> tuple[str, str]:
    """The document and the anchor that a reference leads to; nothing outside of the project."""
    address = reference.get("refuri", "")
    if address.startswith("%"):
        docname, _, anchor = address[1:].partition("#")
        return docname, anchor
    anchor = reference.get("refid") or (address[1:] if address.startswith("#") else "")
    return (document_of(reference), anchor) if anchor else ("", "")


def _stands_in(node: nodes.Node, kinds: tuple[type[nodes.Element], ...]) -> bool:
    return any(isinstance(place, kinds) for place in _around(node))


def _around(node: nodes.Node) -> Iterator[nodes.Node]:
    place = node.parent
    while place is not None:
        yield place
        place = place.parent


def setup_far_references(app: Sphinx) -> None:
    """The configuration value ``notesbuild_page_references``, and the pages."""
    app.add_config_value("notesbuild_page_references", True, "", (bool,))
    app.add_post_transform(PagesOfReferences)
