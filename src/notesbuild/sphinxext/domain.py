"""The domain ``prf``: every result of a project, its number, and who refers to it."""

import difflib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from notesbuild.sphinxext.directives import (
    ProofDirective,
    ProofsDirective,
    RestateDirective,
    ResultDirective,
)
from notesbuild.sphinxext.entries import DocumentEntries, ProofEntry, ResultEntry, read_entries
from notesbuild.sphinxext.kinds import KINDS, Kinds, project_kinds
from notesbuild.sphinxext.nodes import result
from notesbuild.sphinxext.readable import readable
from notesbuild.sphinxext.report import Subtype, warn


class ResultsDomain(Domain):
    """Results and references to them, in the place of sphinx-proof's domain.

    What is stored is a record for each document, so that purging and merging cannot leave
    anything stale; the index of labels is derived from it.
    """

    name = "prf"
    label = "Results"
    object_types: ClassVar = {kind.name: ObjType(kind.title, "ref") for kind in KINDS}
    directives: ClassVar = {kind.name: ResultDirective for kind in KINDS} | {
        "proof": ProofDirective,
        "proofs": ProofsDirective,
        "restate": RestateDirective,
    }
    roles: ClassVar = {
        role: XRefRole(innernodeclass=nodes.inline, warn_dangling=True)
        for role in ("ref", "numref")
    }
    initial_data: ClassVar = {
        "documents": {},
        "numbers": {},  # what references showed when pages were last written
        "counted": None,  # Sphinx's own numbers, where `chapters` shows others
        "shown": ({}, {}),
        "placed": {},  # where the deferred proofs of each document are
        "carried": {},  # what pages showed of other places when they were last written
        "outlines": {},  # of each document, what has a number
    }
    data_version = 3

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._by_label: dict[str, ResultEntry] | None = None
        self.elsewhere: dict[tuple[str, str], list[ProofEntry]] | None = None
        """For `placing`, which makes it once for all pages."""

    @cached_property
    def kinds(self) -> Kinds:
        """All kinds of the project."""
        return project_kinds(self.env.config)

    @cached_property
    def names(self) -> dict[str, str]:
        """What readers see of each kind, by the kind's own name."""
        language = self.env.config.language
        return {kind.name: kind.shown(language) for kind in self.kinds.every}

    def learn_kinds(self) -> None:
        """Take in the kinds of the project; Sphinx knows its configuration later than us."""
        for kind in self.kinds.every:
            self.directives[kind.name] = ResultDirective
            if kind.name not in self.object_types:
                self.add_object_type(kind.name, ObjType(kind.title, "ref"))

    @property
    def documents(self) -> dict[str, DocumentEntries]:
        """What every document holds."""
        return cast(dict[str, DocumentEntries], self.data["documents"])

    @property
    def outlines(self) -> dict[str, nodes.document]:
        """What has a number in every document; see the module of this name."""
        return cast(dict[str, nodes.document], self.data["outlines"])

    def clear_doc(self, docname: str) -> None:
        """Forget a document."""
        self.documents.pop(docname, None)
        self.outlines.pop(docname, None)
        self._forget()

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process has read."""
        for docname in docnames & otherdata["documents"].keys():
            self.documents[docname] = otherdata["documents"][docname]
        for docname in docnames & otherdata["outlines"].keys():
            self.outlines[docname] = otherdata["outlines"][docname]
        self._forget()

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Record the results of a document that has been read."""
        self.documents[docname] = read_entries(document, docname)
        self._forget()

    def _forget(self) -> None:
        """Forget what was derived from the records."""
        self._by_label = self.elsewhere = None

    def results(self) -> Iterator[ResultEntry]:
        """Every result of the project, documents by name and results in their order."""
        for _, entries in sorted(self.documents.items()):
            yield from entries.results

    def find(self, label: str) -> ResultEntry | None:
        """The result with a label, whose case does not matter if nothing else fits."""
        if self._by_label is None:
            # The first of several with one label wins, and an exact label over a folded one.
            entries = [entry for entry in self.results() if entry.label][::-1]
            folded = {entry.label.lower(): entry for entry in entries}
            self._by_label = folded | {entry.label: entry for entry in entries}
        return self._by_label.get(label)

    def number(self, docname: str, anchor: str) -> str:
        """The number of a result, or nothing when it has none."""
        numbers = self.env.toc_fignumbers.get(docname, {})
        found = (numbers[c][anchor] for c in self.kinds.counters if anchor in numbers.get(c, ()))
        return ".".join(map(str, next(found, ())))

    def heading(self, entry: ResultEntry) -> str:
        """What a reader sees, such as “Theorem 2.3”."""
        return f"{self.names[entry.kind]} {self.number(entry.docname, entry.anchor)}".rstrip()

    def get_enumerable_node_type(self, node: Node) -> str | None:
        """Have Sphinx number results as it numbers figures: by chapter, in reading order."""
        if isinstance(node, result) and not node["nonumber"]:
            return cast(str, node["counter"])
        return None

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        """A link that shows the author's words, or name and number."""
        entry = self.find(target)
        if entry is None:
            return None
        if not node.get("refexplicit"):
            contnode = nodes.inline("", self.heading(entry), classes=["prf", "prf-ref"])
        elif typ == "numref":
            contnode = nodes.inline("", self._formatted(entry, contnode.astext()))
        return make_refnode(builder, fromdocname, entry.docname, entry.anchor, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """For the role ``any`` and for links of MyST."""
        found = self.resolve_xref(env, fromdocname, builder, "ref", target, node, contnode)
        return [] if found is None else [("prf:ref", found)]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Labelled results, for inventories; what the search shows is `book`'s."""
        for entry in self.results():
            if entry.label:
                title = f" ({readable(entry.title)})" if entry.title else ""
                shown = self.heading(entry) + title
                yield entry.label, shown, entry.kind, entry.docname, entry.anchor, -1

    def check_consistency(self) -> None:
        """Report labels that more than one result has, with the places of both."""
        first: dict[str, ResultEntry] = {}
        for entry in self.results():
            other = first.setdefault(entry.label, entry)
            if entry.label and other is not entry:
                place = f"{self.env.doc2path(other.docname)}:{other.line}"
                message = f"duplicate label “{entry.label}”; the other is in {place}"
                warn(Subtype.LABEL, message, (entry.docname, entry.line))

    def suggestion(self, label: str) -> str | None:
        """The label that is most like one that does not exist."""
        known = [entry.label for entry in self.results() if entry.label]
        close = difflib.get_close_matches(label, known, n=1)
        return close[0] if close else None

    def _formatted(self, entry: ResultEntry, text: str) -> str:
        number = self.number(entry.docname, entry.anchor)
        replaced = text.replace("{number}", number).replace("{name}", entry.title)
        return replaced.replace("%s", number)


def results_domain(env: BuildEnvironment) -> ResultsDomain:
    """The domain of results of an environment."""
    domain = env.get_domain("prf")
    assert isinstance(domain, ResultsDomain)
    return domain


def learn_kinds(app: Sphinx) -> None:
    """For Sphinx's event ``builder-inited``."""
    results_domain(app.env).learn_kinds()
