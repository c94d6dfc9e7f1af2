"""The commands that concern a whole project: init, build, check, doctor, clean."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from notesbuild.cli.clock import as_of, moment_of
from notesbuild.cli.context import Context, count, finish, pass_project, report
from notesbuild.run.workplace import workplace


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a small course into DIR that builds as it is."""
    from notesbuild import pipeline

    made = pipeline.init_project(folder)
    if made.value is None:
        finish(made.diagnostics, folder)
    click.echo(f"Wrote {made.value} files to {folder}. Next:\n")
    click.echo(f"    cd {folder}\n    notesbuild build")


@click.command()
@click.argument("courses", metavar="[COURSE...]", nargs=-1)
@click.option("--jobs", type=click.IntRange(1), help="Programs at once; default: all cores.")
@as_of
@pass_project
def build(
    context: Context,
    courses: tuple[str, ...],
    jobs: int | None,
    moment: datetime.datetime | None,
) -> None:
    """Build everything of each COURSE (default: all): site, PDFs, exams.

    Of what `check` finds, warnings about chapters of other courses are not repeated.
    """
    from notesbuild.notes.sphinx_beside import sphinx_beside

    place = workplace(jobs)
    with sphinx_beside(place.jobs) as sphinx:  # from here on it is loaded
        from notesbuild import pipeline
        from notesbuild.cli.console import progress

        project, read = context.load()
        with progress() as say:
            built = pipeline.build_all(
                project, courses, place=place, moment=moment_of(moment), say=say, sphinx=sphinx
            )
    for output in built.value:
        click.echo(output)
    finish((*read, *built.diagnostics), project.root)


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as annotations of a GitHub workflow.",
)
@click.option(
    "--compile",
    "compile_problems",
    is_flag=True,
    help="Set every formula of the chapters and every problem with TeX, too.",
)
@pass_project
def check(context: Context, form: str, compile_problems: bool) -> None:
    """Check the bank, the notes and the exams, without running TeX or Sphinx."""
    from notesbuild import pipeline
    from notesbuild.cli.console import progress
    from notesbuild.diagnostics import Format, exit_code, in_order, render
    from notesbuild.model.lookup import describe

    read = context.read()
    project, found = read.value, in_order(read.diagnostics)
    if project is not None:
        found = in_order((*found, *pipeline.check_project(project)))
        if compile_problems:
            with progress() as say:
                found = in_order((*found, *pipeline.compile_bank(project, say=say)))
    if form == "text":
        report(found, context.root())
        click.echo(count(found) or (describe(project) if project else ""))
    else:
        printed = render(found, Format(form))
        if printed:
            click.echo(printed)
    sys.exit(exit_code(found))


@click.command()
@pass_project
def doctor(context: Context) -> None:
    """Report each program that notesbuild uses: version, purpose, how to get it."""
    from notesbuild.run.doctor import examine, lines

    tools = examine()
    for line in lines(tools):
        click.echo(line)
    sys.exit(0 if all(tool.found or not tool.required for tool in tools) else 3)


@click.command()
@pass_project
def clean(context: Context) -> None:
    """Remove everything that builds have made (the folder build/)."""
    from notesbuild.run.publish import remove_folder
    from notesbuild.source.files import Files
    from notesbuild.source.project import read_settings

    root = context.root()
    settings = read_settings(Files(root))
    if settings.value is None:
        finish(settings.diagnostics, root)
    removed = remove_folder(root / settings.value.build)
    if removed.value:
        click.echo(f"Removed {settings.value.build}/")
    finish(removed.diagnostics, root)
