"""Running TeX: without a shell, in a folder of its own, for a limited time, reproducibly."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.run.program import (
    Late,
    ProgramMissing,
    Watch,
    drop_program,
    finish_program,
    run_program,
    start_program,
    tell_program,
)
from notesbuild.tex.log import MessageKind, TexMessage, read_log

MAX_PASSES = 4
MAX_FILE_MIB = 256
MAX_LOG = 16 * 1024 * 1024
GRACE = 3.0
"""When TeX is interrupted it tells the line at which it was, and ends."""
_GZIP = b"\x1f\x8b"
_END, _TAIL = b"%%EOF", 64
LONGEST_LINE = 16 * 1024 * 1024
USUAL_LINE = 1024 * 1024
"""TeX clears the room for a line before it begins, which takes its time for the longest one."""

_OPTIONS = ("-no-shell-escape", "-interaction=batchmode", "-file-line-error")

# Any output file, the log of an endless loop too, ends at this size; and should we be killed,
# TeX ends all the same when it has worked for the time that it had.
_LIMITED = f'ulimit -f {MAX_FILE_MIB * 2048}; ulimit -t "$1"; shift; exec "$@"'


@dataclass(frozen=True)
class TexRun:
    """What came out of a run; ``pdf`` is None where there is none that can be used.

    A run that is ``stuck`` has rested for too long; it has ``timed_out``, too.
    """

    pdf: bytes | None
    messages: tuple[TexMessage, ...] = ()
    timed_out: bool = False
    stuck: bool = False
    last_words: str = ""
    missing_program: str | None = None

    @property
    def errors(self) -> tuple[TexMessage, ...]:
        """The messages that are errors."""
        return tuple(m for m in self.messages if m.kind is MessageKind.ERROR)

    @property
    def fatal(self) -> bool:
        """Whether TeX gave up before the end, so that what follows was not read."""
        return self.pdf is None

    @property
    def no_room(self) -> bool:
        """Whether TeX could not write what it made."""
        return self.fatal and os.strerror(errno.ENOSPC) in self.last_words


def run_tex(
    folder: Path,
    job: str,
    *,
    engine: str,
    timeout: float,
    epoch: int = 0,
    settle: tuple[str, ...] = ("aux",),
    format_file: Path | None = None,
    patience: float | None = None,
    passes: int = MAX_PASSES,
) -> TexRun:
    """Run ``engine`` on ``<job>.tex`` in ``folder`` until the files that it reads back settle.

    There are ``passes`` runs at most.
    ``settle`` holds the endings of those files; without any there is one pass. A run with
    errors is not repeated. ``format_file`` is a preamble that :func:`dump_format` has read.
    A document that writes ``<job>.tick`` as it gets on may rest for ``patience`` seconds.
    """
    watch = None if patience is None else Watch(folder / f"{job}.tick", patience)
    before = _contents(folder, job, settle)
    run = TexRun(None)
    for _ in range(passes):
        run = _one_pass(folder, job, engine, timeout, epoch, format_file, watch)
        after = _contents(folder, job, settle)
        if run.pdf is None or run.errors or after == before:
            return run
        before = after
    return run


def dump_format(folder: Path, job: str, *, engine: str, timeout: float) -> TexRun:
    """Read the preamble ``<job>.tex``, which ends with a ``\\dump``, into ``<job>.fmt``.

    Starting from it saves what a preamble costs, which is most of a short run.
    """
    command = (engine, "-ini", *_OPTIONS, f"&{engine}", f"{job}.tex")
    return Begun(folder, job, command, "fmt", timeout, 0).finish()


def begin_waiting(
    folder: Path, job: str, start: str, *, engine: str, timeout: float, epoch: int
) -> Begun:
    """Begin a run in an empty folder that has read the ``start`` of its document, and waits.

    The rest is given to :meth:`Begun.finish`; line numbers are those of the whole. Its lines may
    not be longer than USUAL_LINE. Where we are killed TeX meets the end of its document, and ends.

    Raises:
        OSError: the system cannot give a document bit by bit.
    """
    (folder / f"{job}.tex").symlink_to("/dev/stdin")
    # Else TeX opens its document twice, to look for the name of a format in the first line.
    once = ("-no-parse-first-line",) if engine == "pdflatex" else ()
    return Begun(
        folder, job, (engine, *once, *_OPTIONS, f"{job}.tex"), "pdf", timeout, epoch, start
    )


def _unpacked(format_file: bytes) -> bytes:
    """A format as TeX reads it, too: to unpack it takes longer than all else of a short run."""
    try:
        return gzip.decompress(format_file) if format_file[:2] == _GZIP else format_file
    except (OSError, EOFError, zlib.error):
        return format_file


def program_missing(engine: str) -> Diagnostic:
    """What to say where the engine is not installed."""
    package = {"lualatex": "texlive-luatex"}.get(engine, "texlive-latex-extra")
    hint = f"install TeX Live (Debian and Ubuntu: apt install {package}); see `notesbuild doctor`"
    return error(Code.PROGRAM_MISSING, f"{engine} is not installed", hint=hint)


def tex_version(engine: str) -> str:
    """The first line of ``--version``; empty where the engine is missing."""
    return _version(engine, engine_file(engine))


@lru_cache(maxsize=8)
def _version(engine: str, file: str) -> str:
    try:
        finished = run_program([engine, "--version"], timeout=30)
    except ProgramMissing:
        return ""
    return finished.stdout.decode("utf-8", "replace").split("\n", 1)[0].strip()


def engine_file(engine: str) -> str:
    """Where the engine is, and its size and age; empty where it is missing.

    It tells an engine from another one without starting it.
    """
    path = shutil.which(engine)
    if path is None:
        return ""
    status = Path(path).stat()
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def tex_environment(
    epoch: int = 0, base: Mapping[str, str] | None = None, longest: int = LONGEST_LINE
) -> dict[str, str]:
    """The environment of a run: no foreign search paths, no time, whole lines in the log.

    ``longest`` is how long a line may be that TeX reads.
    """
    inherited = dict(os.environ if base is None else base)
    kept = {k: v for k, v in inherited.items() if not k.startswith(("TEXINPUTS", "TEXMFOUTPUT"))}
    return {
        **kept,
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "SOURCE_DATE_EPOCH": str(epoch),
        "FORCE_SOURCE_DATE": "1",
        "buf_size": str(longest),
        "max_print_line": "100000",
        "error_line": "254",
        "half_error_line": "238",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }


def _one_pass(
    folder: Path,
    job: str,
    engine: str,
    timeout: float,
    epoch: int,
    format_file: Path | None,
    watch: Watch | None,
) -> TexRun:
    start = () if format_file is None else (f"-fmt={format_file.resolve()}",)
    command = (engine, *start, *_OPTIONS, f"{job}.tex")
    return Begun(folder, job, command, "pdf", timeout, epoch).finish(watch)


class Begun:
    """A run that goes on beside us; it makes ``<job>.<ending>``, which is read unpacked.

    With a ``start`` its document is told: first that, the rest when the run is to be finished.
    """

    def __init__(
        self,
        folder: Path,
        job: str,
        command: tuple[str, ...],
        ending: str,
        timeout: float,
        epoch: int,
        start: str | None = None,
    ) -> None:
        self._untold = b""
        self._result, self._log = folder / f"{job}.{ending}", folder / f"{job}.log"
        self._timeout = timeout
        self._missing: str | None = command[0] if shutil.which(command[0]) is None else None
        if self._missing is not None:
            return
        for stale in (self._result, self._log):
            stale.unlink(missing_ok=True)
        command = ("sh", "-c", _LIMITED, "sh", str(ceil(timeout) + 5), *command)
        longest = USUAL_LINE if start is not None or _is_usual(folder) else LONGEST_LINE
        environment = tex_environment(epoch, longest=longest)
        try:
            self._process = start_program(command, cwd=folder, env=environment)
        except ProgramMissing as fault:
            self._missing = fault.program
            return
        if start is not None:
            self._untold = tell_program(self._process, start.encode())

    def finish(self, watch: Watch | None = None, rest: str = "") -> TexRun:
        """Wait for the end, no longer than the run's time from now on, and read what came out."""
        if self._missing is not None:
            return TexRun(None, missing_program=self._missing)
        finished = finish_program(
            self._process,
            timeout=self._timeout,
            input=self._untold + rest.encode(),
            watch=watch,
            grace=GRACE,
        )
        text = _read_log_file(self._log)
        messages = read_log(text)
        if finished.returncode is None:
            stuck = finished.late is Late.STUCK
            return TexRun(None, messages, True, stuck, _last_words(text))
        # 0 is a clean run and 1 one with errors; anything else came from outside, as a signal.
        complete = finished.returncode in (0, 1) and "no output PDF file produced" not in text
        made = complete and self._result.is_file()
        content = _unpacked(self._result.read_bytes()) if made else None
        if content is not None and self._result.suffix == ".pdf" and _END not in content[-_TAIL:]:
            return TexRun(None, messages, last_words=os.strerror(errno.ENOSPC))  # TeX is silent
        words = _last_words(text or finished.stderr.decode("utf-8", "replace"))
        return TexRun(content, messages, last_words=words)

    def stop(self) -> None:
        """End the run; whoever has waited for its end finds nothing to do."""
        if self._missing is None and self._process.returncode is None:
            drop_program(self._process)


def _is_usual(folder: Path) -> bool:
    """Whether no file that a run may read in its folder has a very long line."""
    return all(path.stat().st_size < USUAL_LINE for path in folder.rglob("*") if path.is_file())


def _read_log_file(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return stream.read(MAX_LOG).decode("utf-8", "replace")


def _last_words(text: str) -> str:
    lines = [line.strip()[:200] for line in text[-20_000:].split("\n")]
    return "\n".join([line for line in lines if line][-3:])


def _contents(folder: Path, job: str, endings: tuple[str, ...]) -> tuple[bytes, ...]:
    paths = [folder / f"{job}.{ending}" for ending in endings]
    return tuple(path.read_bytes() if path.is_file() else b"" for path in paths)
