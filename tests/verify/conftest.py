from __future__ import annotations

import pytest

from .sitting import Sat, sit, write_exam


@pytest.fixture(scope="package")
def sat(tmp_path_factory: pytest.TempPathFactory) -> Sat:
    """The exam for a roster of three."""
    root = write_exam(tmp_path_factory.mktemp("a course"))
    return sit(root, tmp_path_factory.mktemp("again") / "made")
