"""The table of contents beside a page, made once for all pages.

The theme makes it anew for each page, through two parsers, although only the links' way and the
mark of the page itself differ. Two pages get theirs from the theme; where the second is what the
first one tells for it, so are all others. Where pages have pages below them, more than that
differs, and the theme does it all. A build that writes some pages only takes what the last one of
all pages has learned: had a title changed, all pages were written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_HERE = Path(__file__).parent
_EVENT = "html-page-context"
_EARLY = 400  # the theme looks at what its templates make of a page at 500
_THEME = "pydata_sphinx_theme.toctree"
_MAKES = "generate_toctree_html"
_ENTRY = '<li class="toctree-l1"><a class="reference internal" href="{}">'
_OWN_ENTRY = '<li class="toctree-l1 current active"><a class="current reference internal" href="#">'
_LIST = '<ul class="nav bd-sidenav">'
_OWN_LIST = '<ul class="current nav bd-sidenav">'
_KEPT = "sidebars.json"
_AN_ENTRY = re.compile(_ENTRY.format(r'([^"#]+)') + "|" + re.escape(_OWN_ENTRY))

Way = Callable[[str, str], str]
"""From a page to another one."""


@dataclass(frozen=True)
class Contents:
    """A table of contents: the pages of its entries, and what stands before and behind each."""

    pages: tuple[str, ...]
    texts: tuple[str, ...]

    @classmethod
    def read(cls, html: str, page: str, every: list[str], way: Way) -> Contents | None:
        """What a page shows; None where it is more than a list of these pages."""
        names: dict[str | None, str] = {way(page, one): one for one in every} | {None: page}
        texts = _AN_ENTRY.split(html.replace(_OWN_LIST, _LIST))
        hrefs: list[str | None] = [*texts[1::2]]
        if any(href not in names for href in hrefs) or len(set(hrefs)) < len(hrefs):
            return None
        return cls(tuple(names[href] for href in hrefs), tuple(texts[::2]))

    def beside(self, page: str, way: Way) -> str:
        """What another page shows."""
        shown = self.texts[0]
        for one, text in zip(self.pages, self.texts[1:], strict=True):
            if one == page:
                above, found, below = shown.rpartition(_LIST)
                shown = f"{above}{_OWN_LIST if found else ''}{below}{_OWN_ENTRY}{text}"
            else:
                shown += _ENTRY.format(way(page, one)) + text
        return shown


class Sidebars:
    """What is known of the tables of contents in one build, by what a template asks for."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, object]] = {}
        self._contents: dict[str, Contents | None] = {}

    def recall(self, kept: Path) -> None:
        """Know what an earlier build has kept."""
        with suppress(OSError, ValueError, TypeError, AttributeError):
            known = json.loads(kept.read_text("utf-8"))
            read = {
                key: Contents(tuple(pages), tuple(texts)) for key, (pages, texts) in known.items()
            }
            if all(len(one.texts) == len(one.pages) + 1 for one in read.values()):
                self._contents.update(read)

    def keep(self, kept: Path) -> None:
        """Keep what is known for builds of some pages."""
        known = {key: astuple(one) for key, one in self._contents.items() if one is not None}
        kept.write_text(json.dumps(known), "utf-8")

    def provide(
        self,
        app: Sphinx,
        pagename: str,
        templatename: str,
        context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        """Put ours in the place of the theme's function; for Sphinx's event."""
        made = context[_MAKES]
        way = app.builder.get_relative_uri

        def make(kind: str, startdepth: int = 1, **asked: Any) -> object:
            if kind != "sidebar" or startdepth:
                return made(kind, startdepth, **asked)
            key = repr(sorted(asked.items()))
            contents = self._contents.get(key)
            if contents is not None:
                return contents.beside(pagename, way)
            html = made(kind, startdepth, **asked)
            if key not in self._contents:
                self._learn(app, key, pagename, html)
            return html

        if _is_flat(app):
            context[_MAKES] = make

    def _learn(self, app: Sphinx, key: str, page: str, html: object) -> None:
        """Compare what the first page tells for this one with what the theme has made."""
        first, told = self._first.setdefault(key, (page, html))
        if first == page:
            return
        way = app.builder.get_relative_uri
        pages = app.env.toctree_includes[app.config.root_doc]
        contents = Contents.read(str(told), first, pages, way)
        agrees = contents is not None and contents.beside(page, way) == str(html)
        self._contents[key] = contents if agrees else None


def _is_flat(app: Sphinx) -> bool:
    """Whether no page has pages below it, and no author's template looks into what it gets."""
    first = Path(app.config.templates_path[0])  # an author's stand before ours and the theme's
    return first.parent == _HERE and app.env.toctree_includes.keys() == {app.config.root_doc}


def _replace(app: Sphinx) -> None:
    """Have the theme's function first, and ours behind it, before any template is rendered."""
    for listener in tuple(app.events.listeners[_EVENT]):
        if getattr(listener.handler, "__module__", "") == _THEME:
            sidebars = Sidebars()
            app.disconnect(listener.id)
            app.connect(_EVENT, listener.handler, priority=_EARLY)
            app.connect(_EVENT, sidebars.provide, priority=_EARLY)
            _keep(app, sidebars)


def _keep(app: Sphinx, sidebars: Sidebars) -> None:
    """Keep what is learned from a build of all pages, and know it in one of some pages."""
    builder, kept = app.builder, Path(app.doctreedir, _KEPT)
    prepare = builder.prepare_writing

    def prepare_writing(docnames: Set[str]) -> None:
        if app.env.found_docs <= docnames:
            kept.unlink(missing_ok=True)
            app.connect("build-finished", finish)
        else:
            sidebars.recall(kept)
        prepare(docnames)

    def finish(app: Sphinx, exception: Exception | None) -> None:
        if exception is None:
            sidebars.keep(kept)

    vars(builder)["prepare_writing"] = prepare_writing


def setup_sidebar(app: Sphinx) -> None:
    """Tables of contents beside pages."""
    app.connect("builder-inited", _replace)
