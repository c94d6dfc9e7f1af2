"""Lists of results: by kind or by chapter, with their titles as the author wrote them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from notesbuild.model.words import MESSAGES
from notesbuild.sphinxext.book import (
    Book,
    book_domain,
    builder_of,
    link,
    localized,
    place_of,
    shows_project,
)
from notesbuild.sphinxext.domain import ResultsDomain, results_domain
from notesbuild.sphinxext.export import ResultRecord
from notesbuild.sphinxext.kinds import Kind, translate

_BY = ("kind", "chapter")


class results_list(shows_project):
    """A place for a list; ``kinds`` (all if empty) and ``by``."""


class ListDirective(SphinxDirective):
    """``prf:list``: the results of the project, or those of some kinds."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"by": lambda word: directives.choice(word, _BY)}

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list."""
        kinds = [word for text in self.arguments for word in re.split(r"[\s,]+", text) if word]
        every = [kind.name for kind in results_domain(self.env).kinds.every]
        unknown = [kind for kind in kinds if kind not in every]
        if unknown:
            known = ", ".join(every)
            raise self.error(f"there is no kind of result “{unknown[0]}”; there are {known}")
        node = results_list(kinds=kinds, by=self.options.get("by", "kind"))
        self.set_source_info(node)
        return [node]


class ShowLists(SphinxPostTransform):
    """Put the lists in their places."""

    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        found = list(self.document.findall(results_list))
        book = book_domain(self.env).book() if found else None
        for node in found:
            assert book is not None
            node.replace_self(list(self._lists(book, node)))

    def _lists(self, book: Book, node: results_list) -> Iterator[nodes.Node]:
        kinds = node["kinds"] or [kind.name for kind in book.kinds.every]
        if node["by"] == "chapter":
            for chapter in book.chapters:
                own = [record for record in chapter.results if record.kind in kinds]
                if own:
                    number = [nodes.Text(f"{chapter.number}. ")] if chapter.number else []
                    title = localized(chapter.title, self.env.docname)
                    yield nodes.rubric("", "", *number, *title.children)
                    yield self._items(book, own)
            return
        for kind in kinds:
            own = [record for record in book.results if record.kind == kind]
            if own:
                if len(kinds) > 1:
                    yield nodes.rubric("", many(book.kinds.find(kind), self.config.language))
                yield self._items(book, own)

    def _items(self, book: Book, records: Sequence[ResultRecord]) -> nodes.bullet_list:
        items = nodes.bullet_list(classes=["nb-results"])
        for record in records:
            line = nodes.paragraph()
            line += link(
                builder_of(self.env), self.env.docname, place_of(record), book.heading(record)
            )
            title = book.title_nodes(record)
            if title:
                line += [nodes.Text(" ("), *self._localized(title), nodes.Text(")")]
            items += nodes.list_item("", line)
        return items

    def _localized(self, title: list[nodes.Node]) -> list[nodes.Node]:
        return localized(nodes.inline("", "", *title), self.env.docname).children


def many(kind: Kind, language: str | None) -> str:
    """The name of a kind for several results, such as “Theorems”."""
    plural = _PLURALS.get(kind.title, f"{kind.title}s")
    if kind.titles is None and plural in MESSAGES:
        return translate(plural, language)
    return kind.shown(language)


_PLURALS = {
    "Lemma": "Lemmas",
    "Corollary": "Corollaries",
    "Criterion": "Criteria",
    "Property": "Properties",
    "Notation": "Notation",
}


def setup_lists(app: Sphinx) -> None:
    """The directive."""
    app.add_directive_to_domain(ResultsDomain.name, "list", ListDirective)
    app.add_post_transform(ShowLists)
