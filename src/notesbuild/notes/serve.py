"""Serving a course's site on this machine, and reloading it when a source changes."""

from __future__ import annotations

import asyncio
import logging
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
import watchfiles
from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from notesbuild.diagnostics import Code, Diagnostic, error, has_errors
from notesbuild.model.course import Course
from notesbuild.model.handout import day_in
from notesbuild.model.names import nearest
from notesbuild.model.project import Project
from notesbuild.notes.calendar import calendar
from notesbuild.notes.prepare import CALENDAR, prepare
from notesbuild.notes.sphinx_order import SphinxOrder, run_here
from notesbuild.notes.sphinx_words import understood
from notesbuild.notes.state import read_state, unbroken, write_state
from notesbuild.notes.work import Work, work_of
from notesbuild.run.publish import build_lock, busy
from notesbuild.source.project import folders_of, read_project

if TYPE_CHECKING:
    from starlette.types import ASGIApp

HOST = "127.0.0.1"

# It tells every change that it sees; what comes of it is told by us.
logging.getLogger("watchfiles").setLevel(logging.WARNING)

Say = Callable[[str], None]
Show = Callable[[Iterable[Diagnostic]], None]


def serve(
    root: Path,
    course: str | None,
    *,
    port: int,
    open_browser: bool,
    moment: datetime | None = None,
    say: Say,
    show: Show,
) -> tuple[Diagnostic, ...]:
    """Serve until interrupted; what is wrong with a source is shown, and serving goes on."""
    site = Site(root, course, say, show, moment)
    first = site.rebuild()
    if site.folder is None:
        return first
    show(first)
    try:
        listener = socket.create_server((HOST, port))
    except OSError as fault:
        message = f"port {port} cannot be used: {fault.strerror or fault}"
        return (error(Code.PROGRAM_FAILED, message, hint="choose another one with --port"),)
    with listener:
        address = f"http://{HOST}:{listener.getsockname()[1]}/"
        say(f"Serving {address} (Ctrl-C ends)")
        if open_browser:
            webbrowser.open(address)
        application = _application(site, site.folder, address)
        config = uvicorn.Config(
            application, log_level="error", lifespan="on", timeout_graceful_shutdown=1
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])
    return ()


@dataclass
class Site:
    """The pages of one course, rebuilt in the working folder."""

    root: Path
    wanted: str | None
    say: Say
    show: Show
    moment: datetime | None = None
    folder: Path | None = None
    watched: tuple[Path, ...] = ()
    readers: set[WebSocket] = field(default_factory=set)

    def rebuild(self) -> tuple[Diagnostic, ...]:
        """Read everything again, write the pages that have changed."""
        read = read_project(self.root)
        project = read.value
        if project is None:
            return read.diagnostics
        course = _choose(project, self.wanted)
        if not isinstance(course, Course):
            return (*read.diagnostics, course)
        self.watched = folders_of(project.root, project.settings)
        with build_lock(project.build / course.name) as free:
            if not free:
                return (busy(f"{project.settings.build}/{course.name}"),)
            work = work_of(project, course.name)
            with unbroken(work):
                found = self._rebuild(project, course, work)
        return (*read.diagnostics, *found)

    def _rebuild(self, project: Project, course: Course, work: Work) -> tuple[Diagnostic, ...]:
        state = read_state(work)
        day = day_in(self.moment, course.timezone) if self.moment else None
        prepared = prepare(project, course, work, pdf=False, day=day)
        if prepared.value is None:
            write_state(work, state)
            return prepared.diagnostics
        reread = frozenset(state.complaining)
        said = run_here(SphinxOrder(work, "html", reread))
        run = understood(said, prepared.value.assembled, work)
        write_state(work, state.complains_about(run.complaining))
        if (work.html / "index.html").is_file():
            (work.html / CALENDAR_FILE).write_bytes(calendar(course, project.blueprints))
            self.folder = work.html
        return (*prepared.diagnostics, *run.diagnostics)

    async def watch(self) -> None:
        """Rebuild and reload for ever."""
        async for _ in watchfiles.awatch(*self.watched, debounce=200):
            self.say("A source has changed: building")
            found = await asyncio.to_thread(self.rebuild)
            self.show(dict.fromkeys(found))
            self.say("There are errors; waiting for a change" if has_errors(found) else "Done")
            for reader in tuple(self.readers):
                with suppress(RuntimeError, WebSocketDisconnect):
                    await reader.send_text("refresh")

    async def connect(self, reader: WebSocket) -> None:
        """A page that waits for news."""
        await reader.accept()
        self.readers.add(reader)
        try:
            async for _ in reader.iter_text():
                pass
        finally:
            self.readers.discard(reader)


CALENDAR_FILE = CALENDAR.calendar or ""


def _choose(project: Project, wanted: str | None) -> Course | Diagnostic:
    known = [course.name for course in project.courses]
    if wanted is None and len(known) == 1:
        return project.courses[0]
    course = project.course(wanted) if wanted else None
    if course is not None:
        return course
    if wanted is None:
        hint = "name one of: " + ", ".join(known) if known else None
        return error(Code.UNKNOWN_COURSE, "which course is to be served?", hint=hint)
    return error(Code.UNKNOWN_COURSE, f"there is no course {wanted!r}", hint=nearest(wanted, known))


def _application(site: Site, folder: Path, address: str) -> ASGIApp:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(site.watch())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    host = address.removeprefix("http://").rstrip("/")
    return Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", site.connect),
            Mount("/", StaticFiles(directory=folder, html=True)),
        ],
        middleware=[Middleware(JavascriptInjectorMiddleware, ws_url=host)],
        lifespan=lifespan,
    )
