"""The directive ``tikz``: pictures drawn in LaTeX, from one source for pages and PDF.

They are set when all documents are read, side by side, and kept by the digest of what they are
made from; so both forms show the same picture, with the fonts and macros of the notes.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from notesbuild.render.macros import to_latex
from notesbuild.run.workplace import cores
from notesbuild.source.forbidden import forbidden_commands
from notesbuild.sphinxext.macros import project_macros
from notesbuild.sphinxext.picture import Drawn, Fault, Picture, Setting, draw, picture_digest
from notesbuild.sphinxext.report import Subtype, warn

CACHE = "tikz"
_LIBRARY = r"[A-Za-z0-9.\-]+"


class tikz(nodes.General, nodes.Element):
    """A picture; ``code`` is its LaTeX, ``alt`` what it shows in words, ``libs`` its libraries."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of a picture's code stands: ``first`` is the line of its first one."""

    source: str
    first: int

    def location(self, line: int) -> str:
        """For a warning; lines of the code count from 1."""
        return f"{self.source}:{self.first + max(line, 1) - 1}"


class TikzDirective(SphinxDirective):
    """``tikz``: the argument is the caption, the content (or ``:file:``) the code."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {
        "alt": directives.unchanged_required,
        "file": directives.unchanged_required,
        "label": directives.unchanged_required,
        "name": directives.unchanged_required,
        "libs": directives.unchanged_required,
        "class": directives.class_option,
    }

    def run(self) -> list[Node]:
        """A figure if there is a caption, which is what gives it a number; else the picture."""
        alt = " ".join(self.options.get("alt", "").split())
        if not alt:
            raise self.error("a picture needs :alt:, which says in words what it shows")
        code, place = self._code()
        for position, shown in forbidden_commands(code):
            line = code[:position].count("\n") + 1
            warn(Subtype.TIKZ, f"“{shown}” is not allowed in a picture", place.location(line))
            return []
        libraries = tuple(part for part in self.options.get("libs", "").replace(",", " ").split())
        picture = tikz(code=code, alt=alt, libs=libraries, classes=self.options.get("class", []))
        picture["place"] = (place.source, place.first)
        self.set_source_info(picture)
        return [self._figure(picture) if self.arguments else self._named(picture)]

    def _code(self) -> tuple[str, Place]:
        source, _ = self.get_source_info()
        if "file" not in self.options:
            if not self.content:
                raise self.error("a picture needs its code, or :file:")
            return "\n".join(self.content), Place(source, self._first_line())
        if self.content:
            raise self.error("a picture has its code or :file:, not both")
        name, path = self.env.relfn2path(self.options["file"])
        self.env.note_dependency(name)
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            reason = getattr(fault, "strerror", None) or "it is not UTF-8"
            message = f"the picture “{self.options['file']}” cannot be read: {reason}"
            raise self.error(message) from fault
        return text, Place(path, 1)

    def _first_line(self) -> int:
        """The line of the document on which the content begins; MyST counts from the directive."""
        relative = type(self.state).__module__.startswith("myst_parser")
        return self.content_offset + 1 + (self.lineno if relative else 0)

    def _figure(self, picture: tikz) -> Node:
        children, messages = self.parse_inline(self.arguments[0], lineno=self.lineno)
        caption = nodes.caption(self.arguments[0], "", *children)
        self.set_source_info(caption)
        figure = nodes.figure("", picture, caption, *messages)
        figure["align"] = "center"
        return self._named(figure)

    def _named(self, node: nodes.Element) -> Node:
        self.set_source_info(node)
        self.options.setdefault("name", self.options.get("label", ""))
        if self.options["name"]:
            self.add_name(node)
        return node


def cache_of(env: BuildEnvironment) -> Path:
    """Where pictures are kept."""
    return Path(env.doctreedir) / CACHE


def drawn_of(env: BuildEnvironment, node: nodes.Element) -> Drawn | None:
    """The picture of a node as PDF and SVG; None where it could not be drawn."""
    picture = Picture(node["code"], tuple(node["libs"]))
    return Drawn.kept(cache_of(env), picture_digest(picture, _setting(env.config)))


def draw_pictures(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Draw what is not drawn yet, and tell what TeX says of it at the author's line."""
    if app.builder.format not in ("html", "latex"):
        return []
    setting, cache = _setting(app.config), cache_of(env)
    wanted: dict[str, tuple[Picture, Place]] = {}
    for docname in sorted(env.found_docs):
        for code, libraries, source, first in _pictures(env).get(docname, ()):
            picture = Picture(code, libraries)
            name = picture_digest(picture, setting)
            wanted.setdefault(name, (picture, Place(source, first)))
    missing = {name: what for name, what in wanted.items() if Drawn.kept(cache, name) is None}
    with ThreadPoolExecutor(cores()) as pool:
        tasks = {
            name: pool.submit(draw, picture, setting, cache, name)
            for name, (picture, _) in missing.items()
        }
        for name, task in tasks.items():
            fault = task.result()
            if fault is not None:
                _tell(fault, missing[name][1])
    _forget(cache, wanted.keys())
    return []


def _tell(fault: Fault, place: Place) -> None:
    said = fault.tex.rstrip(".")
    shown = f"{fault.message} (TeX: {said})" if said not in fault.message else fault.message
    warn(Subtype.TIKZ, shown, place.location(fault.line))


def _forget(cache: Path, wanted: Iterator[str] | Any) -> None:
    """Remove pictures that nothing shows any more."""
    names = set(wanted)
    for path in cache.glob("*.*") if cache.is_dir() else ():
        if path.stem not in names:
            path.unlink(missing_ok=True)


def _setting(config: Config) -> Setting:
    elements = config.latex_elements
    return Setting(
        engine=config.latex_engine,
        fonts=elements.get("fontpkg", ""),
        macros=to_latex(project_macros(config)),
        preamble=config.notesbuild_tikz_preamble,
        timeout=config.notesbuild_tikz_timeout,
    )


# --- What all documents show ----------------------------------------------------------

Entry = tuple[str, tuple[str, ...], str, int]


def _pictures(env: BuildEnvironment) -> dict[str, tuple[Entry, ...]]:
    if not hasattr(env, "notesbuild_pictures"):
        env.notesbuild_pictures = {}  # type: ignore[attr-defined]
    found: dict[str, tuple[Entry, ...]] = env.notesbuild_pictures  # type: ignore[attr-defined]
    return found


def _collect(app: Sphinx, document: nodes.document) -> None:
    entries = tuple(
        (node["code"], tuple(node["libs"]), *node["place"]) for node in document.findall(tikz)
    )
    if entries:
        _pictures(app.env)[app.env.docname] = entries


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _pictures(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    theirs = _pictures(other)
    _pictures(env).update({name: theirs[name] for name in docnames if name in theirs})


def setup_tikz(app: Sphinx) -> None:
    """The directive, its configuration, and the drawing."""
    app.add_config_value("notesbuild_tikz_preamble", "", "env", (str,))
    app.add_config_value("notesbuild_tikz_timeout", 60.0, "", (float, int))
    app.add_directive("tikz", TikzDirective)
    app.connect("doctree-read", _collect)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", draw_pictures)
