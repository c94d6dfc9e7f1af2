"""What is said of a file that was written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """A finished file, and the SHA-256 of its content."""

    name: str
    digest: str
    encrypted: bool = False


def digest_of(content: bytes) -> str:
    """The SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()
