"""Other forms of the PDF, references with pages, pictures, and the comparison of all numbers."""

from __future__ import annotations

import re
import shutil

import pikepdf
import pypdfium2
import pytest

from notesbuild.notes.parity import parity
from notesbuild.notes.work import work_of
from notesbuild.pdf.text import page_texts
from notesbuild.tex.engine import run_tex
from tests.notes.built import Built, build, project, third_party

pytestmark = third_party

NEW_PAGE = "```{raw} latex\n\\newpage\n```\n\n"
FILES = {
    "notesbuild.toml": "",
    "notes/macros.tex": "\\newcommand{\\R}{\\mathbb{R}}\n",
    "notes/courses/small.yaml": """
title: Small course
chapters: [basics/means, basics/rest]
announcements:
  - {text: It begins., date: 2024-03-05}
pdf: {variants: [statements, no-proofs, large-print]}
""",
    "notes/chapters/basics/means.md": f"""
# Means

:::{{prf:theorem}} Minimal
:label: thm-mean

The mean on $\\R$ is best.

$$
a = b
$$ (eq-mean)
:::

:::{{prf:proof}}
By looking.

$$
c = d
$$ (eq-hidden)
:::

Later comes {{prf:ref}}`thm-last`, and {{prf:ref}}`thm-last` again; see {{eq}}`eq-hidden`.

{NEW_PAGE}Facing: {{prf:ref}}`thm-mean`.

{NEW_PAGE}:::{{tikz}} A line in $\\R^2$
:label: fig-line
:alt: A line from left to right.

\\draw[-Stealth] (0,0) -- (3,1) node[right] {{$\\R^2$}};
:::

:::{{prf:lemma}}
:label: lem-long

{" + ".join(["$xxxxx_n$"] * 3)}

$$
{" + ".join(["x_n^2"] * 16)} = y
$$
:::
""",
    "notes/chapters/basics/rest.rst": """
Rest
====

Far: :prf:ref:`thm-mean`, :numref:`fig-line` and `the chapter <ch_>`_.

.. _ch: https://example.org

Sections
--------

.. table:: Two numbers
   :name: tab-two

   == ==
   a  b
   == ==
   1  2
   == ==

.. code-block:: python
   :caption: Some code
   :name: code-one

   print(1)

Deeper
~~~~~~

.. prf:theorem:: Last
   :label: thm-last

   By :eq:`eq-hidden`, :numref:`tab-two` and :prf:ref:`ex-one`.

.. prf:example::
   :label: ex-one

   An example.
""",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A course with everything that has a number, in all forms."""
    root = tmp_path_factory.mktemp("forms")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    return build(root, html=True, pdf=True)


def texts(built: Built, path: str) -> tuple[str, ...]:
    return tuple(" ".join(text.split()) for text in page_texts(built.path(path).read_bytes()))


def test_every_form_is_published_and_offered(small):
    assert small.found == ()
    home = small.text("html/index.html")
    for form in ("statements", "no-proofs", "large-print"):
        assert small.path(f"pdf/notes-{form}.pdf").is_file()
        assert small.path(f"html/pdf/notes-{form}.pdf").is_file()
        assert f'href="pdf/notes-{form}.pdf"' in home
        assert f"build/small/pdf/notes-{form}.pdf" in small.outputs


def test_a_reference_says_the_page_of_what_is_far(small):
    whole = texts(small, "pdf/notes.pdf")
    mean = next(n for n, text in enumerate(whole, 1) if "Theorem 1.1 (" in text)
    last = next(n for n, text in enumerate(whole, 1) if "Theorem 2.1 (" in text)
    figure = next(n for n, text in enumerate(whole, 1) if "Figure 1.1:" in text)
    assert last - mean > 1
    # Once on a page, not on the facing one.
    assert f"comes Theorem 2.1 on page {last}, and Theorem 2.1 again" in whole[mean - 1]
    assert "Facing: Theorem 1.1." in whole[mean]
    assert f"Far: Theorem 1.1 on page {mean}, Figure 1.1" in whole[last - 1]
    assert f"Figure 1.1 on page {figure}" not in whole[last - 1]  # that is on the page before


def test_a_form_without_proofs_leads_nowhere_into_them(small):
    words = " ".join(texts(small, "pdf/notes-no-proofs.pdf"))
    assert "By looking" not in words
    assert "Theorem 1.1 (Minimal)" in words
    assert "see (1.2)." in words
    assert "Example 2.2" in words


def test_statements_stand_alone_below_their_headings(small):
    words = " ".join(texts(small, "pdf/notes-statements.pdf"))
    for kept in ("Theorem 1.1 (Minimal)", "Lemma 1.2", "2.1.1 Deeper", "Theorem 2.1 (Last)"):
        assert kept in words
    assert "By (1.2), Table 2.1 and Example 2.2." in words
    for gone in ("By looking", "Later comes", "An example", "print(1)", "Figure 1.1"):
        assert gone not in words


def test_large_print_is_large_and_stays_on_the_page(small):
    with pikepdf.open(small.path("pdf/notes-large-print.pdf")) as document:
        assert str(document.docinfo["/Title"]) == "Small course (Large print)"
        sizes = set()
        for operands, operator in pikepdf.parse_content_stream(document.pages[2]):
            if str(operator) == "Tf":
                sizes.add(round(float(operands[1])))
    assert 17 in sizes
    log = (work_of(project(small.root), "small").latex_of("large-print") / "notes.log").read_text()
    assert "Overfull" not in log


def test_a_file_says_what_it_is(small):
    with pikepdf.open(small.path("pdf/notes.pdf")) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:20240305000000Z"
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle


def links(built: Built, path: str) -> list[str]:
    with pikepdf.open(built.path(path)) as document:
        annotations = [a for page in document.pages for a in page.obj.get("/Annots", [])]
        return [str(a.A.URI) for a in annotations if "/URI" in a.A]


def test_links_that_leave_a_chapter_lead_to_the_site(small, make_project):
    found = links(small, "pdf/chapters/rest.pdf")
    assert "../../chapters/basics/means.html#thm-mean" in found
    assert "../../chapters/basics/means.html#equation-eq-hidden" in found
    assert "../../chapters/basics/means.html#fig-line" in found
    for link in found:
        if link.startswith("../../"):
            page, _, anchor = link.removeprefix("../../").partition("#")
            assert f'id="{anchor}"' in small.text(f"html/{page}")
    manifest = "notes/courses/small.yaml"
    files = {
        **FILES,
        manifest: "title: S\nsite: https://notes.example/x/\n"
        "chapters: [basics/rest, basics/means]\n",
    }
    other = build(make_project(files), html=False, pdf=True)
    assert other.found == ()
    found = links(other, "pdf/chapters/rest.pdf")
    assert "https://notes.example/x/chapters/basics/means.html#thm-mean" in found


def test_both_sides_of_the_paper_and_no_pages_in_references(make_project):
    manifest = "notes/courses/small.yaml"
    pdf = "pdf: {twoside: true, page_references: false}\n"
    text = re.sub(r"pdf: .*\n", pdf, FILES[manifest])
    built = build(make_project({**FILES, manifest: text}), html=False, pdf=True)
    assert built.found == ()
    whole = texts(built, "pdf/notes.pdf")
    assert "on page" not in " ".join(whole)
    starts = [n for n, text in enumerate(whole, 1) if text.startswith("Chapter ")]
    assert [start % 2 for start in starts] == [1, 1]
    assert "" in whole  # a blank page is blank


def test_a_second_run_makes_no_form_again(small):
    again = build(small.root, html=True, pdf=True)
    assert not [step for step in again.steps if "typesetting" in step or "latex" in step]
    assert again.files() == small.files()


# --- Parity ---------------------------------------------------------------------------


def test_all_numbers_are_compared(small):
    read = project(small.root)
    compared = parity(read, read.courses[0])
    assert compared.diagnostics == ()
    # Chapters, sections, results, displays, a figure, a table, a listing.
    assert compared.value == 2 + 2 + 4 + 2 + 3


@pytest.mark.parametrize(
    ("page", "old", "new", "words"),
    [
        ("rest", '"section-number">2. ', '"section-number">3. ', "section 2"),
        ("rest", '"section-number">2.1. ', '"section-number">2.7. ', "section 2.1"),
        ("rest", '"section-number">2.1.1. ', '"section-number">2.1.2. ', "section 2.1.1"),
        ("means", '"eqno">(1.2)', '"eqno">(1.3)', "does not show 1.3"),
        ("means", ">Figure 1.1 ", ">Figure 1.2 ", "figure 1.1"),
        ("rest", ">Table 2.1 ", ">Table 1.1 ", "table 2.1"),
        ("rest", ">Listing 2.1 ", ">Listing 2.2 ", "listing 2.1"),
        ("rest", ">Example 2.2<", ">Example 2.3<", "does not show Example 2.3"),
        ("rest", ">Theorem 2.1<", ">Theorem 2.9<", "does not show Theorem 2.9"),
    ],
)
def test_a_number_that_differs_on_a_page_is_found(small, tmp_path, page, old, new, words):
    root = tmp_path / "copy"
    shutil.copytree(small.root, root)
    path = root / f"build/small/html/chapters/basics/{page}.html"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    read = project(root)
    found = parity(read, read.courses[0])
    assert found.value is None
    assert any(words in d.message for d in found.diagnostics), found.diagnostics


def test_a_number_that_differs_in_the_pdf_is_found(small, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(small.root, root)
    read = project(root)
    folder = work_of(read, "small").latex
    source = folder / "notes.tex"
    text = source.read_text("utf-8")
    for old, new in (
        (r"\nbfix{figure}{1.1}", r"\nbfix{figure}{1.4}"),
        (r"\nbfix{table}{2.1}", r"\nbfix{table}{2.4}"),
        (r"\nbfix{literalblock}{2.1}", r"\nbfix{literalblock}{2.5}"),
        (r"\nbfix{equation}{1.2}", r"\nbfix{equation}{1.6}"),
        (r"\nbheading{section}{2.1}", r"\nbheading{section}{2.6}"),
        (r"\nbheading{chapter}{2}", r"\nbheading{chapter}{5}"),
    ):
        assert old in text
        text = text.replace(old, new)
    source.write_text(text, "utf-8")
    run = run_tex(folder, "notes", engine="pdflatex", timeout=60)
    assert run.pdf
    (root / "build/small/pdf/notes.pdf").write_bytes(run.pdf)
    said = " ".join(d.message for d in parity(read, read.courses[0]).diagnostics)
    for words in (
        "figure 1.4",
        "table 2.4",
        "listing 2.5",
        ", but 1.6",
        "section 2.6",
        "section 5",
    ):
        assert f"{words}" in said, said


def test_a_form_that_is_missing_or_shows_more_is_found(small, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(small.root, root)
    pdfs = root / "build/small/pdf"
    (pdfs / "notes-large-print.pdf").unlink()
    shutil.copyfile(pdfs / "notes-statements.pdf", pdfs / "notes.pdf")
    read = project(root)
    said = [d.message for d in parity(read, read.courses[0]).diagnostics]
    assert "build/small/pdf/notes-large-print.pdf is not there" in said
    assert any("notes.pdf has no figure 1.1" in words for words in said)
    assert any("notes.pdf has no result 2.2" in words for words in said)


# --- Chapters -------------------------------------------------------------------------


def test_a_chapter_has_the_letters_that_it_shows_and_looks_the_same(small):
    whole = pypdfium2.PdfDocument(small.path("pdf/notes.pdf"))
    part = pypdfium2.PdfDocument(small.path("pdf/chapters/rest.pdf"))
    first = len(whole) - len(part)
    for number in range(len(part)):
        pages = (whole[first + number], part[number])
        seen = [bytes(page.render(scale=1).buffer) for page in pages]
        assert seen[0] == seen[1]
        texts_of = [page.get_textpage().get_text_bounded() for page in pages]
        assert texts_of[0] == texts_of[1]
    whole.close()
    part.close()
    with (
        pikepdf.open(small.path("pdf/notes.pdf")) as book,
        pikepdf.open(small.path("pdf/chapters/rest.pdf")) as chapter,
    ):
        assert font_bytes(chapter) < font_bytes(book)


def font_bytes(document: pikepdf.Pdf) -> int:
    found = [item for item in document.objects if isinstance(item, pikepdf.Dictionary)]
    return sum(len(item.FontFile.read_raw_bytes()) for item in found if "/FontFile" in item)
