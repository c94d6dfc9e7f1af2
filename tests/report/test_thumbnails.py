"""Pages as small pictures."""

from __future__ import annotations

import base64
import io

from PIL import Image

from notesbuild.exam.report import report_html
from notesbuild.pdf.thumbnails import WIDTH, thumbnails

from .exam import pdf
from .reading import Report


def picture(thumbnail):
    head, content = thumbnail.uri.split(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(content)))


def test_every_page_is_a_picture_of_itself():
    found = thumbnails(pdf(3))
    assert [(t.width, t.height) for t in found] == [(WIDTH, WIDTH * 4 // 3)] * 3
    black = [picture(t).convert("L").histogram()[0] for t in found]
    assert black[0] == 0
    bar = (260 * 20) * (WIDTH / 300) ** 2
    assert abs(black[1] / bar - 1) < 0.1
    assert abs(black[2] / black[1] - 2) < 0.05
    for thumbnail in found:
        assert picture(thumbnail).size == (thumbnail.width, thumbnail.height)
        assert picture(thumbnail).getpixel((0, 0)) == 15  # white, of sixteen greys


def test_the_same_pages_give_the_same_bytes():
    assert thumbnails(pdf(2)) == thumbnails(pdf(2))
    assert len(thumbnails(pdf(2))[1].uri) < 2000


def test_all_pages_of_all_versions_are_there(small_exam):
    exam = small_exam()
    report = Report(report_html(exam.given(pages=3)))
    assert report.values("alt") == [
        f"Page {page} of version {version}" for version in "AB" for page in (1, 2, 3)
    ]
    assert "quiz-A.pdf#page=3" in report.values("href")
    assert report.text.count("<details>") == report.text.count("Version B: 3 pages") + 1
    assert "Version A: 3 pages" in report.headings


def test_a_report_without_papers_has_no_pages(small_exam):
    given = small_exam().given()
    page = report_html(type(given)(**{**vars(given), "papers": ()})).decode("utf-8")
    assert "<img" not in page and 'id="pages"' not in page and "Pages" not in page


def test_the_same_exam_gives_the_same_bytes(small_exam):
    exam = small_exam()
    assert report_html(exam.given()) == report_html(exam.given())
