"""What all pages of a site share is left as it is where only some of the pages are written."""

from __future__ import annotations

from collections.abc import Set

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from notesbuild.notes.work import AUTHOR_CONF, Work

_SEARCH = "search.html"


def keep_what_is_shared(app: Sphinx, work: Work) -> None:
    """Keep the page of the search and the theme's files of the last build.

    When they change, so do the configuration, a template, or the outline, and every page is
    written. An author's own configuration may do anything, and then they are made each time.
    """
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or (work.src / AUTHOR_CONF).is_file():
        return
    own = vars(builder)
    prepare = builder.prepare_writing

    def prepare_writing(docnames: Set[str]) -> None:
        prepare(docnames)
        if not app.env.found_docs <= docnames and (work.html / _SEARCH).is_file():
            own["gen_additional_pages"] = own["copy_theme_static_files"] = _nothing

    own["prepare_writing"] = prepare_writing


def _nothing(*_: object) -> None:
    pass
