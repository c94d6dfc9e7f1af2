"""The clock, which nothing but the command line may look at."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

import click

as_of = click.option(
    "--as-of",
    "moment",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day for which sheets and solutions are released, as 2024-04-11; default: today.",
)


def moment_of(chosen: datetime.datetime | None) -> datetime.datetime:
    """The chosen day, or this very moment, whose day depends on the time zone."""
    return chosen if chosen is not None else datetime.datetime.now(datetime.UTC)


def stopwatch() -> Callable[[], float]:
    """A function that tells how many seconds have passed since now."""
    start = time.perf_counter()
    return lambda: time.perf_counter() - start
