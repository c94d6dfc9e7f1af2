"""Building an exam again from its lock, and comparing every byte."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.build import produce
from notesbuild.exam.fresh import names_below
from notesbuild.exam.request import Request


def verify(request: Request, progress: Callable[[str], None]) -> Outcome[int | None]:
    """The number of published files that a new build, from nothing, repeats byte for byte."""
    target = request.target
    shown = target.relative_to(request.project.root).as_posix()
    if not target.is_dir():
        message = f"{request.blueprint.exam} has not been built"
        hint = f"run `notesbuild exam build {request.blueprint.exam}`"
        return Outcome(None, (error(Code.NOT_REPRODUCED, message, Span(shown), hint),))
    with tempfile.TemporaryDirectory(prefix="notesbuild-") as name:
        folder = Path(name)
        made = produce(request, folder, None, progress)
        if made.value is None or has_errors(made.diagnostics):
            return Outcome(None, made.diagnostics)
        progress(f"Comparing with {shown}")
        different = tuple(_differences(folder, target, shown))
    if different:
        return Outcome(None, (*made.diagnostics, *different))
    return Outcome(len(made.value), made.diagnostics)


def _differences(made: Path, target: Path, shown: str) -> Iterator[Diagnostic]:
    new, published = names_below(made), names_below(target)
    for name in sorted({*new, *published}):
        if name not in new:
            message = "the lock does not lead to this file"
        elif name not in published:
            message = "the file was not published"
        elif not filecmp.cmp(made / name, target / name, shallow=False):
            message = "the file differs from what the lock leads to now"
        else:
            continue
        yield error(Code.NOT_REPRODUCED, message, Span(f"{shown}/{name}"))
