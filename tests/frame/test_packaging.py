"""What is installed: every file of the package, at pinned versions."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "src/notesbuild"


def pyproject() -> dict:
    return tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))


def forgotten(patterns: list[str]) -> set[str]:
    """Files of the package that an installation would not have."""
    packed = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc") and path not in packed
    }


def test_no_file_of_the_package_is_forgotten():
    patterns = pyproject()["tool"]["setuptools"]["package-data"]["notesbuild"]
    assert forgotten(patterns) == set()


def test_a_forgotten_file_would_be_found():
    assert "run/needs.txt" in forgotten(["**/*.css"])


def pins() -> dict[str, str]:
    lines = (TOP / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if not line.startswith("#"))
    return {normal(name): version for name, version in pairs}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list) -> set[str]:
    return {normal(re.split(r"[<>=]", r)[0]) for r in requirements if isinstance(r, str)}


def test_every_requirement_is_pinned():
    project = pyproject()
    wanted = names(project["project"]["dependencies"])
    for group in project["dependency-groups"].values():
        wanted |= names(group)
    wanted |= names(project["build-system"]["requires"])
    assert wanted - set(pins()) == set()
    for requirement in project["build-system"]["requires"]:
        name, version = requirement.split("==")
        assert pins()[name] == version


def test_pins_are_versions_and_name_no_host():
    text = (TOP / "constraints.txt").read_text()
    assert "://" not in text and "@" not in text
    for line in text.splitlines()[1:]:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), line


HEAVY = "docutils jinja2 ortools pikepdf pydantic pylatexenc rich sphinx sympy yaml"


def test_help_loads_nothing_heavy():
    program = (
        "import sys; from notesbuild.cli import main\n"
        f"print(sorted(set({HEAVY!r}.split()) & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=TOP / "src", capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
