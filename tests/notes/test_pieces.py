"""Smaller parts: labels of LaTeX, places of TeX's messages, the working folder, titles."""

import io

import pikepdf
import pytest

from notesbuild.diagnostics import Span
from notesbuild.model.project import Chapter
from notesbuild.notes.accents import with_letters
from notesbuild.notes.assemble import file_names
from notesbuild.notes.cut import About, Piece, cut, fixed_bytes
from notesbuild.notes.sphinx_words import diagnose
from notesbuild.notes.tex_labels import read_labels
from notesbuild.notes.tex_report import Places, report
from notesbuild.notes.titles import chapter_title
from notesbuild.notes.work import Sources, lay_out
from notesbuild.tex.engine import TexRun
from notesbuild.tex.log import MessageKind, TexMessage

PLACES = Places(("one", "two", "three"), (2,), (Span("a.md", 7, 1),), Span("m.yaml", 1, 1))


def test_labels_of_an_aux_file():
    aux = r"""
\relax
\newlabel{a:thm}{{2.{3}}{17}{A {braced} title}{result.x}{}}
\newlabel{a:thm}{{9.9}{99}{again}{}{}}
\newlabel{roman}{{}{iv}{}{}{}}
\newlabel{broken}{{1
"""
    labels = read_labels(aux)
    assert {(label.name, label.number, label.page) for label in labels.values()} == {
        ("a:thm", "2.{3}", 17)
    }


def test_what_tex_says_is_told_at_the_label_above():
    messages = (
        TexMessage(MessageKind.ERROR, "Undefined control sequence.", "./notes.tex", 3),
        TexMessage(MessageKind.ERROR, "Undefined control sequence.", "./other.sty", 3),
        TexMessage(MessageKind.OVERFULL, "", "", 2, 3, excess=9.6),
        TexMessage(MessageKind.OVERFULL, "", "", 2, 3, excess=4.9),
    )
    found = report(TexRun(b"%PDF", messages), "pdflatex", "", PLACES)
    assert [(d.code.slug, str(d.span)) for d in found] == [
        ("tex-error", "a.md:7:1"),
        ("tex-error", "m.yaml:1:1"),
        ("tex-overfull", "a.md:7:1"),
    ]
    assert "near: three" in found[0].notes
    assert "10 pt too wide" in found[2].message


def test_a_log_tells_of_references_and_letters_that_are_not_there():
    log = """
LaTeX Warning: Reference `thm-a' on page 3 undefined on input line 2.
LaTeX Warning: Hyper reference `thm-a' on page 3 undefined on input line 1.
LaTeX Warning: Citation `Eul' on page 3 undefined on input line 3.
LaTeX Warning: Label `thm-b' multiply defined.
Missing character: There is no 이 (U+C774) in font x!
Missing character: There is no 이 (U+C774) in font x!
"""
    found = report(TexRun(b"%PDF"), "pdflatex", log, PLACES)
    assert [(d.code.slug, d.severity.value, str(d.span)) for d in found] == [
        ("unknown-reference", "error", "a.md:7:1"),
        ("unknown-reference", "error", "m.yaml:1:1"),
        ("unknown-reference", "error", "a.md:7:1"),
        ("duplicate-label", "error", "m.yaml:1:1"),
        ("notes-warning", "warning", "m.yaml:1:1"),
    ]


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (TexRun(None, missing_program="pdflatex"), "program-missing"),
        (TexRun(None, timed_out=True), "tex-timeout"),
        (TexRun(None, last_words="! Emergency"), "program-failed"),
    ],
)
def test_a_run_without_a_pdf_is_an_error(run, code):
    assert [d.code.slug for d in report(run, "pdflatex", "", PLACES)] == [code]


@pytest.mark.parametrize(
    ("kind", "text", "code", "severity"),
    [
        ("notesbuild.math", "KaTeX: wrong", "math-wrong", "error"),
        ("notesbuild.math", "KaTeX: LaTeX would not read this", "math-wrong", "warning"),
        ("notesbuild.macros", "it is no definition", "macro-wrong", "error"),
        ("notesbuild.assets", "styles are missing", "program-failed", "error"),
        ("bibtex.key_not_found", "could not find", "unknown-reference", "error"),
        ("", "duplicate label of equation x", "duplicate-label", "error"),
        ("myst.header", "Non-consecutive", "notes-warning", "warning"),
    ],
)
def test_what_sphinx_says_becomes_a_code(kind, text, code, severity):
    found = diagnose("WARNING", text, kind, None, None)
    assert (found.code.slug, found.severity.value) == (code, severity)
    assert diagnose("ERROR", "bad", "", None, None).severity.value == "error"


def test_a_working_folder_changes_only_where_its_sources_do(tmp_path):
    lay_out(Sources((("a.md", b"a"), ("deep/b.md", b"b"), ("c", b"c"))), tmp_path)
    before = (tmp_path / "a.md").stat().st_mtime_ns
    lay_out(Sources((("a.md", b"a"), ("c/d.md", b"d"))), tmp_path)
    assert (tmp_path / "a.md").stat().st_mtime_ns == before
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")) == [
        "a.md",
        "c",
        "c/d.md",
    ]
    lay_out(Sources((("c", b"again"),)), tmp_path)
    assert (tmp_path / "c").read_bytes() == b"again"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Sch{\"o}lkopf and Erd{\H{o}}s", "Schölkopf and Erdős"),
        (r"{\L}ojasiewicz, Savar{\'{e}}, {\v C}ech", "Łojasiewicz, Savaré, Čech"),
        (r"Mart{\'\i}nez", "Martínez"),
        (r"$\hat{x}$ and \"o and {\bf o}", r"$\hat{x}$ and \"o and {\bf o}"),
        (r"{\'q}", r"{\'q}"),
    ],
)
def test_accents_of_a_bibliography_become_letters(written, read):
    assert with_letters(written) == read


def test_chapters_with_one_name_in_two_parts_have_two_files():
    chapters = [Chapter(name, "", "") for name in ("a/x", "b/x", "b/y")]
    assert file_names(tuple(chapters)) == {"a/x": "a-x", "b/x": "b-x", "b/y": "y"}


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("a.md", "(ch-a)=\n# The $n$ *first* things #\n", "The n first things"),
        ("a.rst", ".. _ch-a:\n\nNewton's method\n===============\n", "Newton's method"),
        ("a.md", "no heading\n", "slug"),
    ],
)
def test_titles_of_chapters(path, text, title):
    assert chapter_title(Chapter("part/slug", path, text)) == title


def test_a_piece_keeps_its_own_links_only():
    whole = pikepdf.new()
    for _ in range(3):
        whole.add_blank_page(page_size=(100, 100))
    tree = pikepdf.NameTree.new(whole)
    for number, page in enumerate(whole.pages):
        tree[f"page{number}"] = pikepdf.Dictionary(
            D=pikepdf.Array([page.obj, pikepdf.Name.XYZ, 0, 100, 0])
        )
    whole.Root.Names = pikepdf.Dictionary(Dests=tree.obj)
    targets = (
        {"A": pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String("page1"))},
        {"A": pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.String("page2"))},
        {"Dest": pikepdf.String("page0")},
        {"A": pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))},
    )
    for page in whole.pages:
        page.obj.Annots = pikepdf.Array(
            [
                whole.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.Link, **t))
                for t in targets
            ]
        )
    stream = io.BytesIO()
    whole.save(stream)
    content = fixed_bytes(stream.getvalue(), About("T", "A"))
    assert fixed_bytes(content, About("T", "A")) == content
    pieces = (Piece("first", About("First", "A"), 1, 2), Piece("last", About("Last", "A"), 3, 3))
    (_, first), (_, last) = cut(content, pieces)
    for part, pages, links, names in (
        (first, 2, 3, ["page0", "page1"]),
        (last, 1, 2, ["page2"]),
    ):
        with pikepdf.open(io.BytesIO(part)) as document:
            assert len(document.pages) == pages
            assert all(len(page.obj.Annots) == links for page in document.pages)
            tree = pikepdf.NameTree(document.Root.Names.Dests)
            assert sorted(str(name) for name in tree) == names
            ids = {page.obj.objgen for page in document.pages}
            assert all(value[0].objgen in ids for value in tree.values())


def test_what_a_picture_may_not_do_is_no_matter_of_a_problem():
    found = diagnose(
        "WARNING", "“\\input” is not allowed in a picture", "notesbuild.tikz", None, None
    )
    assert found.code.slug == "forbidden-latex"
    assert found.hint == "write what the picture needs into its code; it reads no file"
