"""From a course's folder to its outputs, with real Sphinx and real TeX."""

import json
import re
import shutil
from dataclasses import replace

import pikepdf
import pytest

from notesbuild.notes.parity import parity
from notesbuild.notes.state import State, read_state
from notesbuild.notes.work import work_of
from notesbuild.pdf.text import page_texts
from notesbuild.run.publish import build_lock
from tests.notes.built import build, project, third_party
from tests.small import SMALL, broken

pytestmark = third_party

CHAPTER = "notes/chapters/basics/means.md"
INCLUDE = "```{include} " + "../" * 20 + "etc/hostname\n```\n"
TWO = {
    **SMALL,
    "notes/courses/small.yaml": SMALL["notes/courses/small.yaml"].replace(
        "  - basics/means\n", "  - basics/means\n  - basics/medians\n", 1
    ),
    "notes/chapters/basics/medians.rst": """
Medians
=======

By :prf:ref:`thm-mean` and :eq:`eq-mean` the median is different.

.. prf:theorem:: Least absolute deviations
   :label: thm-median

   A median minimizes :math:`\\sum_i|x_i-a|`.

.. prf:proof::

   As for :prf:ref:`thm-mean`.
""",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A course of two chapters with everything built."""
    root = tmp_path_factory.mktemp("small")
    for path, text in {"notesbuild.toml": "", **TWO}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    return build(root, html=True, pdf=True)


def test_everything_is_published(small):
    assert small.found == ()
    for path in (
        "html/index.html",
        "html/chapters/basics/means.html",
        "html/references.html",
        "html/calendar.ics",
        "html/pdf/notes.pdf",
        "pdf/notes.pdf",
        "pdf/syllabus.pdf",
        "pdf/chapters/means.pdf",
        "pdf/chapters/medians.pdf",
        "calendar.ics",
        "results.json",
    ):
        assert small.path(path).is_file(), path
    assert small.outputs[0] == "build/small/pdf/notes.pdf"


def test_results_know_their_place_in_both_forms(small):
    mean, median = json.loads(small.text("results.json"))
    assert mean == {
        "label": "thm-mean",
        "kind": "theorem",
        "number": "1.1",
        "title": "Minimizing property",
        "href": "chapters/basics/means.html#thm-mean",
        "page": mean["page"],
        "uses": [],
    }
    assert (median["number"], median["uses"]) == ("2.1", ["thm-mean"])
    texts = page_texts(small.path("pdf/notes.pdf").read_bytes())
    assert "Theorem 1.1" in texts[mean["page"] - 1]
    assert "Theorem 2.1" in texts[median["page"] - 1]


def test_a_chapter_offers_its_pdf_and_the_home_page_all_of_them(small):
    chapter = small.text("html/chapters/basics/medians.html")
    assert 'href="../../pdf/chapters/medians.pdf"' in chapter
    home = small.text("html/index.html")
    for target in ("pdf/notes.pdf", "pdf/syllabus.pdf", "calendar.ics"):
        assert f'href="{target}"' in home
        assert small.path(f"html/{target}").is_file()


def test_no_page_asks_another_host_or_loads_mathjax(small):
    for path in small.path("html").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', text), path
        assert not re.search(r"<script[^>]*(mathjax|katex)", text, re.I), path


def test_nothing_of_the_machine_is_published(small):
    for path, content in small.files().items():
        assert str(small.root).encode() not in content, path


def test_the_chapters_are_cut_from_the_one_pdf(small):
    whole = page_texts(small.path("pdf/notes.pdf").read_bytes())
    with pikepdf.open(small.path("pdf/chapters/medians.pdf")) as chapter:
        assert str(chapter.docinfo["/Title"]) == "Medians (Small course)"
        assert str(chapter.docinfo["/Author"]) == "Ada Example"
        links = [a for page in chapter.pages for a in page.obj.get("/Annots", [])]
        names = pikepdf.NameTree(chapter.Root.Names.Dests)
        assert all(str(link.A.D) in names for link in links if "/D" in link.A)
        with chapter.open_outline() as outline:
            assert [item.title for item in outline.root] == ["2 Medians"]
    cut = page_texts(small.path("pdf/chapters/medians.pdf").read_bytes())
    assert "\n".join(cut) in "\n".join(whole)
    assert "Theorem 1.1" in cut[0]  # a number of the whole, not one of its own


def test_the_same_sources_give_the_same_bytes(small, tmp_path):
    other = tmp_path / "elsewhere"
    shutil.copytree(small.root, other, ignore=shutil.ignore_patterns("build"))
    assert build(other, html=True, pdf=True).files() == small.files()


def test_a_second_run_does_not_typeset_again(small):
    before = small.files()
    again = build(small.root, html=True, pdf=True)
    assert again.found == ()
    assert not [step for step in again.steps if "typesetting" in step or "latex" in step]
    assert again.files() == before
    assert build(small.root, html=True, pdf=False).files() == before


def test_numbers_agree_until_one_is_made_to_differ(small, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(small.root, root)
    read = project(root)
    assert parity(read, read.courses[0]).value == 6
    page = root / "build/small/html/chapters/basics/medians.html"
    page.write_text(page.read_text("utf-8").replace(">Theorem 2.1<", ">Theorem 2.2<"), "utf-8")
    differing = parity(read, read.courses[0])
    assert differing.value is None
    assert [d.message for d in differing.diagnostics] == [
        "build/small/html/chapters/basics/medians.html#thm-median is called 'Theorem 2.2', not 2.1",
        "page 4 of build/small/pdf/notes.pdf does not show Theorem 2.2"
        " (chapters/basics/medians.html#thm-median), but 2.1",
    ]
    page.unlink()
    assert "is not there" in parity(read, read.courses[0]).diagnostics[0].message
    shutil.rmtree(root / "build/small/pdf")
    missing = parity(read, read.courses[0])
    assert [d.code.slug for d in missing.diagnostics] == ["file-missing"]


def test_a_verdict_on_numbers_holds_until_something_changes(small, tmp_path, monkeypatch):
    root = tmp_path / "copy"
    shutil.copytree(small.root, root)
    read = project(root)
    assert parity(read, read.courses[0]).value == 6
    looked = []
    monkeypatch.setattr(
        "notesbuild.notes.parity.differences", lambda *a, **k: looked.append(a) or ()
    )
    assert parity(read, read.courses[0]).value == 6
    assert not looked, "nothing has changed"
    with (root / "build/small/pdf/notes.pdf").open("ab") as pdf:
        pdf.write(b"\n")
    assert parity(read, read.courses[0]).value == 6
    assert len(looked) == 1
    kept = root / "build/.work/small/parity"
    kept.write_bytes(kept.read_bytes().replace(b" 6", b" 7"))
    assert parity(read, read.courses[0]).value == 6, "a verdict of somebody else is not believed"


def test_errors_publish_nothing_and_keep_the_last_good_outputs(make_project):
    root = make_project(SMALL)
    good = build(root)
    assert good.found == ()
    text = (root / CHAPTER).read_text("utf-8")
    (root / CHAPTER).write_text(text.replace("{prf:ref}`thm-mean`", "{prf:ref}`thm-men`"), "utf-8")
    for _ in range(2):  # Sphinx would say it only once
        bad = build(root)
        assert bad.codes() == [f"{CHAPTER}:22:11: unknown-reference"]
        assert "did you mean “thm-mean”" in bad.found[0].message
        assert bad.outputs == ()
        assert bad.files() == good.files()
    (root / CHAPTER).write_text(text, "utf-8")
    assert build(root).found == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("euler1748introductio", "euler1749", ":4:26", "unknown-reference"),
        ("f(a) = ", r"f(a) = \frac{", ":11:1", "math-wrong"),
        ("## Use", ":::{prf:lemma}\n:label: thm-mean\nTwice.\n:::\n\n## Use", ":21:9", "duplicate"),
        ("## Use", "```{nonsense}\n```\n\n## Use", ":20:5", "notes-warning"),
        ("## Use", INCLUDE, ":20:", "file-outside"),
        ("{eq}`eq-mean`", "{eq}`eq-men`", ":17:20", "unknown-reference"),
    ],
)
def test_what_sphinx_finds_is_told_at_the_authors_line(make_project, old, new, place, code):
    bad = build(make_project(broken(CHAPTER, old, new)))
    assert bad.outputs == ()
    assert any(entry.startswith(f"{CHAPTER}{place}") and code in entry for entry in bad.codes()), (
        bad.found
    )


def test_a_mistake_in_a_field_is_told_at_the_manifest(make_project):
    manifest = "notes/courses/small.yaml"
    text = "description: About {prf:ref}`thm-nothing`."
    bad = build(make_project(broken(manifest, "description: About means.", text)))
    assert bad.codes() == [f"{manifest}:5:1: unknown-reference"]


def test_a_missing_chapter_stops_the_build(make_project):
    bad = build(make_project(broken("notes/courses/small.yaml", "- basics/means", "- basics/mean")))
    assert bad.codes() == ["notes/courses/small.yaml:9:5: unknown-chapter"]
    assert bad.outputs == ()


def test_a_tex_error_is_told_at_the_nearest_label(make_project):
    raw = "## Use\n\n```{raw} latex\n\\undefinedcommand\n```\n"
    root = make_project(broken(CHAPTER, "## Use", raw))
    assert build(root).found == ()
    bad = build(root, html=True, pdf=True)
    assert bad.codes() == [f"{CHAPTER}:12:5: tex-error"]
    assert "TeX: Undefined control sequence." in bad.found[0].notes
    assert not bad.path("pdf").exists()


def test_a_wide_line_is_a_warning_that_stays(make_project):
    wide = "## Use\n\n" + r"$\underbrace{" + "x" * 200 + r"}_{n}$" + "\n"
    root = make_project(broken(CHAPTER, "## Use", wide))
    for _ in range(2):
        assert [d.code.slug for d in build(root, pdf=True).found] == ["tex-overfull"]


def test_letters_of_any_script_are_set(make_project):
    manifest = "notes/courses/small.yaml"
    files = broken(manifest, "name: Ada Example,", "name: Jaeho Lee, native_name: 이재호,")
    files = {**files, manifest: files[manifest] + "publisher: 이재호\n"}
    built = build(make_project(files), html=True, pdf=True)
    assert built.found == ()
    for path in ("pdf/notes.pdf", "pdf/syllabus.pdf"):
        assert "이재호" in "".join(page_texts(built.path(path).read_bytes())), path


def test_an_authors_configuration_is_honoured_last(make_project):
    conf = 'html_title = "A title of mine"\n'
    built = build(make_project({**SMALL, "notes/conf.py": conf}))
    assert built.found == ()
    assert "<title>Means &#8212; A title of mine</title>" in re.sub(
        r"\d\. ", "", built.text("html/chapters/basics/means.html")
    )


def test_a_configuration_that_fails_is_told_at_its_line(make_project):
    bad = build(make_project({**SMALL, "notes/conf.py": "x = 1\ny = x / 0\n"}))
    assert bad.codes() == ["notes/conf.py:2:1: notes-warning"]
    assert "ZeroDivisionError" in bad.found[0].message


def test_an_extension_that_fails_is_told_without_a_traceback(make_project):
    conf = """
    def setup(app):
        app.connect("doctree-resolved", fail)

    def fail(*arguments):
        raise RuntimeError("no reason at all")
    """
    bad = build(make_project({**SMALL, "notes/conf.py": conf}))
    assert bad.codes() == ["notes/conf.py:5:1: notes-warning"]
    assert "no reason at all" in bad.found[0].message
    unknown = build(make_project({**SMALL, "notes/conf.py": 'extensions.append("no_such")\n'}))
    assert "no_such" in unknown.found[0].message


def test_a_page_of_ours_cannot_be_replaced_by_a_file(make_project):
    bad = build(make_project({**SMALL, "notes/index.rst": "Mine\n====\n"}))
    assert bad.codes() == ["notes/index.rst: manifest-wrong"]


def test_a_chapter_that_is_dropped_vanishes_from_the_site(make_project):
    root = make_project(TWO)
    built = build(root)
    assert built.path("html/chapters/basics/medians.html").is_file()
    (root / "notes/courses/small.yaml").write_text(SMALL["notes/courses/small.yaml"], "utf-8")
    built = build(root)
    assert built.found == ()
    assert not built.path("html/chapters/basics/medians.html").exists()
    assert "Medians" not in built.text("html/index.html")


def test_pages_without_pdfs_offer_none(make_project):
    built = build(make_project(SMALL))
    assert "pdf/notes.pdf" not in built.text("html/index.html")
    assert 'class="nb-pdf"' not in built.text("html/chapters/basics/means.html")
    assert json.loads(built.text("results.json"))[0]["page"] is None


def test_another_build_at_work_is_waited_for_by_nobody(make_project):
    root = make_project(SMALL)
    with build_lock(root / "build" / "small"):
        busy = build(root)
    assert [d.code.slug for d in busy.found] == ["build-busy"]


def test_a_killed_build_leaves_nothing_that_matters(make_project):
    root = make_project(SMALL)
    good = build(root)
    work = work_of(project(root), "small")
    (work.root / "in-use").touch()
    (work.html / "index.html").write_text("half a page", "utf-8")
    assert build(root).files() == good.files()
    work.state.write_text("{", "utf-8")
    assert read_state(work) == State()
    assert replace(State(), complaining=("a",)) != State()


def test_formulas_in_the_bibliography_are_set(make_project):
    bib = "notes/references.bib"
    built = build(make_project(broken(bib, "Introductio in", "On $x^2$ and")), pdf=True)
    assert built.found == ()
    page = built.text("html/references.html")
    assert 'class="katex"' in page
    assert "$" not in page.split("<main")[1].split("</main>")[0]
    assert "$x" not in "".join(page_texts(built.path("pdf/notes.pdf").read_bytes()))


def test_a_place_that_cannot_be_written_is_an_error(make_project):
    root = make_project(SMALL)
    (root / "build").mkdir()
    (root / "build/small").write_text("a file", "utf-8")
    found = build(root)
    assert [d.code.slug for d in found.found] == ["write-failed"]
    assert found.outputs == ()
