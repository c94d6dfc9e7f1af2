"""The directives: one for all kinds of results, one for proofs."""

import re
from typing import ClassVar

from docutils import nodes as docutils_nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.nodes import proof, proof_title, result, result_title


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
        node = result(
            kind=self.name.rpartition(":")[2],
            label=label,
            docname=self.env.docname,
            nonumber="nonumber" in self.options,
            classes=self.options.get("class", []),
        )
        self.set_source_info(node)
        node["ids"].append(self._anchor(node["kind"], label))
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
        place = re.sub(r"[^a-z0-9]+", "-", self.env.docname.lower()).strip("-")
        return make_id(self.env, self.state.document, f"{kind}-{place}")


class ProofDirective(SphinxDirective):
    """``prf:proof``; ``:of:`` names the result when the proof does not follow it directly."""

    has_content = True
    option_spec: ClassVar = {"class": directives.class_option, "of": directives.unchanged_required}

    def run(self) -> list[Node]:
        """Build the proof; which result it follows is found when the document is complete."""
        of = self.options.get("of", "").strip()
        node = proof(of=of, ofid="", docname=self.env.docname)
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
