"""What the last build has written need not be written again.

A file is known by what it is made of: its pages' operators, and the forms that they show with
their fonts. It is taken only where it still has the digest that it was written with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from notesbuild.exam.memory import Memory
from notesbuild.exam.writing import FileToWrite
from notesbuild.exam.written import Written, digest_of


@dataclass(frozen=True)
class Earlier:
    """The files of the last build in their ``folder``, and what is remembered of them."""

    folder: Path
    memory: Memory

    def take(self, file: FileToWrite, marks: Mapping[str, str], folder: Path) -> Written | None:
        """The file, copied into ``folder``; None where it has to be written.

        ``marks`` tell the forms from all others.
        """
        key = _key(file, marks)
        digest = self.memory.written(key) if key else None
        if digest is None:
            return None
        try:
            content = (self.folder / file.name).read_bytes()
        except OSError:
            return None
        if digest_of(content) != digest:
            return None
        (folder / file.name).write_bytes(content)
        return Written(file.name, digest)

    def keep(self, file: FileToWrite, marks: Mapping[str, str], written: Written) -> None:
        """Remember a file that was written."""
        key = _key(file, marks)
        if key:
            self.memory.keep_written(key, written.digest)


def _key(file: FileToWrite, marks: Mapping[str, str]) -> str:
    """The digest of all that the file is made of; empty where not all of that is known."""
    forms = sorted({form for page in file.pages for form in page.forms})
    if file.password or any(form not in marks for form in forms):
        return ""
    state = hashlib.sha256(repr((file.name, file.title, file.subject, file.size)).encode())
    for form in forms:
        state.update(f"{form} {marks[form]}\n".encode())
    for page in file.pages:
        state.update(repr((page.operators, sorted(page.forms), page.code)).encode())
    return state.hexdigest()
