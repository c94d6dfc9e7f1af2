"""Below each result, in HTML: what it uses, and what uses it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.sphinxext.book import Book, Place, book_domain, builder_of, link, place_of
from notesbuild.sphinxext.export import ResultRecord
from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.nodes import result

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

_SHOWN = 3
"""How many are shown at once; one more than these is shown as well, and not hidden."""


class uses_line(nodes.General, nodes.Element):
    """The line; its children are two `uses_part` at most."""


class uses_part(nodes.General, nodes.TextElement):
    """``words``, such as “Uses”, then references; what is too much stands in a `uses_more`."""


class uses_more(nodes.General, nodes.TextElement):
    """References that show when a reader asks for them; ``words`` say how many there are."""


class ShowUses(SphinxPostTransform):
    """Add the line to every result that has a neighbour."""

    default_priority = 15
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        found = [node for node in self.document.findall(result) if node["ids"]]
        if not self.config.notesbuild_uses or not found:
            return
        book = book_domain(self.env).book()
        records = book.by_place
        for node in found:
            place: Place = (node["docname"], node["ids"][0])
            if place not in records:
                continue
            used = book.uses(records[place])
            parts = (
                self._part(book, "Uses", () if _shows(node, used) else used),
                self._part(book, "Used by", book.used_by.get(place, ())),
            )
            shown = [part for part in parts if part is not None]
            if shown:
                node.append(uses_line("", *shown))

    def _part(self, book: Book, words: str, records: Iterable[ResultRecord]) -> uses_part | None:
        language = self.config.language
        links = [
            link(builder_of(self.env), self.env.docname, place_of(record), book.heading(record))
            for record in records
        ]
        if not links:
            return None
        part = uses_part("", "", *links, words=translate(words, language))
        if len(links) > _SHOWN + 1:
            count = translate("and {} more", language).format(len(links) - _SHOWN)
            part.children = []
            part += links[:_SHOWN]
            part += uses_more("", "", *links[_SHOWN:], words=count)
        return part


def _shows(node: nodes.Element, used: Iterable[ResultRecord]) -> bool:
    """Whether the statement itself shows all that is used, so that a line would only repeat it."""
    addresses = {
        reference.get("refuri", "").rpartition("#")[2] or reference.get("refid", "")
        for reference in node.findall(nodes.reference)
    }
    return all(place_of(record)[1] in addresses for record in used)


def visit_uses_line(self: "HTML5Translator", node: nodes.Element) -> None:
    """Open the line."""
    self.body.append('<div class="result-uses">')


def depart_uses_line(self: "HTML5Translator", node: nodes.Element) -> None:
    """Close the line."""
    self.body.append("</div>\n")


def visit_uses_part(self: "HTML5Translator", node: nodes.Element) -> None:
    """Its words, and then the references with commas between them."""
    self.body.append(f'<span class="uses-part"><span class="uses-words">{node["words"]}</span> ')
    _list(self, [child for child in node.children if isinstance(child, nodes.reference)])
    for more in node.findall(uses_more):
        self.body.append(f' <details class="uses-more"><summary>{more["words"]}</summary> ')
        _list(self, more.children)
        self.body.append("</details>")
    self.body.append("</span>\n")
    raise nodes.SkipNode


def _list(self: "HTML5Translator", references: Iterable[nodes.Node]) -> None:
    for position, reference in enumerate(references):
        if position:
            self.body.append(", ")
        reference.walkabout(self)


def setup_uses(app: Sphinx) -> None:
    """The line, unless ``notesbuild_uses`` is off."""
    app.add_config_value("notesbuild_uses", True, "html", (bool,))
    app.add_node(uses_line, html=(visit_uses_line, depart_uses_line))
    app.add_node(uses_part, html=(visit_uses_part, None))
    app.add_node(uses_more, html=(visit_uses_part, None))
    app.add_css_file("notesbuild-reading.css")
    app.add_post_transform(ShowUses)
