"""What appears in another place than it was written: deferred proofs, results stated again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from docutils import nodes
from docutils.nodes import Element
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from notesbuild.sphinxext.directives import slug
from notesbuild.sphinxext.domain import ResultsDomain, results_domain
from notesbuild.sphinxext.entries import ProofEntry, ResultEntry
from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.nodes import (
    again,
    carried,
    proof,
    proof_title,
    proofs,
    restated,
    result,
    result_title,
)
from notesbuild.sphinxext.placing import moved_proofs, proofs_at
from notesbuild.sphinxext.report import Subtype, warn

N = TypeVar("N", bound=Element)


@dataclass(frozen=True)
class _Carrier:
    """Takes parts out of other documents; ``assembled`` where all stand in one tree."""

    env: BuildEnvironment
    builder: Builder
    assembled: bool
    trees: dict[str, nodes.document] = field(default_factory=dict)

    def take(self, kind: type[N], docname: str, anchor: str) -> N:
        """A copy of a part of a document."""
        if docname not in self.trees:
            self.trees[docname] = self.env.get_doctree(docname)
        tree = self.trees[docname]
        return next(n for n in tree.findall(kind) if anchor in n["ids"]).deepcopy()

    def carry(self, part: Element, source: str, here: str, rename: Callable[[str], str]) -> carried:
        """Make a part fit into the page ``here``, and say where it comes from."""
        renamed = {name: rename(name) for e in part.findall(Element) for name in e["ids"]}
        for element in part.findall(Element):
            element["names"] = []
            element["ids"] = [renamed[name] for name in element["ids"]]
        for name, new in renamed.items():
            for docname in {source, here}:
                _repeat_number(self.env, source, name, docname, new)
        if self.builder.format != "latex":
            self._lead_back(part, source, here, renamed)
        return carried("", part, docname=source)

    def _lead_back(self, part: Element, source: str, here: str, renamed: Mapping[str, str]) -> None:
        """Let links inside a part lead where they led; LaTeX knows where each part is from."""
        for reference in part.findall(addnodes.pending_xref):
            reference["refdoc"] = here
        for note in list(part.findall(nodes.footnote_reference)):
            note.replace_self(_as_link(note))
        for link in part.findall(nodes.reference):
            name = link.get("refid")
            if name in renamed:
                link["refid"] = renamed[name]
            elif name and not self.assembled:
                del link["refid"]
                link["internal"] = True
                link["refuri"] = f"{self.builder.get_relative_uri(here, source)}#{name}"


class _Filling(SphinxPostTransform):
    """What the two transforms of this module share."""

    def carrier(self) -> _Carrier:
        assembled = any(self.document.findall(addnodes.start_of_file))
        return _Carrier(self.env, self.env._app.builder, assembled)

    def here(self, carrier: _Carrier, docname: str) -> str:
        """The page that a part is on; in one tree parts keep the names of their documents."""
        return docname if carrier.assembled else self.env.current_document.docname

    @property
    def domain(self) -> ResultsDomain:
        return results_domain(self.env)


class FillLists(_Filling):
    """Put deferred proofs into the places for them."""

    default_priority = 1

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        carrier = self.carrier()
        for node in list(self.document.findall(proofs)):
            (anchor,) = node["ids"]
            found: list[Element] = [
                self._proof(p, node, carrier) for p in self._entries(node["docname"], anchor)
            ]
            if node["own"] and found:
                words = translate("Deferred proofs", self.config.language)
                found = self._section(words, found, node)
            _replace(node, found)

    def _section(self, words: str, found: list[Element], place: proofs) -> list[Element]:
        """A section without a number; plain text cannot have one in a chapter with a number."""
        (anchor,) = place["ids"]
        if self.env._app.builder.format == "text":
            return [nodes.rubric("", words), *found]
        _without_number(self.env, place["docname"], anchor)
        return [nodes.section("", nodes.title(words, words), *found, ids=[anchor], own=True)]

    def _entries(self, docname: str, anchor: str) -> list[ProofEntry]:
        return proofs_at(self.domain, docname, anchor)

    def _proof(self, entry: ProofEntry, place: proofs, carrier: _Carrier) -> carried:
        node = carrier.take(proof, entry.docname, entry.anchor)
        node["deferred"] = False
        here = self.here(carrier, place["docname"])
        proved = _proved(self.domain, entry)
        if proved is not None and not any(node[0].findall(addnodes.pending_xref)):
            fromdoc = entry.docname if carrier.assembled else here
            node[0] = self._title(proved, fromdoc, carrier.builder)
        return carrier.carry(node, entry.docname, here, lambda name: carried_id(entry, name))

    def _title(self, proved: ResultEntry, fromdoc: str, builder: Builder) -> proof_title:
        words = nodes.inline("", self.domain.heading(proved), classes=["prf", "prf-ref"])
        link = make_refnode(builder, fromdoc, proved.docname, proved.anchor, words)
        before, after = translate("Proof of {}", self.config.language).split("{}")
        return proof_title("", "", nodes.Text(before), link, nodes.Text(after))


class StateAgain(_Filling):
    """Put results into the places where they are stated again."""

    default_priority = 2

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        carrier = self.carrier()
        for node in list(self.document.findall(restated)):
            entry = self.domain.find(node["label"])
            if entry is None:
                near = self.domain.suggestion(node["label"])
                hint = f"; did you mean “{near}”?" if near else ""
                message = f"no result has the label “{node['label']}”{hint}"
                warn(Subtype.REF, message, node)
                _replace(node, [])
            else:
                _replace(node, [self._result(entry, node, carrier)])

    def _result(self, entry: ResultEntry, place: restated, carrier: _Carrier) -> carried:
        node = carrier.take(result, entry.docname, entry.anchor)
        for note in list(node.findall(nodes.footnote_reference)):
            _replace(note, [])  # a footnote is read with the first statement
        here = self.here(carrier, place["docname"])
        name = place["name"]
        found = carrier.carry(node, entry.docname, here, lambda old: f"{name}-{old}")
        node["ids"] = []
        node["again"] = name
        node["classes"] += place["classes"]
        for display in node.findall(nodes.math_block):
            if display.get("label"):
                display["label"] = f"{name}-{display['label']}"
        fromdoc = entry.docname if carrier.assembled else here
        words = nodes.Text(translate("restated", self.config.language))
        link = make_refnode(carrier.builder, fromdoc, entry.docname, entry.anchor, words)
        title = next(iter(node.findall(result_title)))
        title += again("", "", link)
        return found


class FollowProofs(SphinxPostTransform):
    """Let links to what stands in a deferred proof lead to the page where it is."""

    default_priority = 15  # when all references are resolved
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        builder = self.env._app.builder
        if any(self.document.findall(addnodes.start_of_file)):
            _on_one_page(self.document)
            return
        here = self.env.current_document.docname
        moved: dict[str, str] = {}
        for (docname, name), (target, new) in _moves(results_domain(self.env)).items():
            uri = f"{builder.get_relative_uri(here, target)}#{new}"
            moved[f"{builder.get_relative_uri(here, docname)}#{name}"] = uri
            if docname == here and target != here:
                moved[f"#{name}"] = uri
        if not moved:
            return
        for link in self.document.findall(nodes.reference):
            uri = link.get("refuri") or f"#{link.get('refid', '')}"
            if uri in moved:
                link.attributes.pop("refid", None)
                link["refuri"] = moved[uri]


def _on_one_page(document: nodes.document) -> None:
    """Where all is on one page, Sphinx puts the name of the document before that of the place."""
    for link in document.findall(nodes.reference):
        _, double, name = link.get("refuri", "").partition("#document-")[2].rpartition("#")
        if double:
            link["refuri"] = f"#{name}"


def carried_id(entry: ProofEntry, name: str) -> str:
    """The id that an element of a deferred proof has where the proof appears.

    Names that docutils has counted (``id3``) are those of one document.
    """
    counted = name.startswith("id") and name[2:].isdecimal()
    return f"{entry.anchor}-{slug(entry.docname)}-{name}" if counted else name


def _moves(domain: ResultsDomain) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (entry.docname, name): (place.docname, carried_id(entry, name))
        for entry, place in moved_proofs(domain)
        for name in entry.ids
    }


def _proved(domain: ResultsDomain, entry: ProofEntry) -> ResultEntry | None:
    """The result that a proof proves."""
    if entry.of:
        return domain.find(entry.of)
    here = domain.documents[entry.docname].results
    return next((r for r in here if r.anchor == entry.ofid), None)


def _repeat_number(env: BuildEnvironment, source: str, name: str, docname: str, new: str) -> None:
    """Give an id the number of another one; the tables are new ones, kept by no other."""
    for figtype, numbers in env.toc_fignumbers.get(source, {}).items():
        if name in numbers:
            of_page = env.toc_fignumbers.get(docname, {})
            more = {**of_page.get(figtype, {}), new: numbers[name]}
            env.toc_fignumbers = {**env.toc_fignumbers, docname: {**of_page, figtype: more}}
            return


def _without_number(env: BuildEnvironment, docname: str, anchor: str) -> None:
    """Keep a section from showing the number of its chapter."""
    numbers = {**env.toc_secnumbers.get(docname, {}), f"#{anchor}": ()}
    env.toc_secnumbers = {**env.toc_secnumbers, docname: numbers}


def _replace(node: Element, found: Sequence[nodes.Node]) -> None:
    """Put nodes into the place of one whose ids and classes are not theirs."""
    assert node.parent is not None
    place = node.parent.index(node)
    node.parent.children[place : place + 1] = found
    for child in found:
        child.parent = node.parent


def _as_link(note: nodes.footnote_reference) -> nodes.reference:
    """A footnote stays on its own page."""
    mark = nodes.superscript("", note.astext())
    return nodes.reference("", "", mark, refid=note.get("refid", ""), internal=True)


def setup_carry(app: Sphinx) -> None:
    """Deferred proofs and results that are stated again."""
    for transform in (FillLists, StateAgain, FollowProofs):
        app.add_post_transform(transform)
