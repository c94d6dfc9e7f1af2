"""The search finds results by number and by title, first of all, and shows no raw formulas."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config

from notesbuild.sphinxext.readable import readable

_SCORER = Path(__file__).parent / "search_scorer.js"


def _set_scorer(app: Sphinx, config: Config) -> None:
    """Ours, where a project has none of its own."""
    if not config.html_search_scorer:
        config.html_search_scorer = str(_SCORER)


def _clean_index(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Show formulas in titles as text, where Sphinx has their LaTeX, and forget old words.

    Sphinx keeps the words that an edit has taken away, so that the index would tell how a site
    was built. This event comes when all pages are in the index, which is written next.
    """
    indexer = app.builder.indexer if isinstance(app.builder, StandaloneHTMLBuilder) else None
    if indexer is not None:
        for docname, title in indexer._titles.items():
            indexer._titles[docname] = readable(title) if title else title
        for docname, titles in indexer._all_titles.items():
            indexer._all_titles[docname] = [(readable(title), anchor) for title, anchor in titles]
        for words in (indexer._mapping, indexer._title_mapping):
            for word in [word for word, documents in words.items() if not documents]:
                del words[word]
    yield from ()


def setup_search(app: Sphinx) -> None:
    """What the page of the search does."""
    app.connect("config-inited", _set_scorer)
    app.connect("html-collect-pages", _clean_index)
