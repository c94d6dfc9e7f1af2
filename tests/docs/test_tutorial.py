"""The tutorial is carried out: its commands run, its files are written, its outputs appear."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TUTORIAL = TOP / "docs/tutorial.md"
_BLOCK = re.compile(
    r"^```(?:console\n(?P<console>.*?)"
    r"|\{code-block\} \w+\n:caption: (?P<path>\S+)\n(?P<text>.*?))^```$",
    re.M | re.S,
)


def commands(console: str) -> Iterator[tuple[str, list[str]]]:
    """Each command and the lines that the tutorial shows below it."""
    for piece in console.split("$ ")[1:]:
        command, *shown = piece.splitlines()
        yield command, [line for line in shown if line.strip() and line != "..."]


def carry_out(text: str, folder: Path, environment: dict[str, str]) -> None:
    """Do what a tutorial says, in the folder that its `cd` commands lead to."""
    for block in _BLOCK.finditer(text):
        if block["path"]:
            (folder / block["path"]).write_text(block["text"], "utf-8")
            continue
        for command, shown in commands(block["console"]):
            if command.startswith("cd "):
                folder = folder / command.removeprefix("cd ")
                continue
            done = subprocess.run(
                ["/bin/sh", "-c", command],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            printed = done.stdout + done.stderr
            assert done.returncode == 0, f"{command}\n{printed}"
            for line in shown:
                assert line.rstrip() in printed, f"{command}: {line!r} is not in\n{printed}"


def environment_with_command(folder: Path) -> dict[str, str]:
    """An environment in which `notesbuild` is the one under test."""
    command = folder / "bin/notesbuild"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m notesbuild "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(TOP / "src")}


def test_the_tutorial_does_what_it_says(tmp_path):
    environment = environment_with_command(tmp_path)
    carry_out(TUTORIAL.read_text("utf-8"), tmp_path, environment)
    course = tmp_path / "my-course/build/example-course"
    for made in ("html/index.html", "pdf/notes.pdf", "exams/quiz/quiz-A.pdf", "calendar.ics"):
        assert (course / made).stat().st_size > 0, made


def test_a_tutorial_that_is_wrong_would_be_found(tmp_path):
    environment = environment_with_command(tmp_path)
    for wrong in ("```console\n$ false\n```\n", "```console\n$ echo one\ntwo\n```\n"):
        try:
            carry_out(wrong, tmp_path, environment)
        except AssertionError:
            continue
        raise AssertionError(wrong)
