"""A seal on what is kept between runs, so that nobody else's files are taken for our own.

A repository can bring along a build folder. What stands in it is believed only if it bears a
seal made with a key that stays on the machine, outside of all projects.
"""

from __future__ import annotations

import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

_KEY_BYTES = 32
_SEAL = 64


def sealed(content: bytes, purpose: str) -> bytes | None:
    """The content behind its seal; None where no key can be kept on this machine."""
    key = _key()
    return None if key is None else _seal(key, content, purpose) + content


def unsealed(content: bytes, purpose: str) -> bytes | None:
    """The content without its seal; None if it is not ours, was changed or is cut off."""
    key = _key()
    if key is None:
        return None
    rest = content[_SEAL:]
    return rest if hmac.compare_digest(content[:_SEAL], _seal(key, rest, purpose)) else None


def _seal(key: bytes, content: bytes, purpose: str) -> bytes:
    return (
        hmac.digest(hmac.digest(key, purpose.encode(), "sha256"), content, "sha256").hex().encode()
    )


def _key() -> bytes | None:
    """The key of this account, made when it is first asked for."""
    path = account_folder() / "seal.key"
    with suppress(OSError):
        return _read(path)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(os.urandom(_KEY_BYTES))
            # Of two processes that make a key at once, the first one decides.
            with suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
        return _read(path)
    return None


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        path.unlink()
        raise OSError("the key is damaged")
    return key


def account_folder() -> Path:
    """The folder of this account for what no project brings along; it need not be there."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path(given) if given.startswith("/") else Path.home() / ".cache"
    except RuntimeError:  # an account without a home
        home = Path("/nonexistent")
    return home / "notesbuild"
