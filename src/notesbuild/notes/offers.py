"""What installed packages offer to each other, read once for a whole build.

Sphinx, its themes, Pygments and pybtex ask for it again and again, and for each question Python
reads the list of every package that is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import metadata
from typing import Any


@contextmanager
def offers_read_once() -> Iterator[None]:
    """In this block nothing is installed, so that the same lists hold all the time."""
    installed = metadata.distributions
    offers: Any = metadata.Distribution.entry_points
    known: list[metadata.Distribution] = []

    def distributions(**asked: Any) -> Iterator[metadata.Distribution]:
        if asked:
            return iter(installed(**asked))
        known.extend(() if known else installed())
        return iter(known)

    own: Any = metadata
    once: Any = cached_property(offers.fget)
    once.__set_name__(metadata.Distribution, "entry_points")
    own.distributions, own.Distribution.entry_points = distributions, once
    try:
        yield
    finally:
        own.distributions, own.Distribution.entry_points = installed, offers
