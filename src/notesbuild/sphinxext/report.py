"""The warnings of this extension, each of which ``suppress_warnings`` can name."""

from enum import StrEnum

from docutils.nodes import Node
from sphinx.util import logging

_logger = logging.getLogger(__name__)


class Subtype(StrEnum):
    """Subtypes of the warning type ``notesbuild``."""

    LABEL = "label"
    """Two results have the same label."""
    REF = "ref"
    """A reference names a result that does not exist."""
    MATH = "math"
    """A formula that KaTeX does not accept, or that LaTeX reads differently."""
    MACROS = "macros"
    """The file of macros is missing, or has something in it that is no definition."""
    PROBLEM = "problem"
    """A problem of the bank that cannot be shown."""
    IMAGE = "image"
    """An image in a form that LaTeX cannot show."""
    TIKZ = "tikz"
    """A picture that cannot be drawn, or whose code does what it may not."""
    ASSETS = "assets"
    """KaTeX's styles and fonts are not installed."""


def warn(subtype: Subtype, message: str, location: Node | tuple[str, int | None] | str) -> None:
    """Log a Sphinx warning of type ``notesbuild.<subtype>``.

    A location that is text is ``path:line``; Sphinx takes text without a colon for a docname.
    """
    _logger.warning("%s", message, location=location, type="notesbuild", subtype=subtype.value)
