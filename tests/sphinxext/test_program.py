"""Starting programs: they end, are stopped in time, or cannot be started."""

from __future__ import annotations

import sys

import pytest

from notesbuild.run.program import ProgramMissing, run_program


def test_input_and_output() -> None:
    script = "import sys; print(sys.stdin.read().upper()); sys.exit(3)"
    finished = run_program([sys.executable, "-c", script], timeout=30, input=b"abc")
    assert (finished.returncode, finished.ok, finished.stdout) == (3, False, b"ABC\n")


def test_time_is_up_for_children_too() -> None:
    """The pipes close only when the child is gone, so this returns only if it was killed."""
    child = "import time; time.sleep(60)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    finished = run_program([sys.executable, "-c", script], timeout=1)
    assert finished.returncode is None


def test_missing_program() -> None:
    with pytest.raises(ProgramMissing, match="no-such-program: No such file"):
        run_program(["no-such-program"], timeout=1)
