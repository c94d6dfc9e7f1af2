"""A small project with one thing wrong, and what `notesbuild check` must say of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from notesbuild.cli.main import cli

PROOF_FILE = "problem_bank/means/mean-minimizes.tex"
VARIANCE = "problem_bank/means/variance-uniform.tex"

Case = tuple[Mapping[str, str | bytes], str, str, str]
"""Files, the place of the error, its code, and a hint."""


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--project", str(root), *arguments])


def assert_found(root: Path, place: str, code: str, hint: str) -> None:
    result = run(root, "check")
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    first = next(line for line in result.output.splitlines() if f"error[{code}]" in line)
    assert first.startswith(place), first
    assert hint in result.output, result.output
    as_json = json.loads(run(root, "check", "--format", "json").stdout)
    assert code in {entry["code"] for entry in as_json}, as_json
    annotations = run(root, "check", "--format", "github").stdout
    assert f"title={code}" in annotations, annotations
