"""Notation: marked where it is introduced, and listed on a page of its own."""

from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

from notesbuild.sphinxext.book import (
    Book,
    NotationEntry,
    book_domain,
    builder_of,
    docname_of,
    link,
    localized,
    place_of,
    shows_project,
)
from notesbuild.sphinxext.latex_writer import latex_label
from notesbuild.sphinxext.nodes import notation, notation_symbol


class notation_list(shows_project):
    """A place for the list."""


class NotationDirective(SphinxDirective):
    """``notation``: the argument is the notation, the content says what it means."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Mark the place; nothing is shown there."""
        self.assert_has_content()
        node = notation()
        self.set_source_info(node)
        anchor = make_id(self.env, self.state.document, "notation")
        node["ids"].append(anchor)
        self.state.document.note_explicit_target(node)
        symbol = notation_symbol()
        self.set_source_info(symbol)
        children, messages = self.parse_inline(self.arguments[0], lineno=self.lineno)
        symbol += children
        node += [symbol, *self.parse_content_to_nodes()]
        return [node, *messages]


class NotationListDirective(SphinxDirective):
    """``notation-list``: all notation of the project, in the order of its places."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Leave a place for it."""
        return [notation_list()]


class ShowNotation(SphinxPostTransform):
    """Put the list in its place, and show nothing where notation is only marked."""

    default_priority = 3  # before references are resolved: those of the list are as well

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        found = list(self.document.findall(notation_list))
        book = book_domain(self.env).book() if found else None
        for place in found:
            assert book is not None
            place.replace_self(self._list(book, docname_of(place, self.env.docname)))
        for node in list(self.document.findall(notation)):
            node.replace_self(self._mark(node))

    def _mark(self, node: notation) -> nodes.Node:
        docname = docname_of(node, self.env.docname)
        if builder_of(self.env).format == "latex":
            label = latex_label(docname, node["ids"][0])
            text = rf"\nbmark{{\detokenize{{{label}}}}}"
            return nodes.raw("", text, format="latex")
        return nodes.target("", "", ids=node["ids"], classes=["nb-notation"])

    def _list(self, book: Book, docname: str) -> list[nodes.Node]:
        if builder_of(self.env).format == "latex":
            return [line for entry in book.notations for line in _in_latex(entry, docname)]
        items = nodes.definition_list(classes=["nb-notations"])
        for entry in book.notations:
            items += self._item(book, entry, docname)
        return [items] if book.notations else []

    def _item(self, book: Book, entry: NotationEntry, docname: str) -> nodes.definition_list_item:
        symbol, meaning = _parts(entry, docname)
        shown = link(
            builder_of(self.env), docname, (entry.docname, entry.anchor), *_place(book, entry)
        )
        shown["classes"].append("nb-where")
        _last_line(meaning).extend([nodes.Text(" "), shown])
        definition = nodes.definition("", *meaning)
        return nodes.definition_list_item("", nodes.term("", "", *symbol), definition)


def _in_latex(entry: NotationEntry, docname: str) -> list[nodes.Node]:
    r"""Lines with the page of the place; ``\nbsymbol`` puts the notation before what it means."""
    symbol, meaning = _parts(entry, docname)
    label = latex_label(entry.docname, entry.anchor)
    page = rf"\nbstandson{{\detokenize{{{label}}}}}"
    _last_line(meaning).append(nodes.raw("", page, format="latex"))
    begin, end = (nodes.raw("", text, format="latex") for text in (r"\nbsymbol{", "}"))
    if not isinstance(meaning[0], nodes.paragraph):
        meaning.insert(0, nodes.paragraph())
    first = meaning[0]
    assert isinstance(first, nodes.paragraph)
    for position, node in enumerate([begin, *symbol, end]):
        first.insert(position, node)
    return meaning


def _parts(entry: NotationEntry, docname: str) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """The notation, and what it means."""
    symbol, *meaning = localized(entry.node, docname).children
    return list(symbol.children), meaning


def _last_line(meaning: list[nodes.Node]) -> nodes.paragraph:
    """The paragraph that ends what a piece of notation means, or a new one."""
    if not meaning or not isinstance(meaning[-1], nodes.paragraph):
        meaning.append(nodes.paragraph())
    last = meaning[-1]
    assert isinstance(last, nodes.paragraph)
    return last


def _place(book: Book, entry: NotationEntry) -> list[nodes.Node | str]:
    """The result or the section in which notation is introduced."""
    at = (entry.docname, entry.within)
    record = next((record for record in book.results if place_of(record) == at), None)
    if record is not None:
        return [book.heading(record)]
    secnumbers = book.env.toc_secnumbers.get(entry.docname, {})
    number = secnumbers.get(f"#{entry.within}") or secnumbers.get("")
    if number:
        return [f"§ {'.'.join(map(str, number))}"]
    return [book.env.titles[entry.docname].astext()]


def setup_notation(app: Sphinx) -> None:
    """The directives."""
    app.add_directive("notation", NotationDirective)
    app.add_directive("notation-list", NotationListDirective)
    app.add_post_transform(ShowNotation)
