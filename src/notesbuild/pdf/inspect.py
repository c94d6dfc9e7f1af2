"""What a PDF holds besides its pages: metadata, scripts, attachments, layers, strings."""

from __future__ import annotations

import io
from collections.abc import Iterator

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


def hidden_things(pdf: bytes) -> tuple[str, ...]:
    """Everything in the file that a reader of the pages does not see and nobody needs."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        keys = {text for text in _words(document) if text.startswith("/")}
        personal = [f"the entry {key}" for key in _PERSONAL if key in document.docinfo]
    return tuple(sorted({*personal, *(SUSPICIOUS_KEYS[k] for k in keys & SUSPICIOUS_KEYS.keys())}))


def strings(pdf: bytes) -> tuple[str, ...]:
    """Every key, name and string of the file outside of the pages' contents."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return tuple(sorted(set(_words(document))))


def metadata(pdf: bytes) -> dict[str, str]:
    """The document's information: title, subject, producer, …"""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {str(key): str(value) for key, value in document.docinfo.items()}


def page_count(pdf: bytes) -> int:
    """The number of pages."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _words(document: pikepdf.Pdf) -> Iterator[str]:
    for item in (*document.objects, document.trailer):
        yield from _words_of(item, 0)


def _words_of(item: object, depth: int) -> Iterator[str]:
    """The words of one object; what it only refers to has its own turn."""
    if isinstance(item, (pikepdf.String, pikepdf.Name)):
        yield str(item)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in item.keys():  # noqa: SIM118 (pikepdf's objects are no mappings)
            yield str(key)
            yield from _words_of_child(item[key], depth)
    elif isinstance(item, pikepdf.Array):
        for child in list(item):
            yield from _words_of_child(child, depth)


def _words_of_child(item: object, depth: int) -> Iterator[str]:
    if depth < MAX_DEPTH and not getattr(item, "is_indirect", False):
        yield from _words_of(item, depth + 1)
