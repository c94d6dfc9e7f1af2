"""The one module that starts other programs, and that stops them when we are stopped."""

import os
import selectors
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_STEP = 0.25

_running: set[subprocess.Popen[bytes]] = set()
_stopped = threading.Event()


class Late(Enum):
    """Why the time of a program was up."""

    TIMEOUT = "timeout"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program left behind; ``returncode`` is None when its time was up."""

    argv: tuple[str, ...]
    returncode: int | None
    stdout: bytes
    stderr: bytes
    late: Late | None = None

    @property
    def ok(self) -> bool:
        """Whether it came to its end and reported success."""
        return self.returncode == 0


@dataclass(frozen=True, slots=True)
class Watch:
    """A file that a program touches while it gets on, and how many seconds it may rest.

    Before there is a file nothing is watched.
    """

    sign: Path
    patience: float

    def state(self) -> int | None:
        """What changes when the program touches the file."""
        try:
            return self.sign.stat().st_mtime_ns
        except OSError:
            return None


class Stopped(BaseException):
    """This process was told to end: no program is started any more."""


class ProgramMissing(Exception):
    """The program cannot be started: it is not there, or may not be run."""

    def __init__(self, program: str, reason: str) -> None:
        super().__init__(f"{program}: {reason}")
        self.program = program


def run_program(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float,
    input: bytes | None = None,
    watch: Watch | None = None,
    grace: float = 0.0,
) -> Finished:
    """Run a program to its end, or kill it and everything it started when its time is up.

    Its time is up after ``timeout`` seconds, or when it rests for longer than ``watch`` allows;
    then it has ``grace`` seconds more to say what it was doing.
    """
    process = start_program(argv, cwd=cwd, env=env)
    return finish_program(process, timeout=timeout, input=input, watch=watch, grace=grace)


def finish_program(
    process: subprocess.Popen[bytes],
    *,
    timeout: float,
    input: bytes | None = None,
    watch: Watch | None = None,
    grace: float = 0.0,
) -> Finished:
    """Wait for a program that was started, as :func:`run_program` does; its time begins now."""
    command = process.args
    assert isinstance(command, tuple)
    with process:
        try:
            if input:
                _feed(process, input)
            late = _wait(process, timeout, watch)
            if late and grace:
                _interrupt(process)
                _wait(process, grace, None)
            if late:
                stop_program(process)
            stdout, stderr = process.communicate()
            if late:
                return Finished(command, None, stdout, stderr, late)
        except BaseException:
            stop_program(process)
            raise
        finally:
            _running.discard(process)
    return Finished(command, process.returncode, stdout, stderr)


def _feed(process: subprocess.Popen[bytes], words: bytes) -> None:
    """Give a program what it reads, however slowly; ``communicate`` does so in one go only."""
    stdin, process.stdin = process.stdin, None
    assert stdin is not None

    def write() -> None:
        with suppress(OSError), stdin:  # it has ended
            stdin.write(words)

    threading.Thread(target=write, daemon=True).start()


def _wait(process: subprocess.Popen[bytes], timeout: float, watch: Watch | None) -> Late | None:
    """Wait for the end; why it is waited for no longer, if that is so."""
    waited, rested, state = 0.0, 0.0, None
    while True:
        step = timeout - waited if watch is None else min(_STEP, timeout - waited)
        try:
            process.communicate(timeout=step)
            return None
        except subprocess.TimeoutExpired:
            waited += step
        if waited >= timeout:
            return Late.TIMEOUT
        if watch is not None:
            before, state = state, watch.state()
            rested = rested + step if state is not None and state == before else 0.0
            if rested >= watch.patience:
                return Late.STUCK


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ask a program what it is doing; it may ask back, and finds that nobody answers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGSTOP)
        _empty_its_pipe(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        os.killpg(process.pid, signal.SIGCONT)


def _empty_its_pipe(pid: int) -> None:
    """Take away what a program has not read yet: that is no answer to what it asks (Linux)."""
    with suppress(OSError):
        handle = os.open(f"/proc/{pid}/fd/0", os.O_RDONLY)
        with os.fdopen(handle, "rb", buffering=0) as pipe:
            while pipe.read(1 << 16):
                continue


def start_program(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, with pipes to all its streams."""
    command = tuple(os.fspath(argument) for argument in argv)
    if _stopped.is_set():
        raise Stopped
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ProgramMissing(command[0], error.strerror or str(error)) from error
    _running.add(process)
    if _stopped.is_set():
        stop_program(process)
    return process


class ConversationEnded(Exception):
    """A program that was asked gave no answer."""


class Conversation:
    """A program that answers each line with a line, for as long as it is asked."""

    def __init__(self, argv: Sequence[str | os.PathLike[str]]) -> None:
        self._process = start_program(argv, env={})

    def ask(self, line: bytes, *, timeout: float) -> bytes:
        """The answer to a line without line breaks.

        Raises:
            ConversationEnded: it has ended, or was silent for as long as ``timeout``.
        """
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(line + b"\n")
            process.stdin.flush()
        except OSError as error:
            raise ConversationEnded(self._last_words() or str(error)) from error
        pieces = []
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while True:
                if not selector.select(timeout):
                    raise ConversationEnded("its time was up")
                piece = os.read(process.stdout.fileno(), 1 << 20)
                if not piece:
                    raise ConversationEnded(self._last_words())
                pieces.append(piece)
                if piece.endswith(b"\n"):
                    return b"".join(pieces)

    def close(self) -> None:
        """End the program and everything it has started."""
        stop_program(self._process)
        with suppress(OSError):
            self._process.communicate()
        _running.discard(self._process)

    def _last_words(self) -> str:
        stop_program(self._process)
        _, complaint = self._process.communicate()
        return complaint.decode(errors="replace").strip()


def tell_program(process: subprocess.Popen[bytes], words: bytes) -> bytes:
    """Tell a program what its pipe takes at once; what is left is for :func:`finish_program`."""
    assert process.stdin is not None
    handle = process.stdin.fileno()
    os.set_blocking(handle, False)
    try:
        return words[os.write(handle, words) :]
    except OSError:
        return words  # it has ended, which its outcome will show
    finally:
        os.set_blocking(handle, True)


def drop_program(process: subprocess.Popen[bytes]) -> None:
    """End a program that nobody waits for any more."""
    stop_program(process)
    process.communicate()
    _running.discard(process)


def stop_program(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with every process it has started."""
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        return


def _leave_them() -> None:
    """In a copy of this process: what programs read ends where we end, not with the copy."""
    for process in _running:
        if process.stdin is not None and not process.stdin.closed:
            os.close(process.stdin.fileno())


os.register_at_fork(after_in_child=_leave_them)


def end_with_us() -> None:
    """Let Ctrl-C and a polite kill end every program at once, whichever thread waits for it.

    Programs have process groups of their own, so no signal but ours reaches them. Where Ctrl-C
    is ignored, as in a background job of a shell, it stays without effect on us. But programs
    must not ignore it too, or they could not be asked what they were doing when their time is
    up; so we ignore it by a handler, which programs do not inherit.
    """

    def stop(number: int, frame: object) -> None:
        _stopped.set()
        for process in tuple(_running):
            stop_program(process)
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    def do_nothing(number: int, frame: object) -> None:
        pass

    for number in (signal.SIGINT, signal.SIGTERM):
        ignored = signal.getsignal(number) is signal.SIG_IGN
        signal.signal(number, do_nothing if ignored else stop)
