"""The small exam, ready to be reported."""

from __future__ import annotations

import pytest

from .exam import SmallExam


@pytest.fixture
def small_exam(make_project):
    """Makes the small exam, with changes."""

    def make(**changes):
        return SmallExam(make_project, **changes)

    return make
