"""Mathematics as finished HTML and MathML: KaTeX runs when the pages are built, never later."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number

from notesbuild.render.display import normal_display
from notesbuild.render.macros import to_katex
from notesbuild.run.katex import Katex, KatexFailed, Rendered
from notesbuild.sphinxext.html import STATIC
from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.macros import project_macros
from notesbuild.sphinxext.report import Subtype, warn

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

RENDERER = "notesbuild"
STYLES = "katex/katex.min.css"

_SHOWN = 60

Formula = nodes.math | nodes.math_block


class Renderer:
    """KaTeX for one build, and what shows formulas with it."""

    def __init__(self) -> None:
        self._katex = Katex()

    def render_document(self, app: Sphinx, document: nodes.document, *_: object) -> None:
        """Render all formulas of a document that are not rendered yet."""
        builder = app.builder
        if builder.format == "html" and getattr(builder, "math_renderer_name", "") == RENDERER:
            # docutils is slow where it is given a function to find nodes by.
            found = document.findall(nodes.TextElement)
            self._render_nodes(app.config, filter(_is_unrendered, found))

    def close(self, app: Sphinx, exception: Exception | None) -> None:
        """At the end of the build."""
        self._katex.close()

    def visit_math(self, translator: "HTML5Translator", node: nodes.math) -> None:
        """A formula in a line of text."""
        body = translator.body
        body.append(translator.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
        body.append(self._html(translator, node) + "</span>")
        raise nodes.SkipNode

    def visit_math_block(self, translator: "HTML5Translator", node: nodes.math_block) -> None:
        """A display, with its number if it has one."""
        body = translator.body
        body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
        if node["number"]:
            number = get_node_equation_number(translator, node)
            body.append(f'<span class="eqno">({number})')
            words = translate("Link to this equation", translator.config.language)
            translator.add_permalink_ref(node, words)
            body.append("</span>")
        body.append(self._html(translator, node) + "</div>\n")
        raise nodes.SkipNode

    def _html(self, translator: "HTML5Translator", node: Formula) -> str:
        if "katex" not in node:
            # A title that a theme shows outside the page that was resolved.
            self._render_nodes(translator.config, [node])
        html: str = node["katex"]
        return html

    def _render_nodes(self, config: Config, found: Iterable[nodes.Node]) -> None:
        formulas = [node for node in found if isinstance(node, nodes.math | nodes.math_block)]
        macros = to_katex(project_macros(config))
        try:
            rendered = self._katex.render([_source(node) for node in formulas], macros)
        except KatexFailed as fault:
            raise ExtensionError(str(fault)) from fault
        for node, answer in zip(formulas, rendered, strict=True):
            node["katex"] = answer.html or _unrendered(node)
            for message in _complaints(answer):
                warn(Subtype.MATH, f"{message} in “{_excerpt(node, answer)}”", _place(node))


def _is_unrendered(node: nodes.Node) -> bool:
    return isinstance(node, nodes.math | nodes.math_block) and "katex" not in node


def _source(node: Formula) -> tuple[str, bool]:
    if isinstance(node, nodes.math_block):
        return normal_display(node.astext()), True
    return node.astext(), False


def _complaints(answer: Rendered) -> Iterable[str]:
    if answer.error:
        yield f"KaTeX: {answer.error}"
    for note in answer.notes:
        yield f"KaTeX: LaTeX would not read this alike: {note}"


def _excerpt(node: Formula, answer: Rendered) -> str:
    """The formula on one line; of a long one, what surrounds the mistake."""
    source = _source(node)[0]
    start = max(0, (answer.position or 0) - _SHOWN // 2) if len(source) > _SHOWN else 0
    shown = " ".join(source[start : start + _SHOWN].split())
    before = "…" if start else ""
    after = "…" if start + _SHOWN < len(source) else ""
    return f"{before}{shown}{after}"


def _unrendered(node: Formula) -> str:
    escaped = node.astext().replace("&", "&amp;").replace("<", "&lt;")
    return f'<code class="math-error">{escaped}</code>'


def _place(node: Formula) -> nodes.Element | str:
    """Where a formula begins: the line of its paragraph, and how far down it stands there."""
    place: nodes.Element = node if isinstance(node, nodes.math_block) else _parent(node)
    while place.line is None and place.parent is not None:
        place = _parent(place)
    if place is node or place.line is None or place.source is None:
        return place
    for written in (f"${node.astext()}$", node.rawsource, node.astext()):
        above, found, _ = place.rawsource.partition(written)
        if found:
            return f"{place.source}:{place.line + above.count(chr(10))}"
    return place


def _parent(node: nodes.Element) -> nodes.Element:
    assert isinstance(node.parent, nodes.Element)
    return node.parent


def _check_styles(app: Sphinx) -> None:
    if app.builder.format == "html" and not (STATIC / STYLES).is_file():
        message = "KaTeX's styles and fonts are missing: install notesbuild again"
        warn(Subtype.ASSETS, message, f"{STATIC / STYLES}:1")


def _name_media_types(app: Sphinx) -> None:
    """An EPUB says of every file in it what it is; Sphinx does not know these."""
    if isinstance(app.builder, Epub3Builder):
        fonts = {".woff2": "font/woff2", "": "text/plain"}
        app.builder.media_types = {**app.builder.media_types, **fonts}


def setup_katex(app: Sphinx) -> None:
    """Mathematics in HTML."""
    renderer = Renderer()
    app.add_html_math_renderer(
        RENDERER, (renderer.visit_math, None), (renderer.visit_math_block, None)
    )
    app.add_css_file(STYLES)
    app.connect("builder-inited", _check_styles)
    app.connect("builder-inited", _name_media_types)
    # Before titles are copied into tables of contents, which then have their formulas too.
    app.connect("doctree-read", renderer.render_document, priority=100)
    # For what was read by a builder without KaTeX.
    app.connect("doctree-resolved", renderer.render_document)
    app.connect("build-finished", renderer.close)
