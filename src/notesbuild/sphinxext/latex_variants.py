"""Other forms of the PDF: without proofs, statements alone, in large print.

The numbers are those of the notes, because they are Sphinx's. What a form leaves out may be
referred to by what stays: such a reference shows its words and number, and leads nowhere.
"""

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.latex.nodes import math_reference
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.model.forms import PdfForm
from notesbuild.model.usual_kinds import Style
from notesbuild.sphinxext.kinds import project_kinds
from notesbuild.sphinxext.latex_far import target_of
from notesbuild.sphinxext.latex_writer import document_of
from notesbuild.sphinxext.nodes import carried, pointer, proof, result

_HEADINGS = (nodes.title, nodes.subtitle)
_INSIDE = (addnodes.start_of_file, nodes.compound, nodes.section)

Place = tuple[str, str]
"""A document, and an anchor in it."""


class LeaveOut(SphinxPostTransform):
    """Take out what a form does not have, and let no reference lead there."""

    default_priority = 32  # references and numbers are there; no page has been asked for
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        variant = self.config.notesbuild_variant
        if variant not in (PdfForm.NO_PROOFS, PdfForm.STATEMENTS):
            return
        before, equations = _places(self.document), _equations(self.document)
        # Pointers lead to deferred proofs.
        found: list[nodes.Element] = [*self.document.findall(proof)]
        for node in (*found, *self.document.findall(pointer)):
            _drop(node)
        if variant == PdfForm.STATEMENTS:
            kinds = project_kinds(self.config).every
            _prune(self.document, {k.name for k in kinds if k.style is not Style.REMARK})
        self._unlink(before - _places(self.document), equations - _equations(self.document))

    def _unlink(self, gone: set[Place], equations: set[Place]) -> None:
        for reference in list(self.document.findall(nodes.reference)):
            if target_of(reference) in gone:
                reference.replace_self(self._words(reference))
        for node in list(self.document.findall(math_reference)):
            place = (node["docname"], node["target"])
            if place in equations:
                anchor = nodes.make_id(f"equation-{place[1]}")
                number = _equation_number(self.env, place[0], anchor)
                node.replace_self(nodes.Text(f"({number})"))

    def _words(self, reference: nodes.Element) -> list[nodes.Node]:
        if not isinstance(reference, addnodes.number_reference):
            return reference.children
        docname, anchor = target_of(reference)
        numbers = self.env.toc_fignumbers.get(docname, {}).values()
        number = next((found[anchor] for found in numbers if anchor in found), ())
        shown = ".".join(map(str, number))
        title = reference.get("title") or "%s"
        return [nodes.Text(title.replace("%s", shown).replace("{number}", shown))]


def _prune(node: nodes.Element, statements: set[str]) -> bool:
    """Leave results of these kinds and the headings above them; whether anything is left."""
    kept = False
    for child in list(node.children):
        if isinstance(child, _INSIDE):
            if _prune(child, statements):
                kept = True
            else:
                node.remove(child)
        elif isinstance(child, result) and child["kind"] in statements:
            kept = True
        elif not isinstance(child, (*_HEADINGS, nodes.Invisible)):
            node.remove(child)
    return kept


def _equation_number(env: BuildEnvironment, docname: str, anchor: str) -> str:
    numbers = env.toc_fignumbers.get(docname, {}).get("displaymath", {})
    number = ".".join(map(str, numbers.get(anchor, ())))
    separator: str = env.config.math_numsep
    return separator.join(number.rsplit(".", 1))


def _drop(node: nodes.Element) -> None:
    """Take it out, with the place and the section that were there for deferred proofs alone."""
    around = node.parent
    assert around is not None
    around.remove(node)
    for_proofs = isinstance(around, carried) or around.get("own")
    if for_proofs and all(isinstance(child, nodes.title) for child in around.children):
        _drop(around)


def _places(document: nodes.document) -> set[Place]:
    return {
        (document_of(node), name)
        for node in document.findall(nodes.Element)
        for name in node["ids"]
    }


def _equations(document: nodes.document) -> set[Place]:
    displays = document.findall(nodes.math_block)
    return {(node["docname"], node["label"]) for node in displays if node.get("label")}


def setup_variants(app: Sphinx) -> None:
    """The configuration value ``notesbuild_variant``; empty for the notes themselves."""
    app.add_config_value("notesbuild_variant", "", "", (str,))
    app.add_post_transform(LeaveOut)
