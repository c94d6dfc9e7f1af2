"""Pictures in the finished forms: SVG inside of pages, a PDF in LaTeX, words elsewhere."""

import html
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.sphinxext.tikz import drawn_of, tikz

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator
    from sphinx.writers.latex import LaTeXTranslator

PREFIX = "tikz-"


class DescribePictures(SphinxPostTransform):
    """What a picture shows, in words, for text and whatever else cannot show it."""

    default_priority = 210
    formats = ("html", "latex")

    def is_supported(self) -> bool:
        """Everywhere else: these formats have visitors of ours."""
        return not super().is_supported()

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for node in list(self.document.findall(tikz)):
            node.replace_self(nodes.paragraph("", f"[{node['alt']}]"))


def visit_tikz_html(self: "HTML5Translator", node: Element) -> None:
    """The drawing itself: it grows with the text, and needs no further request."""
    drawn = drawn_of(self.builder.env, node)
    if drawn is not None:
        alt = html.escape(node["alt"], quote=True)
        self.body.append(self.starttag(node, "div", CLASS="nb-tikz"))
        svg = drawn.svg.read_text("utf-8")
        self.body.append(f'<span role="img" aria-label="{alt}">{svg}</span></div>\n')
    raise nodes.SkipNode


def visit_tikz_latex(self: "LaTeXTranslator", node: Element) -> None:
    """The PDF, which the builder takes along."""
    drawn = drawn_of(self.builder.env, node)
    if drawn is not None:
        name = f"{PREFIX}{drawn.pdf.name}"
        shutil.copyfile(drawn.pdf, Path(self.builder.outdir) / name)
        alone = not isinstance(node.parent, nodes.figure)
        picture = f"\\nbpicture{{{name}}}"
        centred = f"\\begin{{center}}{picture}\\end{{center}}" if alone else picture
        self.body.append(f"\n{self.hypertarget_to(node)}{centred}\n")
    raise nodes.SkipNode


def _forget_pictures(app: Sphinx) -> None:
    """What an earlier run has taken along need not be shown any more."""
    if app.builder.format == "latex":
        for path in Path(app.outdir).glob(f"{PREFIX}*.pdf"):
            path.unlink()


def setup_tikz_writers(app: Sphinx) -> None:
    """Pictures in every builder."""
    app.add_node(tikz, html=(visit_tikz_html, None), latex=(visit_tikz_latex, None))
    app.add_post_transform(DescribePictures)
    app.connect("builder-inited", _forget_pictures)
