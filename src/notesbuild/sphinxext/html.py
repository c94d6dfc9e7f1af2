"""Results and proofs in HTML."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinx.locale import _

from notesbuild.sphinxext.kinds import BY_NAME
from notesbuild.sphinxext.nodes import proof, proof_title, qed, result, result_title
from notesbuild.sphinxext.transforms import QED, heading

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

STATIC = Path(__file__).parent / "static"


def visit_result(self: "HTML5Translator", node: Element) -> None:
    """Open a result."""
    kind = BY_NAME[node["kind"]]
    self.body.append(self.starttag(node, "div", CLASS=f"result {kind.name} is-{kind.style}"))


def depart_result(self: "HTML5Translator", node: Element) -> None:
    """Close a result."""
    self.body.append("</div>\n")


def visit_result_title(self: "HTML5Translator", node: Element) -> None:
    """Name and number, then the author's title in parentheses."""
    parent = cast(Element, node.parent)
    name = self.encode(heading(parent))
    self.body.append(f'<p class="result-title"><span class="result-name">{name}</span>')
    if node.children:
        self.body.append(' <span class="result-note">(')


def depart_result_title(self: "HTML5Translator", node: Element) -> None:
    """Close the title, with a link to the result itself."""
    if node.children:
        self.body.append(")</span>")
    self.add_permalink_ref(cast(Element, node.parent), _("Link to this result"))
    self.body.append("</p>\n")


def visit_proof(self: "HTML5Translator", node: Element) -> None:
    """Open a proof, which names the anchor of the result it directly follows."""
    attributes = {"data-of": node["ofid"]} if node["ofid"] else {}
    self.body.append(self.starttag(node, "div", CLASS="result-proof", **attributes))


def visit_proof_title(self: "HTML5Translator", node: Element) -> None:
    """The words that a proof begins with."""
    self.body.append('<em class="proof-name">')


def depart_proof_title(self: "HTML5Translator", node: Element) -> None:
    """Close the words."""
    self.body.append("</em>")


def visit_qed(self: "HTML5Translator", node: Element) -> None:
    """The mark of the end, which a screen reader says in words."""
    mark = f'<span class="qed" role="img" aria-label="{_("End of proof")}">{QED}</span>'
    if node["display"]:
        beside = "" if node["numbered"] else " beside-display"
        mark = f'<div class="qed-line{beside}">{mark}</div>\n'
    self.body.append(mark)


def depart_nothing(self: "HTML5Translator", node: Element) -> None:
    """Nothing to close."""


def setup_html(app: Sphinx) -> None:
    """Our nodes in every builder of the HTML family, and their style sheet."""
    app.add_node(result, html=(visit_result, depart_result))
    app.add_node(result_title, html=(visit_result_title, depart_result_title))
    app.add_node(proof, html=(visit_proof, depart_result))
    app.add_node(proof_title, html=(visit_proof_title, depart_proof_title))
    app.add_node(qed, html=(visit_qed, depart_nothing))
    app.connect("builder-inited", _add_static_path)
    app.add_css_file("notesbuild.css")


def _add_static_path(app: Sphinx) -> None:
    if app.builder.format == "html":
        # A new list: the default one is shared by all builds of a process.
        app.config.html_static_path = [str(STATIC), *app.config.html_static_path]
