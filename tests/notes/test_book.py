"""A book of 2,000 results in 100 chapters, built for real: every number, link and id holds."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from benchmarks.book import Book, write_book
from notesbuild.diagnostics import has_errors
from notesbuild.notes.parity import parity
from notesbuild.notes.results import read_results
from tests.notes.built import Built, build, project, third_party
from tests.sphinxext.built import repeated_ids

pytestmark = third_party

BOOK = Book(chapters=100, results=20)


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Built:
    root = tmp_path_factory.mktemp("book")
    write_book(root, BOOK)
    return build(root, html=True, pdf=True)


def top(book: Built) -> Path:
    return book.root / "build" / "book"


def pages(book: Built) -> dict[str, str]:
    site = top(book) / "html"
    found = (path for path in site.rglob("*.html") if "_static" not in path.parts)
    return {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in found}


def test_every_number_is_the_same_on_paper(book):
    assert book.found == ()
    results = read_results((top(book) / "results.json").read_bytes())
    labels = [result.label for result in results]
    assert len(labels) == len(set(labels)) == BOOK.chapters * BOOK.results
    assert all(result.number and result.page for result in results)
    read = project(book.root)
    same = parity(read, read.courses[0])
    assert not has_errors(same.diagnostics)
    # Results, their displays, figures, tables and headings.
    assert same.value is not None and same.value > 2 * BOOK.chapters * BOOK.results


def test_no_link_leads_nowhere(book):
    texts = pages(book)
    ids = {name: set(re.findall(r'\sid="([^"]*)"', text)) for name, text in texts.items()}
    site, looked_at = top(book) / "html", 0
    for name, text in texts.items():
        for href in set(re.findall(r'<a\b[^>]*\shref="([^"]*)"', text)):
            address = urlsplit(unescape(href))
            if address.scheme or address.netloc:
                continue
            path = (site / name).parent / unquote(address.path) if address.path else site / name
            target = path.resolve().relative_to(site.resolve()).as_posix()
            assert (site / target).is_file(), (name, href)
            if address.fragment and target in ids:
                assert unquote(address.fragment) in ids[target], (name, href)
            looked_at += 1
    assert looked_at > 10_000


def test_no_page_has_an_id_twice(book):
    texts = pages(book)
    assert len(texts) > BOOK.chapters
    assert {name: found for name, text in texts.items() if (found := repeated_ids(text))} == {}


def test_latex_has_no_complaint(book):
    (log,) = (book.root / "build" / ".work" / "book" / "latex").glob("notes.log")
    text = log.read_text("utf-8", "replace")
    assert "Output written on" in text
    wrong = re.findall(r"^!.*|.*undefined.*|.*multiply.defined.*", text, re.M)
    assert [line for line in wrong if "Font" not in line] == []
