"""What Sphinx is asked to do, and what it says: values that go from process to process.

Nothing here needs Sphinx or the records of a project, so that each side loads its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notesbuild.diagnostics import Diagnostic
from notesbuild.notes.work import Work

EXTENSIONS = (
    "notesbuild.sphinxext",
    "notesbuild.sphinxext.results_file",
    "myst_parser",
    "sphinxcontrib.bibtex",
    "sphinx_design",
    "notesbuild.notes.pages",
)
"""Those of every course; its author's own configuration may add some."""

THEME = "sphinx_book_theme"

ENTIRELY = "*"
"""In place of a document's name: Sphinx has to read everything again."""


@dataclass(frozen=True)
class SphinxOrder:
    """A builder to be run on the laid-out sources; ``reread`` is what the last run complained of.

    ``form`` names another form of the PDF. With more than one of ``jobs`` Sphinx forks where
    much is to be done, which a process with threads must not do.
    """

    work: Work
    builder: str
    reread: frozenset[str]
    form: str = ""
    jobs: int = 1


@dataclass(frozen=True)
class Fault:
    """Why Sphinx gave up: a diagnostic, and its place among the sources if it has one there.

    An empty ``path`` is the course's manifest.
    """

    reason: Diagnostic
    path: str | None = None
    line: int = 1


@dataclass(frozen=True)
class SphinxSaid:
    """Its warnings as it wrote them, and what it knows of documents, whose paths are the sources'.

    ``titled`` are the documents that have a title; ``outside`` pairs a document's path with the
    name of a file that it has read and that is none of the sources.
    """

    warnings: tuple[str, ...]
    titled: frozenset[str] = frozenset()
    outside: tuple[tuple[str, str], ...] = ()
    fault: Fault | None = None


RunSphinx = Callable[[SphinxOrder], SphinxSaid]


def run_here(order: SphinxOrder) -> SphinxSaid:
    """Run Sphinx in this process."""
    from notesbuild.notes.sphinx_run import run_sphinx

    return run_sphinx(order)
