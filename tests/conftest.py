"""Small project folders for all tests."""

from __future__ import annotations

import signal
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Tests are not timed: how fast something is, benchmarks/ says.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Tests that run as a background job of a shell ignore Ctrl-C, and would hand that on to TeX.
signal.signal(signal.SIGINT, signal.default_int_handler)

MakeProject = Callable[..., Path]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Write files (path -> text, dedented) below a new folder that is a project."""

    def make(files: Mapping[str, str | bytes] | None = None) -> Path:
        everything: dict[str, str | bytes] = {"notesbuild.toml": "", **(files or {})}
        for path, text in everything.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, bytes):
                target.write_bytes(text)
            else:
                target.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return tmp_path

    return make
