"""Work on the workers of a Dask cluster: the one module that knows ``distributed``.

Everything that a piece of work needs is sent along, so no folder has to be shared. Source:
https://distributed.dask.org, "Client" and "Resilience".
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Generic, ParamSpec, TypeVar, cast

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error

P = ParamSpec("P")
T = TypeVar("T")
SECONDS = 10
"""How long a scheduler has to answer."""
PATIENCE = 60
"""For how many seconds a scheduler may be without any worker: one that died is begun anew."""


class ClusterFailed(Exception):
    """The cluster did not finish a piece of work; ``diagnostic`` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(frozen=True)
class Task(Generic[T]):
    """A piece of work on its way."""

    _future: Any
    _client: Any
    _address: str

    def result(self) -> T:
        """What came out. Raises ClusterFailed if no worker could finish it, or none is left."""
        waited = 0.0
        while True:
            try:
                return cast(T, self._future.result(timeout=PATIENCE / 6))
            except Exception as fault:
                if isinstance(fault, TimeoutError) and not self._future.done():
                    waited = 0.0 if self._client.nthreads() else waited + PATIENCE / 6
                    if waited < PATIENCE:
                        continue
                    raise ClusterFailed(_deserted(self._address)) from fault
                if not _is_of_cluster(fault):
                    raise
                raise ClusterFailed(_failed(self._address, fault)) from fault


class Cluster:
    """The workers of a scheduler; ``cores`` is the number of pieces that they do at once."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self.cores = sum(client.nthreads().values())

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Task[T]:
        """Have a worker call the function; in the arguments stands what `share` gave."""
        future = self._client.submit(function, *args, pure=False, **kwargs)
        return Task(future, self._client, self._address)

    def share(self, content: bytes) -> bytes:
        """Send a content to the workers once; it stands for the bytes in later arguments."""
        return cast(bytes, self._client.scatter(content, broadcast=True, hash=False))


@contextmanager
def connect(address: str, state: Callable[[], str]) -> Iterator[Outcome[Cluster | None]]:
    """The cluster of a scheduler whose workers all have the ``state`` that we have.

    ``state`` says what the bytes of the outputs depend on, such as the version of TeX.
    """
    if find_spec("distributed") is None:
        hint = "install it with `pip install 'notesbuild[cluster]'`"
        yield Outcome(None, (error(Code.PROGRAM_MISSING, "Dask is not installed", hint=hint),))
        return
    from distributed import Client

    with _quiet():
        try:
            # Its types are not declared.
            client = cast(Any, Client)(address, timeout=SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as fault:
            yield Outcome(None, (_unreachable(address, fault),))
            return
        with client:
            problem = _unfit(client, address, state)
            yield Outcome(None, (problem,)) if problem else Outcome(Cluster(client, address))


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask logs on standard error what we tell in words of our own."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _unfit(client: Any, address: str, state: Callable[[], str]) -> Diagnostic | None:
    """Why this cluster cannot take our work."""
    if not client.nthreads():
        hint = f"start some, for example with `dask worker {address}`"
        return error(Code.PROGRAM_FAILED, f"the scheduler {address} has no workers", hint=hint)
    try:
        answers = client.run(state)
    except Exception as fault:
        hint = "install the same notesbuild and TeX on every worker"
        message = f"a worker of {address} cannot run notesbuild: {fault}"
        return error(Code.PROGRAM_FAILED, message, hint=hint)
    here = state()
    others = sorted(worker for worker, there in answers.items() if there != here)
    if not others:
        return None
    message = f"the worker {others[0]} has another notesbuild or another TeX: {answers[others[0]]}"
    hint = f"here it is {here}; install the same on every worker, or the papers would differ"
    return error(Code.PROGRAM_FAILED, message, hint=hint)


def _unreachable(address: str, fault: Exception) -> Diagnostic:
    reason = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
    message = f"no Dask scheduler answers at {address!r}: {reason}"
    hint = "write an address such as tcp://10.0.0.5:8786, and look whether the scheduler runs"
    return error(Code.PROGRAM_FAILED, message, hint=hint)


def _is_of_cluster(fault: Exception) -> bool:
    """Whether the cluster failed, and not the function that it called."""
    from distributed import CancelledError, KilledWorker
    from distributed.comm.core import CommClosedError

    return isinstance(fault, KilledWorker | CancelledError | CommClosedError | TimeoutError)


def _deserted(address: str) -> Diagnostic:
    message = f"the cluster at {address} lost its workers, and no new one has come"
    hint = "look at the logs of its workers, or build without --scheduler; nothing was published"
    return error(Code.PROGRAM_FAILED, message, hint=hint)


def _failed(address: str, fault: Exception) -> Diagnostic:
    message = f"the cluster at {address} lost its work ({type(fault).__name__})"
    hint = "look at the logs of its workers, or build without --scheduler; nothing was published"
    return error(Code.PROGRAM_FAILED, message, hint=hint)
