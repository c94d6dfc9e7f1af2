"""References to results: by every role that readers of Sphinx know, and never stale."""

from typing import Any

from docutils import nodes
from docutils.nodes import Element
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.sphinxext.domain import ResultsDomain, results_domain
from notesbuild.sphinxext.placing import readers_find, shown_targets
from notesbuild.sphinxext.report import Subtype, warn

_LABEL_ROLES = {"ref": "ref", "numref": "numref"}


class AdoptReferences(SphinxPostTransform):
    """Let the roles ``ref`` and ``numref`` reach results, which have their own domain."""

    default_priority = 4  # before MyST (9) and Sphinx (10) resolve anything

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        domain = results_domain(self.env)
        for node in self.document.findall(addnodes.pending_xref):
            own = node["refdomain"] == "std" and node["reftype"] in _LABEL_ROLES
            if own and domain.find(node["reftarget"]) is not None:
                node["reftype"] = _LABEL_ROLES[node["reftype"]]
                node["refdomain"] = domain.name


def warn_missing_result(
    app: Sphinx, domain: Domain | None, node: addnodes.pending_xref
) -> bool | None:
    """Say that a reference to a result leads nowhere, and which label may be meant."""
    if not isinstance(domain, ResultsDomain):
        return None
    label = node["reftarget"]
    near = domain.suggestion(label)
    hint = f"; did you mean “{near}”?" if near else ""
    warn(Subtype.REF, f"no result has the label “{label}”{hint}", _place(node))
    return True


def documents_with_stale_references(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents to be written again because something that they refer to has moved."""
    domain = results_domain(env)
    before = domain.data["numbers"]
    after = _numbers(env, domain)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    domain.data["numbers"] = after
    targets = shown_targets(domain)
    return [docname for docname, named in targets.items() if named & changed]


def _numbers(env: BuildEnvironment, domain: ResultsDomain) -> dict[str, tuple[object, ...]]:
    """Of every label that a reference can name: where it is and what the reference shows."""
    numbers: dict[str, tuple[object, ...]] = {}
    found = readers_find(domain)
    for label, (docname, anchor, *_) in env.domains.standard_domain.anonlabels.items():
        page = found.get((docname, anchor), docname)
        numbers[label] = (page, anchor, _number_of(env, docname, anchor))
    for label, (docname, _) in env.domains.math_domain.equations.items():
        anchor = nodes.make_id(f"equation-{label}")
        page = found.get((docname, anchor), docname)
        numbers[label] = (page, _number_of(env, docname, anchor))
    for entry in domain.results():
        if entry.label:
            number = domain.number(entry.docname, entry.anchor)
            page = found.get((entry.docname, entry.anchor), entry.docname)
            numbers[entry.label] = (page, entry.anchor, entry.kind, number)
    return numbers


def _number_of(env: BuildEnvironment, docname: str, anchor: str) -> tuple[int, ...]:
    for numbers in env.toc_fignumbers.get(docname, {}).values():
        if anchor in numbers:
            return numbers[anchor]
    sections = env.toc_secnumbers.get(docname, {})
    return tuple(sections.get(f"#{anchor}") or sections.get("") or ())


def _place(node: Element) -> Element:
    """The nearest node around a reference that knows its line."""
    place = node
    while place.line is None and isinstance(place.parent, Element):
        place = place.parent
    return place


def setup_references(app: Sphinx) -> None:
    """References to results."""
    app.add_post_transform(AdoptReferences)
    app.connect("warn-missing-reference", warn_missing_result)
    # After Sphinx has assigned all numbers, which it does on the same event.
    app.connect("env-get-updated", documents_with_stale_references, priority=950)
