"""Progress and tables: rich on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

import click


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A function that tells what is being done now.

    On a terminal the last step shows and vanishes at the end; elsewhere each step is a line.
    Nothing moves meanwhile: a thread that draws would forbid copies of this process.
    """
    if not _is_terminal(sys.stderr):
        yield lambda step: click.echo(f"- {step}", err=True)
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    def shown(step: str) -> Text:
        return Text.assemble(("\N{BULLET} ", "green"), step, "\N{HORIZONTAL ELLIPSIS}")

    with Live(
        shown("Starting"), console=Console(stderr=True), auto_refresh=False, transient=True
    ) as live:
        yield lambda step: live.update(shown(step), refresh=True)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> str:
    """A table of text columns; columns of numbers are set flush right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for number, heading in enumerate(headings):
        numeric = bool(rows) and all(_is_number(row[number]) for row in rows)
        drawn.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console = Console(width=None if _is_terminal(sys.stdout) else 100, highlight=False)
    with console.capture() as capture:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at it; Python has None for a stream that was closed before."""
    return stream is not None and stream.isatty()


def _is_number(cell: str) -> bool:
    return cell.strip(" -–.%:").replace(".", "").replace(" ", "").isdecimal() or cell in ("", "-")
