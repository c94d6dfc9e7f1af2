"""Serving: the pages, their reload, and the end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from websockets.sync.client import connect

import notesbuild
from notesbuild.notes.serve import Site, serve
from tests.notes.built import third_party
from tests.small import SMALL

CHAPTER = "notes/chapters/basics/means.md"


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(root: Path, port: int, log: Path):
    command = [sys.executable, "-m", "notesbuild", "notes", "serve", "--port", str(port)]
    source = str(Path(notesbuild.__file__).parents[1])
    environment = {
        **os.environ,
        "PYTHONPATH": source,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "default",
    }
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=root, stdout=stream, stderr=stream, env=environment)
        try:
            wait_for("Serving", log)
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(words: str, log: Path) -> None:
    for _ in range(600):
        if words in log.read_text("utf-8"):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
        return answer.read().decode()


def test_an_edit_reloads_the_page_and_an_error_does_not_end_it(make_project, tmp_path):
    root = make_project(SMALL)
    log, port = tmp_path / "log", free_port()
    with serving(root, port, log) as process:
        assert "websocket-reload" in get(port, "")
        assert "BEGIN:VCALENDAR" in get(port, "calendar.ics")
        text = (root / CHAPTER).read_text("utf-8")
        with connect(f"ws://127.0.0.1:{port}/websocket-reload") as page:
            (root / CHAPTER).write_text(text.replace("is used", "is loved"), "utf-8")
            assert page.recv(timeout=60) == "refresh"
            assert "is loved" in get(port, "chapters/basics/means.html")
            (root / CHAPTER).write_text(text.replace("`thm-mean`", "`thm-men`"), "utf-8")
            assert page.recv(timeout=60) == "refresh"
            assert "error[unknown-reference]" in log.read_text("utf-8")
            (root / CHAPTER).write_text(text, "utf-8")
            assert page.recv(timeout=60) == "refresh"
        wait_for("Done", log)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
    assert "Traceback" not in log.read_text("utf-8")


@third_party
def test_a_port_in_use_is_an_error(make_project):
    root = make_project(SMALL)
    said: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = int(taken.getsockname()[1])
        found = serve(
            root, "small", port=port, open_browser=False, say=said.append, show=lambda found: None
        )
    assert [d.code.slug for d in found] == ["program-failed"]
    assert said == []


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("smal", "did you mean 'small'"), (None, "name one of: other, small")],
)
def test_which_course_must_be_clear(make_project, wanted, words):
    root = make_project({**SMALL, "notes/courses/other.yaml": SMALL["notes/courses/small.yaml"]})
    found = serve(
        root, wanted, port=1, open_browser=False, say=lambda words: None, show=lambda found: None
    )
    assert [d.code.slug for d in found] == ["unknown-course"]
    assert words in (found[0].hint or "")


@third_party
def test_a_project_that_breaks_keeps_its_pages(make_project):
    root = make_project(SMALL)
    site = Site(root, None, lambda words: None, lambda found: None)
    assert site.rebuild() == ()
    manifest = root / "notes/courses/small.yaml"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace("basics/means", "basics/nothing"), "utf-8")
    assert {d.code.slug for d in site.rebuild()} == {"unknown-chapter"}
    assert site.folder is not None and (site.folder / "index.html").is_file()
    (root / "notesbuild.toml").write_text("=", "utf-8")
    assert {d.code.slug for d in site.rebuild()} == {"wrong-value"}
