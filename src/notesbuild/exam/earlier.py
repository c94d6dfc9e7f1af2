"""What the last build has written need not be written again.

A file is known by what it is made of: its pages' operators, and the forms that they show with
their fonts. It is taken only where it still has the digest that it was written with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
        pages = _pages(file, marks)
        digest = self.memory.written(_key(file, pages)) if pages else None
        if digest is None:
            return None
        try:
            content = (self.folder / file.name).read_bytes()
        except OSError:
            return None
        if digest_of(content) != digest:
            return None
        (folder / file.name).write_bytes(content)
        return Written(file.name, digest, pages=pages)

    def keep(self, file: FileToWrite, marks: Mapping[str, str], written: Written) -> Written:
        """Remember a file that was written; what is said of it knows its pages then."""
        pages = _pages(file, marks)
        if pages:
            self.memory.keep_written(_key(file, pages), written.digest)
        return replace(written, pages=pages)


def _pages(file: FileToWrite, marks: Mapping[str, str]) -> tuple[str, ...]:
    """For each page a digest of all that it is made of; none where not all of that is known."""
    if file.password or any(form not in marks for page in file.pages for form in page.forms):
        return ()
    made = [(p.operators, [(f, marks[f]) for f in sorted(p.forms)], p.code) for p in file.pages]
    return tuple(hashlib.sha256(repr((file.size, *one)).encode()).hexdigest() for one in made)


def _key(file: FileToWrite, pages: tuple[str, ...]) -> str:
    """The digest of all that the file is made of."""
    made = (file.name, file.title, file.subject, pages)
    return hashlib.sha256(repr(made).encode()).hexdigest()
