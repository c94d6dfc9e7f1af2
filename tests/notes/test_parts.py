"""Parts of a course: captions on the site, pages in the PDF, one sequence of chapters."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest

from notesbuild.check.course import chapters_exist
from notesbuild.model.course import Course
from notesbuild.notes.parity import parity
from notesbuild.pdf.text import page_texts
from notesbuild.source.project import read_project
from notesbuild.source.yaml import read_record
from tests.notes.built import Built, build, project, third_party

pytestmark = third_party

FIRST = 'First & "last": 100 %'
FILES = {
    "notesbuild.toml": "",
    "notes/courses/small.yaml": f"""
title: Small course
chapters:
  - opening
  - part: '{FIRST}'
    chapters: [a/one, a/two]
  - part: Second
    chapters:
      - b/three
  - closing
pdf: {{variants: [statements], twoside: true}}
""",
    "notes/references.bib": "@book{euler, author={Euler}, title={A}, publisher={B}, year={1748}}",
    **{
        f"notes/chapters/{name}.md": f"# About {name}\n\n## Inner {name}\n\n{body}\n\n### Deep\n\nx"
        for name, body in {
            "opening": ":::{prf:lemma}\n:label: lem-o\nSee {prf:ref}`thm-3`, {cite}`euler`.\n:::",
            "a/one": "Words alone.\n\n## Another\n\nWords.",
            "a/two": ":::{prf:lemma}\n:label: lem-2\nIt holds.\n:::",
            "b/three": ":::{prf:theorem}\n:label: thm-3\nAs in {prf:ref}`lem-o`.\n:::",
            "closing": ":::{prf:lemma}\n:label: lem-c\nIt holds.\n:::",
        }.items()
    },
}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    root = tmp_path_factory.mktemp("parts")
    write(root, FILES)
    return build(root, html=True, pdf=True)


def write(root, files) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def captions(page: str) -> list[str]:
    found = re.findall(r'<p [^>]*class="caption"[^>]*>(.*?)</p>', page, re.S)
    return [re.sub(r"<[^>]+>", "", caption).strip() for caption in found]


def contents_of(pdf: bytes) -> list[tuple[int, str]]:
    def below(items, depth):
        for item in items:
            yield depth, item.title
            yield from below(item.children, depth + 1)

    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as outline:
        return list(below(outline.root, 0))


def test_captions_name_the_parts_wherever_chapters_are_listed(built):
    assert built.found == ()
    shown = FIRST.replace("&", "&amp;").replace('"', "&quot;")
    for path in ("html/index.html", "html/chapters/b/three.html"):
        of_sidebar = captions(built.text(path))[:2]
        assert [text.replace('"', "&quot;") for text in of_sidebar] == [shown, "Second"]
    home = built.text("html/index.html")
    listed = home[home.index('id="lecture-notes"') :]
    assert [text.replace('"', "&quot;") for text in captions(listed)[:2]] == [shown, "Second"]


def test_what_stands_behind_a_part_is_set_apart_from_it(built):
    wrappers = re.findall(
        r'<div class="toctree-wrapper ([\w-]*) ?compound">', built.text("html/index.html")
    )
    assert wrappers == ["nb-alone", "nb-part", "nb-part", "nb-alone", ""]


def test_chapters_are_numbered_through_the_parts(built):
    numbers = re.findall(r'"number": "([\d.]+)"', built.text("results.json"))
    assert numbers == ["1.1", "3.1", "4.1", "5.1"]
    read = project(built.root)
    same = parity(read, read.courses[0])
    assert same.diagnostics == ()
    assert same.value is not None and same.value > 10


def test_a_part_has_a_page_with_its_chapters(built):
    texts = page_texts(built.path("pdf/notes.pdf").read_bytes())
    (first,) = (text for text in texts if text.startswith("Part I\n"))
    lines = first.split("\n")
    assert lines[1] == FIRST
    assert re.fullmatch(r"2\s*About a/one\s*\d+", lines[2])
    assert re.fullmatch(r"3\s*About a/two\s*\d+", lines[3])
    assert sum(text.startswith("Part II\n") for text in texts) == 1
    contents = next(text for text in texts if text.startswith("Contents"))
    assert f"Part I {FIRST}" in " ".join(contents.split())


def test_bookmarks_of_chapters_stand_below_their_part(built):
    marks = contents_of(built.path("pdf/notes.pdf").read_bytes())
    assert [mark for mark in marks if "Inner" not in mark[1] and "Deep" not in mark[1]] == [
        (0, "1 About opening"),
        (0, f"Part I {FIRST}"),
        (1, "2 About a/one"),
        (2, "2.2 Another"),
        (1, "3 About a/two"),
        (0, "Part II Second"),
        (1, "4 About b/three"),
        (0, "5 About closing"),
        (0, "References"),
    ]


def test_a_chapter_of_a_part_is_a_document_of_its_own(built):
    for name, number in (("opening", 1), ("one", 2), ("two", 3), ("three", 4), ("closing", 5)):
        pdf = built.path(f"pdf/chapters/{name}.pdf").read_bytes()
        texts = page_texts(pdf)
        assert texts[0].startswith(f"Chapter {number}\n")
        assert not any(text.startswith("Part ") for text in texts)
        inner = [depth for depth, _ in contents_of(pdf)]
        assert inner[:2] == [0, 1]
        assert inner.count(0) == 1
        assert inner.count(1) == (2 if name == "one" else 1)


def test_a_form_without_some_chapters_keeps_the_parts_of_the_others(built):
    texts = page_texts(built.path("pdf/notes-statements.pdf").read_bytes())
    (first,) = (text for text in texts if text.startswith("Part I\n"))
    assert "About a/two" in first and "About a/one" not in first


def test_renaming_a_part_reaches_every_page(built, tmp_path):
    write(tmp_path, FILES)
    assert build(tmp_path).found == ()
    renamed = FILES["notes/courses/small.yaml"].replace("Second", "Zweiter")
    write(tmp_path, {"notes/courses/small.yaml": renamed})
    again = build(tmp_path)
    assert captions(again.text("html/chapters/a/one.html"))[1] == "Zweiter"


def test_a_course_without_parts_has_no_page_of_parts(tmp_path):
    manifest = "title: Small course\nchapters: [a/one, a/two]\n"
    write(tmp_path, {**FILES, "notes/courses/small.yaml": manifest})
    made = build(tmp_path, html=False, pdf=True)
    assert not any("Part I" in t for t in page_texts(made.path("pdf/notes.pdf").read_bytes()))


def test_a_course_has_its_chapters_in_one_list():
    text = "title: x\nchapters:\n  - a\n  - {part: P, chapters: [b, c]}\n  - d\n  - e\n"
    course = read_record(text, "m.yaml", Course).value
    assert course is not None
    assert course.chapters == ("a", "b", "c", "d", "e")
    assert course.parts == (("", ("a",)), ("P", ("b", "c")), ("", ("d", "e")))
    places = [str(span) for span in course.chapter_spans()]
    assert places == ["m.yaml:3:5", "m.yaml:4:26", "m.yaml:4:29", "m.yaml:5:5", "m.yaml:6:5"]


@pytest.mark.parametrize(
    ("entry", "place", "message"),
    [
        ("{part: '', chapters: [b]}", "4:6", "a part needs a title"),
        ("{part: ' ', chapters: [b]}", "4:6", "a part needs a title"),
        ("{part: P, chapters: []}", "4:15", "a part needs at least one chapter"),
        ("{part: P}", "4:5", "the key 'chapters' is missing in chapters.1"),
        ("{chapters: [b]}", "4:5", "the key 'part' is missing in chapters.1"),
        ("{part: P, chapter: [b], chapters: [b]}", "4:15", "unknown key 'chapter'"),
        ("{part: P, chapters: [{part: Q, chapters: [b]}]}", "4:26", "chapters.0: text is expected"),
        ("[b]", "4:5", "chapters.1: text is expected"),
    ],
)
def test_a_part_that_is_none_is_told_at_its_place(entry, place, message):
    text = f"title: x\nchapters:\n  - a\n  - {entry}\n"
    read = read_record(text, "m.yaml", Course)
    assert read.value is None
    (found,) = read.diagnostics
    assert str(found.span) == f"m.yaml:{place}"
    assert message in found.message
    if "chapter: " in entry:
        assert found.hint == "did you mean 'chapters'?"


def test_a_chapter_in_two_parts_is_told_where_it_stands_again(tmp_path):
    manifest = """title: x
chapters:
  - part: P
    chapters: [a/one, a/nowhere]
  - part: Q
    chapters:
      - a/two
      - a/one
"""
    write(tmp_path, {**FILES, "notes/courses/small.yaml": manifest})
    read = read_project(tmp_path).value
    assert read is not None
    found = [(str(d.span), d.message) for d in chapters_exist(read)]
    assert found == [
        ("notes/courses/small.yaml:4:23", "there is no chapter 'a/nowhere'"),
        ("notes/courses/small.yaml:8:9", "the chapter 'a/one' is named twice"),
    ]
