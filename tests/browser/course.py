"""The small course with one chapter more, as a site that browsers open."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner

from notesbuild.cli.main import cli
from tests.small import SMALL


def site_with(root: Path, name: str, chapter: str, files: Mapping[str, str]) -> Path:
    """Build it in ``root`` with the chapter ``basics/<name>`` and more ``files``; its folder."""
    course = SMALL["notes/courses/small.yaml"].replace(
        "  - basics/means\nschedule", f"  - basics/means\n  - basics/{name}\nschedule"
    )
    everything = {
        "notesbuild.toml": "",
        **SMALL,
        "notes/courses/small.yaml": course,
        f"notes/chapters/basics/{name}.md": chapter,
        **files,
    }
    for path, text in everything.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    result = CliRunner().invoke(cli, ["--project", str(root), "notes", "html"])
    assert result.exit_code == 0, result.output
    return root / "build" / "small" / "html"
