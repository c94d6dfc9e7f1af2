"""Who may import whom, and what no module may do; each gate is shown to close."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "notesbuild"

LEVELS = (
    {"diagnostics"},
    {"model"},
    {"run"},
    {"source", "render", "tex", "pdf"},
    {"practice"},
    {"check", "exam", "sphinxext"},
    {"notes"},
    {"pipeline"},
    {"cli"},
)
ONLY_IN = {
    "click": ("cli/",),
    "docutils": ("sphinxext/", "notes/"),
    "sphinx": ("sphinxext/", "notes/"),
    "jinja2": ("render/",),
    "subprocess": ("run/program.py",),
    "distributed": ("run/cluster.py",),
    "random": (),
}
FORBIDDEN_CALLS = {
    "os.chdir",
    "time.time",
    "time.time_ns",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "datetime.now",
    "date.today",
    "eval",
    "exec",
}

# What one module may do all the same: the clock is read once, where a command begins.
PERMITTED = {("cli/clock.py", "datetime.datetime.now")}


def level_of(package: str) -> int:
    return next(n for n, names in enumerate(LEVELS) if package in names)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "notesbuild":
                yield from ((node.lineno, f"notesbuild.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


def violations(path: str, text: str) -> list[str]:
    """What a module at ``path`` (below src/notesbuild) does that it may not."""
    tree = ast.parse(text)
    package = path.split("/", maxsplit=1)[0].removesuffix(".py")
    found = []
    for line, name in imports(tree):
        first, *rest = name.split(".")
        if first == "notesbuild" and rest and package not in ("__init__", "__main__"):
            other = rest[0]
            if other not in ("__version__", package) and level_of(other) >= level_of(package):
                found.append(f"{path}:{line}: {package} imports {other}")
        allowed = ONLY_IN.get(first)
        if allowed is not None and not path.startswith(allowed):
            found.append(f"{path}:{line}: {first} is imported")
    for node in ast.walk(tree):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called in FORBIDDEN_CALLS and (path, called) not in PERMITTED:
            found.append(f"{path}:{node.lineno}: {called} is called")
    return found


def modules() -> list[str]:
    return sorted(p.relative_to(SOURCE).as_posix() for p in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", modules())
def test_a_module_keeps_to_its_level(path):
    assert violations(path, (SOURCE / path).read_text("utf-8")) == []


@pytest.mark.parametrize("path", modules())
def test_a_module_is_short_enough_to_read(path):
    assert len((SOURCE / path).read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize(
    ("path", "planted"),
    [
        ("model/planted.py", "from notesbuild.source.files import Files"),
        ("check/planted.py", "from notesbuild import exam"),
        ("render/planted.py", "import notesbuild.source.files"),
        ("exam/planted.py", "import click"),
        ("exam/planted.py", "import docutils.nodes"),
        ("exam/planted.py", "from jinja2 import Environment"),
        ("run/other.py", "import subprocess"),
        ("exam/planted.py", "import random"),
        ("exam/planted.py", "import os\nos.chdir('/')"),
        ("exam/planted.py", "import datetime\nx = datetime.date.today()"),
        ("cli/planted.py", "import datetime\nx = datetime.datetime.now()"),
        ("cli/clock.py", "import datetime\nx = datetime.date.today()"),
        ("exam/planted.py", "eval('1')"),
        ("source/planted.py", "def f():\n    from notesbuild.pipeline import build_all"),
    ],
)
def test_a_planted_violation_is_found(path, planted):
    assert len(violations(path, planted)) == 1
