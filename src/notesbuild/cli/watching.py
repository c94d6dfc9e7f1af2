"""Building again and again, whenever a file has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notesbuild.cli.clock import stopwatch
from notesbuild.cli.context import count, finish, report
from notesbuild.run.garbage import let_go
from notesbuild.run.watching import Look, look, wait_for_change

if TYPE_CHECKING:
    from notesbuild.diagnostics import Diagnostic, Outcome

Build = Callable[[Callable[[str], None]], "Outcome[str | None]"]
"""Builds, and tells its steps; the value says in a line what there is now."""


def keep_building(
    build: Build,
    root: Path,
    watched: Callable[[], tuple[Path, ...]],
    rest: Callable[[], None],
) -> None:
    """Build, wait for a change of what is ``watched``, and build again, until Ctrl-C.

    In between ``rest`` makes ready for the next build. What is wrong is shown, and what the last
    good build has left stays. Where nothing of that name exists there is nothing to wait for.
    """
    try:
        first = True
        paths: tuple[Path, ...] = ()
        before: Look = {}
        while True:
            if watched() != paths:
                paths = watched()
                before = look(paths)
            needed = stopwatch()
            built = build(lambda step: click.echo(f"- {step}", err=True))
            found = tuple(dict.fromkeys(built.diagnostics))
            if first and _nothing_to_wait_for(found):
                finish(found, root)
            report(found, root)
            click.echo(f"{_words(built.value, found)}, after {needed():.2f} s")
            if first:
                click.echo("Watching (Ctrl-C ends)")
            first = False
            rest()
            let_go()  # nobody waits for it now; to read a bank puts off the search
            before = wait_for_change(before, paths)
    except KeyboardInterrupt:
        return


def _words(value: str | None, found: tuple[Diagnostic, ...]) -> str:
    told = count(found)
    if value is None:
        return f"{told}: the last good papers stay"
    return f"{value}, {told}" if told else value


def _nothing_to_wait_for(found: Iterable[Diagnostic]) -> bool:
    """Whether all that is wrong is that there is no such exam."""
    from notesbuild.diagnostics import Code, has_errors

    errors = [one for one in found if has_errors((one,))]
    return bool(errors) and all(one.code is Code.UNKNOWN_EXAM for one in errors)
