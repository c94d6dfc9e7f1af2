"""A Sphinx extension: what pages of a course show besides their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from notesbuild.model.words import say
from notesbuild.notes.sidebar import setup_sidebar

_HERE = Path(__file__).parent
_MATH = re.compile(r"\$([^$]+)\$")
_ICONS = re.compile(r"\s*<script [^>]*/fontawesome\.js[^>]*></script>")


class MathInReferences(SphinxPostTransform):
    """Formulas in the titles of a bibliography, which pybtex leaves as they are."""

    default_priority = 12  # behind the transform that makes the entries

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        for citation in list(self.document.findall(nodes.citation)):
            for text in list(citation.findall(nodes.Text)):
                if _MATH.search(text) and not isinstance(text.parent, nodes.math):
                    assert text.parent is not None
                    text.parent.replace(text, list(_with_math(text)))


def _with_math(text: str) -> Iterator[nodes.Node]:
    for number, part in enumerate(_MATH.split(text)):
        if number % 2:
            yield nodes.math(part, part)
        elif part:
            yield nodes.Text(part)


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
    context["nb_pdf_words"] = say("This chapter as PDF", app.config.language)
    context["nb_footer"] = app.config.notesbuild_footer
    # Scripts of an author may give icons of their own to the theme's script.
    context["nb_head"] = str if app.config.html_js_files else _without_icons


def _without_icons(head: str) -> str:
    """The head of a page without the theme's script that draws icons, for styles draw them."""
    return _ICONS.sub("", head)


def setup(app: Sphinx) -> ExtensionMetadata:
    """The link to a chapter's PDF, the footer, and the look of the home page."""
    app.add_config_value("notesbuild_chapter_pdfs", {}, "html", (dict,))
    app.add_config_value("notesbuild_footer", "", "html", (str,))
    app.add_css_file("notesbuild-course.css")
    app.add_css_file("notesbuild-icons.css")
    # The theme's script complains on the console where nothing is said; said in the way that the
    # theme has for it, a page without scripts would have no colours.
    app.add_js_file(None, body='document.documentElement.dataset.mode ||= "auto";')
    app.add_post_transform(MathInReferences)
    app.connect("config-inited", _add_templates)
    app.connect("builder-inited", _add_styles)
    app.connect("html-page-context", _add_context)
    setup_sidebar(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
