"""What a person at a terminal sees of a build."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

PROGRAM = """
import threading
from notesbuild.cli.console import progress
with progress() as say:
    say("Writing 12 files")
    assert threading.active_count() == 1  # or no copy of the process could help
print("done")
"""


def test_steps_on_a_terminal_take_no_thread():
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=theirs, stdout=theirs, stderr=theirs
    ) as program:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 1000):
                shown += piece
        except OSError:
            pass  # that is how the system tells that the other end is closed
        os.close(ours)
    assert program.returncode == 0, shown
    text = shown.decode()
    assert "Writing 12 files…" in text
    assert text.rstrip().endswith("done")
    before_end = text.split("Writing 12 files…")[-1]
    assert "\x1b[2K" in before_end  # the step vanishes


def test_elsewhere_each_step_is_a_line():
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (finished.stderr, finished.stdout) == ("- Writing 12 files\n", "done\n")
