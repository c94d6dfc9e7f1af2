"""What is said of a file that was written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Written:
    """A finished file, and the SHA-256 of its content.

    ``pages`` tell how each page of a PDF looks, in any build; empty where nobody knows.
    """

    name: str
    digest: str
    encrypted: bool = False
    pages: tuple[str, ...] = ()


def digest_of(content: bytes) -> str:
    """The SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def write_output(folder: Path, name: str, content: bytes) -> Written:
    """Write a file below the folder."""
    (folder / name).write_bytes(content)
    return Written(name, digest_of(content))
