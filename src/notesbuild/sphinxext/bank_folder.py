"""Where the bank of a Sphinx project that stands alone is, and what was found in it."""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.config import Config

SEEN = "seen.json"


def bank_folder(config: Config) -> Path | None:
    """The folder that the configuration names; None where it names none."""
    return Path(config.notesbuild_bank_folder) if config.notesbuild_bank else None


def was_seen(folder: Path, key: str) -> bool:
    """Whether a problem or a query was found when the sources were looked through."""
    try:
        return key in json.loads((folder / SEEN).read_text("utf-8"))
    except OSError:
        return False
