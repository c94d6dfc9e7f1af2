"""Work in a process of its own; each case is a program, since tests run beside threads."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = """
import os, threading
from notesbuild.run.aside import aside
here, calls = os.getpid(), []
"""

ELSEWHERE = """
result = aside(lambda: (os.getpid(), "x" * 1_000_000))
there, text = result()
assert there != here and len(text) == 1_000_000
"""

FAILS_THERE = """
def work():
    calls.append(1)
    if os.getpid() != here:
        os._exit(9)
    return "done"
assert aside(work)() == "done" and calls == [1]
"""

RAISES = """
result = aside(lambda: 1 // 0)
try:
    result()
except ZeroDivisionError:
    pass
else:
    raise AssertionError
"""

THREAD = """
done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
assert aside(os.getpid)() == here
done.set()
thread.join()
"""

UNCOUNTED_THREAD = """
import _thread
lock = _thread.allocate_lock()
lock.acquire()
_thread.start_new_thread(lock.acquire, ())
assert threading.active_count() == 1
assert aside(os.getpid)() == here
lock.release()
"""


@pytest.mark.parametrize("case", [ELSEWHERE, FAILS_THERE, RAISES, THREAD, UNCOUNTED_THREAD])
def test_work_aside(case):
    command = [sys.executable, "-W", "error", "-c", HEAD + case]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode == 0, finished.stderr
