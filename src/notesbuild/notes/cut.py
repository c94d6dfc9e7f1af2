"""Cutting the PDF of the notes into chapters, and giving PDFs fixed bytes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pikepdf


@dataclass(frozen=True)
class About:
    """What a document says of itself; ``moment`` is None where none is known."""

    title: str
    author: str
    language: str = "en"
    moment: datetime.datetime | None = None


@dataclass(frozen=True)
class Piece:
    """The pages of a chapter, counted from 1, the last one included."""

    name: str
    about: About
    first: int
    last: int


def fixed_bytes(pdf: bytes, about: About) -> bytes:
    """The same document with nothing in it that differs from run to run."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _describe(document, about)
        return saved(document)


def cut(
    pdf: bytes, pieces: tuple[Piece, ...], addresses: Mapping[str, str] | None = None
) -> Iterator[tuple[Piece, bytes]]:
    """Each piece as a document of its own.

    Links within a piece are kept. Links that leave it lead to the ``addresses`` of their
    destinations instead; where there is none they are taken away, so that none leads nowhere.
    """
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        names = _destinations(whole)
        outline = _outline(whole)
        for piece in pieces:
            yield piece, _piece(whole, piece, names, outline, addresses or {})


@dataclass(frozen=True)
class _Target:
    """Where a name leads: a page, counted from 0, and what a viewer does there."""

    page: int
    view: tuple[object, ...]


@dataclass(frozen=True)
class _Bookmark:
    title: str
    name: str
    depth: int


def _piece(
    whole: pikepdf.Pdf,
    piece: Piece,
    names: dict[str, _Target],
    outline: tuple[_Bookmark, ...],
    addresses: Mapping[str, str],
) -> bytes:
    with pikepdf.new() as part:
        for number in range(piece.first - 1, piece.last):
            part.pages.append(whole.pages[number])
        own = {
            name: target
            for name, target in names.items()
            if piece.first <= target.page + 1 <= piece.last
        }
        for page in part.pages:
            _lead_elsewhere(page, own, addresses)
        if own:
            _write_destinations(part, own, piece.first - 1)
        _write_outline(part, [mark for mark in outline if mark.name in own])
        _number_pages(part, piece.first)
        _describe(part, piece.about)
        return saved(part)


def _destinations(document: pikepdf.Pdf) -> dict[str, _Target]:
    """All named destinations."""
    names = document.Root.get("/Names")
    if names is None or "/Dests" not in names:
        return {}
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
    found: dict[str, _Target] = {}
    for name, value in pikepdf.NameTree(names.Dests).items():
        array = value.get("/D") if isinstance(value, pikepdf.Dictionary) else value
        if array is None or not len(array) or array[0].objgen not in pages:
            continue
        found[str(name)] = _Target(pages[array[0].objgen], tuple(array)[1:])
    return found


def _lead_elsewhere(
    page: pikepdf.Page, own: dict[str, _Target], addresses: Mapping[str, str]
) -> None:
    """Let what leaves the piece lead to an address."""
    annotations = page.obj.get("/Annots")
    if annotations is None:
        return
    kept = []
    for annotation in annotations:
        name = _goal(annotation)
        if name is None or name in own:
            kept.append(annotation)
        elif name in addresses:
            uri = pikepdf.String(addresses[name])
            annotation.A = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=uri)
            kept.append(annotation)
    if kept:
        page.obj.Annots = pikepdf.Array(kept)
    else:
        del page.obj["/Annots"]


def _goal(annotation: pikepdf.Object) -> str | None:
    """The destination of a link; empty where it has no name, None for other annotations."""
    action: pikepdf.Object | None = annotation.get("/A")
    target: pikepdf.Object | None = annotation.get("/Dest")
    if action is not None and action.get("/S") == pikepdf.Name.GoTo:
        target = action.get("/D")
    if target is None:
        return None
    return str(target) if isinstance(target, pikepdf.String) else ""


def _write_destinations(part: pikepdf.Pdf, own: dict[str, _Target], shift: int) -> None:
    tree = pikepdf.NameTree.new(part)
    for name, target in sorted(own.items()):
        page = part.pages[target.page - shift].obj
        tree[name] = pikepdf.Array([page, *target.view])
    part.Root.Names = pikepdf.Dictionary(Dests=tree.obj)


def _outline(document: pikepdf.Pdf) -> tuple[_Bookmark, ...]:
    with document.open_outline() as outline:
        return tuple(_bookmarks(outline.root, 0))


def _bookmarks(items: list[pikepdf.OutlineItem], depth: int) -> Iterator[_Bookmark]:
    for item in items:
        target = item.action.get("/D") if item.action is not None else item.destination
        yield _Bookmark(item.title, str(target), depth)
        yield from _bookmarks(item.children, depth + 1)


def _write_outline(part: pikepdf.Pdf, marks: list[_Bookmark]) -> None:
    top = min((mark.depth for mark in marks), default=0)  # a chapter may stand below a part
    with part.open_outline() as outline:
        path: list[pikepdf.OutlineItem] = []
        for mark in marks:
            action = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String(mark.name))
            item = pikepdf.OutlineItem(mark.title, action=action)
            del path[mark.depth - top :]
            (path[-1].children if path else outline.root).append(item)
            path.append(item)


def _number_pages(part: pikepdf.Pdf, first: int) -> None:
    """The labels that a viewer shows are the printed page numbers."""
    style = pikepdf.Dictionary(S=pikepdf.Name.D, St=first)
    part.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, style]))


def _describe(document: pikepdf.Pdf, about: About) -> None:
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    document.docinfo["/Title"] = about.title
    document.docinfo["/Author"] = about.author
    if about.moment is not None:
        moment = about.moment.strftime("D:%Y%m%d%H%M%SZ")
        document.docinfo["/CreationDate"] = document.docinfo["/ModDate"] = moment
    document.Root.Lang = pikepdf.String(about.language)
    document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    if "/Outlines" in document.Root:
        document.Root.PageMode = pikepdf.Name.UseOutlines


def saved(document: pikepdf.Pdf) -> bytes:
    """The bytes of a document, the same for the same document."""
    stream = io.BytesIO()
    document.save(
        stream,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        linearize=False,
    )
    return stream.getvalue()
