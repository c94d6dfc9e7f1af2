"""The whole project at a glance, for pages that show more than themselves.

A `Book` is made from what the domains hold, once for all pages that a build writes; what is kept
from build to build is only what pages showed when they were last written, so that they are written
again when that changes.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeVar, cast

from docutils import nodes
from sphinx.addnodes import pending_xref, start_of_file
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.export import ResultRecord, collect_results, reading_order
from notesbuild.sphinxext.kinds import KINDS, Kinds
from notesbuild.sphinxext.nodes import carried, notation, result, result_title
from notesbuild.sphinxext.readable import readable

Kept = TypeVar("Kept", bound=nodes.Element)

Place = tuple[str, str]
"""A document and an anchor in it."""


class shows_project(nodes.General, nodes.Element):
    """A place where something of the whole project will stand; see the subclasses."""


@dataclass(frozen=True)
class NotationEntry:
    """Notation as it was read; ``within`` is the anchor of the section or result around it."""

    node: notation
    docname: str
    anchor: str
    within: str


@dataclass(frozen=True)
class PageEntries:
    """What one document has for pages that show the whole project."""

    notations: tuple[NotationEntry, ...]
    titles: dict[str, result_title]
    """The titles of results that have one, by the anchor of the result."""
    shows: bool
    """Whether this document shows something of the whole project itself."""


@dataclass(frozen=True)
class Chapter:
    """A document with results; ``number`` is empty where chapters have none."""

    docname: str
    number: str
    title: nodes.title
    results: tuple[ResultRecord, ...]

    @property
    def heading(self) -> str:
        """Number and title, as plain text."""
        words = readable(self.title.astext())
        return f"{self.number}. {words}" if self.number else words


class BookDomain(Domain):
    """Keeps what is read for such pages; it has no directives and no roles."""

    name = "nb"
    label = "Notes"
    object_types: ClassVar = {kind.name: ObjType(kind.name) for kind in KINDS}
    initial_data: ClassVar = {"documents": {}, "views": {}}
    data_version = 1

    @property
    def documents(self) -> dict[str, PageEntries]:
        """What every document has."""
        return cast(dict[str, PageEntries], self.data["documents"])

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._book: Book | None = None

    def book(self, *, anew: bool = False) -> "Book":
        """The project at a glance; what pages are written from is made once."""
        if anew or self._book is None:
            self._book = Book(self.env)
        return self._book

    def clear_doc(self, docname: str) -> None:
        """Forget a document."""
        self.documents.pop(docname, None)
        self._book = None

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process has read."""
        for docname in docnames & otherdata["documents"].keys():
            self.documents[docname] = otherdata["documents"][docname]
        self._book = None

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Record a document that has been read."""
        self.documents[docname] = PageEntries(
            tuple(_notation_entry(node, docname) for node in document.findall(notation)),
            {
                node.parent["ids"][0]: _alone(node)
                for node in document.findall(result_title)
                if node.children and isinstance(node.parent, result)
            },
            next(iter(document.findall(shows_project)), None) is not None,
        )

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """All results, with a label or without, for the search.

        Their names are not their anchors: the search would put what it shows in the place of the
        anchor if they were.
        """
        domain = results_domain(self.env)
        for entry in domain.results():
            if entry.numbered or entry.title:
                title = f" ({readable(entry.title)})" if entry.title else ""
                shown = domain.heading(entry) + title
                name = f"{entry.docname}#{entry.anchor}"
                yield name, shown, entry.kind, entry.docname, entry.anchor, 1

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """What the search says below a hit: the kind, in the language of the project."""
        return results_domain(self.env).names[type.lname]

    def learn_kinds(self) -> None:
        """Take in the kinds of the project, behind the domain of results."""
        for kind in results_domain(self.env).kinds.every:
            if kind.name not in self.object_types:
                self.add_object_type(kind.name, ObjType(kind.name))

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Nothing here can be referred to."""
        return []


class Book:
    """All results in reading order, who uses what, and the notation."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.results: tuple[ResultRecord, ...] = collect_results(env)
        self._names = results_domain(env).names
        self._labelled = {record.label: record for record in reversed(self.results) if record.label}

    @property
    def kinds(self) -> Kinds:
        """All kinds of the project."""
        return results_domain(self.env).kinds

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The documents with results, in reading order."""
        return tuple(
            Chapter(name, self.chapter_number(name), self.env.titles[name], tuple(records))
            for name, records in self._by_document.items()
        )

    @cached_property
    def _by_document(self) -> dict[str, list[ResultRecord]]:
        found: dict[str, list[ResultRecord]] = {}
        for record in self.results:
            found.setdefault(record.docname, []).append(record)
        return found

    @cached_property
    def by_place(self) -> dict[Place, ResultRecord]:
        """All results by their places."""
        return {place_of(record): record for record in self.results}

    @cached_property
    def used_by(self) -> dict[Place, tuple[ResultRecord, ...]]:
        """By the place of a result, those that refer to it, in reading order."""
        users: dict[Place, list[ResultRecord]] = {}
        for record in self.results:
            for used in self.uses(record):
                users.setdefault(place_of(used), []).append(record)
        return {place: tuple(records) for place, records in users.items()}

    @cached_property
    def notations(self) -> tuple[NotationEntry, ...]:
        """All notation, in reading order."""
        documents = book_domain(self.env).documents
        order = {name: position for position, name in enumerate(reading_order(self.env))}
        names = sorted(documents, key=lambda name: (order.get(name, len(order)), name))
        return tuple(entry for name in names for entry in documents[name].notations)

    def uses(self, record: ResultRecord) -> tuple[ResultRecord, ...]:
        """What a result refers to in its statement and its proofs, in its own order."""
        found = (self._labelled.get(label) for label in record.uses)
        others = (used for used in found if used is not None and used != record)
        return tuple(dict.fromkeys(others))

    def heading(self, record: ResultRecord) -> str:
        """Name and number, such as “Theorem 2.3”."""
        return f"{self._names[record.kind]} {record.number}".rstrip()

    def full_heading(self, record: ResultRecord) -> str:
        """Name, number and title as plain text."""
        title = f" ({readable(record.title)})" if record.title else ""
        return self.heading(record) + title

    def title_nodes(self, record: ResultRecord) -> list[nodes.Node]:
        """A copy of the title with its markup, or nothing."""
        entries = book_domain(self.env).documents.get(record.docname)
        title = entries.titles.get(record.anchor) if entries else None
        return list(title.deepcopy().children) if title else []

    def chapter_number(self, docname: str) -> str:
        """The number of a document, or nothing."""
        return ".".join(map(str, self.env.toc_secnumbers.get(docname, {}).get("") or ()))

    def view(self, docname: str) -> str:
        """All that the lines below the results of a document show of other results."""
        own = self._by_document.get(docname, ())
        return repr([(place_of(r), *map(self._shown, self._around(r))) for r in own])

    def everything(self) -> str:
        """All that a page about the whole project can show."""
        results = [(self._shown(r), r.uses, r.title) for r in self.results]
        titles = [(chapter.docname, chapter.heading) for chapter in self.chapters]
        places = [(e.docname, e.anchor, e.within, str(e.node)) for e in self.notations]
        numbers = sorted((name, str(of)) for name, of in self.env.toc_secnumbers.items())
        return repr((results, titles, places, numbers))

    def _around(self, record: ResultRecord) -> Iterable[ResultRecord]:
        yield from self.uses(record)
        yield record  # tells what is used from what uses
        yield from self.used_by.get(place_of(record), ())

    def _shown(self, record: ResultRecord) -> tuple[str, str, str]:
        return (record.docname, record.anchor, self.heading(record))


def place_of(record: ResultRecord) -> Place:
    """Where a result stands."""
    return (record.docname, record.anchor)


def book_domain(env: BuildEnvironment) -> BookDomain:
    """The domain of an environment."""
    domain = env.get_domain(BookDomain.name)
    assert isinstance(domain, BookDomain)
    return domain


def builder_of(env: BuildEnvironment) -> Builder:
    """The builder at work, as Sphinx's own transforms ask for it."""
    return env._app.builder


def link(
    builder: Builder, fromdocname: str, place: Place, *shown: nodes.Node | str
) -> nodes.reference:
    """A reference to a place, which looks like any other."""
    content = nodes.inline("", "", classes=["prf-ref"])
    content += [nodes.Text(node) if isinstance(node, str) else node for node in shown]
    return make_refnode(builder, fromdocname, place[0], place[1], content)


def localized(node: nodes.Element, docname: str) -> nodes.Element:
    """A copy that may stand in another document: without ids, with references from there."""
    copy = node.deepcopy()
    for inner in copy.findall(nodes.Element):
        inner["ids"], inner["names"] = [], []
        if isinstance(inner, pending_xref):
            inner["refdoc"] = docname
    return copy


def docname_of(node: nodes.Node, otherwise: str) -> str:
    """The document that a node comes from, also where LaTeX has put documents together."""
    place: nodes.Node | None = node
    while place is not None:
        if isinstance(place, nodes.section | nodes.document | start_of_file | carried):
            name = place.get("docname")
            if name:
                return str(name)
        place = place.parent
    return otherwise


def documents_with_stale_views(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents that show something of others which is no longer so."""
    domain = book_domain(env)
    book = domain.book(anew=True)  # now that everything has its number
    shows = any(entries.shows for entries in domain.documents.values())
    everything = book.everything() if shows else ""
    views = {
        docname: (book.view(docname), everything if entries.shows else "")
        for docname, entries in domain.documents.items()
    }
    before = domain.data["views"]
    domain.data["views"] = views
    return [docname for docname, view in views.items() if before.get(docname) != view]


def _notation_entry(node: notation, docname: str) -> NotationEntry:
    return NotationEntry(_alone(node), docname, node["ids"][0], _anchor_around(node))


def _alone(node: Kept) -> Kept:
    """A copy that does not hold on to its document, which would be kept with it as a whole."""
    copy = node.deepcopy()
    for inner in copy.findall():
        inner.document = None  # type: ignore[assignment]
    return copy


def _anchor_around(node: nodes.Node) -> str:
    """The nearest result or section; a result directly before counts as well."""
    place = node.parent
    while place is not None:
        if isinstance(place, result | nodes.section):
            return str(place["ids"][0]) if place["ids"] else ""
        place = place.parent
    return ""


def _learn_kinds(app: Sphinx) -> None:
    book_domain(app.env).learn_kinds()


def setup_book(app: Sphinx) -> None:
    """The domain, and pages that are written again in time."""
    app.add_domain(BookDomain)
    app.connect("builder-inited", _learn_kinds)
    # When all numbers are known, behind `references`.
    app.connect("env-get-updated", documents_with_stale_views, priority=960)
