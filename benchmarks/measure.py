"""Starting programs and measuring them: seconds, and the memory of all their processes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
BARE = Path(__file__).resolve().parent / "bare"
# Whoever runs this, the bytecode of programs is kept, as it is of an installed package.
_OF_OURS = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT = {**_OF_OURS, "PYTHONPATH": str(TOP / "src")}
SAMPLE_EVERY = 0.1  # seconds; a sample takes less than a hundredth of that

Work = Callable[[], float]


class Failed(Exception):
    """A program that is measured ended with an error."""


@dataclass(frozen=True)
class Target:
    """What a row should show: at most this ratio to the bare work, or these seconds."""

    ratio: float | None = None
    seconds: float | None = None

    def words(self) -> str:
        """``<= 1.5 x`` or ``< 3 s``."""
        if self.ratio is not None:
            return f"<= {self.ratio:g} x"
        return f"< {self.seconds:g} s" if self.seconds is not None else ""


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds of ours, and of the bare work beside it, if there is one."""

    name: str
    seconds: float
    bare_name: str = ""
    bare_seconds: float | None = None
    target: Target = Target()
    remark: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the bare work ours takes."""
        return self.seconds / self.bare_seconds if self.bare_seconds else None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target.ratio is not None and self.ratio is not None:
            return self.ratio <= self.target.ratio
        if self.target.seconds is not None:
            return self.seconds < self.target.seconds
        return None


@dataclass(frozen=True)
class Finished:
    """A program that has run: its wall time in seconds, what it printed, MiB at its peak.

    ``cpu`` are the processor's seconds of it and of all that it has waited for.
    """

    seconds: float
    output: str
    peak: float = 0.0
    cpu: float = 0.0


def run(*command: str | Path, cwd: Path = TOP, memory: bool = False) -> Finished:
    """Run a program to its end.

    ``memory`` adds up the resident memory of the program and all that it has started, ten
    times a second. Pages that processes share count once for each, so the truth is not more.
    Raises Failed with the program's last words where it fails.
    """
    start, spent = time.perf_counter(), _spent()
    program = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    sampler = _Sampler(program.pid) if memory else None
    output, complaints = program.communicate()
    seconds = time.perf_counter() - start
    peak = sampler.stop() if sampler else 0.0
    if program.returncode:
        words = (complaints.strip() or output.strip()).splitlines()[-4:]
        name = " ".join(Path(str(word)).name for word in command)
        raise Failed(f"{name} ended with {program.returncode}: " + " | ".join(words))
    return Finished(seconds, output, peak, _spent() - spent)


def notesbuild(*arguments: str | Path, project: Path, memory: bool = False) -> Finished:
    """Run a command of notesbuild in a project."""
    return run(
        *(sys.executable, "-m", "notesbuild", "--project", project, *arguments), memory=memory
    )


def bare(script: str, *arguments: str | Path) -> Finished:
    """Run one of the scripts of bare work."""
    return run(sys.executable, BARE / script, *arguments)


def pdflatex(job: str, cwd: Path) -> Finished:
    """Run pdflatex once on ``<job>.tex``."""
    return run("pdflatex", "-interaction=batchmode", "-halt-on-error", job, cwd=cwd)


def at_once(*programs: Callable[[], Finished]) -> float:
    """The seconds until all of them have ended."""
    start = time.perf_counter()
    with ThreadPoolExecutor(len(programs)) as pool:
        for finished in [pool.submit(program) for program in programs]:
            finished.result()
    return time.perf_counter() - start


def alternate(times: int, *works: Work) -> tuple[float, ...]:
    """The shortest of several times of each work, in seconds.

    Whatever else the machine does can only make a time longer. The works take turns, so that
    a noisy minute meets all of them.
    """
    rounds = [[work() for work in works] for _ in range(times)]
    return tuple(min(seconds) for seconds in zip(*rounds, strict=True))


def _spent() -> float:
    """The processor's seconds of all programs that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _Sampler:
    """Looks at the memory of a tree of processes until it is stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The peak in MiB."""
        self._done.set()
        self._thread.join()
        return self._peak / 2**20

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_EVERY):
            self._peak = max(self._peak, sum(map(_resident, _tree(self._pid))))


def _tree(pid: int) -> Sequence[int]:
    """A process and all that descend from it; processes that have ended are left out."""
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        for listing in Path(f"/proc/{current}/task").glob("*/children"):
            try:
                waiting += map(int, listing.read_text().split())
            except OSError:
                continue
    return found


def _resident(pid: int) -> int:
    """Bytes; 0 for a process that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
