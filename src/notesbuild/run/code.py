"""What names the code itself: outputs of another version of it are made anew."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import notesbuild

ENDINGS = (".py", ".js", ".css", ".sty", ".lua", ".j2", ".html")


@lru_cache(maxsize=8)
def code_digest(*folders: str) -> str:
    """16 hexadecimal digits that change with any code below these folders of the package."""
    home = Path(notesbuild.__file__).parent
    state = hashlib.sha256(notesbuild.__version__.encode())
    for folder in folders:
        for path in sorted((home / folder).rglob("*")):
            if path.suffix in ENDINGS:
                state.update(path.relative_to(home).as_posix().encode())
                state.update(path.read_bytes())
    return state.hexdigest()[:16]
