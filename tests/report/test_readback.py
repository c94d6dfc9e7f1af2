"""Papers read back by two processes: nothing is missed, whoever reads it, and nothing twice."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest

from notesbuild.exam import readback
from notesbuild.exam.memory import Memory
from notesbuild.exam.readback import PaperFile, ReadBack
from notesbuild.pdf import thumbnails as pdf_thumbnails
from notesbuild.pdf.thumbnails import thumbnails

from .exam import pdf

NAMES = "ABCDE"


def with_author(paper):
    """The same pages, and the name of somebody."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as document:
        document.docinfo["/Author"] = "Somebody"
        document.save(stream)
    return stream.getvalue()


@pytest.fixture
def copies(small_exam):
    first = small_exam().given().copies[0]
    versions = (first.version.model_copy(update={"version": name}) for name in NAMES)
    return tuple(replace(first, version=version) for version in versions)


@pytest.fixture
def papers():
    """Pages differ in what is on them, so that each is known by its number."""
    return tuple(
        PaperFile(name, pdf(count), tuple(f"page {page}" for page in range(count)))
        for count, name in enumerate(NAMES, start=1)
    )


@pytest.mark.parametrize("leaky", NAMES)
def test_a_leak_is_told_whichever_process_reads_it(copies, papers, tmp_path, leaky):
    papers = tuple(
        replace(paper, pdf=with_author(paper.pdf)) if paper.version == leaky else paper
        for paper in papers
    )
    memory = Memory(tmp_path / "memory.json")
    (leak,) = ReadBack(papers, papers, copies, memory).leaked()
    assert leak.message == f"the paper of version {leaky} holds the entry /Author"
    memory.save()
    assert ReadBack(papers, papers, copies, Memory(tmp_path / "memory.json")).leaked() == (leak,)


def test_pictures_are_those_of_the_pages(copies, papers, tmp_path):
    read = ReadBack(papers, papers, copies, Memory(tmp_path / "memory.json"))
    assert [read.pictures(p.pdf) for p in papers] == [thumbnails(p.pdf) for p in papers]
    assert read.leaked() == ()


def test_versions_may_have_the_same_paper(copies, papers):
    same = tuple(replace(papers[2], version=name) for name in NAMES)
    read = ReadBack(same, same, copies, Memory(None))
    assert len(read.pictures(papers[2].pdf)) == 3
    assert read.leaked() == ()


def test_what_was_read_is_not_opened_again(copies, papers, tmp_path, monkeypatch):
    memory = Memory(tmp_path / "memory.json")
    first = ReadBack(papers, papers[:1], copies, memory)
    pictures = first.pictures(papers[0].pdf)
    assert first.leaked() == ()
    memory.save()
    opened = []
    real = readback.read_with_thumbnails
    monkeypatch.setattr(readback, "aside", lambda work: work)
    monkeypatch.setattr(readback.PaperWords, "read", lambda pdf: pytest.fail("it was opened"))
    monkeypatch.setattr(
        readback, "read_with_thumbnails", lambda pdf, known: opened.append(pdf) or real(pdf, known)
    )
    again = ReadBack(papers, papers[:2], copies, Memory(tmp_path / "memory.json"))
    assert again.pictures(papers[0].pdf) == pictures
    assert again.pictures(papers[1].pdf) == thumbnails(papers[1].pdf)
    assert again.leaked() == ()
    assert opened == [papers[1].pdf]


def test_a_page_that_was_drawn_is_not_drawn_again(copies, papers, tmp_path, monkeypatch):
    memory = Memory(tmp_path / "memory.json")
    assert ReadBack(papers[:2], papers[:2], copies, memory).leaked() == ()
    memory.save()
    drawn = []
    real = pdf_thumbnails._thumbnail
    monkeypatch.setattr(readback, "aside", lambda work: work)
    monkeypatch.setattr(pdf_thumbnails, "_thumbnail", lambda page: drawn.append(page) or real(page))
    for paper, count in ((papers[3], 2), (replace(papers[3], pages=()), 4)):
        drawn.clear()
        again = ReadBack([paper], [paper], copies, Memory(tmp_path / "memory.json"))
        pictures = again.pictures(paper.pdf)
        assert len(drawn) == count
        assert pictures == thumbnails(paper.pdf)


def test_the_work_is_shared(copies, papers, monkeypatch):
    shares, opened = [], []
    real = readback.read_with_thumbnails
    monkeypatch.setattr(readback, "aside", lambda work: shares.append(work()) or shares.pop)
    monkeypatch.setattr(
        readback, "read_with_thumbnails", lambda pdf, known: opened.append(pdf) or real(pdf, known)
    )
    read = ReadBack(papers, papers, copies, Memory(None))
    assert (len(shares[0]), len(opened)) == (3, 3)
    assert read.leaked() == () and len(opened) == 5
