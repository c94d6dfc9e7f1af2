"""Real Sphinx builds of small projects that are given as text."""

from __future__ import annotations

import io
import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace, patch_docutils

# What others still call; Sphinx 11 will have them change it.
third_party = pytest.mark.filterwarnings(
    r"ignore:'(myst_parser|sphinx_book_theme)\.[^']*' is deprecated:DeprecationWarning",
    r"ignore:'(myst_parser|sphinx_book_theme)\.[^']*' is deprecated:PendingDeprecationWarning",
)

CONF = """
project = "Notes"
author = "An Author"
extensions = ["myst_parser", "notesbuild.sphinxext"]
html_theme = "basic"
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
"""

INDEX = """
Notes
=====

.. toctree::
   :numbered:

"""


@dataclass(frozen=True)
class Built:
    """What a build left: its files, its warnings and its environment."""

    source: Path
    out: Path
    warnings: tuple[str, ...]
    env: BuildEnvironment
    written: frozenset[str]

    def text(self, path: str) -> str:
        return (self.out / path).read_text(encoding="utf-8")

    def words(self, path: str) -> str:
        """What a reader sees of a page, as one line; formulas are their MathML and more."""
        body = re.sub(r"<(head|script|style)\b.*?</\1>", "", self.text(path), flags=re.DOTALL)
        plain = re.sub(r"<[^>]+>", "", body.replace("¶", ""))
        return " ".join(plain.replace("&#x2019;", "’").split())

    def tex(self) -> str:
        (path,) = self.out.glob("*.tex")
        return path.read_text(encoding="utf-8")


def write(source: Path, files: Mapping[str, str], conf: str = "") -> None:
    """Write documents; without an index they become chapters in their order."""
    source.mkdir(parents=True, exist_ok=True)
    everything = {"conf.py": CONF + textwrap.dedent(conf), **files}
    if not {"index.rst", "index.md"} & files.keys():
        chapters = (name.rsplit(".", 1)[0] for name in files if name.endswith((".md", ".rst")))
        everything["index.rst"] = INDEX + "".join(f"   {name}\n" for name in chapters)
    for name, text in everything.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        wanted = textwrap.dedent(text).lstrip("\n")
        if not path.exists() or path.read_text(encoding="utf-8") != wanted:
            path.write_text(wanted, encoding="utf-8")


def build(source: Path, builder: str = "html", *, jobs: int = 1, fresh: bool = False) -> Built:
    """Build what `write` has written."""
    out = source / "_build" / builder
    messages = io.StringIO()
    written: set[str] = set()
    locale.translators.clear()  # Sphinx keeps the language of the build before
    with patch_docutils(source), docutils_namespace():
        app = Sphinx(
            source,
            source,
            out,
            source / "_build" / "doctrees",
            builder,
            confoverrides={"exclude_patterns": ["_build"]},
            status=None,
            warning=messages,
            freshenv=fresh,
            parallel=jobs,
        )
        app.connect("doctree-resolved", lambda _app, _tree, docname: written.add(docname))
        app.build()
    lines = strip_colors(messages.getvalue()).splitlines()
    warnings = tuple(line.replace(f"{source}/", "") for line in lines if line)
    return Built(source, out, warnings, app.env, frozenset(written))


def make(tmp_path: Path, files: Mapping[str, str], builder: str = "html", conf: str = "") -> Built:
    """Write and build."""
    write(tmp_path, files, conf)
    return build(tmp_path, builder)


def repeated_ids(html: str) -> list[str]:
    """Ids that a page has more than once."""
    counts = Counter(re.findall(r'\sid="([^"]+)"', html))
    return [name for name, count in counts.items() if count > 1]


def numbered(words: str, kind: str) -> list[str]:
    """The numbers that follow a kind's name in some text."""
    return re.findall(rf"{kind} ((?:\d+\.)*\d+)", words)
