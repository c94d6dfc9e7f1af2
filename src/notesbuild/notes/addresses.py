"""Where on the site stands what a destination in the PDF of the notes stands for."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pikepdf

from notesbuild.notes.tex_labels import LatexLabel

FROM_CHAPTERS = "../../"
"""From ``pdf/chapters/`` to the pages, on the site itself."""

_EQUATION = "equation:"
_CITATION = "cite."
_DOCUMENT = "::doc"


def addresses_of(pdf: bytes, labels: Mapping[str, LatexLabel], site: str | None) -> dict[str, str]:
    """The address of every destination; relative to the chapters' PDFs if ``site`` is unknown."""
    base = f"{site.rstrip('/')}/" if site else FROM_CHAPTERS
    pages = {label.goal: f"{base}{_page(label.name)}" for label in labels.values() if label.goal}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.get("/Names")
        known = pikepdf.NameTree(names.Dests).keys() if names is not None else ()
        cited = {str(name) for name in known if str(name).startswith(_CITATION)}
    return pages | {name: f"{base}{_page(name.removeprefix(_CITATION))}" for name in cited}


def _page(label: str) -> str:
    """The page and the anchor of a label, which is ``document:anchor``."""
    if label.endswith(_DOCUMENT):
        return f"{label.removesuffix(_DOCUMENT)}.html"
    prefix = "equation-" if label.startswith(_EQUATION) else ""
    docname, _, anchor = label.removeprefix(_EQUATION).partition(":")
    return f"{docname}.html#{prefix}{anchor}"
