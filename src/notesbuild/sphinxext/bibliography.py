"""In LaTeX, one heading for a bibliography: that of the page which it stands on."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.latex.nodes import thebibliography
from sphinx.transforms.post_transforms import SphinxPostTransform


class HeadBibliography(SphinxPostTransform):
    """Put the bibliography back under the heading it was taken from.

    Sphinx moves all entries to the end of the book, under a heading of their own, and leaves
    a chapter behind in which nothing stands.
    """

    default_priority = 760  # after Sphinx has moved the entries
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        empty = [section for section in self.document.findall(nodes.section) if _is_empty(section)]
        for bibliography in list(self.document.findall(thebibliography)):
            if empty:
                assert bibliography.parent is not None
                bibliography.parent.remove(bibliography)
                marker = nodes.raw("", "\n\\nbownheading\n", format="latex")
                empty[-1] += [marker, bibliography]


def _is_empty(section: nodes.section) -> bool:
    content = [child for child in section.children if not isinstance(child, nodes.title)]
    return not any(_shows_something(child) for child in content)


def _shows_something(node: nodes.Node) -> bool:
    return bool(node.astext().strip()) or any(node.findall(nodes.image))


def setup_bibliography(app: Sphinx) -> None:
    """The heading of a bibliography."""
    app.add_post_transform(HeadBibliography)
