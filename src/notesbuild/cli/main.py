"""The command line: ``notesbuild`` and its groups of commands."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from notesbuild import __version__
from notesbuild.cli.bank import bank
from notesbuild.cli.context import Context
from notesbuild.cli.exam import exam
from notesbuild.cli.notes import notes
from notesbuild.cli.project import build, check, clean, doctor, init
from notesbuild.run.garbage import leave_it, seldom_tidied
from notesbuild.run.program import end_with_us


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88})
@click.version_option(__version__, prog_name="notesbuild")
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    help="The project's folder; without it, the nearest one at or above this folder.",
)
@click.pass_context
def cli(click_context: click.Context, project: Path | None) -> None:
    """Lecture notes and exams of a proof-based course, from one set of sources."""
    click_context.obj = Context(project)


for command in (init, build, check, doctor, clean, notes, exam, bank):
    cli.add_command(command)


def main() -> None:
    """The console script. A bug ends with one line, and its traceback on demand."""
    end_with_us()
    # To look for plugins, pydantic would load a library that reads mail. Our records need none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        with seldom_tidied():
            cli(standalone_mode=True)
    except BrokenPipeError:
        # The reader of our output is gone; nothing is left to say to it.
        _mute(sys.stdout)
        sys.exit(0)
    except OSError as fault:
        if os.environ.get("NOTESBUILD_DEBUG"):
            raise
        _mute(sys.stdout)
        place = f"{os.fspath(fault.filename)}: " if fault.filename else ""
        click.echo(
            f"notesbuild: the system refuses: {place}{fault.strerror or fault}\n"
            "    hint: make room on the disk, check permissions, and run the command again.",
            err=True,
        )
        sys.exit(3)
    except Exception as fault:
        if os.environ.get("NOTESBUILD_DEBUG"):
            raise
        click.echo(
            f"notesbuild: internal error: {type(fault).__name__}: {fault}\n"
            "    hint: this is a bug; run again with NOTESBUILD_DEBUG=1 and report the traceback.",
            err=True,
        )
        sys.exit(3)
    finally:
        leave_it()


def _mute(stream: TextIO | None) -> None:
    """Let Python flush into nothing at its end what could not be written before."""
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]
