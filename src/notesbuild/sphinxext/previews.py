"""Previews: what a reference points to is shown beside it, from files that work without a server.

A page cannot read another page from disk, but it can load a script. So every page has a script
beside it with everything that can be previewed of it, cut from the finished page; other pages
load it when a reader asks for the first preview. It depends on its own page alone: when a
statement changes, only its own page and script are written again.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from notesbuild.sphinxext.nodes import result

FOLDER = "_previews"

_PREVIEWED = (result, nodes.math_block, nodes.figure, nodes.table, nodes.citation)
_START = re.compile(r"<(?P<name>[a-zA-Z][\w-]*)\b[^>]*>")
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"))


def cut_element(html: str, anchor: str) -> str | None:
    """The element with this id, from its first to its last tag."""
    at = html.find(f' id="{anchor}"')
    start = _START.match(html, html.rfind("<", 0, at)) if at >= 0 else None
    if start is None:
        return None
    name = start["name"]
    if name in _VOID:
        return start[0]
    depth = 0
    for tag in re.compile(rf"<(/?){name}\b[^>]*>").finditer(html, start.start()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html[start.start() : tag.end()]
    return None


def _anchors(document: nodes.document) -> Iterator[list[str]]:
    """The ids of everything that has a preview, each with its other names."""
    for node in document.findall(nodes.Element):
        if isinstance(node, _PREVIEWED) and node["ids"]:
            yield node["ids"]


def preview_script(html: str, document: nodes.document, page: str) -> str:
    """The script of a page: a call with its address, and its previews by id."""
    previews: dict[str, str] = {}
    for anchor, *others in _anchors(document):
        found = cut_element(html, anchor)
        if found is not None:
            previews[anchor] = found
            previews |= dict.fromkeys(others, f"#{anchor}")
    data = json.dumps(previews, ensure_ascii=False, separators=(",", ":"))
    return f"notesbuildPreviews({json.dumps(page)},{data});\n"


def _is_pages(app: Sphinx) -> bool:
    """Whether there is a page for each document; in one long page everything is at hand."""
    builder = app.builder
    return (
        app.config.notesbuild_previews
        and isinstance(builder, StandaloneHTMLBuilder)
        and builder.name in ("html", "dirhtml")
    )


def _write_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    if doctree is None or not _is_pages(app):
        return
    path = _script_path(app, pagename)
    page = path.relative_to(Path(app.outdir, FOLDER)).with_suffix("").as_posix()
    text = preview_script(context.get("body", ""), doctree, page)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _script_path(app: Sphinx, pagename: str) -> Path:
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    out = Path(app.outdir)
    page = PurePosixPath(Path(builder.get_outfilename(pagename)).relative_to(out).as_posix())
    return out / FOLDER / f"{page}.js"


def _remove_others(app: Sphinx, exception: Exception | None) -> None:
    """Remove the scripts of pages that are gone."""
    folder = Path(app.outdir, FOLDER)
    if exception is not None or app.builder.format != "html" or not folder.is_dir():
        return
    names = app.env.found_docs if _is_pages(app) else ()
    kept = {_script_path(app, name) for name in names}
    for path in folder.rglob("*.js"):
        if path not in kept:
            path.unlink()


def _add_files(app: Sphinx) -> None:
    if app.builder.format == "html" and app.config.notesbuild_previews:
        app.add_js_file("notesbuild-previews.js", loading_method="defer")
        app.add_css_file("notesbuild-previews.css")


def setup_previews(app: Sphinx) -> None:
    """Previews, unless ``notesbuild_previews`` is off."""
    app.add_config_value("notesbuild_previews", True, "html", (bool,))
    app.connect("builder-inited", _add_files)
    # Behind whatever else changes the body of a page.
    app.connect("html-page-context", _write_script, priority=900)
    app.connect("build-finished", _remove_others)
