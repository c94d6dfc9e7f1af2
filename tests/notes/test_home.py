"""The home page: every field of a manifest has its place, and its line leads back there."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from notesbuild.model.course import Course
from notesbuild.notes.config import notes_engine, people, published_by, subtitle
from notesbuild.notes.downloads import Downloads
from notesbuild.notes.home import home_page
from notesbuild.notes.page import inline, plain
from notesbuild.notes.syllabus import syllabus_tex
from notesbuild.source.yaml import read_record
from tests.notes.built import build, third_party
from tests.small import SMALL

MANIFEST = """
title: Kernels & more
subtitle: A first course
code: ML_101
institution: Some university
term: Spring 2030
publisher: A. Publisher
follows: {title: An older course, instructor: B. Teacher, url: "https://example.org/old"}
announcements:
  - {text: "**Welcome** to $\\\\epsilon$-land", date: 2030-03-01}
  - text: |
      An unclosed fence:
      ```
      goes no further
description: |
  # Not a heading
  Text with $x^2$.
information: Bring a pen.
staff:
  - name: Ada Example
    native_name: 아다
    role: Lecturer
    duties: all questions
    office: 12-34
    office_hours: Mon 10–11
    email: ada@example.org
  - {name: Bob <b>, role: Assistant}
meetings:
  - {days: [Mon, Wed, Fri], start: "10:00", end: "10:50", place: Hall_1, notes: "not on *holidays*"}
  - {what: Recitation}
chapters: [basics/means]
schedule:
  - date: 2030-03-04
    topic: Means of $n$ numbers
    covers: [basics/means, thm-mean]
    homework: Sheet 1
    materials:
      - {title: Slides, href: "https://example.org/slides"}
      - {title: Blackboard}
  - {date: 2030-03-06, no_class: A holiday}
  - {date: 2030-04-01, exam: quiz}
grading:
  - {what: Homework, weight: 62.5, notes: "the *worst* sheet does not count"}
  - {what: Quiz, weight: 37.5}
exam_policy: No calculators.
policies:
  - {title: Late work, text: Is not accepted.}
prerequisites:
  intro: You need
  required: ["analysis: $\\\\epsilon$ and $\\\\delta$"]
  helpful: [patience]
textbooks:
  - {title: A Book, authors: C. Author, role: required, url: "https://example.org/b", notes: Ch. 1}
honour_code: Be honest.
about:
  - {title: Thanks, text: To all.}
"""


def files() -> dict[str, str]:
    return {**SMALL, "notes/courses/small.yaml": MANIFEST}


def course(text: str = MANIFEST, name: str = "small") -> Course:
    path = "notes/courses/small.yaml"
    read = read_record(textwrap.dedent(text).lstrip("\n"), path, Course, extra={"name": name})
    assert read.value is not None, read.diagnostics
    return read.value


@pytest.fixture
def home(make_project):
    built = build(make_project(files()))
    assert built.found == ()
    return built.text("html/index.html")


@third_party
def test_every_field_is_shown(home):
    for words in (
        "<h1>Kernels &amp; more",
        "A first course",
        "Some university · Spring 2030 · ML_101",
        "An older course (B. Teacher), and is independent of it.",
        'href="https://example.org/old"',
        "<strong>Welcome</strong>",
        "Friday, 1 March 2030",
        "Not a heading",
        "Bring a pen.",
        "Ada Example",
        "아다",
        "Lecturer",
        "all questions",
        "Office 12-34",
        "Office hours: Mon 10–11",
        "mailto:ada",
        "Bob &lt;b&gt;",
        "Mondays, Wednesdays and Fridays, 10:00–10:50",
        "not on <em>holidays</em>",
        "Hall_1",
        "Recitation",
        "Mon 4 Mar",
        "Homework: Sheet 1",
        'href="https://example.org/slides"',
        "Blackboard",
        "A holiday",
        "Monday, 1 April 2030",
        "10:00–10:45",
        "62.5&#160;%",
        'style="width: 37.5%"',
        "the <em>worst</em> sheet",
        "No calculators.",
        "Late work",
        "Is not accepted.",
        "patience",
        "C. Author",
        'href="https://example.org/b"',
        "Ch. 1",
        "Honour code",
        "Be honest.",
        "Thanks",
        "To all.",
        "Published by A. Publisher.",
    ):
        assert words in home.replace("&#8217;", "’").replace("\xa0", "&#160;"), words


@third_party
def test_the_schedule_leads_to_chapters_and_results(home):
    assert 'href="chapters/basics/means.html"' in home
    assert 'href="chapters/basics/means.html#thm-mean"' in home


@third_party
def test_an_unclosed_fence_and_a_heading_stay_in_their_field(home):
    assert "<h2>Lecture notes" in home
    assert "<h2>Grading" in home
    assert "<h1>Not a heading" not in home


@third_party
def test_formulas_of_a_manifest_are_set(home):
    assert home.count('class="katex"') >= 4
    assert "$" not in home.split("<main")[1].split("</main>")[0].replace("$(", "")


def test_a_page_knows_where_each_line_was_written():
    made = course()
    page = home_page(made, (), (), Downloads(), reference=())
    lines = page.text.split("\n")
    for words, key in (
        ("No calculators", ("exam_policy",)),
        ("Is not accepted", ("policies", 0)),
        ("patience", ("prerequisites", "helpful", 0)),
        ("Means of $n$", ("schedule", 0)),
    ):
        number = next(n for n, line in enumerate(lines, start=1) if words in line)
        assert page.origin(number) == made.origin.span(*key)
    assert page.origin(0) is None


def test_a_bare_manifest_makes_a_bare_page():
    bare = course("title: Bare\nchapters: [basics/means]\n")
    page = home_page(bare, (), (), Downloads(), reference=())
    assert [line for line in page.text.split("\n") if line.startswith("#")] == [
        "# Bare",
        "## Lecture notes",
    ]
    assert "<a" not in page.text
    assert people(bare) == "Bare"
    assert published_by(bare) == "Published by Bare."
    assert subtitle(bare) == ""


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_plain_text_is_shown_as_it_is(text):
    shown = MarkdownIt("commonmark").parseInline(plain(text))[0].children or []
    assert "".join(token.content for token in shown) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["# one", "- one", "12. one", "> one", "::: one", "```one", "| one", "+ one"]
)
def test_a_line_begins_no_block(text):
    tokens = MarkdownIt("commonmark").parse(inline(text))
    assert tokens[0].type == "paragraph_open"
    assert inline("**bold** 1. and *this*") == "**bold** 1. and *this*"


def test_the_engine_follows_from_the_letters():
    assert notes_engine("auto", ["Polyak–Łojasiewicz", "Erdős “naïve”"]) == "pdflatex"
    assert notes_engine("auto", ["plain", "이재호"]) == "lualatex"
    assert notes_engine("auto", ["x ≤ y"]) == "lualatex"
    assert notes_engine("pdflatex", ["이재호"]) == "pdflatex"


def test_the_syllabus_has_every_field():
    tex = syllabus_tex(course(), (), "a4paper", r"\newcommand{\R}{\mathbb{R}}", {})
    for words in (
        r"Kernels \& more",
        r"ML\_101 · Spring 2030",
        "An older course (B. Teacher)",
        r"\textbf{Welcome} to $\epsilon$-land",
        "Ada Example (아다) & Lecturer, office 12-34, ada@example.org, all questions",
        "Lectures & Mondays, Wednesdays and Fridays, 10:00–10:50 & Hall\\_1",
        r"Homework & 62.5\,\% & \nbbar{62.5} & the \emph{worst} sheet",
        "Means of $n$ numbers; Homework: Sheet 1",
        r"\emph{A holiday}",
        r"C. Author, \emph{A Book} (required). Ch. 1",
        "Be honest.",
        "Is not accepted.",
        "To all.",
        r"\newcommand{\R}",
    ):
        assert words in tex, words
