"""How the work of Sphinx is shared among processes.

When it reads, each process sends back all that Sphinx knows and starts a KaTeX of its own: there is
one process for each core, with as much to read as the others. When it writes, this process resolves
what the others write: what is handed over is small, or one core waits for the first pages and the
other one for the last.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from typing import Any

from docutils import nodes
from sphinx import builders
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

_MANY = 6
"""From this many documents on it pays to send everything that Sphinx knows to a process."""
_FEW = 8
"""So many pages are handed over at once: a process is begun in the time of half a page."""

Parts = list[Sequence[str]]


def share_work(app: Sphinx) -> None:
    """Let Sphinx fork where many documents have changed or are written, in parts of our own."""
    builder = app.builder
    read, write, jobs = builder.read, builder.write_documents, app.parallel
    write_page, here = builder.write_doc, os.getpid()

    def begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        app.parallel = jobs if len(docnames) >= _MANY else 1

    def end(app: Sphinx, env: BuildEnvironment) -> None:
        app.parallel = jobs

    def read_documents() -> list[str]:
        def size(docname: str) -> int:
            return app.env.doc2path(docname).stat().st_size

        with _parts(lambda docnames: even(docnames, jobs, size)):
            return read()

    def write_documents(docnames: Set[str]) -> None:
        builder.parallel_ok = builder.parallel_ok and len(docnames) >= _MANY
        app.parallel += 1  # Sphinx takes one less, for this process, which is done first
        with _parts(few):
            write(docnames)
        app.parallel -= 1

    def write_doc(docname: str, doctree: nodes.document) -> None:
        if os.getpid() != here:
            gc.disable()  # the process ends with its few pages, and its memory with it
        write_page(docname, doctree)

    app.connect("env-before-read-docs", begin)
    app.connect("env-updated", end)
    own = {"read": read_documents, "write_documents": write_documents, "write_doc": write_doc}
    vars(builder).update(own)


def even(docnames: Sequence[str], parts: int, size: Callable[[str], int]) -> Parts:
    """So many parts, or fewer, none of which is much larger than another one."""
    shares: list[tuple[int, list[str]]] = [(0, []) for _ in range(parts)]
    for docname in sorted(docnames, key=lambda one: (-size(one), one)):
        least = min(range(parts), key=lambda number: shares[number][0])
        total, names = shares[least]
        shares[least] = (total + size(docname), [*names, docname])
    return [sorted(names) for _, names in shares if names]


def few(docnames: Sequence[str]) -> Parts:
    """Parts of a few documents, in order."""
    return [docnames[start : start + _FEW] for start in range(0, len(docnames), _FEW)]


@contextmanager
def _parts(cut: Callable[[Sequence[str]], Parts]) -> Iterator[None]:
    """In this block Sphinx hands its work over in these parts."""
    patched: Any = builders
    usual = patched.make_chunks

    def make_chunks(docnames: Sequence[str], *_: object) -> Parts:
        return cut(docnames)

    patched.make_chunks = make_chunks
    try:
        yield
    finally:
        patched.make_chunks = usual
