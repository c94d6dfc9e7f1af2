"""The command line: ``notesbuild`` and its groups of commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from notesbuild import __version__
from notesbuild.cli.bank import bank
from notesbuild.cli.context import Context
from notesbuild.cli.exam import exam
from notesbuild.cli.notes import notes
from notesbuild.cli.project import build, check, clean, doctor, init
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
    try:
        cli(standalone_mode=True)
    except BrokenPipeError:
        # The reader of our output is gone; nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as fault:
        if os.environ.get("NOTESBUILD_DEBUG"):
            raise
        click.echo(
            f"notesbuild: internal error: {type(fault).__name__}: {fault}\n"
            "    hint: this is a bug; run again with NOTESBUILD_DEBUG=1 and report the traceback.",
            err=True,
        )
        sys.exit(3)
