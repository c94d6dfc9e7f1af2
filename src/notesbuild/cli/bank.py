"""``notesbuild bank``: look into the problem bank, and add to it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from notesbuild.cli.context import Context, finish, pass_project


@click.group()
def bank() -> None:
    """Look into the problem bank, and add to it."""


@bank.command("list")
@click.option("--where", default="True", help="Only problems that meet this expression.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@pass_project
def list_problems(context: Context, where: str, as_json: bool) -> None:
    """List problems, for example: --where "kind == 'proof' and difficulty <= 3"."""
    from notesbuild import pipeline
    from notesbuild.cli.console import table
    from notesbuild.model.where import fields

    project, read = context.load()
    found = pipeline.find_problems(project, where)
    if found.value is None:
        finish(found.diagnostics, project.root)
    if as_json:
        click.echo(json.dumps([fields(p) for p in found.value], indent=2, ensure_ascii=False))
    else:
        rows = [
            (
                p.id,
                p.metadata.kind.value,
                ", ".join(p.metadata.topics),
                str(p.metadata.difficulty),
                str(p.points),
                str(p.metadata.minutes),
                p.metadata.visibility.value,
                p.metadata.status.value,
            )
            for p in found.value
        ]
        headings = ("id", "kind", "topics", "diff.", "points", "min.", "visibility", "status")
        if rows:
            click.echo(table(headings, rows))
        click.echo(f"{len(rows)} of {len(project.bank.problems)} problems")
    finish(read, project.root)


@bank.command()
@click.argument("problem_id", metavar="ID")
@click.option(
    "--version", "number", type=click.IntRange(1), help="Show the N-th set of parameters."
)
@click.option("--solution", is_flag=True, help="Show the solution and the rubric, too.")
@pass_project
def show(context: Context, problem_id: str, number: int | None, solution: bool) -> None:
    """Show one problem; with --version N as a paper would have it."""
    from notesbuild import pipeline

    project, _ = context.load()
    shown = pipeline.show_problem(project, problem_id, number, solution=solution)
    if shown.value is None:
        finish(shown.diagnostics, project.root)
    click.echo(shown.value.rstrip("\n"))


@bank.command()
@pass_project
def stats(context: Context) -> None:
    """Count problems: topics by difficulty, kinds, minutes, missing solutions."""
    from notesbuild import pipeline
    from notesbuild.cli.console import table

    project, read = context.load()
    result = pipeline.bank_stats(project)
    headings = ("topic", *(str(level) for level in range(1, 6)), "total", "points", "minutes")
    rows = [
        (
            row.topic,
            *(str(n) if n else "-" for n in row.by_difficulty),
            str(row.total),
            str(row.points),
            str(row.minutes),
        )
        for row in result.topics
    ]
    if rows:
        click.echo(table(headings, rows, title="Problems by topic and difficulty"))
        kinds = [(name, str(number)) for name, number in result.kinds]
        click.echo(table(("kind", "problems"), kinds, title="Kinds"))
    click.echo(
        f"{result.problems} problems, {result.parametric} with parameters, "
        f"{result.ready} ready, {result.without_solution} without a complete solution"
    )
    finish(read, project.root)


@bank.command()
@click.argument("problem_id", metavar="TOPIC/ID")
@click.option(
    "--kind",
    type=click.Choice(["proof", "computation", "short", "multiple-choice", "true-false"]),
    default="proof",
    show_default=True,
    help="The kind of problem to begin with.",
)
@pass_project
def new(context: Context, problem_id: str, kind: str) -> None:
    """Begin a problem: write problem_bank/TOPIC/ID.tex with everything to fill in."""
    from notesbuild import pipeline

    root = context.root()
    made = pipeline.new_problem(root, problem_id, kind)
    if made.value is None:
        finish(made.diagnostics, root)
    click.echo(f"Wrote {Path(made.value)}")
