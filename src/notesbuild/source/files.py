"""The one door to an author's files: inside the project, UTF-8, of sane size."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error

MAX_TEXT_BYTES = 8 * 1024 * 1024
MAX_ASSET_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Files:
    """The files below ``root``; every path is relative to it, with forward slashes."""

    root: Path

    def resolve(self, path: str) -> Path | None:
        """The real path, or None if it leads out of the project."""
        try:
            real = (self.root / path).resolve()
        except (OSError, RuntimeError):  # links that lead to each other
            return None
        return real if real.is_relative_to(self.root.resolve()) else None

    def text(self, path: str, asked_by: Span | None = None) -> Outcome[str | None]:
        """The text of a file, with line ends as ``\\n``; None and an error where that fails."""
        content = self.content(path, MAX_TEXT_BYTES, asked_by)
        if content.value is None:
            return Outcome(None, content.diagnostics)
        try:
            text = content.value.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            return Outcome(None, (_not_utf8(path, content.value, fault),))
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            message = "the file holds a zero byte, so it is not text"
            return Outcome(None, (error(Code.NOT_UTF8, message, Span(path, line, 1)),))
        return Outcome(text.replace("\r\n", "\n").replace("\r", "\n"))

    def content(
        self, path: str, limit: int = MAX_ASSET_BYTES, asked_by: Span | None = None
    ) -> Outcome[bytes | None]:
        """The bytes of a file; None and an error where that fails."""
        place = asked_by or Span(path)
        real = self.resolve(path)
        if real is None:
            return _failed(Code.FILE_OUTSIDE, f"{path} leads out of the project", place)
        if not real.exists():
            return _failed(Code.FILE_MISSING, f"{path} is not there", place)
        if not real.is_file():
            return _failed(Code.FILE_UNREADABLE, f"{path} is not a regular file", place)
        try:
            if real.stat().st_size > limit:
                message = f"{path} is larger than {limit // 1024 // 1024} MiB"
                return _failed(Code.FILE_UNREADABLE, message, place)
            return Outcome(real.read_bytes())
        except OSError as fault:
            reason = fault.strerror or str(fault)
            return _failed(Code.FILE_UNREADABLE, f"{path} cannot be read: {reason}", place)

    def exists(self, path: str) -> bool:
        """Whether a regular file of the project has that path."""
        real = self.resolve(path)
        return real is not None and real.is_file()

    def listing(self, folder: str, endings: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Every file below ``folder``, sorted; hidden files and folders are left out."""
        start = self.resolve(folder)
        if start is None or not start.is_dir():
            return ()
        found = []
        for base, folders, names in os.walk(start):
            folders[:] = sorted(f for f in folders if not f.startswith((".", "__pycache__")))
            for name in names:
                if not name.startswith(".") and (not endings or name.endswith(endings)):
                    below = (Path(base) / name).relative_to(start)
                    found.append(f"{folder.rstrip('/')}/{below.as_posix()}")
        return tuple(sorted(found))


def digest(*pieces: bytes) -> str:
    """16 hexadecimal digits of the SHA-256 of the pieces, each with its length."""
    state = hashlib.sha256()
    for piece in pieces:
        state.update(len(piece).to_bytes(8, "big"))
        state.update(piece)
    return state.hexdigest()[:16]


def _failed(code: Code, message: str, place: Span) -> Outcome[bytes | None]:
    return Outcome(None, (error(code, message, place),))


def _not_utf8(path: str, content: bytes, fault: UnicodeDecodeError) -> Diagnostic:
    before = content[: fault.start]
    line = before.count(b"\n") + 1
    column = fault.start - (before.rfind(b"\n") + 1) + 1
    message = f"the byte 0x{content[fault.start]:02x} is not UTF-8"
    return error(Code.NOT_UTF8, message, Span(path, line, column))
