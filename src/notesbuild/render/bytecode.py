"""Compiled templates, kept from one run to the next under a seal.

To compile the templates of a theme takes a quarter of a second, which is much for one page.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from notesbuild.run.code import version_of
from notesbuild.run.publish import write_file
from notesbuild.run.seal import account_folder, sealed, unsealed


class KeptTemplates(BytecodeCache):
    """A file for each template; what is missing, damaged or not ours is compiled again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._purpose = f"templates of Jinja {version_of('jinja2')}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """For Jinja: fill the bucket if anything is kept that fits."""
        try:
            content = unsealed(self._path(bucket).read_bytes(), self._purpose)
        except OSError:
            return
        if content is not None:
            bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """For Jinja: keep what is in the bucket."""
        content = sealed(bucket.bytecode_to_string(), self._purpose)
        if content is not None:
            path = self._path(bucket)
            write_file(path, content, path.name, durable=False)

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / bucket.key


def our_templates() -> KeptTemplates:
    """Those of notesbuild itself are the same for all projects, and kept with the account."""
    return KeptTemplates(account_folder() / "templates")


def keep_templates(environment: Environment, folder: Path) -> None:
    """Let an environment keep its compiled templates in this folder."""
    environment.bytecode_cache = KeptTemplates(folder)
