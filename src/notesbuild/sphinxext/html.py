"""Results and proofs in HTML."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from docutils.nodes import Element
from sphinx.application import Sphinx

from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.nodes import (
    again,
    carried,
    pointer,
    proof,
    proof_title,
    qed,
    result,
    result_title,
)
from notesbuild.sphinxext.transforms import QED, has_title, heading

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

STATIC = Path(__file__).parent / "static"


def visit_result(self: "HTML5Translator", node: Element) -> None:
    """Open a result."""
    classes, name = f"result {node['kind']} is-{node['style']}", node.get("again")
    if name:
        classes += " is-restated"
    self.body.append(self.starttag(node, "div", CLASS=classes, ids=[name] if name else []))


def depart_result(self: "HTML5Translator", node: Element) -> None:
    """Close a result."""
    self.body.append("</div>\n")


def visit_result_title(self: "HTML5Translator", node: Element) -> None:
    """Name and number, then the author's title in parentheses."""
    parent = cast(Element, node.parent)
    name = self.encode(heading(parent))
    self.body.append(f'<p class="result-title"><span class="result-name">{name}</span>')
    if has_title(node):
        self.body.append(' <span class="result-note">(')


def depart_result_title(self: "HTML5Translator", node: Element) -> None:
    """Close the title, with a link to the result itself."""
    parent = cast(Element, node.parent)
    if not parent.get("again"):
        if has_title(node):
            self.body.append(")</span>")
        words = translate("Link to this result", self.config.language)
        self.add_permalink_ref(parent, words)
    self.body.append("</p>\n")


def visit_again(self: "HTML5Translator", node: Element) -> None:
    """The mark of a result that is stated again, behind its title."""
    if has_title(cast(Element, node.parent)):
        self.body.append(")</span>")
    self.body.append(' <span class="result-again">(')


def depart_again(self: "HTML5Translator", node: Element) -> None:
    """Close the mark."""
    self.body.append(")</span>")


def visit_proof(self: "HTML5Translator", node: Element) -> None:
    """Open a proof, which names the anchor of the result it directly follows."""
    attributes = {"data-of": node["ofid"]} if node["ofid"] else {}
    beside = " runs-in" if len(node) > 1 and isinstance(node[1], nodes.paragraph) else ""
    tag = self.starttag(node, "details", CLASS=f"result-proof{beside}", open="open", **attributes)
    self.body.append(tag)


def depart_proof(self: "HTML5Translator", node: Element) -> None:
    """Close a proof."""
    self.body.append("</details>\n")


def visit_proof_title(self: "HTML5Translator", node: Element) -> None:
    """The words that a proof begins with, which stay when it is closed.

    They open and close the proof, so they hold no link; that stands behind them.
    """
    self.body.append('<summary class="proof-title"><em class="proof-name">')
    node["links"] = list(node.findall(nodes.reference))
    for link in node["links"]:
        link.replace_self(link.children)


def depart_proof_title(self: "HTML5Translator", node: Element) -> None:
    """Close the words."""
    self.body.append(".</em></summary>\n")
    for link in node["links"]:
        said = escape(link.astext())
        uri = escape(link.get("refuri") or f"#{link['refid']}")
        self.body.append(
            f'<a class="reference internal proof-of" href="{uri}" aria-label="{said}">↑</a>\n'
        )


def visit_pointer(self: "HTML5Translator", node: Element) -> None:
    """A line that leads to a proof."""
    self.body.append(self.starttag(node, "p", "", CLASS="proof-pointer"))


def depart_pointer(self: "HTML5Translator", node: Element) -> None:
    """Close the line."""
    self.body.append("</p>\n")


def visit_carried(self: "HTML5Translator", node: Element) -> None:
    """On one page for all, numbers are looked up by the document that something comes from."""
    self.docnames.append(node["docname"])


def depart_carried(self: "HTML5Translator", node: Element) -> None:
    """Back to the document around it."""
    self.docnames.pop()


def visit_qed(self: "HTML5Translator", node: Element) -> None:
    """The mark of the end, which a screen reader says in words."""
    said = translate("End of proof", self.config.language)
    mark = f'<span class="qed" role="img" aria-label="{said}">{QED}</span>'
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
    app.add_node(again, html=(visit_again, depart_again))
    app.add_node(carried, html=(visit_carried, depart_carried))
    app.add_node(pointer, html=(visit_pointer, depart_pointer))
    app.add_node(proof, html=(visit_proof, depart_proof))
    app.add_node(proof_title, html=(visit_proof_title, depart_proof_title))
    app.add_node(qed, html=(visit_qed, depart_nothing))
    app.connect("builder-inited", _add_static_path)
    app.add_css_file("notesbuild.css")
    app.connect("html-page-context", _add_toggle)


def _add_toggle(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """The button that closes all proofs, on pages that have some."""
    if app.builder.name != "epub" and "result-proof" in context.get("body", ""):
        language = app.config.language
        words: dict[str, Any] = {
            "data-hide": translate("Hide all proofs", language),
            "data-show": translate("Show all proofs", language),
        }
        app.add_js_file("notesbuild-proofs.js", loading_method="defer", **words)


def _add_static_path(app: Sphinx) -> None:
    if app.builder.format == "html":
        # A new list: the default one is shared by all builds of a process.
        app.config.html_static_path = [str(STATIC), *app.config.html_static_path]
