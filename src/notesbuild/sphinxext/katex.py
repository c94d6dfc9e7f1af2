"""Mathematics as finished HTML and MathML: KaTeX runs when the pages are built, never later."""

import hashlib
import json
import pickle
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util.math import get_node_equation_number

from notesbuild.render.display import normal_display
from notesbuild.render.macros import to_katex
from notesbuild.run.katex import Katex, KatexFailed, Rendered, katex_serial
from notesbuild.sphinxext.html import STATIC
from notesbuild.sphinxext.kinds import translate
from notesbuild.sphinxext.macros import project_macros
from notesbuild.sphinxext.report import Subtype, warn

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

RENDERER = "notesbuild"
STYLES = "katex/katex.min.css"

_SHOWN = 60
# What a document and its formulas keep: by what they were rendered, and that nothing was wrong.
_SERIAL = "katex-serial"
_SOUND = "katex-sound"

Formula = nodes.math | nodes.math_block


class Renderer:
    """KaTeX for one build, and what shows formulas with it."""

    def __init__(self) -> None:
        self._katex = Katex()

    def render_document(self, app: Sphinx, document: nodes.document, *_: object) -> None:
        """Render all formulas of a document that are not rendered yet."""
        if _is_rendering(app):
            self._render_nodes(
                app.config, [node for node in _formulas(document) if "katex" not in node]
            )

    def render_read(self, app: Sphinx, document: nodes.document) -> None:
        """Render a document that has been read; what it had before is not rendered again."""
        if _is_rendering(app):
            document[_SERIAL] = _serial(app.config)
            _take_rendered(_before(app), document)
            self.render_document(app, document)

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

    def _render_nodes(self, config: Config, formulas: Sequence[Formula]) -> None:
        macros = to_katex(project_macros(config))
        try:
            rendered = self._katex.render([_source(node) for node in formulas], macros)
        except KatexFailed as fault:
            raise ExtensionError(str(fault)) from fault
        for node, answer in zip(formulas, rendered, strict=True):
            node["katex"] = answer.html or _unrendered(node)
            complaints = list(_complaints(answer))
            if not complaints:
                node[_SOUND] = True
            for message in complaints:
                warn(Subtype.MATH, f"{message} in “{_excerpt(node, answer)}”", _place(node))


def _before(app: Sphinx) -> nodes.document | None:
    """The document at hand as the last build has read it, if there was one."""
    path = app.doctreedir / f"{app.env.current_document.docname}.doctree"
    try:
        document = pickle.loads(path.read_bytes())
    except Exception:  # whatever a file can be that was cut off or is of other classes
        return None
    return document if isinstance(document, nodes.document) else None


def _take_rendered(before: nodes.document | None, document: nodes.document) -> None:
    """Take over what was rendered of the same formulas by the same KaTeX, with nothing to say."""
    if before is None or before.get(_SERIAL) != document[_SERIAL]:
        return
    known = {_source(node): node["katex"] for node in _formulas(before) if _SOUND in node}
    for node in _formulas(document):
        found = known.get(_source(node))
        if found is not None:
            node["katex"], node[_SOUND] = found, True


def _formulas(document: nodes.document) -> Iterator[Formula]:
    """All formulas of a document."""
    # docutils is slow where it is given a function to find nodes by.
    for node in document.findall(nodes.TextElement):
        if isinstance(node, nodes.math | nodes.math_block):
            yield node


def _serial(config: Config) -> str:
    """What formulas look like depends on besides themselves."""
    macros = json.dumps(to_katex(project_macros(config)), sort_keys=True)
    return hashlib.sha256(f"{katex_serial()} {macros}".encode()).hexdigest()[:16]


def _is_rendering(app: Sphinx) -> bool:
    """Whether pages are made with KaTeX."""
    builder = app.builder
    return builder.format == "html" and getattr(builder, "math_renderer_name", "") == RENDERER


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
    app.connect("doctree-read", renderer.render_read, priority=100)
    # For what was read by a builder without KaTeX.
    app.connect("doctree-resolved", renderer.render_document)
    app.connect("build-finished", renderer.close)
