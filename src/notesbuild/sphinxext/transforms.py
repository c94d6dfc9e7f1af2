"""What happens to results and proofs between reading and writing."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.sphinxext.directives import slug
from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.nodes import (
    again,
    carried,
    pointer,
    proof,
    proof_title,
    proofs,
    qed,
    result,
    result_title,
)

QED = "∎"

_LISTS = (nodes.bullet_list, nodes.enumerated_list)


class LinkProofs(SphinxTransform):
    """Tie a proof to the result it directly follows, and give it an id of its own."""

    default_priority = 700  # the document is complete, no domain has looked at it yet

    def apply(self, **kwargs: Any) -> None:
        """See the class."""
        for number, node in enumerate(self.document.findall(proof), 1):
            before = _proved(node)
            node["follows"] = before is not None
            if before is not None:
                node["of"] = before["label"]
                node["ofid"] = before["ids"][0]
            place = node["of"] or f"{self.env.docname.replace('/', '-')}-{number}"
            if node["deferred"] and not node["follows"]:
                # On the page where it appears there may be another proof of the same result.
                place += f"-{slug(self.env.docname)}"
            anchor = nodes.make_id(f"proof-{place}")
            while anchor in self.document.ids:
                anchor = f"{anchor}-{number}"
            node["ids"].append(anchor)
            self.document.ids[anchor] = node
        if any(node["deferred"] for node in self.document.findall(proof)):
            self._make_place()

    def _make_place(self) -> None:
        """The end of the chapter is where its deferred proofs go if the author has no other."""
        chapter = next(iter(self.document.findall(nodes.section)), self.document)
        anchor = f"deferred-proofs-{slug(self.env.docname)}"
        chapter.append(proofs(docname=self.env.docname, own=True, ids=[anchor]))


class NumberResults(SphinxPostTransform):
    """Write the name and the number of a result into its node, for every builder alike."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        domain = results_domain(self.env)
        for node in self.document.findall(result):
            node["name"] = domain.kinds.find(node["kind"]).shown(self.config.language)
            node["number"] = domain.number(node["docname"], node["anchor"])


class PlaceQedInHtml(SphinxPostTransform):
    """Put the mark of a proof's end beside its last line."""

    default_priority = 21
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


class LowerResults(SphinxPostTransform):
    """For builders without visitors of ours (text, man, ...): say it in docutils' own nodes."""

    default_priority = 210
    formats = ("html", "latex")

    def is_supported(self) -> bool:
        """Everywhere else: these formats have visitors of ours."""
        return not super().is_supported()

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for display in list(self.document.findall(nodes.math_block)):
            if display.get("label"):
                number = equation_number(self.env, display)
                text = nodes.Text(f"{display.astext()}   ({number})")
                display.children[:] = [text]
                text.parent = display
        for node in list(self.document.findall(proof)):
            last = _last_block(node)
            if isinstance(last, nodes.paragraph):
                last += nodes.Text(f" {QED}")
            else:
                node.append(nodes.paragraph("", QED))
            _run_in(node, self._words_of_proof(node))
            self._become_compound(node)
        for found in list(self.document.findall(result)):
            _run_in(found, [self._name(found), *_title(found)])
            self._become_compound(found)
        for line in list(self.document.findall(pointer)):
            line.replace_self(nodes.paragraph("", "", *line.children))
        for part in list(self.document.findall(carried)):
            part.replace_self(part.children)
        if self.env._app.builder.format == "man":
            _without_links(self.document)

    def _become_compound(self, node: nodes.Element) -> None:
        """A group of paragraphs, which the writer of manual pages would run into the one before."""
        if self.env._app.builder.format == "man":
            node.replace_self(node.children)
            return
        compound = nodes.compound("", *node.children, ids=node["ids"], names=node["names"])
        node.replace_self(compound)

    def _name(self, node: result) -> nodes.Node:
        return self._marked(nodes.strong, [nodes.Text(heading(node))])

    def _words_of_proof(self, node: proof) -> list[nodes.Node]:
        title = node[0]
        assert isinstance(title, proof_title)
        return [self._marked(nodes.emphasis, [*title.children, nodes.Text(".")])]

    def _marked(self, kind: type[nodes.TextElement], words: list[nodes.Node]) -> nodes.Node:
        """Words that stand out; plain text has nothing for it but asterisks."""
        plain = self.env._app.builder.format == "text"
        return (nodes.inline if plain else kind)("", "", *words)


def heading(node: nodes.Element) -> str:
    """The name and number of a result, such as “Theorem 2.3”."""
    return f"{node['name']} {node['number']}".rstrip()


def _without_links(document: nodes.document) -> None:
    """A manual page is one page on paper: it would show the anchors of links."""
    for link in list(document.findall(nodes.reference)):
        if link.get("internal"):
            link.replace_self(link.children)


def has_title(node: nodes.Element) -> bool:
    """Whether an author gave a title to a result."""
    return any(not isinstance(child, again) for child in node.children)


def equation_number(env: BuildEnvironment, display: nodes.math_block) -> str:
    """The number of a display, such as 2.3, wherever it appears."""
    if not (env.config.math_numfig and env.config.numfig):
        return str(display["number"])
    numbers = env.toc_fignumbers.get(display["docname"], {}).get("displaymath", {})
    number = ".".join(map(str, numbers.get(display["ids"][0], ())))
    separator: str = env.config.math_numsep
    return separator.join(number.rsplit(".", 1))


def _title(node: result) -> Iterator[nodes.Node]:
    """What stands behind the name and the number of a result."""
    title = next(iter(node.findall(result_title)))
    if has_title(title):
        yield nodes.Text(" (")
        yield from (child for child in title.children if not isinstance(child, again))
        yield nodes.Text(")")
    for mark in title.findall(again):
        yield from (nodes.Text(" ("), *mark.children, nodes.Text(")"))
    yield nodes.Text(".")


def _run_in(node: nodes.Element, words: list[nodes.Node]) -> None:
    """Put words into the first paragraph of a block, in place of its title."""
    node.remove(node[0])
    if node.children and isinstance(node[0], nodes.paragraph):
        node[0].insert(0, [*words, nodes.Text(" ")])
    else:
        node.insert(0, nodes.paragraph("", "", *words))


def _proved(node: proof) -> result | None:
    """The result that a proof directly follows."""
    before = _previous(node)
    return before if isinstance(before, result) and node["of"] in ("", before["label"]) else None


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
    PlaceQedInHtml,
    PlaceQedInLatex,
    LowerResults,
)


def setup_transforms(app: Sphinx) -> None:
    """Proofs, numbers and marks of the end."""
    app.add_transform(LinkProofs)
    for transform in _POST_TRANSFORMS:
        app.add_post_transform(transform)
