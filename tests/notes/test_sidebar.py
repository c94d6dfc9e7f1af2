"""The table of contents beside each page is what the theme makes of it."""

from __future__ import annotations

import json
import posixpath
from pathlib import Path

import pydata_sphinx_theme.toctree
import pytest

from notesbuild.notes import sidebar
from notesbuild.notes.sidebar import Contents
from tests.notes.built import Built, build, third_party

pytestmark = third_party

NAMES = ("opening", "a/one", "a/two", "b/three", "b/four", "closing")
FILES = {
    "notesbuild.toml": "",
    "notes/courses/small.yaml": f"""
title: Small course
chapters:
  - {NAMES[0]}
  - part: First & "last"
    chapters: [{", ".join(NAMES[1:5])}]
  - {NAMES[5]}
""",
    **{
        f"notes/chapters/{name}.md": f"# About *{name}* & $x^2$\n\n{{prf:ref}}`lem-{number}`\n\n"
        f":::{{prf:lemma}}\n:label: lem-{number}\nIt holds.\n:::\n\n## Inner\n\nWords.\n"
        for number, name in enumerate(NAMES)
    },
}


def _built(root: Path, files: dict[str, str]) -> Built:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return build(root, html=True, pdf=False)


def _pages(built: Built) -> dict[str, bytes]:
    return {path: text for path, text in built.files().items() if path.endswith(".html")}


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The pages for which the theme has made one."""
    pages: list[str] = []

    class Parser(pydata_sphinx_theme.toctree.BeautifulSoup):
        def __init__(self, text: str, parser: str) -> None:
            pages.extend([text] if "toctree-l1" in text else [])
            super().__init__(text, parser)

    monkeypatch.setattr(pydata_sphinx_theme.toctree, "BeautifulSoup", Parser)
    monkeypatch.setattr("notesbuild.notes.build.cores", lambda: 1)
    return pages


def test_all_pages_are_as_the_theme_makes_them(tmp_path, monkeypatch, asked) -> None:
    quick = _built(tmp_path / "quick", FILES)
    assert len(asked) == 2  # the first page, and the one that it is compared with
    assert not quick.found
    monkeypatch.setattr(sidebar, "_is_flat", lambda app: False)
    slow = _built(tmp_path / "slow", FILES)
    assert len(asked) > 2 + len(NAMES)
    assert _pages(quick) == _pages(slow)
    assert 'href="../b/three.html">' in quick.text("html/chapters/a/two.html")


def test_an_authors_template_gets_what_the_theme_makes(tmp_path, asked) -> None:
    conf = 'templates_path = ["templates"]\n'
    _built(tmp_path, FILES | {"notes/conf.py": conf, "notes/templates/none.html": ""})
    assert len(asked) > len(NAMES)


def test_a_theme_that_marks_pages_otherwise_makes_all_itself(tmp_path, monkeypatch, asked) -> None:
    monkeypatch.setattr(sidebar, "_OWN_LIST", "<ul>")
    _built(tmp_path, FILES)
    assert len(asked) > len(NAMES)


def _way(page: str, other: str) -> str:
    return posixpath.relpath(f"{other}.html", posixpath.dirname(page) or ".")


ENTRY = '<li class="toctree-l1"><a class="reference internal" href="{}">{}</a></li>'


@pytest.mark.parametrize(
    "html",
    [
        ENTRY.format("one.html", "1") + ENTRY.format("other.html", "2"),
        ENTRY.format("one.html", "1") + ENTRY.format("one.html", "again"),
    ],
    ids=["a page that is not in the list", "a page twice"],
)
def test_what_is_no_list_of_the_pages_is_not_read(html) -> None:
    assert Contents.read(html, "index", ["one", "two"], _way) is None


def test_a_page_tells_another_one() -> None:
    html = f'<p>A</p><ul class="nav bd-sidenav">{ENTRY.format("a/one.html", "1")}</ul>'
    html += f'<p>B</p><ul class="nav bd-sidenav">{ENTRY.format("b/two.html", "2")}</ul>'
    contents = Contents.read(html, "index", ["a/one", "b/two"], _way)
    assert contents is not None
    beside = contents.beside("b/two", _way)
    assert 'href="../a/one.html">1<' in beside
    assert '<p>B</p><ul class="current nav bd-sidenav">' in beside
    assert 'current active"><a class="current reference internal" href="#">2<' in beside
    assert Contents.read(beside, "b/two", ["a/one", "b/two"], _way) == contents


def test_an_edit_takes_what_the_last_build_has_learned(tmp_path, asked) -> None:
    _built(tmp_path / "edited", FILES)
    asked.clear()
    path = f"notes/chapters/{NAMES[2]}.md"
    words = {path: FILES[path].replace("Words.", "Other words.")}
    edited = _pages(_built(tmp_path / "edited", words))
    assert asked == []
    assert edited == _pages(_built(tmp_path / "anew", {**FILES, **words}))
    asked.clear()
    title = {path: words[path].replace("About", "More about")}
    renamed = _pages(_built(tmp_path / "edited", title))
    assert len(asked) == 2  # all pages show the title, so all are written
    assert b"More about" in renamed["html/chapters/closing.html"]
    assert renamed == _pages(_built(tmp_path / "again", {**FILES, **title}))


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"x": 1}', '{"x": [["a"], 3]}', None])
def test_what_was_kept_may_be_damaged(tmp_path, kept, asked) -> None:
    _built(tmp_path, FILES)
    path = tmp_path / "build/.work/small/doctrees" / sidebar._KEPT
    lost = {key: [pages[1:], texts] for key, (pages, texts) in json.loads(path.read_text()).items()}
    path.write_text(json.dumps(lost) if kept is None else kept, "utf-8")
    asked.clear()
    chapter = f"notes/chapters/{NAMES[2]}.md"
    _built(tmp_path, {chapter: FILES[chapter].replace("Words.", "Other words.")})
    assert len(asked) == 1
