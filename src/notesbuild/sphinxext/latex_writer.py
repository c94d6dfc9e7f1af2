"""Results, proofs, displays and headings in LaTeX, with the numbers that Sphinx has given.

LaTeX counts nothing: before everything that has a number, ``\\nbfix`` says which. So the PDF
cannot differ from the pages, and a label in the ``.aux`` file holds what a reader sees.
"""

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from docutils.nodes import Element
from sphinx.addnodes import start_of_file
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.latex import LaTeXTranslator

from notesbuild.model.forms import PdfForm
from notesbuild.render.display import latex_display
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
from notesbuild.sphinxext.transforms import equation_number, has_title

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

_FLOATS = {"figure": "figure", "table": "table", "code-block": "literalblock"}

# After these a first line of text would stand beside the heading of a result or proof.
_NO_RUN_IN = (nodes.Sequential, nodes.table, nodes.literal_block, nodes.figure, nodes.image)

_DOCUMENTS = (nodes.section, nodes.document, start_of_file, carried)


def latex_label(docname: str, label: str) -> str:
    r"""The name that ``\newlabel`` has in the ``.aux`` file for an anchor of a document."""
    name = f"{docname}:{label}".encode("ascii", "backslashreplace").decode("ascii")
    return name.replace("\\", "_")


class FixNumbers(SphinxPostTransform):
    """Write the numbers of headings, floats and equations into their nodes."""

    default_priority = 30
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for section in self.document.findall(nodes.section):
            section["fixed"] = _section_number(self.env, section)
        for display in self.document.findall(nodes.math_block):
            if display.get("label"):
                display["fixed"] = equation_number(self.env, display)
        standard = self.env.domains.standard_domain
        for node in list(self.document.findall(nodes.Element)):
            figtype = standard.get_enumerable_node_type(node)
            if figtype in _FLOATS and node["ids"]:
                self._fix_float(node, figtype, _FLOATS[figtype])

    def _fix_float(self, node: Element, figtype: str, counter: str) -> None:
        docname = document_of(node)
        numbers = self.env.toc_fignumbers.get(docname, {}).get(figtype, {})
        number = numbers.get(node["ids"][0])
        if number:
            fix = _fix(counter, ".".join(map(str, number)), f"{docname}:{node['ids'][0]}")
            parent = cast(Element, node.parent)
            parent.insert(parent.index(node), nodes.raw("", f"\n{fix}\n", format="latex"))


def visit_result(self: LaTeXTranslator, node: Element) -> None:
    """Open the environment of a result."""
    self.body.append("\n\n")
    if node["number"]:
        anchor = f"{node['docname']}:{node.get('again') or node['ids'][0]}"
        self.body.append(_fix(node["counter"], node["number"], anchor) + "\n")
    self.body.append(f"\\begin{{{_environment(node)}}}")


def depart_result(self: LaTeXTranslator, node: Element) -> None:
    """Close the environment of a result."""
    _close(self, _environment(node))


def visit_result_title(self: LaTeXTranslator, node: Element) -> None:
    """The title is an argument; braces keep brackets in it."""
    if node.children:
        self.body.append("[{")


def depart_result_title(self: LaTeXTranslator, node: Element) -> None:
    """Close the argument and set the label."""
    if node.children:
        self.body.append("}]")
    parent = cast(Element, node.parent)
    self.body.append(
        self.hypertarget_to(parent, anchor=bool(parent["ids"]) and not parent["number"])
    )
    # Without it a page could end between the label and the heading that it belongs to.
    self.body.append("\\nobreak\n")
    self.body.append(_break_after_heading(parent))


def visit_again(self: LaTeXTranslator, node: Element) -> None:
    """The mark of a result that is stated again, in parentheses of its own."""
    if has_title(cast(Element, node.parent)):
        self.body.append(") (")


def visit_carried(self: LaTeXTranslator, node: Element) -> None:
    """Labels keep the name of the document that something comes from."""
    self.curfilestack.append(node["docname"])


def depart_carried(self: LaTeXTranslator, node: Element) -> None:
    """Back to the document around it."""
    self.curfilestack.pop()


def visit_pointer(self: LaTeXTranslator, node: Element) -> None:
    """A line that leads to a proof."""
    self.body.append("\n\n\\begin{nbpointer}\n")


def depart_pointer(self: LaTeXTranslator, node: Element) -> None:
    """Close the line."""
    self.body.append("\n\\end{nbpointer}\n\n")


def visit_proof(self: LaTeXTranslator, node: Element) -> None:
    """Open a proof."""
    self.body.append("\n\n\\begin{proof}")


def visit_proof_title(self: LaTeXTranslator, node: Element) -> None:
    """The words that a proof begins with."""
    self.body.append("[{")


def depart_proof_title(self: LaTeXTranslator, node: Element) -> None:
    """Close the words."""
    parent = cast(Element, node.parent)
    self.body.append("}]" + self.hypertarget_to(parent, anchor=True))
    self.body.append(_break_after_heading(parent))


def depart_proof(self: LaTeXTranslator, node: Element) -> None:
    """Close a proof; amsthm ends it with its mark."""
    _close(self, "proof")


def visit_nothing(self: LaTeXTranslator, node: Element) -> None:
    """The mark of the end is amsthm's."""


def visit_math_block(self: LaTeXTranslator, node: nodes.math_block) -> None:
    """A display, with the number it has in HTML."""
    label = None
    if node.get("label"):
        label = f"equation:{node['docname']}:{node['label']}"
        self.body.append(_fix("equation", node.get("fixed", ""), label) + "\n")
    fit = self.config.notesbuild_variant == PdfForm.LARGE_PRINT
    display = latex_display(node.astext(), label, qed=node.get("qedhere", False), fit=fit)
    self.body.append(f"{display}\n" if _ends_paragraph(node) else display)
    raise nodes.SkipNode


def visit_title(self: LaTeXTranslator, node: nodes.title) -> None:
    """A heading, numbered exactly if it is in HTML."""
    if isinstance(node.parent, nodes.section) and not self.this_is_the_title:
        levels = self.sectionnames
        level = levels[min(self.sectionlevel, len(levels) - 1)]
        self.body.append(f"\\nbheading{{{level}}}{{{node.parent.get('fixed', '')}}}\n")
    LaTeXTranslator.visit_title(self, node)


def _environment(node: Element) -> str:
    return f"{node['kind']}{'*' if node['nonumber'] else ''}"


def _close(translator: LaTeXTranslator, environment: str) -> None:
    """End an environment on the line after its text: a blank line would be a paragraph."""
    while translator.body and not translator.body[-1].strip():
        translator.body.pop()
    translator.body[-1:] = [text.rstrip() for text in translator.body[-1:]]
    translator.body.append(f"\n\\end{{{environment}}}\n")


def _break_after_heading(node: Element) -> str:
    first = next((child for child in node.children[1:] if _is_visible(child)), None)
    return "\\leavevmode\n" if isinstance(first, _NO_RUN_IN) else ""


def _is_visible(node: nodes.Node) -> bool:
    return not isinstance(node, nodes.Invisible | nodes.system_message)


def _ends_paragraph(node: nodes.math_block) -> bool:
    """Whether text after a display begins anew, and does not go on with its sentence."""
    following = node.next_node(siblings=True, descend=False)
    if not isinstance(following, nodes.paragraph):
        return False
    ends = node.astext().rstrip("}$ \n").endswith((".", "!", "?"))
    return ends and following.astext()[:1].isupper()


def _fix(counter: str, number: str, anchor: str) -> str:
    return f"\\nbfix{{{counter}}}{{{number}}}{{{latex_label('', anchor)[1:]}}}"


def document_of(node: Element) -> str:
    """The document that a node of an assembled tree comes from, as its sections say."""
    place: Element | None = node
    while place is not None:
        if isinstance(place, _DOCUMENTS) and "docname" in place:
            return str(place["docname"])
        place = cast("Element | None", place.parent)
    return ""


def _section_number(env: "BuildEnvironment", section: nodes.section) -> str:
    numbers = env.toc_secnumbers.get(document_of(section), {})
    own = f"#{section['ids'][0]}" if section["ids"] else ""
    number = numbers.get(own, numbers.get(""))
    return ".".join(map(str, number or ()))


def setup_latex_writer(app: Sphinx) -> None:
    """Our nodes, displays and headings in LaTeX."""
    app.add_post_transform(FixNumbers)
    app.add_node(result, override=True, latex=(visit_result, depart_result))
    app.add_node(result_title, override=True, latex=(visit_result_title, depart_result_title))
    app.add_node(again, override=True, latex=(visit_again, visit_nothing))
    app.add_node(carried, override=True, latex=(visit_carried, depart_carried))
    app.add_node(pointer, override=True, latex=(visit_pointer, depart_pointer))
    app.add_node(proof, override=True, latex=(visit_proof, depart_proof))
    app.add_node(proof_title, override=True, latex=(visit_proof_title, depart_proof_title))
    app.add_node(qed, override=True, latex=(visit_nothing, visit_nothing))
    app.add_node(nodes.math_block, override=True, latex=(visit_math_block, None))
    app.add_node(nodes.title, override=True, latex=(visit_title, None))
