"""The one door to an author's files: inside the project, UTF-8, of sane size."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error

MAX_TEXT_BYTES = 8 * 1024 * 1024
MAX_ASSET_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Files:
    """The files below ``root``; every path is relative to it, with forward slashes."""

    root: Path
    _folders: dict[str, str | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def resolve(self, path: str) -> Path | None:
        """The real path, or None if it leads out of the project."""
        try:
            real = (self.root / path).resolve()
        except (OSError, RuntimeError):  # links that lead to each other
            return None
        return real if real.is_relative_to(self._real_root) else None

    @cached_property
    def _real_root(self) -> Path:
        return self.root.resolve()

    def text(self, path: str, asked_by: Span | None = None) -> Outcome[str | None]:
        """The text of a file, with line ends as ``\\n``; None and an error where that fails."""
        content = self.content(path, MAX_TEXT_BYTES, asked_by)
        if content.value is None:
            return Outcome(None, content.diagnostics)
        return decoded(content.value, path)

    def content(
        self, path: str, limit: int = MAX_ASSET_BYTES, asked_by: Span | None = None
    ) -> Outcome[bytes | None]:
        """The bytes of a file; None and an error where that fails."""
        quick = self._quick(path, limit)
        if quick is not None:
            return Outcome(quick)
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

    def _quick(self, path: str, limit: int) -> bytes | None:
        """The bytes of an ordinary file in a folder of the project; None for all else."""
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            real = self.resolve(folder)
            self._folders[folder] = None if real is None else os.fspath(real)
        parent = self._folders[folder]
        if parent is None or name in ("", ".", ".."):
            return None
        try:
            # A link is not followed, and nothing that would have to be waited for is opened.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            handle = os.open(f"{parent}/{name}", flags)
        except (OSError, ValueError):
            return None
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
                return None
            content = os.read(handle, status.st_size + 1)
            return content if len(content) == status.st_size else None
        except OSError:
            return None
        finally:
            os.close(handle)

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
        cut = len(os.fspath(start))
        for base, folders, names in os.walk(start):
            folders[:] = sorted(f for f in folders if not f.startswith((".", "__pycache__")))
            below = folder.rstrip("/") + base[cut:].replace(os.sep, "/")
            found += [
                f"{below}/{name}"
                for name in names
                if not name.startswith(".") and (not endings or name.endswith(endings))
            ]
        return tuple(sorted(found))


def decoded(content: bytes, path: str) -> Outcome[str | None]:
    """The text that the bytes of a file mean; None and an error where they mean none."""
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        return Outcome(None, (_not_utf8(path, content, fault),))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        message = "the file holds a zero byte, so it is not text"
        return Outcome(None, (error(Code.NOT_UTF8, message, Span(path, line, 1)),))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Outcome(text)


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
