"""What a PDF holds besides its pages: metadata, scripts, attachments, layers, strings."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pikepdf

MAX_DEPTH = 20

# Keys that a paper never needs, with what they are.
SUSPICIOUS_KEYS = {
    "/JavaScript": "a script",
    "/JS": "a script",
    "/EmbeddedFile": "an attachment",
    "/EmbeddedFiles": "an attachment",
    "/EF": "an attachment",
    "/Launch": "a command to start a program",
    "/OCProperties": "hidden layers",
    "/PTEX.FileName": "the path of a picture",
    "/PTEX.InfoDict": "the metadata of a picture",
    "/OC": "hidden layers",
    "/OCGs": "hidden layers",
    "/Annots": "annotations",
    "/OpenAction": "an action on opening",
    "/AA": "an automatic action",
    "/Metadata": "an XMP record",
}
_PERSONAL = ("/Author", "/Keywords")


def contents(pdf: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the file hides (see :func:`hidden_things`), and its :func:`strings`, read once."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        words = _words(document)
        personal = [f"the entry {key}" for key in _PERSONAL if key in document.docinfo]
    suspicious = (SUSPICIOUS_KEYS[key] for key in words & SUSPICIOUS_KEYS.keys())
    return tuple(sorted({*personal, *suspicious})), tuple(sorted(words))


def hidden_things(pdf: bytes) -> tuple[str, ...]:
    """Everything in the file that a reader of the pages does not see and nobody needs."""
    return contents(pdf)[0]


def strings(pdf: bytes) -> tuple[str, ...]:
    """Every key, name and string of the file outside of the pages' contents."""
    return contents(pdf)[1]


def metadata(pdf: bytes) -> dict[str, str]:
    """The document's information: title, subject, producer, …"""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {str(key): str(value) for key, value in document.docinfo.items()}


def page_count(pdf: bytes) -> int:
    """The number of pages."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _words(document: pikepdf.Pdf) -> set[str]:
    found: set[str] = set()
    for item in (*document.objects, document.trailer):
        _collect(item, found, 0)
    return found


def _collect(item: object, found: set[str], depth: int) -> None:
    """The words of one object; what it only refers to has its own turn."""
    if isinstance(item, (pikepdf.String, pikepdf.Name)):
        found.add(str(item))
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        keys = list(item.keys())
        found.update(keys)
        _collect_children((item[key] for key in keys), found, depth)
    elif isinstance(item, pikepdf.Array):
        _collect_children(list(item), found, depth)


def _collect_children(children: Iterable[object], found: set[str], depth: int) -> None:
    for child in children if depth < MAX_DEPTH else ():
        # Numbers and the like are no objects of their own here.
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            _collect(child, found, depth + 1)
