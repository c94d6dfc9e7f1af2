"""Cutting the PDF of the notes into chapters, and giving PDFs fixed bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf


@dataclass(frozen=True)
class Piece:
    """The pages of a chapter, counted from 1, the last one included."""

    name: str
    title: str
    author: str
    first: int
    last: int


def fixed_bytes(pdf: bytes, title: str, author: str) -> bytes:
    """The same document with nothing in it that differs from run to run."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        _describe(document, title, author)
        return _saved(document)


def cut(pdf: bytes, pieces: tuple[Piece, ...]) -> Iterator[tuple[Piece, bytes]]:
    """Each piece as a document of its own.

    Links within a piece are kept; links that leave it for another page are taken away, so
    that none leads nowhere.
    """
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        names = _destinations(whole)
        outline = _outline(whole)
        for piece in pieces:
            yield piece, _piece(whole, piece, names, outline)


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
            _drop_leaving_links(page, own)
        if own:
            _write_destinations(part, own, piece.first - 1)
        _write_outline(part, [mark for mark in outline if mark.name in own])
        _number_pages(part, piece.first)
        _describe(part, piece.title, piece.author)
        return _saved(part)


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


def _drop_leaving_links(page: pikepdf.Page, own: dict[str, _Target]) -> None:
    annotations = page.obj.get("/Annots")
    if annotations is None:
        return
    kept = [annotation for annotation in annotations if _stays(annotation, own)]
    if kept:
        page.obj.Annots = pikepdf.Array(kept)
    else:
        del page.obj["/Annots"]


def _stays(annotation: pikepdf.Object, own: dict[str, _Target]) -> bool:
    action: pikepdf.Object | None = annotation.get("/A")
    target: pikepdf.Object | None = annotation.get("/Dest")
    if action is not None and action.get("/S") == pikepdf.Name.GoTo:
        target = action.get("/D")
    return target is None or (isinstance(target, pikepdf.String) and str(target) in own)


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
    with part.open_outline() as outline:
        path: list[pikepdf.OutlineItem] = []
        for mark in marks:
            action = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String(mark.name))
            item = pikepdf.OutlineItem(mark.title, action=action)
            del path[mark.depth :]
            (path[-1].children if path else outline.root).append(item)
            path.append(item)


def _number_pages(part: pikepdf.Pdf, first: int) -> None:
    """The labels that a viewer shows are the printed page numbers."""
    style = pikepdf.Dictionary(S=pikepdf.Name.D, St=first)
    part.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, style]))


def _describe(document: pikepdf.Pdf, title: str, author: str) -> None:
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    document.docinfo["/Title"] = title
    document.docinfo["/Author"] = author


def _saved(document: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    document.save(
        stream,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        linearize=False,
    )
    return stream.getvalue()
