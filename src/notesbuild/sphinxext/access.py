"""What programs that read pages aloud meet, where docutils and themes do it in another way."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# The role of an entry is no longer one, so that the list around it would have no items.
_ROLES = (('role="doc-biblioentry"', 'role="listitem"'),)


def _mend_roles(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    body = context.get("body", "")
    for written, meant in _ROLES:
        if written in body:
            context["body"] = body = body.replace(written, meant)


def _add_files(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.add_js_file("notesbuild-scroll.js", loading_method="defer")


def setup_access(app: Sphinx) -> None:
    """Roles, and keys for whatever can be scrolled."""
    app.connect("builder-inited", _add_files)
    app.connect("html-page-context", _mend_roles, priority=850)  # before previews are cut
