"""The Sphinx extension: results with one number everywhere, and mathematics without scripts.

This is the list of its features; each is a module with a ``setup_...`` of its own.
"""

from pathlib import Path

import sphinx_proof
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from notesbuild.sphinxext.access import setup_access
from notesbuild.sphinxext.bibliography import setup_bibliography
from notesbuild.sphinxext.book import setup_book
from notesbuild.sphinxext.book_index import setup_book_index
from notesbuild.sphinxext.carry import setup_carry
from notesbuild.sphinxext.chapters import setup_chapters
from notesbuild.sphinxext.domain import ResultsDomain, learn_kinds
from notesbuild.sphinxext.graph import setup_graph
from notesbuild.sphinxext.held import setup_held
from notesbuild.sphinxext.html import setup_html
from notesbuild.sphinxext.images import setup_images
from notesbuild.sphinxext.katex import setup_katex
from notesbuild.sphinxext.kinds import CATALOG, setup_kinds
from notesbuild.sphinxext.latex import setup_latex
from notesbuild.sphinxext.latex_far import setup_far_references
from notesbuild.sphinxext.latex_variants import setup_variants
from notesbuild.sphinxext.latex_writer import setup_latex_writer
from notesbuild.sphinxext.left_out import setup_left_out
from notesbuild.sphinxext.lists import setup_lists
from notesbuild.sphinxext.macros import setup_macros
from notesbuild.sphinxext.notation import setup_notation
from notesbuild.sphinxext.outlines import setup_outlines
from notesbuild.sphinxext.parts import setup_parts
from notesbuild.sphinxext.placing import setup_placing
from notesbuild.sphinxext.pointers import setup_pointers
from notesbuild.sphinxext.previews import setup_previews
from notesbuild.sphinxext.problems import setup_problems
from notesbuild.sphinxext.references import setup_references
from notesbuild.sphinxext.search import setup_search
from notesbuild.sphinxext.svg_pdf import setup_svg_pdf
from notesbuild.sphinxext.tikz import setup_tikz
from notesbuild.sphinxext.tikz_writers import setup_tikz_writers
from notesbuild.sphinxext.transforms import setup_transforms
from notesbuild.sphinxext.uses import setup_uses

_LOCALES = "translations/locales"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up everything; sphinx-proof may be listed before or after, or not at all."""
    if "sphinx_proof" in app.config.extensions:
        # It cannot be set up after us: it would find its domain taken.
        app.setup_extension("sphinx_proof")
    app.add_message_catalog(CATALOG, str(Path(sphinx_proof.__file__).parent / _LOCALES))
    app.add_domain(ResultsDomain, override=True)
    app.connect("builder-inited", learn_kinds)
    setup_macros(app)
    setup_kinds(app)
    setup_transforms(app)
    setup_references(app)
    setup_left_out(app)
    setup_outlines(app)
    setup_chapters(app)
    setup_placing(app)
    setup_carry(app)
    setup_pointers(app)
    setup_html(app)
    setup_katex(app)
    setup_held(app)
    setup_latex(app)
    setup_latex_writer(app)
    setup_far_references(app)
    setup_variants(app)
    setup_parts(app)
    setup_svg_pdf(app)
    setup_images(app)
    setup_tikz(app)
    setup_tikz_writers(app)
    setup_bibliography(app)
    setup_problems(app)
    setup_book(app)
    setup_uses(app)
    setup_previews(app)
    setup_graph(app)
    setup_lists(app)
    setup_notation(app)
    setup_book_index(app)
    setup_search(app)
    setup_access(app)
    return {
        "version": "1",
        "env_version": 7,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
