"""Our own templates as Jinja has compiled them, like Python's bytecode.

They are kept with the account's own files: a project's build folder would not be believed.
"""

from __future__ import annotations

from contextlib import suppress

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from notesbuild.run.seal import account_folder


class _Lenient(FileSystemBytecodeCache):
    """A cache that may fail to keep anything."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, ValueError, TypeError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates() -> BytecodeCache | None:
    """The cache; None where this account has no folder for it."""
    folder = account_folder() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return _Lenient(str(folder), "%s")
