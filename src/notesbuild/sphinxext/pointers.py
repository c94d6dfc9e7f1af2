"""Lines that lead from a result, or from the place of a deferred proof, to the proof."""

from collections.abc import Iterable
from typing import Any, cast

from docutils import nodes
from docutils.nodes import Element
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import NoUri
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.entries import Place, ProofEntry
from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.latex_writer import latex_label
from notesbuild.sphinxext.nodes import pointer, proof, result
from notesbuild.sphinxext.placing import found_at, place_in_words, placed, proofs_elsewhere

_ELSEWHERE = "Proof: {}"
_ON_PAGE = "Proof on page {}"


class PointToProofs(SphinxPostTransform):
    """Say where the proof is: in place of a deferred one, and behind a result without one."""

    default_priority = 3  # deferred proofs are where they belong

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        domain = results_domain(self.env)
        elsewhere = proofs_elsewhere(domain)
        places = placed(domain)
        for node in list(self.document.findall(result)):
            entries = elsewhere.get((node["docname"], node["anchor"]), ())
            if entries and not node.get("again"):
                line = self._line(_ELSEWHERE, node, [(p, found_at(domain, p)) for p in entries])
                parent = cast(Element, node.parent)
                parent.insert(parent.index(node) + 1, line)
        for deferred in [node for node in self.document.findall(proof) if node["deferred"]]:
            (name, *_) = deferred["ids"]
            entry = next(
                p for p in domain.documents[deferred["docname"]].proofs if p.anchor == name
            )
            place = places[deferred["docname"], name]
            line = self._line("Proof: see {}", deferred, [(entry, place)])
            line["classes"] += deferred["classes"]
            parent = cast(Element, deferred.parent)
            parent[parent.index(deferred)] = line
            self._forget({part for inner in deferred.findall(Element) for part in inner["ids"]})

    def _line(
        self, message: str, node: Element, found: Iterable[tuple[ProofEntry, Place]]
    ) -> pointer:
        """Such as “Proof: see Section 5.2.”, with a link for each proof."""
        if self._has_pages and message == _ELSEWHERE:
            message = _ON_PAGE
        before, after = translate(message, self.config.language).split("{}")
        line = pointer("", "", nodes.Text(before))
        for number, (entry, place) in enumerate(found):
            line += [nodes.Text(", ")] if number else []
            line += self._link(node["docname"], entry, place, section=message != _ON_PAGE)
        line += nodes.Text(f"{after}.")
        return line

    def _forget(self, ids: set[str]) -> None:
        """Footnotes do not lead back to what is on another page."""
        for note in self.document.findall(nodes.footnote):
            note["backrefs"] = [name for name in note["backrefs"] if name not in ids]

    @property
    def _has_pages(self) -> bool:
        return self.env._app.builder.format == "latex"

    def _link(self, docname: str, entry: ProofEntry, place: Place, *, section: bool) -> nodes.Node:
        shown = self._words(entry, place, section=section)
        words = nodes.inline("", "", *shown, classes=["prf", "prf-ref"])
        assembled = any(self.document.findall(addnodes.start_of_file))
        here = docname if assembled else self.env.current_document.docname
        # In one tree every part keeps the name of the document that it was written in.
        target = entry.docname if assembled else place.docname
        try:
            return make_refnode(self.env._app.builder, here, target, entry.anchor, words)
        except NoUri:  # it is not in this document of LaTeX's
            return words

    def _words(self, entry: ProofEntry, place: Place, *, section: bool) -> list[nodes.Node]:
        """The section, and in LaTeX its page."""
        words = place_in_words(self.env, place)
        if not self._has_pages:
            return [nodes.Text(words)]
        label = latex_label(entry.docname, entry.anchor)
        page = nodes.raw("", rf"\pageref*{{\detokenize{{{label}}}}}", format="latex")
        if not section:
            return [page]
        first, between, last = translate("{}, page {}", self.config.language).split("{}")
        return [nodes.Text(f"{first}{words}{between}"), page, nodes.Text(last)]


def setup_pointers(app: Sphinx) -> None:
    """Lines that lead to proofs."""
    app.add_post_transform(PointToProofs)
