"""A Sphinx extension: what pages of a course show besides their text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

_HERE = Path(__file__).parent


def _add_templates(app: Sphinx, config: Config) -> None:
    config.templates_path = [*config.templates_path, str(_HERE / "templates")]


def _add_styles(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.config.html_static_path = [*app.config.html_static_path, str(_HERE / "static")]


def _add_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    context["nb_pdf"] = app.config.notesbuild_chapter_pdfs.get(pagename)
    context["nb_footer"] = app.config.notesbuild_footer


def setup(app: Sphinx) -> ExtensionMetadata:
    """The link to a chapter's PDF, the footer, and the look of the home page."""
    app.add_config_value("notesbuild_chapter_pdfs", {}, "html", (dict,))
    app.add_config_value("notesbuild_footer", "", "html", (str,))
    app.add_css_file("notesbuild-course.css")
    app.connect("config-inited", _add_templates)
    app.connect("builder-inited", _add_styles)
    app.connect("html-page-context", _add_context)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
