"""Pictures that LaTeX cannot show are told at their place, and not left out in silence."""

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.images import guess_mimetype

from notesbuild.sphinxext.report import Subtype, warn
from notesbuild.sphinxext.svg_pdf import CONVERTER, PACKAGE, SVG, has_converter

_BESIDE = "put the same picture beside it as PDF, and name both by “.*” in place of the ending"
_MISSING = (
    f"{CONVERTER}, which converts it, is not installed"
    f" (Debian and Ubuntu: apt install {PACKAGE}; see `notesbuild doctor`)"
)


def refuse_unknown_images(app: Sphinx, document: nodes.document, docname: str) -> None:
    """An image of whose forms the builder knows none; Sphinx would tell it without a place.

    Extensions that convert images have had their turn.
    """
    if app.builder.format != "latex":
        return
    known = set(app.builder.supported_image_types)
    for image in list(document.findall(nodes.image)):
        forms = set(_forms(image))
        if forms and not known & forms:
            if SVG not in forms:
                message = f"LaTeX cannot show “{image['uri']}”: {_BESIDE}"
                warn(Subtype.IMAGE, message, image)
            elif not has_converter():
                message = f"LaTeX cannot show “{image['uri']}”: {_MISSING}; or {_BESIDE}"
                warn(Subtype.IMAGE, message, image)
            # Why a drawing could not be converted has been told.
            assert image.parent is not None
            image.parent.remove(image)


def _forms(image: nodes.Element) -> Iterator[str]:
    """The types in which an image is there; nothing for one of another host."""
    candidates: dict[str, str] = image.get("candidates", {})
    for form, path in candidates.items():
        guessed = guess_mimetype(path) if form == "*" else form
        if guessed and guessed != "?":
            yield guessed


def setup_images(app: Sphinx) -> None:
    """The check."""
    app.connect("doctree-resolved", refuse_unknown_images)
