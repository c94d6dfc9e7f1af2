"""Where the work runs."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Workplace:
    """So many ``jobs`` at once here, and a Dask ``scheduler`` for what can be done elsewhere."""

    jobs: int
    scheduler: str = ""


def workplace(jobs: int | None = None, scheduler: str | None = None) -> Workplace:
    """All cores of this machine, unless somebody asks for a number of jobs."""
    return Workplace(jobs or cores(), scheduler or "")


def cores() -> int:
    """The processors that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
