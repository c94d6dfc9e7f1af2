"""What Sphinx reads for a chapter stands among the course's sources, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives.misc import Raw
from sphinx.application import Sphinx
from sphinx.directives.patches import CSVTable
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from notesbuild.notes.work import NOWHERE
from notesbuild.source.forbidden import forbidden_commands

_LOGGER = logging.getLogger(__name__)


@contextmanager
def only_inside() -> Iterator[None]:
    """While Sphinx runs, its one way from a name to a file does not lead out of the sources."""
    resolve = BuildEnvironment.relfn2path

    def resolve_inside(
        env: BuildEnvironment, filename: str | Path, docname: str | None = None
    ) -> tuple[str, str]:
        relative, absolute = resolve(env, filename, docname)
        if _is_inside(env, absolute):
            return relative, absolute
        # Sphinx looks for picture.en.png before picture.png: the author wrote one name only.
        if f".{env.config.language}" not in Path(filename).suffixes:
            message = f"“{filename}” leads out of the notes"
            place = (docname or env.docname, None)
            _LOGGER.warning(message, type="notesbuild", subtype="outside", location=place)
        return NOWHERE, str(Path(env.srcdir, NOWHERE))

    patched: Any = BuildEnvironment
    patched.relfn2path = resolve_inside
    try:
        yield
    finally:
        patched.relfn2path = resolve


class RawInside(Raw):
    """docutils' ``raw``, without addresses, and with files of the course only."""

    def run(self) -> Any:
        """See the class."""
        _refuse_foreign(self)
        return super().run()


class CSVTableInside(CSVTable):
    """Sphinx's ``csv-table``, without addresses, and with files of the course only."""

    def run(self) -> Any:
        """See the class."""
        _refuse_foreign(self)
        return super().run()


def stay_inside(app: Sphinx) -> None:
    """Replace the directives that read what they are told to, and look at what chapters hold."""
    app.connect("doctree-read", _refuse_remote_pictures)
    app.connect("doctree-resolved", _refuse_foreign_latex)
    directives: tuple[tuple[str, type[Directive]], ...] = (
        ("raw", RawInside),
        ("csv-table", CSVTableInside),
    )
    for name, directive in directives:
        app.add_directive(name, directive, override=True)


def _refuse_remote_pictures(app: Sphinx, document: nodes.document) -> None:
    for image in list(document.findall(nodes.image)):
        address = image["uri"]
        if "://" in address:
            assert image.parent is not None
            image.parent.remove(image)  # or else Sphinx would fetch it
            message = f"“{address}” leads out of the notes"
            _LOGGER.warning(message, type="notesbuild", subtype="outside", location=image)


def _refuse_foreign_latex(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Formulas and raw LaTeX may do no more than a problem's body."""
    for node in filter(_holds_latex, document.findall(nodes.TextElement)):
        for _, shown in forbidden_commands(node.astext()):
            message = f"“{shown}” is not allowed in a chapter"
            _LOGGER.warning(message, type="notesbuild", subtype="latex", location=node)


def _holds_latex(node: nodes.Node) -> bool:
    if isinstance(node, nodes.raw):
        return "latex" in node["format"].split()
    return isinstance(node, (nodes.math, nodes.math_block))


def _refuse_foreign(directive: Directive) -> None:
    if "url" in directive.options:
        raise _error(directive, f"“{directive.options['url']}” leads out of the notes")
    if "file" in directive.options:
        document: Any = directive.state.document
        source = Path(document.current_source or document["source"])
        name = directive.options["file"]
        if not _is_inside(document.settings.env, source.parent / name):
            raise _error(directive, f"“{name}” leads out of the notes")


def _error(directive: Directive, message: str) -> Exception:
    make: Callable[[str], Exception] = directive.error
    return make(message)


def _is_inside(env: BuildEnvironment, path: str | Path) -> bool:
    return Path(path).resolve().is_relative_to(Path(env.srcdir).resolve())
