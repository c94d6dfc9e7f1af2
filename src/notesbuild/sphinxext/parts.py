"""Parts of the book in LaTeX: the captions of the root's numbered toctrees.

Sidebars show such captions already, and chapter numbers go on from one toctree to the next. With
``notesbuild_parts`` the PDF has a page for each of them, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import texescape

from notesbuild.sphinxext.latex_writer import latex_label


@dataclass(frozen=True)
class _Part:
    """A toctree of the root; without a title its documents stand outside of all parts."""

    title: str
    documents: tuple[str, ...]


class SetParts(SphinxPostTransform):
    """Put the page of a part before its first chapter, and end it before what is in none."""

    default_priority = 40  # a form of the PDF has left out what it does not have
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        if not self.config.notesbuild_parts:
            return
        texescape.init()
        starts = {
            str(start["docname"]): start for start in self.document.findall(addnodes.start_of_file)
        }
        inside, count = False, 0
        for part in _parts(self.env):
            present = [name for name in part.documents if name in starts]
            if present and (part.title or inside):
                inside, count = bool(part.title), count + bool(part.title)
                lines = self._page(part.title, count, present) if inside else [r"\nbendpart"]
                text = "\n" + "\n".join(lines) + "\n"
                first = starts[present[0]]
                assert first.parent is not None
                mark = nodes.raw("", text, format="latex")
                first.parent.insert(first.parent.index(first), mark)

    def _page(self, title: str, count: int, documents: list[str]) -> Iterator[str]:
        label = latex_label(self.config.root_doc, f"nb-part-{count}")
        shown = texescape.escape(title, self.config.latex_engine)
        yield rf"\begin{{nbpart}}{{{shown}}}{{\detokenize{{{label}}}}}"
        for docname in documents:
            number = ".".join(map(str, self.env.toc_secnumbers.get(docname, {}).get("") or ()))
            chapter = latex_label(docname, ":doc")
            yield rf"\nbpartchapter{{{number}}}{{\detokenize{{{chapter}}}}}"
        yield r"\end{nbpart}"


def _parts(env: BuildEnvironment) -> Iterator[_Part]:
    for tree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        title = (tree.get("caption") or "") if tree.get("numbered") else ""
        yield _Part(title, tuple(map(str, tree["includefiles"])))


def setup_parts(app: Sphinx) -> None:
    """The configuration value ``notesbuild_parts``."""
    app.add_config_value("notesbuild_parts", False, "", (bool,))
    app.add_post_transform(SetParts)
