"""What other parts of the project ask about results: records, and their names in LaTeX."""

from dataclasses import dataclass

from sphinx.environment import BuildEnvironment

from notesbuild.sphinxext.domain import ResultsDomain, results_domain
from notesbuild.sphinxext.latex_writer import latex_label

__all__ = ["ResultRecord", "collect_results", "latex_label", "reading_order"]


@dataclass(frozen=True)
class ResultRecord:
    """A result of the finished project.

    ``number`` is empty for an unnumbered result, ``label`` for an unlabelled one; ``title`` is
    plain text with formulas as LaTeX; ``uses`` are the labels of the results that its statement
    and its proofs refer to. ``latex_label(docname, anchor)`` is its name in the ``.aux`` file.
    """

    label: str
    kind: str
    number: str
    title: str
    docname: str
    anchor: str
    uses: tuple[str, ...]
    line: int


def collect_results(env: BuildEnvironment) -> tuple[ResultRecord, ...]:
    """Every result, in the order of the toctree; stray pages come last."""
    domain = results_domain(env)
    place = {docname: index for index, docname in enumerate(reading_order(env))}
    proofs = _uses_of_proofs(domain)
    entries = sorted(domain.results(), key=lambda entry: place.get(entry.docname, len(place)))
    records = []
    for entry in entries:
        uses = entry.uses + proofs.get(entry.label or f"{entry.docname}#{entry.anchor}", ())
        records.append(
            ResultRecord(
                entry.label,
                entry.kind,
                domain.number(entry.docname, entry.anchor),
                entry.title,
                entry.docname,
                entry.anchor,
                _results_only(domain, uses, entry.label),
                entry.line,
            )
        )
    return tuple(records)


def _uses_of_proofs(domain: ResultsDomain) -> dict[str, tuple[str, ...]]:
    """By label, or by place where there is no label; a result may have several proofs."""
    uses: dict[str, tuple[str, ...]] = {}
    for docname in sorted(domain.documents):
        for proof in domain.documents[docname].proofs:
            proved = proof.of or f"{docname}#{proof.ofid}"
            uses[proved] = uses.get(proved, ()) + proof.uses
    return uses


def _results_only(domain: ResultsDomain, targets: tuple[str, ...], own: str) -> tuple[str, ...]:
    found = (domain.find(target) for target in targets)
    labels = (entry.label for entry in found if entry is not None)
    return tuple(dict.fromkeys(label for label in labels if label != own))


def reading_order(env: BuildEnvironment) -> list[str]:
    """The documents that the toctree leads to, in its order."""
    order: list[str] = []

    def visit(docname: str) -> None:
        if docname not in order:
            order.append(docname)
            for child in env.toctree_includes.get(docname, []):
                visit(child)

    visit(env.config.root_doc)
    return order
