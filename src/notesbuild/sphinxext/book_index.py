"""The index, in toctrees and in LaTeX, and pages that LaTeX leaves out because the site has them.

The index of the PDF is that of the site, with pages in place of links. No program sorts it, so it
is in the order that readers of the site see, in every script.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import texescape

from notesbuild.sphinxext.book import builder_of, docname_of
from notesbuild.sphinxext.latex_writer import latex_label
from notesbuild.sphinxext.nodes import result_title

SITE_ONLY = "site-only"
"""In the metadata of a document: no builder but those of HTML shows it."""


class LeaveOutPages(SphinxPostTransform):
    """Leave out the documents that are for the site."""

    default_priority = 1
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for part in list(self.document.findall(addnodes.start_of_file)):
            if SITE_ONLY in self.env.metadata.get(part["docname"], {}):
                part.parent.remove(part)


class MarkEntries(SphinxPostTransform):
    """Give what is in the index a label of LaTeX, which Sphinx itself does not need."""

    default_priority = 5
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        if not self.config.notesbuild_latex_index:
            return
        seen = set()
        for node in list(self.document.findall(addnodes.index)):
            docname = docname_of(node, self.env.docname)
            for target in dict.fromkeys(entry[2] for entry in node["entries"]):
                if (docname, target) in seen:
                    continue  # in a result that is stated again
                seen.add((docname, target))
                mark = rf"\nbmark{{\detokenize{{{_label(docname, target)}}}}}"
                place = _outside_titles(node)
                parent = place.parent
                assert parent is not None
                parent.insert(parent.index(place) + 1, nodes.raw("", mark, format="latex"))


class AppendIndex(SphinxPostTransform):
    """Put the index behind the last chapter."""

    default_priority = 770  # after the bibliography has found its place
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        if not self.config.notesbuild_latex_index:
            return
        kept = {str(part["docname"]) for part in self.document.findall(addnodes.start_of_file)}
        lines = list(self._lines(kept | {self.env.docname}))
        if lines:
            begin = rf"\begin{{nbindex}}{{{_('Index')}}}"
            text = "\n".join([begin, *lines, r"\end{nbindex}"])
            self.document += nodes.raw("", f"\n{text}\n", format="latex")

    def _lines(self, kept: set[str]) -> Iterator[str]:
        texescape.init()
        for _letter, entries in IndexEntries(self.env).create_index(builder_of(self.env)):
            lines = [
                line
                for entry, (links, subentries, _key) in entries
                for line in self._entry(entry, links, subentries, kept)
            ]
            if lines:
                yield r"\nbindexspace"
                yield from lines

    def _entry(
        self, entry: str, links: Iterable[Any], subentries: Iterable[Any], kept: set[str]
    ) -> Iterator[str]:
        yield rf"\nbindexentry{{{self._text(entry)}}}{{{_pages(links, kept)}}}"
        for subentry, sublinks in subentries:
            yield rf"\nbindexsubentry{{{self._text(subentry)}}}{{{_pages(sublinks, kept)}}}"

    def _text(self, text: str) -> str:
        return texescape.escape(text, self.config.latex_engine)


def _pages(links: Iterable[Any], kept: set[str]) -> str:
    """The pages of an entry; an address is ``%document#anchor`` in LaTeX."""
    labels = (link[1:].partition("#")[::2] for _main, link in links if link)
    return "".join(
        rf"\nbindexpage{{\detokenize{{{_label(docname, target)}}}}}"
        for docname, target in labels
        if docname in kept
    )


def _label(docname: str, target: str) -> str:
    return latex_label(docname, f"index:{target}")


def _outside_titles(node: nodes.Node) -> nodes.Node:
    """The node, or the heading around it, which LaTeX would copy into the table of contents."""
    place: nodes.Node | None = node
    while place is not None:
        if isinstance(place, nodes.title | result_title):
            return place
        place = place.parent
    return node


def _without_index(app: Sphinx, document: nodes.document) -> None:
    """Let a toctree lead to the index without saying that it includes it, as a document.

    Sphinx accepts its own pages in toctrees, but LaTeX would miss the document.
    """
    own = StandardDomain._virtual_doc_names
    for tree in document.findall(addnodes.toctree):
        tree["includefiles"] = [name for name in tree["includefiles"] if name not in own]


def setup_book_index(app: Sphinx) -> None:
    """What ``notesbuild_latex_index`` asks for; without it, LaTeX's own programs make the index."""
    app.add_config_value("notesbuild_latex_index", False, "env", (bool,))
    app.add_latex_package("nbindex")
    # Before Sphinx looks at toctrees.
    app.connect("doctree-read", _without_index, priority=50)
    for transform in (LeaveOutPages, MarkEntries, AppendIndex):
        app.add_post_transform(transform)
