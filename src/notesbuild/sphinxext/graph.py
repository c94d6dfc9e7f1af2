"""The page of the graph: which result uses which."""

import json
from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.nodes import Node as DocutilsNode
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from notesbuild.model.words import GRAPH_HINT
from notesbuild.sphinxext.book import (
    Book,
    book_domain,
    builder_of,
    link,
    localized,
    place_of,
    shows_project,
)
from notesbuild.sphinxext.domain import ResultsDomain
from notesbuild.sphinxext.graph_svg import Band, Node, graph_svg
from notesbuild.sphinxext.kinds import translate

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

PAGE = "graph"

# What the script says; keys are its own.
_WORDS = {
    "bigger": "Larger",
    "smaller": "Smaller",
    "fit": "Fit the width",
    "all": "All chapters",
    "chapter": "Chapter",
    "fold": "Fold all chapters",
    "unfold": "Unfold all chapters",
    "foldOne": "Fold or unfold",
    "alone": "Hide results without connections",
    "results": "results",
}
_TITLE = "How the results depend on each other"
_LIST = "The same as a list"


class graph(shows_project):
    """The graph; its child is the same as a list. ``svg``, ``words`` and ``kinds`` are for HTML."""


class GraphDirective(SphinxDirective):
    """``prf:graph``: the graph of all results of the project."""

    def run(self) -> list[DocutilsNode]:
        """Leave a place for it."""
        return [graph()]


class ShowGraph(SphinxPostTransform):
    """Draw the graph; where nothing can be drawn, only the list is left."""

    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        found = list(self.document.findall(graph))
        if not found:
            return
        book = book_domain(self.env).book()
        for node in found:
            fill(node, book, builder_of(self.env), self.env.docname)
            if builder_of(self.env).format != "html":
                node.replace_self(node.children)


def fill(node: graph, book: Book, builder: Builder, docname: str) -> None:
    """Draw a graph that stands in a document."""
    language = book.env.config.language
    bands = tuple(_bands(book, builder, docname)) if builder.format == "html" else ()
    node["svg"] = graph_svg(bands, translate(_TITLE, language))
    node["words"] = {key: translate(words, language) for key, words in _WORDS.items()}
    node["hint"] = translate(GRAPH_HINT, language)
    node["list"] = translate(_LIST, language)
    kinds = Counter(record.kind for record in book.results)
    node["kinds"] = [
        (kind.name, str(kind.style), kind.shown(language), kinds[kind.name])
        for kind in book.kinds.every
        if kind.name in kinds
    ]
    node.children = []
    node += list(_as_list(book, builder, docname))


def _bands(book: Book, builder: Builder, docname: str) -> Iterator[Band]:
    numbers = {place_of(record): i for i, record in enumerate(_in_order(book))}
    for chapter in book.chapters:
        uri = builder.get_relative_uri(docname, chapter.docname)
        yield Band(
            chapter.heading,
            uri,
            tuple(
                Node(
                    book.heading(record),
                    book.full_heading(record),
                    f"{uri}#{record.anchor}",
                    record.kind,
                    str(book.kinds.find(record.kind).style),
                    tuple(numbers[place_of(used)] for used in book.uses(record)),
                )
                for record in chapter.results
            ),
        )


def _in_order(book: Book) -> Iterator[Any]:
    return (record for chapter in book.chapters for record in chapter.results)


def _as_list(book: Book, builder: Builder, docname: str) -> Iterator[nodes.Element]:
    uses = translate("Uses", book.env.config.language)
    for chapter in book.chapters:
        title = localized(chapter.title, docname)
        heading = [nodes.Text(f"{chapter.number}. ")] if chapter.number else []
        yield nodes.rubric("", "", *heading, *title.children)
        items = nodes.bullet_list(classes=["nb-results"])
        for record in chapter.results:
            words = nodes.paragraph()
            words += link(builder, docname, place_of(record), book.full_heading(record))
            for position, used in enumerate(book.uses(record)):
                words += nodes.Text(", " if position else f" – {uses} ")
                words += link(builder, docname, place_of(used), book.heading(used))
            items += nodes.list_item("", words)
        yield items


def visit_graph(self: "HTML5Translator", node: nodes.Element) -> None:
    """The legend, the picture in a frame that scrolls, and the list, which is folded."""
    legend = "".join(
        f'<li class="kind-{kind} is-{style}" data-kind="{kind}">'
        f'<span class="nb-swatch"></span>{escape(words)} <span class="nb-count">{count}</span></li>'
        for kind, style, words, count in node["kinds"]
    )
    said = escape(json.dumps(node["words"], ensure_ascii=False, sort_keys=True))
    self.body.append(
        f'<div class="nb-graph" data-words="{said}">\n'
        f'<p class="nb-graph-hint">{escape(node["hint"])}</p>\n'
        f'<ul class="nb-graph-legend">{legend}</ul>\n'
        f'<div class="nb-graph-view" tabindex="0">\n{node["svg"]}\n</div>\n'
        f'<details class="nb-graph-list"><summary>{escape(node["list"])}</summary>\n'
    )


def depart_graph(self: "HTML5Translator", node: nodes.Element) -> None:
    """Close all of it."""
    self.body.append("</details>\n</div>\n")


def _own_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page that ``notesbuild_graph`` asks for."""
    builder = app.builder
    if app.config.notesbuild_graph and isinstance(builder, StandaloneHTMLBuilder):
        node = graph()
        fill(node, book_domain(app.env).book(), builder, PAGE)
        title = translate(_TITLE, app.config.language)
        body = f"<section><h1>{escape(title)}</h1>\n{builder.render_partial(node)['fragment']}"
        yield PAGE, {"title": title, "body": f"{body}</section>", "nb_graph": True}, "page.html"


def _add_files(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    drawn = doctree is not None and next(iter(doctree.findall(graph)), None) is not None
    if drawn or context.get("nb_graph"):
        app.add_js_file("notesbuild-graph.js", loading_method="defer")
        app.add_css_file("notesbuild-graph.css")


def setup_graph(app: Sphinx) -> None:
    """The directive, and the page ``graph.html`` where ``notesbuild_graph`` asks for it."""
    app.add_config_value("notesbuild_graph", False, "html", (bool,))
    app.add_node(graph, html=(visit_graph, depart_graph))
    app.add_directive_to_domain(ResultsDomain.name, "graph", GraphDirective)
    app.add_post_transform(ShowGraph)
    app.connect("html-collect-pages", _own_page)
    app.connect("html-page-context", _add_files)
