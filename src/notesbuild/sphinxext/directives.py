"""The directives: one for all kinds of results, one for proofs, and two to place them."""

import hashlib
import re
from typing import ClassVar

from docutils import nodes as docutils_nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

from notesbuild.sphinxext.kinds import project_kinds, translate
from notesbuild.sphinxext.nodes import proof, proof_title, proofs, restated, result, result_title

RESTATED = "restated-"
"""How the names of results begin that are stated again."""


class ResultDirective(SphinxDirective):
    """``prf:theorem`` and its siblings, with an optional title that may hold markup."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {
        "label": directives.unchanged_required,
        "class": directives.class_option,
        "nonumber": directives.flag,
    }

    def run(self) -> list[Node]:
        """Build the result; its title is parsed like any other text."""
        label = self.options.get("label", "").strip()
        kind = project_kinds(self.config).find(self.name.rpartition(":")[2])
        anchor = self._anchor(kind.name, label)
        node = result(
            kind=kind.name,
            style=kind.style.value,
            counter=kind.counter,
            label=label,
            docname=self.env.docname,
            anchor=anchor,
            nonumber="nonumber" in self.options,
            classes=self.options.get("class", []),
        )
        self.set_source_info(node)
        node["ids"].append(anchor)
        self.state.document.note_explicit_target(node)
        title = result_title("", "")
        self.set_source_info(title)
        if self.arguments:
            title.rawsource = self.arguments[0]
            children, messages = self.parse_inline(self.arguments[0], lineno=self.lineno)
            title += children
            node += [title, *messages]
        else:
            node += title
        node += self.parse_content_to_nodes()
        return [node]

    def _anchor(self, kind: str, label: str) -> str:
        if label:
            return make_id(self.env, self.state.document, "", label)
        # The document's name keeps it unique where documents are put together.
        return make_id(self.env, self.state.document, f"{kind}-{slug(self.env.docname)}")


class ProofDirective(SphinxDirective):
    """``prf:proof``; ``:of:`` names the result when the proof does not follow it directly.

    With ``:defer:`` it appears where ``prf:proofs`` stands.
    """

    has_content = True
    option_spec: ClassVar = {
        "class": directives.class_option,
        "of": directives.unchanged_required,
        "defer": directives.flag,
    }

    def run(self) -> list[Node]:
        """Build the proof; which result it follows is found when the document is complete."""
        of = self.options.get("of", "").strip()
        node = proof(of=of, ofid="", docname=self.env.docname, deferred="defer" in self.options)
        node["classes"] = self.options.get("class", [])
        self.set_source_info(node)
        node += self._title(of)
        node += self.parse_content_to_nodes()
        return [node]

    def _title(self, of: str) -> proof_title:
        title = proof_title("", "")
        self.set_source_info(title)
        if not of:
            title += docutils_nodes.Text(translate("Proof", self.config.language))
            return title
        before, after = translate("Proof of {}", self.config.language).split("{}")
        reference = addnodes.pending_xref(
            "",
            docutils_nodes.inline(of, of),
            refdomain="prf",
            reftype="ref",
            reftarget=of,
            refexplicit=False,
            refwarn=True,
            refdoc=self.env.docname,
        )
        self.set_source_info(reference)
        title += [docutils_nodes.Text(before), reference, docutils_nodes.Text(after)]
        return title


class ProofsDirective(SphinxDirective):
    """``prf:proofs``: here stand the deferred proofs of what comes before."""

    option_spec: ClassVar = {}

    def run(self) -> list[Node]:
        """Build the place, which is filled when a page is written."""
        number = self.env.new_serialno("proofs")
        anchor = f"proofs-{slug(self.env.docname)}-{number}"
        node = proofs(docname=self.env.docname, own=False, ids=[anchor])
        self.set_source_info(node)
        return [node]


class RestateDirective(SphinxDirective):
    """``prf:restate``: the result with a label stands here again, with its number."""

    required_arguments = 1
    option_spec: ClassVar = {"class": directives.class_option}

    def run(self) -> list[Node]:
        """Build the place, which is filled when a page is written."""
        number = self.env.new_serialno("restated")
        node = restated(
            label=self.arguments[0].strip(),
            docname=self.env.docname,
            name=f"{RESTATED}{slug(self.env.docname)}-{number}",
            classes=self.options.get("class", []),
        )
        self.set_source_info(node)
        return [node]


def slug(docname: str) -> str:
    """The name of a document as a part of ids, which know Latin letters only."""
    plain = re.sub(r"[^a-z0-9]+", "-", docname.lower()).strip("-")
    if docname.isascii():
        return plain
    return f"{plain}-{hashlib.sha256(docname.encode()).hexdigest()[:8]}".strip("-")
