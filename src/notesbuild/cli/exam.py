"""``notesbuild exam``: draw versions, build papers, verify them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from notesbuild.cli.context import Context, finish, pass_project

if TYPE_CHECKING:
    from notesbuild.exam.summary import DrawSummary


@click.group()
def exam() -> None:
    """Draw versions of an exam, build the papers, verify them."""


@exam.command()
@click.argument("name", metavar="EXAM")
@click.option("--seed", type=click.IntRange(0), help="Another seed than the blueprint's.")
@click.option("--versions", type=click.IntRange(1, 26), help="Another number of versions.")
@click.option("--json", "as_json", is_flag=True, help="Print the draw as JSON.")
@pass_project
def draw(
    context: Context, name: str, seed: int | None, versions: int | None, as_json: bool
) -> None:
    """Draw the versions of EXAM (<course>/<exam>) and write its lock file."""
    from notesbuild import pipeline

    project, read = context.load()
    drawn = pipeline.draw_exam(project, name, seed=seed, versions=versions)
    found = (*read, *drawn.diagnostics)
    if drawn.value is None:
        finish(found, project.root)
    if as_json:
        click.echo(json.dumps(drawn.value.as_json(), indent=2, ensure_ascii=False))
    else:
        _show_draw(drawn.value.summary)
        click.echo(f"Wrote {drawn.value.path}")
    finish(found, project.root)


@exam.command()
@click.argument("name", metavar="EXAM")
@click.option("--jobs", type=click.IntRange(1), help="Programs at once; default: all cores.")
@pass_project
def build(context: Context, name: str, jobs: int | None) -> None:
    """Build the PDFs, the key and the report of EXAM from its lock file."""
    from notesbuild import pipeline
    from notesbuild.cli.console import progress

    project, read = context.load()
    with progress() as say:
        built = pipeline.build_exam(project, name, jobs=jobs, say=say)
    if built.value is not None:
        click.echo(f"{built.value.folder}: {len(built.value.files)} files")
    finish((*read, *built.diagnostics), project.root)


@exam.command()
@click.argument("name", metavar="EXAM")
@click.option("--jobs", type=click.IntRange(1), help="Programs at once; default: all cores.")
@pass_project
def verify(context: Context, name: str, jobs: int | None) -> None:
    """Rebuild EXAM from its lock, compare every byte, and look for leaks."""
    from notesbuild import pipeline
    from notesbuild.cli.console import progress

    project, read = context.load()
    with progress() as say:
        verified = pipeline.verify_exam(project, name, jobs=jobs, say=say)
    if verified.value is not None:
        click.echo(f"{name}: {verified.value} files are the same, byte for byte; no leak")
    finish((*read, *verified.diagnostics), project.root)


def _show_draw(summary: DrawSummary) -> None:
    from notesbuild.cli.console import table

    columns = summary.versions
    rows = [
        ("problems", *(str(c.problems) for c in columns)),
        ("points", *(str(c.points) for c in columns)),
        ("minutes", *(str(c.minutes) for c in columns)),
        ("mean difficulty", *(f"{c.difficulty:.2f}" for c in columns)),
    ]
    rows += [
        (f"points in {topic}", *(str(c.topic_points(topic)) for c in columns))
        for topic in summary.topics
    ]
    click.echo(table(("version", *(c.version for c in columns)), rows))
    click.echo(summary.balance_line())
