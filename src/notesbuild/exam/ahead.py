"""What a build of an exam needs is begun from its start on, before the bank is read.

TeX reads the usual preamble and waits for texts, and for a first build a helper loads what
computes parameters: both take long.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from notesbuild.model.project import Settings
from notesbuild.run.aside import Helper
from notesbuild.source.files import Files
from notesbuild.source.project import read_settings
from notesbuild.tex.engine import engine_file

if TYPE_CHECKING:
    from notesbuild.exam.batch import Waiting
    from notesbuild.exam.document import Document

DUMPS = "pdflatex"
"""The engine whose formats can be dumped, and whose pieces do not depend on what else is in a run:
lualatex's fonts do not survive the first, and are not the same after the second."""

_DATE = re.compile(r"^date: *[\"']?(\d{4})-(\d\d)-(\d\d)\b", re.M)


@dataclass(frozen=True)
class Start:
    """What a run of TeX is, apart from its texts; ``program`` tells the engine from another one."""

    preamble: Document
    engine: str
    epoch: int
    timeout: float
    program: str

    def is_that_of(self, other: Start) -> bool:
        """Whether the two make the same of every text."""
        ours = (self.preamble.text, self.engine, self.epoch, self.program)
        return ours == (other.preamble.text, other.engine, other.epoch, other.program)


def start_of(preamble: Document, engine: str, epoch: int, timeout: float) -> Start:
    """How a run with that preamble starts here."""
    return Start(preamble, engine, epoch, timeout, engine_file(engine))


def epoch_of(date: datetime.date | None) -> int:
    """The day that TeX takes for today, in its terms."""
    return 0 if date is None else max(0, calendar.timegm(date.timetuple()))


class Ahead:
    """Runs of TeX that wait for texts, beside whatever we do meanwhile, and a helper."""

    def __init__(self, helper: Helper | None = None) -> None:
        self.helper = helper
        self._start: Start | None = None
        self._waiting: list[Waiting] = []

    def begin(self, start: Start, count: int) -> None:
        """Have so many runs wait, unless some do already; those that started otherwise end."""
        from notesbuild.exam.batch import Waiting

        if self._start is None or not start.is_that_of(self._start):
            self.close()
            self._start = start
        if self._waiting:
            return
        try:
            for _ in range(count):
                self._waiting.append(Waiting(start))
        except OSError:
            self.close()  # then TeX begins when there is something to set

    def take(self, start: Start) -> Waiting | None:
        """A run that has started just so, if there is one."""
        if not self._waiting or self._start is None or not start.is_that_of(self._start):
            return None
        return self._waiting.pop()

    def renew(self) -> None:
        """Have a run wait for the next build, started as the runs of this one."""
        if self._start is not None:
            self.begin(self._start, 1)

    def close(self) -> None:
        """Stop what still waits, and leave nothing behind."""
        while self._waiting:
            self._waiting.pop().stop()


@contextmanager
def begun_ahead(root: Path, exam: str, jobs: int) -> Iterator[Ahead | None]:
    """Begin what a build of an exam (``course/name``) needs: after the first one less is new.

    With one of ``jobs`` there is nobody to do it meanwhile. What is wrong is told by whoever
    builds the exam.
    """
    files = Files(root)
    settings = read_settings(files).value
    if settings is None or jobs < 2:
        yield None
        return
    is_first = not has_blocks(root / settings.build / ".work" / "exams" / exam)
    helper = Helper(_load) if is_first else None
    ahead = Ahead(helper)
    try:
        _begin(ahead, files, settings, exam, jobs if is_first else 1)
        yield ahead
    finally:
        ahead.close()
        if helper is not None:
            helper.close()


def has_blocks(cache: Path) -> bool:
    """Whether an earlier build of an exam has left blocks that were set."""
    return any((cache / "blocks").glob("*.pdf"))


def _begin(ahead: Ahead, files: Files, settings: Settings, exam: str, jobs: int) -> None:
    """Have TeX read the usual preamble, unless it must not be shown the project's macros."""
    from notesbuild.exam.paper import preamble
    from notesbuild.source.forbidden import forbidden_commands

    path = f"{settings.notes}/macros.tex"
    macros = _text(files, path)
    if any(forbidden_commands(macros)):
        return
    # The day is a guess: who takes a run compares it with the blueprint that was read.
    found = _DATE.search(_text(files, f"{settings.exams}/{exam}.yaml"))
    try:
        day = datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        return
    document = preamble(macros, path, tikz=False)
    engine = settings.exam_engine
    start = start_of(document, engine, epoch_of(day), settings.tex_timeout)
    ahead.begin(start, runs_at_once(engine, jobs))


def runs_at_once(engine: str, jobs: int) -> int:
    """How many runs there may be: pieces of lualatex keep the fonts of their run."""
    return jobs if engine == DUMPS else 1


def _text(files: Files, path: str) -> str:
    return (files.text(path).value if files.exists(path) else None) or ""


def _load() -> None:
    from notesbuild.exam import rendering
    from notesbuild.render import symbolic

    assert rendering and symbolic
