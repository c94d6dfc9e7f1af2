"""Drawings in SVG as PDF, for LaTeX: text stays text, and the same drawing gives the same bytes."""

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms.images import ImageConverter

from notesbuild.run.program import Late, ProgramMissing, run_program
from notesbuild.sphinxext.report import Subtype, warn

CONVERTER = "rsvg-convert"
PACKAGE = "librsvg2-bin"
SVG = "image/svg+xml"
CACHE = "svg"
_SCHEME = b"1"
_SECONDS = 60.0
# As old as PDFs can say they are; nobody shall see when a drawing was converted.
_DATE = {"SOURCE_DATE_EPOCH": "0"}


def has_converter() -> bool:
    """Whether this machine can convert drawings."""
    return shutil.which(CONVERTER) is not None


class ConvertDrawings(ImageConverter):
    """Convert what has no PDF beside it, each drawing once."""

    default_priority = 210  # a converter that a project has chosen comes first
    conversion_rules = [  # noqa: RUF012 -- Sphinx's own form
        (SVG, "application/pdf")
    ]

    def match(self, node: nodes.image) -> bool:
        """See the class. Sphinx would ask once in a process; a program can come and go."""
        type(self).available = has_converter()
        return super().match(node)

    def is_available(self) -> bool:
        """Whether drawings can be converted."""
        return has_converter()

    def handle(self, node: nodes.image) -> None:
        """Convert the drawing of a node; tell there what is wrong with it."""
        self._node = node
        super().handle(node)

    def convert(self, _from: str | os.PathLike[str], _to: str | os.PathLike[str]) -> bool:
        """Put the PDF of a drawing at a place; whether there is one."""
        content = Path(_from).read_bytes()
        kept = Path(self.env.doctreedir) / CACHE / f"{_digest(content)}.pdf"
        if not kept.is_file():
            fault = _convert(content, kept)
            if fault:
                shown = self._node["uri"]
                warn(Subtype.IMAGE, f"“{shown}” cannot be shown in LaTeX: {fault}", self._node)
                return False
        shutil.copyfile(kept, _to)
        return True


def _digest(content: bytes) -> str:
    return sha256(_SCHEME + b"\0" + content).hexdigest()[:24]


def _convert(content: bytes, kept: Path) -> str:
    """Keep the PDF of a drawing; why there is none, if so.

    A drawing that comes by itself, and from no folder, can show no other file.
    """
    argv = (CONVERTER, "--format", "pdf")
    try:
        finished = run_program(argv, env={**os.environ, **_DATE}, timeout=_SECONDS, input=content)
    except ProgramMissing:
        return f"{CONVERTER} cannot be started"
    if finished.late is Late.TIMEOUT or finished.late is Late.STUCK:
        return "its conversion does not come to an end"
    if not finished.ok or not finished.stdout:
        said = finished.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        return said or f"{CONVERTER} failed"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
        file.write(finished.stdout)
    Path(file.name).replace(kept)
    return ""


def setup_svg_pdf(app: Sphinx) -> None:
    """The conversion, before the check of what LaTeX can show."""
    app.add_post_transform(ConvertDrawings)
