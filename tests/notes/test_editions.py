"""A course that leaves out a chapter which it cites: site, PDF and numbers."""

from __future__ import annotations

import re

import pytest

from notesbuild.pdf.text import page_texts
from tests.check.projects import with_chapter, write
from tests.check.test_editions import DEEP, LEFT, MORE
from tests.notes.built import build, third_party

pytestmark = third_party


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    root = tmp_path_factory.mktemp("edition")
    files = with_chapter(MORE)
    files |= {"notes/chapters/left.md": LEFT, "notes/chapters/deep.md": DEEP}
    return build(write(root, files), html=True, pdf=True)


def test_what_is_left_out_is_named_and_is_no_error(edition):
    assert edition.found == ()
    page = re.sub(r"<[^>]+>", "", edition.text("html/chapters/basics/more.html"))
    absent = "(not part of these notes)"
    words = f"A remark on Massart’s lemma {absent} and an equation of “Left out” {absent}."
    assert words in " ".join(page.split())


def test_the_pdf_has_the_same_words(edition):
    text = " ".join(" ".join(page_texts(edition.path("pdf/notes.pdf"))).split())
    assert "remark on Massart’s lemma (not part of these notes)" in text
    assert "??" not in text
