"""Sphinx in a process of its own, which loads it while we read the project.

Sphinx, its extensions and the theme are as much to load as all records of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module

from notesbuild.notes.sphinx_order import (
    EXTENSIONS,
    THEME,
    RunSphinx,
    SphinxOrder,
    SphinxSaid,
    run_here,
)
from notesbuild.run.aside import Helper


@contextmanager
def sphinx_beside(jobs: int) -> Iterator[RunSphinx]:
    """What runs Sphinx with so many ``jobs``: a helper, or this process where there is one only."""
    if jobs == 1:
        yield lambda order: run_here(replace(order, jobs=1))
        return
    helper = Helper(_load)

    def run(order: SphinxOrder) -> SphinxSaid:
        return helper.begin(partial(run_here, replace(order, jobs=jobs)))()

    try:
        yield run
    finally:
        helper.close()


def _load() -> None:
    from sphinx.application import builtin_extensions

    from notesbuild.notes import sphinx_run

    assert sphinx_run
    for name in (*builtin_extensions, *EXTENSIONS, THEME):
        import_module(name)
