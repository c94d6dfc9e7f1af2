"""What names the code itself, and the libraries: outputs of other versions are made anew."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import notesbuild

ENDINGS = (".py", ".js", ".css", ".sty", ".lua", ".j2", ".html")
_INSTALLED = ".dist-info"


@lru_cache(maxsize=8)
def code_digest(*folders: str) -> str:
    """16 hexadecimal digits that change with any code below these folders of the package."""
    state = hashlib.sha256(notesbuild.__version__.encode())
    for folder in folders:
        state.update(f"\0{folder}\0".encode() + _folder_digest(folder))
    return state.hexdigest()[:16]


@lru_cache(maxsize=64)
def _folder_digest(folder: str) -> bytes:
    """The digest of one folder, of which several caches depend."""
    home = os.fspath(Path(notesbuild.__file__).parent)
    state = hashlib.sha256()
    for base, folders, names in os.walk(f"{home}/{folder}"):
        folders.sort()
        for name in sorted(names):
            if name.endswith(ENDINGS):
                content = Path(base, name).read_bytes()
                state.update(f"{base[len(home) :]}/{name}\0{len(content)}\0".encode())
                state.update(content)
    return state.digest()


def version_of(library: str) -> str:
    """The version of an installed library, as its folder's name tells it; empty if it is missing.

    Reading what is written inside takes Python's parser of mail, which takes long to load.
    """
    name = _plain(library)
    known = _versions().get(name)
    if known is not None:
        return known
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return ""


@lru_cache(maxsize=1)
def _versions() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError):
            for entry in os.scandir(folder or "."):
                if entry.name.endswith(_INSTALLED):
                    library, _, version = entry.name.removesuffix(_INSTALLED).rpartition("-")
                    found.setdefault(_plain(library), version)
    return found


def _plain(library: str) -> str:
    """The name as all spellings of it have it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", library).lower()
