"""Sheets and solutions that a course's site hands out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from notesbuild.model.exam import Blueprint


@dataclass(frozen=True)
class HandoutFile:
    """A file of a site: what links call it, its path below the site, the file to be copied."""

    words: str
    path: str
    source: Path


@dataclass(frozen=True)
class Handout:
    """A homework or practice sheet with those of its files that are released."""

    blueprint: Blueprint
    files: tuple[HandoutFile, ...]


def day_in(moment: datetime.datetime, zone: str) -> datetime.date:
    """The day of a moment in a time zone; a moment without a zone is meant everywhere."""
    return moment.date() if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone)).date()
