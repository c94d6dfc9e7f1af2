"""Compiled templates are kept, and nothing but speed tells that they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from notesbuild.render.bytecode import keep_templates


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that are compiled from now on."""
    names: list[str] = []
    compile_one = Environment.compile

    def noted(environment, source, name=None, filename=None, **options):
        names.append(name)
        return compile_one(environment, source, name, filename, **options)

    monkeypatch.setattr(Environment, "compile", noted)
    return names


def shown(folder: Path, text: str = "Hello {{ name }}") -> str:
    environment = Environment(loader=DictLoader({"page.html": text}), autoescape=True)
    keep_templates(environment, folder)
    return environment.get_template("page.html").render(name="<Ada>")


def test_a_template_is_compiled_once(tmp_path: Path, compiled: list[str]) -> None:
    assert shown(tmp_path) == shown(tmp_path) == "Hello &lt;Ada&gt;"
    assert compiled == ["page.html"]
    assert shown(tmp_path, "Good day {{ name }}") == "Good day &lt;Ada&gt;"
    assert compiled == ["page.html"] * 2


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[64:], lambda b: b"0" * 64 + b])
def test_what_is_damaged_is_compiled_again(tmp_path: Path, compiled: list[str], damage) -> None:
    shown(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert shown(tmp_path) == "Hello &lt;Ada&gt;"
    assert len(compiled) == 2
