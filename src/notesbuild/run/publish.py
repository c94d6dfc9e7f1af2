"""The one door to the build folder: outputs appear whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error

_PIECE = 1 << 20
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EPERM, errno.EACCES)
_FULL = os.strerror(errno.ENOSPC)


def write_file(
    path: Path, content: bytes, shown: str, *, durable: bool = True
) -> tuple[Diagnostic, ...]:
    """Write one file so that a reader sees the old or the new content, never a part of it.

    ``shown`` is the path as diagnostics name it. What can be made again need not be
    ``durable``: it may be lost when the machine stops.
    """
    waiting: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        waiting = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            if durable:
                _flush(stream.fileno())
        waiting.chmod(0o644)
        waiting.replace(path)
    except OSError as fault:
        if waiting is not None:
            waiting.unlink(missing_ok=True)
        return (_write_failed(fault, shown),)
    return ()


@contextmanager
def build_lock(target: Path) -> Iterator[bool]:
    """Whether this process may write ``target`` now; the lock ends with the block.

    The system drops the lock of a process that was killed, so nothing has to be cleaned up.
    """
    path = _lock_path(target)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        yield True  # publishing will say why nothing can be written here
        return
    try:
        yield _take(handle, path)
    finally:
        os.close(handle)


def _take(handle: int, path: Path) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # A file that was removed meanwhile locks nothing: somebody cleans just now.
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def busy(shown: str) -> Diagnostic:
    """What to say where :func:`build_lock` gave False."""
    return error(Code.BUILD_BUSY, f"another build is writing {shown}")


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A new folder beside ``target`` to build in; whatever is left in it is deleted.

    It stands beside its target because a rename works within one file system only. Remains
    of a build that was killed are removed first; hold the :func:`build_lock` of ``target``.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for remains in target.parent.glob(f".{target.name}.new-*"):
        shutil.rmtree(remains, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.new-"))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def take_over(old: Path, source: Path, new: Path) -> None:
    """Make ``new`` of ``source``: a second name of ``old`` where that says the same, or a copy."""
    try:
        if not old.is_symlink() and _same(old, source):
            new.hardlink_to(old)
            return
    except OSError:
        pass  # there is no old file, or it cannot be had
    shutil.copy2(source, new)


def publish_folder(staged: Path, target: Path, shown: str) -> tuple[Diagnostic, ...]:
    """Put the folder ``staged`` in the place of ``target``, which may exist.

    Where the system can exchange two names at once there is no moment without a target. What
    ``target`` has with the same content keeps its place on the disk and is not written again.
    """
    try:
        for base, _, names in os.walk(staged):
            for name in names:
                path = Path(base) / name
                if not _keep(target / path.relative_to(staged), path):
                    _flush_path(path)
            _flush_path(Path(base))
        if not target.exists():
            staged.rename(target)
        elif not _exchange(staged, target):
            aside = staged.with_name(staged.name + "-old")
            target.rename(aside)
            staged.rename(target)
            shutil.rmtree(aside, ignore_errors=True)
        _flush_path(target.parent)
    except OSError as fault:
        return (_write_failed(fault, shown),)
    return ()


def remove_folder(folder: Path) -> Outcome[bool]:
    """Remove a folder of outputs; False if there was none. A build at work is left alone."""
    if not folder.is_dir():
        return Outcome(False)
    if folder.is_symlink():
        message = f"{folder.name} is a link, and what it leads to may be somebody else's"
        return Outcome(False, (error(Code.FILE_OUTSIDE, message, Span(folder.name)),))
    with ExitStack() as locks:
        # All are kept until the folder is gone, so that no build begins in the middle.
        for lock in sorted(folder.rglob(".*.lock")):
            free = build_lock(lock.with_name(lock.name[1 : -len(".lock")]))
            if not locks.enter_context(free):
                return Outcome(False, (busy(folder.name),))
        aside = folder.with_name(f".{folder.name}.removed")
        try:
            shutil.rmtree(aside, ignore_errors=True)
            folder.rename(aside)
            shutil.rmtree(aside)
        except OSError as fault:
            return Outcome(False, (_write_failed(fault, folder.name),))
    return Outcome(True)


def is_refusal(fault: BaseException) -> bool:
    """Whether the system would not let us write: nothing that an author could mend."""
    return isinstance(fault, OSError) and (fault.errno in _REFUSALS or _FULL in str(fault))


def write_fault(fault: OSError, shown: str) -> Diagnostic:
    """An error of the file system as a diagnostic, for builds that fill a staged folder."""
    return _write_failed(fault, shown)


def _write_failed(fault: OSError, shown: str) -> Diagnostic:
    # shutil tells of every file that it could not copy; the first one says it all.
    several = isinstance(fault, shutil.Error) and fault.args and isinstance(fault.args[0], list)
    reason = str(fault.args[0][0][-1]) if several else fault.strerror or str(fault)
    hint = None
    if fault.errno in (errno.ENOSPC, errno.EDQUOT) or _FULL in reason:
        hint = "make room on the disk and build again; the last good outputs are still there"
    return error(Code.WRITE_FAILED, f"{shown} cannot be written: {reason}", Span(shown), hint)


def _lock_path(target: Path) -> Path:
    return target.with_name(f".{target.name}.lock")


def _keep(old: Path, new: Path) -> bool:
    """Whether a new file could be replaced by the old one, which says the same."""
    try:
        if old.is_symlink():
            return False
        if old.samefile(new):
            return True
        if not _same(old, new):
            return False
        aside = new.with_name(f".{new.name}.kept")
        aside.hardlink_to(old)
        aside.replace(new)
    except OSError:
        return False
    return True


def _same(one: Path, other: Path) -> bool:
    """Whether two files hold the same; pages of a megabyte are read in large pieces."""
    if not (one.is_file() and other.is_file()) or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb", buffering=0) as first, other.open("rb", buffering=0) as second:
        while piece := first.read(_PIECE):
            if piece != second.read(_PIECE):
                return False
    return True


def _flush(handle: int) -> None:
    os.fsync(handle)


def _flush_path(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        _flush(handle)
    finally:
        os.close(handle)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step (Linux); False where the system or the disk cannot."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = swap(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(done == 0)
