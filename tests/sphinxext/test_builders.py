"""Other builders, other languages, and life beside sphinx-proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sphinxext.built import build, make, numbered, third_party, write

pytestmark = third_party

FILES = {
    "one.md": """
        # One

        :::{prf:theorem} Bound
        :label: thm-a
        Text.
        :::

        :::{prf:proof}
        - It holds.
        :::

        :::{prf:proof}
        :of: thm-a
        $$ x $$
        :::

        See {prf:ref}`thm-a`.
    """
}


@pytest.mark.parametrize(
    ("builder", "path"),
    [("dirhtml", "one/index.html"), ("singlehtml", "index.html"), ("epub", "one.xhtml")],
)
def test_family_of_html(tmp_path: Path, builder: str, path: str) -> None:
    built = make(tmp_path, FILES, builder, 'version = copyright = "1"')
    assert "Theorem 1.1 (Bound)" in built.words(path)
    assert "See Theorem 1.1." in built.words(path)
    assert built.warnings == ()


@pytest.mark.parametrize("builder", ["text", "man", "texinfo", "xml", "pseudoxml"])
def test_other_formats_say_the_same(tmp_path: Path, builder: str) -> None:
    conf = 'man_pages = [("index", "notes", "Notes", "An Author", 7)]'
    built = make(tmp_path, FILES, builder, conf)
    files = [path for path in built.out.rglob("*") if path.is_file()]
    text = " ".join("".join(path.read_text("utf-8") for path in files).split())
    for word in ("Theorem 1.1", "Bound", "Proof", "It holds. ∎"):
        assert word in text
    assert built.warnings == ()


def test_plain_text(tmp_path: Path) -> None:
    text = make(tmp_path, FILES, "text").text("one.txt")
    assert "Theorem 1.1 (Bound). Text.\n\nProof.\n\n* It holds. ∎" in text
    assert "Proof of Theorem 1.1.\n\n    x\n\n∎" in text


@pytest.mark.parametrize(
    "extensions",
    [
        '["myst_parser", "sphinx_proof", "notesbuild.sphinxext"]',
        '["myst_parser", "notesbuild.sphinxext", "sphinx_proof"]',
    ],
)
def test_sphinx_proof_may_be_listed_too(tmp_path: Path, extensions: str) -> None:
    built = make(tmp_path, FILES, conf=f"extensions = {extensions}")
    assert "Theorem 1.1 (Bound)" in built.words("one.html")
    assert 'id="proof-thm-a"' in built.text("one.html")
    assert built.warnings == ()


@pytest.mark.parametrize(
    ("language", "theorem", "proof", "of"),
    [
        ("de", "Satz 1.1", "Beweis.", "Beweis von Satz 1.1."),
        ("fr", "Théorème 1.1", "Preuve.", "Preuve (Théorème 1.1)."),
        ("ko", "정리 1.1", "증명.", "정리 1.1의 증명."),
    ],
)
def test_languages(tmp_path: Path, language: str, theorem: str, proof: str, of: str) -> None:
    write(tmp_path, FILES, f'language = "{language}"\nlatex_engine = "lualatex"')
    words = build(tmp_path).words("one.html")
    assert f"{theorem} (Bound)" in words
    assert proof in words and of in words
    tex = build(tmp_path, "latex").tex()
    assert f"{{theorem}}[result]{{{theorem.partition(' ')[0]}}}" in tex


def test_search_knows_results_by_name(tmp_path: Path) -> None:
    built = make(tmp_path, FILES)
    assert "1 (Bound)" in built.text("searchindex.js")
    assert numbered(built.words("one.html"), "Theorem")[0] == "1.1"
