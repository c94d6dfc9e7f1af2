"""Proofs that appear elsewhere, and results that are stated again."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from notesbuild.pdf.text import page_texts
from notesbuild.tex.engine import run_tex
from tests.sphinxext.built import Built, build, make, repeated_ids, third_party, write

pytestmark = third_party

ONE = """
    # One

    ## Statements

    :::{prf:theorem} Bound
    :label: thm-a
    Let

    $$ x \\ge 0 $$ (eq-a)

    :::

    :::{prf:proof}
    :defer:
    Clearly,

    $$ x = y^2 $$ (eq-p)

    as in {eq}`eq-a`, {eq}`eq-p` and [there](#there).
    :::

    :::{prf:lemma}
    No label.
    :::

    :::{prf:proof}
    :defer:
    Deferred, too.
    :::

    :::{prf:theorem} Far
    :label: thm-far
    Proved in the next chapter.
    :::

    (there)=
    ## There

    See {eq}`eq-p`.
"""
TWO = """
    # Two

    ## Again

    :::{prf:restate} thm-a
    :::

    By {eq}`eq-a` and {eq}`eq-p`.

    :::{prf:proof}
    :of: thm-far
    Far away.
    :::
"""
LAST = """
    # Last

    ## All proofs

    :::{prf:proofs}
    :::
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILES = {"one.md": ONE, "two.md": TWO, "last.md": LAST}
ALONE = {"one.md": ONE, "two.md": TWO}


def links(html: str) -> list[tuple[str, str]]:
    """Where links lead and what they show."""
    found = re.findall(r'<a class="reference internal" href="([^"]*)"[^>]*>(.*?)</a>', html)
    return [(where, re.sub("<[^>]*>", "", words)) for where, words in found]


def summaries(html: str) -> list[str]:
    return [re.sub("<[^>]*>", "", s) for s in re.findall(r"<summary.*?</summary>", html, re.S)]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return make(tmp_path_factory.mktemp("book"), FILES)


def test_a_deferred_proof_is_where_the_author_puts_it(book: Built) -> None:
    assert book.warnings == ()
    one, last = book.text("one.html"), book.text("last.html")
    assert summaries(one) == []
    assert summaries(last) == ["Proof of Theorem 1.1.", "Proof of Lemma 1.2."]
    assert ("last.html#proof-thm-a", "Section 3.1") in links(one)
    assert "Proof: see Section 3.1." in book.words("one.html")
    back = re.findall(r'proof-of" href="([^"]*)"', last)
    assert back == ["one.html#thm-a", "one.html#lemma-one-0"]


def test_what_stands_in_it_keeps_its_number_and_is_found(book: Built) -> None:
    assert ("last.html#equation-eq-p", "(1.2)") in links(book.text("one.html"))
    assert ("last.html#equation-eq-p", "(1.2)") in links(book.text("two.html"))
    last = book.text("last.html")
    assert '<span class="eqno">(1.2)' in last and 'id="equation-eq-p"' in last
    assert ("one.html#equation-eq-a", "(1.1)") in links(last)
    assert ("#equation-eq-p", "(1.2)") in links(last)
    assert ("one.html#there", "there") in links(last)
    assert [repeated_ids(book.text(f"{name}.html")) for name in ("one", "two", "last")] == [[]] * 3


def test_a_result_names_the_place_of_its_proof(book: Built) -> None:
    assert ("two.html#proof-thm-far", "Section 2.1") in links(book.text("one.html"))
    assert "Proof: Section 2.1." in book.words("one.html")
    assert 'proof-of" href="one.html#thm-far" aria-label="Theorem 1.3"' in book.text("two.html")


def test_a_result_is_stated_again_with_its_number(book: Built) -> None:
    two = book.text("two.html")
    assert "Theorem 1.1 (Bound) (restated)" in book.words("two.html")
    assert ("one.html#thm-a", "restated") in links(two)
    assert '<span class="eqno">(1.1)' in two
    assert 'id="thm-a"' not in two and 'id="equation-eq-a"' not in two
    assert ("one.html#equation-eq-a", "(1.1)") in links(two)
    assert len([r for r in book.env.get_domain("prf").results() if r.label == "thm-a"]) == 1  # type: ignore[attr-defined]


def test_without_a_place_it_goes_to_the_end_of_its_chapter(tmp_path: Path) -> None:
    built = make(tmp_path, ALONE)
    assert built.warnings == ()
    one = built.text("one.html")
    assert re.search(r"<h2>Deferred proofs<", one)
    assert ("#proof-thm-a", "Deferred proofs") in links(one)
    assert one.index("<h2>Deferred proofs<") < one.index("Proof of")
    assert ("one.html#equation-eq-p", "(1.2)") in links(built.text("two.html"))


def test_each_place_has_what_comes_before_it(tmp_path: Path) -> None:
    here = "\n    :::{prf:proofs}\n    :::\n"
    late = "\n    :::{prf:lemma}\n    :::\n\n    :::{prf:proof}\n    :defer:\n    Late.\n    :::\n"
    built = make(tmp_path, {**FILES, "one.md": ONE + here + late})
    assert summaries(built.text("one.html")) == ["Proof of Theorem 1.1.", "Proof of Lemma 1.2."]
    assert summaries(built.text("last.html")) == ["Proof of Lemma 1.4."]


def test_changes_reach_the_pages_that_show_them(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    build(tmp_path)
    assert build(tmp_path).written == frozenset()
    write(tmp_path, {**FILES, "one.md": ONE.replace("Clearly", "Obviously")})
    again = build(tmp_path)
    assert "Obviously" in again.words("last.html")
    assert "two" not in again.written
    write(tmp_path, {**FILES, "one.md": ONE.replace("Let", "Suppose")})
    assert "Suppose" in build(tmp_path).words("two.html")
    # A new result before it changes numbers on every page that shows them.
    more = ONE.replace("## Statements", "## Statements\n\n    :::{prf:axiom}\n    :::\n")
    write(tmp_path, {**FILES, "one.md": more})
    moved = build(tmp_path)
    assert summaries(moved.text("last.html"))[0] == "Proof of Theorem 1.2."
    assert "Theorem 1.2 (Bound) (restated)" in moved.words("two.html")
    # Without the list the proofs come home, and links with them.
    write(tmp_path, {**FILES, "one.md": more, "last.md": "# Last\n"})
    home = build(tmp_path)
    assert "Proof: see Deferred proofs." in home.words("one.html")
    assert ("one.html#equation-eq-p", "(1.2)") in links(home.text("two.html"))
    fresh = build(tmp_path, fresh=True)
    assert {n: fresh.text(f"{n}.html") for n in ("one", "two", "last")} == {
        n: home.text(f"{n}.html") for n in ("one", "two", "last")
    }


def test_parallel_builds_are_the_same(tmp_path: Path) -> None:
    many = {f"more{n}.md": f"# More {n}\n\nSee {{eq}}`eq-p`.\n" for n in range(6)}
    write(tmp_path, {**FILES, **many})
    serial = build(tmp_path)
    pages = {path.name: path.read_text("utf-8") for path in serial.out.glob("*.html")}
    parallel = build(tmp_path, jobs=2, fresh=True)
    assert {path.name: path.read_text("utf-8") for path in parallel.out.glob("*.html")} == pages


def test_unknown_label_to_state_again(tmp_path: Path) -> None:
    built = make(tmp_path, {**FILES, "two.md": "# Two\n\n:::{prf:restate} thm-b\n:::\n"})
    assert built.warnings == (
        "two.md:3: WARNING: no result has the label “thm-b”; did you mean “thm-a”?"
        " [notesbuild.ref]",
    )


@pytest.mark.parametrize(
    ("builder", "path"),
    [("dirhtml", "last/index.html"), ("singlehtml", "index.html"), ("epub", "last.xhtml")],
)
def test_family_of_html(tmp_path: Path, builder: str, path: str) -> None:
    built = make(tmp_path, FILES, builder, 'version = copyright = "1"')
    assert built.warnings == ()
    assert "Proof of Theorem 1.1." in built.words(path)
    assert '<span class="eqno">(1.2)' in built.text(path)
    page = built.text("index.html") if builder == "singlehtml" else ""
    for where, _ in links(page):
        if "document-" not in where:  # tables of contents are Sphinx's
            assert f'id="{where[1:]}"' in page, where
    assert repeated_ids(page) == []


@pytest.mark.parametrize("builder", ["text", "man"])
def test_plain_formats(tmp_path: Path, builder: str) -> None:
    conf = 'man_pages = [("index", "notes", "Notes", "An Author", 7)]'
    built = make(tmp_path, FILES, builder, conf)
    assert built.warnings == ()
    files = [path for path in built.out.rglob("*") if path.is_file()]
    text = re.sub(r"\\f.|\\&", "", " ".join(" ".join(p.read_text("utf-8") for p in files).split()))
    for words in (
        "Theorem 1.1 (Bound) (restated). Let",
        "Proof: see Section 3.1.",
        "(1.2)",
        "Deferred, too. ∎",
    ):
        assert words in text.replace("*", ""), words


def test_pdf_agrees(tmp_path: Path) -> None:
    built = make(tmp_path, FILES, "latex")
    assert built.warnings == ()
    (name,) = [path.stem for path in built.out.glob("*.tex")]
    run = run_tex(built.out, name, engine="pdflatex", timeout=120)
    assert run.pdf is not None
    log = (built.out / f"{name}.log").read_text("utf-8", "replace")
    assert "multiply defined" not in log and "undefined" not in log and "duplicate" not in log
    pages = [" ".join(text.split()) for text in page_texts(run.pdf)]
    place = next(n for n, text in enumerate(pages, 1) if "Proof of Theorem 1.1. Clearly" in text)
    far = next(n for n, text in enumerate(pages, 1) if "Proof of Theorem 1.3. Far" in text)
    first = next(text for text in pages if "Theorem 1.1 (Bound). Let" in text)
    assert f"Proof: see Section 3.1, page {place}." in first
    assert f"Proof on page {far}." in first
    assert "Theorem 1.1 (Bound) (restated). Let" in pages[far - 1]
    assert "(1.1)" in pages[far - 1] and "(1.2)" in pages[place - 1]


def test_figures_footnotes_and_proofs_inside(tmp_path: Path) -> None:
    chapter = """
        # One

        ::::{prf:theorem}
        Text.
        ::::

        :::::{prf:proof}
        :defer:
        A footnote[^x].

        ::::{prf:lemma}
        :label: lem-in
        Inner.
        ::::

        ::::{prf:proof}
        :defer:
        Inner proof.
        ::::

        ::::{figure} pic.png
        In the proof
        ::::
        :::::

        [^x]: Foot.
    """
    files = {"one.md": chapter, "last.md": LAST, "sub/three.md": "# T\n\n{prf:ref}`lem-in`\n"}
    write(tmp_path, files)
    (tmp_path / "pic.png").write_bytes(PIXEL)
    built = build(tmp_path)
    assert built.warnings == ()
    one, last = built.text("one.html"), built.text("last.html")
    assert summaries(last) == ["Proof of Theorem 1.1.", "Proof of Lemma 1.2."]
    assert '<span class="caption-number">Fig. 1.1 </span>' in last.replace("Figure", "Fig.")
    assert re.search(r'href="one\.html#[\w-]+"[^>]*><sup>1</sup>', last)
    assert ("../last.html#lem-in", "Lemma 1.2") in links(built.text("sub/three.html"))
    for page in (one, last):
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert [name for name in re.findall(r'href="#([^"]+)"', page) if name not in ids] == []
    assert repeated_ids(last) == []
