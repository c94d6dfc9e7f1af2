"""What happens to results and proofs between reading and writing."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.kinds import BY_NAME, translate
from notesbuild.sphinxext.nodes import proof, proof_title, qed, result, result_title

QED = "∎"

_LISTS = (nodes.bullet_list, nodes.enumerated_list)


class LinkProofs(SphinxTransform):
    """Tie a proof to the result it directly follows, and give it an id of its own."""

    default_priority = 700  # the document is complete, no domain has looked at it yet

    def apply(self, **kwargs: Any) -> None:
        """See the class."""
        for number, node in enumerate(self.document.findall(proof), 1):
            before = _previous(node)
            if isinstance(before, result) and node["of"] in ("", before["label"]):
                node["of"] = before["label"]
                node["ofid"] = before["ids"][0]
            place = node["of"] or f"{self.env.docname.replace('/', '-')}-{number}"
            anchor = nodes.make_id(f"proof-{place}")
            while anchor in self.document.ids:
                anchor = f"{anchor}-{number}"
            node["ids"].append(anchor)
            self.document.ids[anchor] = node


class NumberResults(SphinxPostTransform):
    """Write the name and the number of a result into its node, for every builder alike."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        domain = results_domain(self.env)
        for node in self.document.findall(result):
            title = BY_NAME[node["kind"]].title
            node["name"] = translate(title, self.config.language)
            node["number"] = domain.number(node["docname"], node["ids"][0])


class PlaceQedInHtml(SphinxPostTransform):
    """Put the mark of a proof's end beside its last line."""

    default_priority = 21  # after the titles of proofs have run in
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for node in list(self.document.findall(proof)):
            last = _last_block(node)
            if isinstance(last, nodes.math_block):
                _insert_after(last, qed(display=True, numbered=bool(last.get("number"))))
            elif isinstance(last, nodes.paragraph):
                last += qed(display=False)
            else:
                node.append(qed(display=True, numbered=True))


class PlaceQedInLatex(SphinxPostTransform):
    """Tell amsthm the place of the mark where it does not know it: in displays and lists.

    A numbered display has its number there, and the mark comes on the line below.
    """

    default_priority = 21
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for node in list(self.document.findall(proof)):
            last = _last_block(node)
            if isinstance(last, nodes.math_block):
                last["qedhere"] = not last.get("label")
            elif isinstance(last, nodes.paragraph) and last.parent is not node:
                last += nodes.raw("", r"\qedhere", format="latex")


class RunInTitles(SphinxPostTransform):
    """Outside LaTeX, put the words that begin a proof into its first paragraph."""

    default_priority = 20
    formats = ("latex",)

    def is_supported(self) -> bool:
        """Everywhere else: LaTeX's own environment does this."""
        return not super().is_supported()

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for title in list(self.document.findall(proof_title)):
            node = title.parent
            node.remove(title)
            title.append(nodes.Text("."))
            if not node.children or not isinstance(node[0], nodes.paragraph):
                node.insert(0, nodes.paragraph("", "", title))
            else:
                node[0].insert(0, [title, nodes.Text(" ")])


class LowerResults(SphinxPostTransform):
    """For builders without visitors of ours (text, man, ...): say it in docutils' own nodes."""

    default_priority = 210
    formats = ("html", "latex")

    def is_supported(self) -> bool:
        """Everywhere else: these formats have visitors of ours."""
        return not super().is_supported()

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for words in list(self.document.findall(proof_title)):
            words.replace_self(nodes.emphasis("", "", *words.children))
        for node in list(self.document.findall(proof)):
            last = _last_block(node)
            if not isinstance(last, nodes.paragraph):
                last = nodes.paragraph()
                node.append(last)
            last += nodes.Text(f" {QED}")
            _become_compound(node)
        for title in list(self.document.findall(result_title)):
            assert isinstance(title.parent, result)
            lowered = title.parent
            title.replace_self(nodes.paragraph("", "", *_heading(lowered, title)))
            _become_compound(lowered)


def heading(node: nodes.Element) -> str:
    """The name and number of a result, such as “Theorem 2.3”."""
    return f"{node['name']} {node['number']}".rstrip()


def _heading(node: result, title: result_title) -> Iterator[nodes.Node]:
    yield nodes.strong("", heading(node))
    if title.children:
        yield nodes.Text(" (")
        yield from title.children
        yield nodes.Text(")")
    yield nodes.Text(".")


def _become_compound(node: nodes.Element) -> None:
    node.replace_self(nodes.compound("", *node.children, ids=node["ids"], names=node["names"]))


def _previous(node: nodes.Element) -> nodes.Node | None:
    """The sibling before ``node`` that a reader sees."""
    assert node.parent is not None
    for sibling in reversed(node.parent.children[: node.parent.index(node)]):
        if not isinstance(sibling, nodes.Invisible | nodes.system_message):
            return sibling
    return None


def _last_block(node: nodes.Element) -> nodes.Node | None:
    """The last block of a proof, inside its last list item if it ends with a list."""
    seen = [
        child
        for child in node.children
        if not isinstance(child, nodes.Invisible | nodes.system_message | proof_title)
    ]
    last = seen[-1] if seen else None
    if isinstance(last, _LISTS) and last.children:
        item = last.children[-1]
        assert isinstance(item, nodes.Element)
        return _last_block(item)
    if isinstance(last, nodes.paragraph) and last.children:
        inner = last.children[-1]
        return inner if isinstance(inner, nodes.math_block) else last
    return last


def _insert_after(node: nodes.Element, new: nodes.Element) -> None:
    assert node.parent is not None
    node.parent.insert(node.parent.index(node) + 1, new)


_POST_TRANSFORMS = (
    NumberResults,
    RunInTitles,
    PlaceQedInHtml,
    PlaceQedInLatex,
    LowerResults,
)


def setup_transforms(app: Sphinx) -> None:
    """Proofs, numbers and marks of the end."""
    app.add_transform(LinkProofs)
    for transform in _POST_TRANSFORMS:
        app.add_post_transform(transform)
