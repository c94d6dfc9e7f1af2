"""From a lock to published papers; where nothing has changed, nothing is loaded to make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notesbuild.diagnostics import Outcome, has_errors
from notesbuild.exam.fresh import fingerprint, published_files, remember
from notesbuild.exam.request import Request
from notesbuild.run.publish import build_lock, busy, publish_folder, staging, write_fault

Say = Callable[[str], None]


@dataclass(frozen=True)
class BuiltExam:
    """What was published: the folder and its files, as the project names them."""

    folder: str
    files: tuple[str, ...]


def build_exam(request: Request, progress: Say) -> Outcome[BuiltExam | None]:
    """Papers, solutions, marking guides, key, regions, report and record, all at once.

    A version with a broken problem is left out; without any version nothing is touched.
    Where nothing has changed since the last build without complaints, nothing is done.
    """
    target = request.target
    shown = target.relative_to(request.project.root).as_posix()
    with build_lock(target) as free:
        if not free:
            return Outcome(None, (busy(shown),))
        current = fingerprint(request)
        there = published_files(request, current)
        if there:
            return Outcome(BuiltExam(shown, there))
        from notesbuild.exam.outputs import produce

        try:
            with staging(target) as folder:
                made = produce(request, folder, request.cache, progress)
                if made.value is None:
                    return Outcome(None, made.diagnostics)
                progress(f"Publishing {shown}")
                faults = publish_folder(folder, target, shown)
        except OSError as fault:
            return Outcome(None, (write_fault(fault, shown),))
        if not made.diagnostics and not faults:
            faults = remember(request, current, made.value.files)
    if has_errors(faults):
        return Outcome(None, (*made.diagnostics, *faults))
    names = tuple(sorted(written.name for written in made.value.files))
    return Outcome(BuiltExam(shown, names), made.diagnostics)
