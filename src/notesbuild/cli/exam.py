"""``notesbuild exam``: draw versions, build papers, verify them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notesbuild.cli.context import Context, finish, pass_project
from notesbuild.cli.drawn import show_draw
from notesbuild.run.workplace import workplace

if TYPE_CHECKING:
    from notesbuild.diagnostics import Outcome
    from notesbuild.exam.ahead import Ahead
    from notesbuild.exam.build import BuiltExam


@click.group()
def exam() -> None:
    """Draw versions of an exam, build the papers, verify them."""


@exam.command()
@click.argument("name", metavar="EXAM")
@click.option("--seed", type=click.IntRange(0), help="Another seed than the blueprint's.")
@click.option("--versions", type=click.IntRange(1, 26), help="Another number of versions.")
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The students (CSV), where each of them has a version.",
)
@click.option("--keep", is_flag=True, help="Leave what is pinned in the lock, draw the rest anew.")
@click.option("--fresh", is_flag=True, help="Draw as if there were no lock.")
@click.option("--verbose", is_flag=True, help="Show the problems of every section, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the draw as JSON.")
@pass_project
def draw(
    context: Context,
    name: str,
    seed: int | None,
    versions: int | None,
    roster: Path | None,
    keep: bool,
    fresh: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Draw the versions of EXAM (<course>/<exam>) and write its lock file.

    Versions that the lock has already stay as they are if they still meet the blueprint.
    """
    from notesbuild import pipeline
    from notesbuild.exam.drawing import Wanted

    if keep and fresh:
        raise click.UsageError("--keep and --fresh contradict each other")
    project, read = context.load()
    drawn = pipeline.draw_exam(project, name, Wanted(seed, versions, roster, keep, fresh))
    found = (*read, *drawn.diagnostics)
    if drawn.value is None:
        finish(found, project.root)
    if as_json:
        click.echo(json.dumps(drawn.value.as_json(), indent=2, ensure_ascii=False))
    else:
        show_draw(drawn.value.drawn, verbose=verbose)
        blueprint = project.blueprint(name)
        if blueprint is not None and seed not in (None, blueprint.seed):
            click.echo(f"To keep this draw, write `seed: {seed}` into the blueprint.")
        click.echo(f"Wrote {drawn.value.path}")
    finish(found, project.root)


_CSV = click.Path(exists=True, dir_okay=False, path_type=Path)
_for_whom = (
    click.option("--roster", type=_CSV, help="The students (CSV), each of whom gets a copy."),
    click.option(
        "--password-file",
        "passwords",
        type=_CSV,
        help="Their copies' passwords (CSV: id,password).",
    ),
    click.option(
        "--solutions",
        is_flag=True,
        help="Every student's solutions, too, where each has a version of their own.",
    ),
    click.option("--jobs", type=click.IntRange(1), help="Programs at once; default: all cores."),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Set and write on the workers of this Dask scheduler (tcp://HOST:PORT).",
    ),
)


def _for_students(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say for whom an exam is built."""
    for option in reversed(_for_whom):
        command = option(command)
    return command


@exam.command()
@click.argument("name", metavar="EXAM")
@_for_students
@click.option("--watch", is_flag=True, help="Build again whenever a source changes, until Ctrl-C.")
@pass_project
def build(
    context: Context,
    name: str,
    roster: Path | None,
    passwords: Path | None,
    solutions: bool,
    jobs: int | None,
    scheduler: str | None,
    watch: bool,
) -> None:
    """Build the PDFs, the key and the report of EXAM from its lock file.

    With --watch the command stays, and builds again whenever a file changes that the project, the
    roster or the passwords consist of. What is wrong is told, and the papers of the last good
    build stay. Ctrl-C ends it, with exit code 0.
    """
    from notesbuild import pipeline
    from notesbuild.diagnostics import Outcome

    root, place = context.root(), workplace(jobs, scheduler)

    def once(ahead: Ahead | None, say: Callable[[str], None]) -> Outcome[str | None]:
        read = pipeline.read_for_exam(root, name)
        if read.value is None:
            return Outcome(None, read.diagnostics)
        project = read.value
        whom = pipeline.read_audience(project, name, roster, passwords, solutions=solutions)
        if whom.value is None:
            return Outcome(None, (*read.diagnostics, *whom.diagnostics))
        built = pipeline.build_exam(project, name, whom.value, place=place, ahead=ahead, say=say)
        found = (*read.diagnostics, *whom.diagnostics, *built.diagnostics)
        return Outcome(_in_a_line(built.value), found)

    if watch:
        from notesbuild.cli.watching import keep_building
        from notesbuild.source.project import watched

        others = tuple(path for path in (roster, passwords) if path is not None)
        with pipeline.begun_ahead(root, name, place) as ahead:
            rest = ahead.renew if ahead is not None else lambda: None
            keep_building(partial(once, ahead), root, lambda: (*watched(root), *others), rest)
        return
    from notesbuild.cli.console import progress

    with pipeline.begun_ahead(root, name, place) as ahead, progress() as say:
        built = once(ahead, say)
    if built.value is not None:
        click.echo(built.value)
    finish(built.diagnostics, root)


def _in_a_line(built: BuiltExam | None) -> str | None:
    return None if built is None else f"{built.folder}: {len(built.files)} files"


@exam.command()
@click.argument("name", metavar="EXAM")
@_for_students
@pass_project
def verify(
    context: Context,
    name: str,
    roster: Path | None,
    passwords: Path | None,
    solutions: bool,
    jobs: int | None,
    scheduler: str | None,
) -> None:
    """Rebuild EXAM from its lock, compare every byte, and read every paper back.

    The options are those with which it was built.
    """
    from notesbuild import pipeline
    from notesbuild.cli.console import progress

    project, read = context.load_for_exam(name)
    place = workplace(jobs, scheduler)
    audience = pipeline.read_audience(project, name, roster, passwords, solutions=solutions)
    if audience.value is None:
        finish((*read, *audience.diagnostics), project.root)
    with progress() as say:
        verified = pipeline.verify_exam(project, name, audience.value, place=place, say=say)
    if verified.value is not None:
        click.echo(f"{name}: {verified.value} files are the same, byte for byte; no leak")
    finish((*read, *audience.diagnostics, *verified.diagnostics), project.root)
