"""``notesbuild notes``: the course site and the PDFs of the notes."""

from __future__ import annotations

import datetime

import click

from notesbuild.cli.clock import as_of, moment_of
from notesbuild.cli.context import Context, finish, pass_project
from notesbuild.run.workplace import workplace


@click.group()
def notes() -> None:
    """Build the course site and the notes as PDF."""


@notes.command()
@click.argument("courses", metavar="[COURSE...]", nargs=-1)
@as_of
@pass_project
def html(context: Context, courses: tuple[str, ...], moment: datetime.datetime | None) -> None:
    """Build the site of each COURSE (default: all)."""
    _build(context, courses, html=True, pdf=False, moment=moment_of(moment))


@notes.command()
@click.argument("courses", metavar="[COURSE...]", nargs=-1)
@as_of
@pass_project
def pdf(context: Context, courses: tuple[str, ...], moment: datetime.datetime | None) -> None:
    """Build the notes of each COURSE as PDF: whole, by chapter, and the syllabus."""
    _build(context, courses, html=False, pdf=True, moment=moment_of(moment))


@notes.command()
@click.argument("course", required=False)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="The port of this machine to serve on.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@as_of
@pass_project
def serve(
    context: Context,
    course: str | None,
    port: int,
    open_browser: bool,
    moment: datetime.datetime | None,
) -> None:
    """Show the site of COURSE on this machine, and reload it when a source changes."""
    from notesbuild import pipeline
    from notesbuild.cli.context import report

    root = context.root()
    served = pipeline.serve_notes(
        root,
        course,
        port=port,
        open_browser=open_browser,
        moment=moment_of(moment),
        say=click.echo,
        show=lambda found: report(found, root),
    )
    finish(served, root)


@notes.command()
@click.argument("course")
@pass_project
def parity(context: Context, course: str) -> None:
    """Compare every number of the site of COURSE with its PDFs: headings, results, figures."""
    from notesbuild import pipeline

    project, read = context.load()
    compared = pipeline.notes_parity(project, course)
    if compared.value is not None:
        click.echo(f"{course}: {compared.value} numbers are the same in HTML and PDF")
    finish((*read, *compared.diagnostics), project.root)


def _build(
    context: Context,
    courses: tuple[str, ...],
    *,
    html: bool,
    pdf: bool,
    moment: datetime.datetime,
) -> None:
    from notesbuild.notes.sphinx_beside import sphinx_beside

    with sphinx_beside(workplace().jobs) as sphinx:  # from here on it is loaded
        from notesbuild import pipeline
        from notesbuild.cli.console import progress

        project, read = context.load()
        with progress() as say:
            built = pipeline.build_notes(
                project, courses, html=html, pdf=pdf, moment=moment, say=say, sphinx=sphinx
            )
    for output in built.value:
        click.echo(output)
    finish((*read, *built.diagnostics), project.root)
