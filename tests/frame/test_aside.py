"""Work in a process of its own; each case is a program, since tests run beside threads."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = """
import os, threading
from functools import partial
from notesbuild.run.aside import Helper, aside
here, calls = os.getpid(), []

def lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
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

JOINED_THREADS = """
for _ in range(200):
    threads = [threading.Thread(target=os.getpid) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls.append(aside(os.getpid)() != here)
assert calls.count(True) > 190  # however busy the machine is
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


HELPED = """
helper = Helper(lambda: calls.append(1))
result = helper.begin(partial(str.__len__, "x" * 1_000_000))
assert helper.begin(os.getpid)() == here  # it does one thing at a time
assert result() == 1_000_000 and calls == []
first, then = helper.begin(os.getpid)(), helper.begin(os.getpid)()
assert first == then != here
helper.close()
assert helper.begin(os.getpid)() == here
"""

HELPED_ELSEWHERE = """
helper = Helper(lambda: None)
assert helper.begin(os.getpid)() != here
helper.close()
"""

NOT_READY = """
helper = Helper(lambda: 1 // 0)
assert helper.begin(os.getpid)() == here
"""

BREAKS_OFF = """
helper = Helper(lambda: None)
try:
    helper.begin(partial(os.kill, here, "no signal"))()
except TypeError:  # the work's own words, as it is done here again
    pass
else:
    raise AssertionError
assert helper.begin(os.getpid)() == here
"""

PRINTS = """
helper = Helper(lambda: print("being ready"))
helper.begin(partial(print, "at work"))()
helper.close()
"""

CLOSED_AT_WORK = """
import time
helper = Helper(lambda: None)
helper.begin(partial(time.sleep, 60))
child, start = helper._child, time.monotonic()
helper.close()
assert time.monotonic() - start < 30
assert not lives(child)
"""

NOT_ASKED = """
helper = Helper(threading.Event().wait)
child = helper._child
assert child
helper.close()
assert not lives(child)
assert helper.begin(os.getpid)() == here
"""

LOADING = """
import signal, sys, time
def stop(number, frame):
    raise SystemExit(128 + number)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
reading, writing = os.pipe()
def load():
    try:
        os.write(writing, b"begun")
        time.sleep(60)
    except BaseException as fault:  # what a library says that is loaded just now
        print("broken off", fault, file=sys.stderr, flush=True)
        os.write(writing, b"told")
helper = Helper(load)
child = helper._child
assert os.read(reading, 5) == b"begun"
os.kill(child, signal.SIGINT)  # a terminal tells all of us
helper.close()
os.close(writing)
assert os.read(reading, 5) == b"" and not lives(child)
assert signal.getsignal(signal.SIGTERM) is stop
"""

LOADED = """
import signal
signal.signal(signal.SIGTERM, lambda number, frame: None)
def is_usual():
    return callable(signal.getsignal(signal.SIGTERM)) and callable(signal.getsignal(signal.SIGINT))
helper = Helper(lambda: None)
assert helper.begin(os.getpid)() != here
assert helper.begin(is_usual)()
os.kill(helper._child, signal.SIGKILL)
helper.close()
"""

UNHEARD = """
import signal
reading, writing = os.pipe()
def work():
    os.write(writing, str(os.getpid()).encode())
    return "x" * 1_000_000  # more than a pipe holds
child = os.fork()
if not child:
    aside(work)
    signal.pause()
there = int(os.read(reading, 20))
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
for _ in range(200):
    try:
        ended = open(f"/proc/{there}/stat").read().split(")")[1].split()[0] == "Z"
    except OSError:
        ended = True
    if ended:
        break
    threading.Event().wait(0.05)
else:
    os.kill(there, signal.SIGKILL)
    raise AssertionError
"""

LEFT = """
import signal, time
def work(writing):
    copy = os.fork()  # as Sphinx does
    if copy:
        os.write(writing, f"{os.getpid()} {copy}".encode())
    time.sleep(60)
reading, writing = os.pipe()
child = os.fork()
if not child:
    helper = Helper(lambda: AT_START)
    helper.begin(partial(work, writing))
    time.sleep(60)
orphans = os.read(reading, 100).split()
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
def there(pid):
    try:
        return open(f"/proc/{int(pid)}/stat").read().split(")")[1].split()[0] != "Z"
    except OSError:
        return False
for _ in range(200):
    if not any(map(there, orphans)):
        break
    time.sleep(0.05)
else:
    raise AssertionError(orphans)
"""

LEFT_AT_WORK = LEFT.replace("AT_START", "None")
LEFT_IDLE = LEFT.replace("AT_START", "work(writing)")

NO_HELPER = """
done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
helper = Helper(lambda: None)
assert helper.begin(os.getpid)() == here
helper.close()
done.set()
thread.join()
"""

CASES = {
    name: case
    for name, case in globals().items()
    if name.isupper() and name not in ("HEAD", "LEFT")
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_work_aside(case):
    command = [sys.executable, "-W", "error", "-c", HEAD + case]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == ("being ready\nat work\n" if case is PRINTS else "")
