"""Work in a process of its own."""

from __future__ import annotations

import os
import threading

import pytest

from notesbuild.run.aside import aside


def test_the_work_is_done_elsewhere_and_its_result_comes_back():
    here = os.getpid()
    result = aside(lambda: (os.getpid(), "x" * 1_000_000))
    there, text = result()
    assert there != here
    assert len(text) == 1_000_000


def test_what_fails_there_is_done_here():
    here, calls = os.getpid(), []

    def work():
        calls.append(1)
        if os.getpid() != here:
            os._exit(9)
        return "done"

    assert aside(work)() == "done"
    assert calls == [1]


def test_an_exception_is_raised_where_the_result_is_wanted():
    result = aside(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        result()


def test_beside_other_threads_there_is_no_copy():
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert aside(os.getpid)() == os.getpid()
    finally:
        done.set()
        thread.join()
