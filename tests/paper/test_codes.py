"""The codes on pages say what they should, and a reader finds it."""

from __future__ import annotations

import io

import pikepdf
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.exam.codes import (
    PageCode,
    code_operators,
    corner_box,
    corner_operators,
    page_code,
    parse_code,
)
from notesbuild.pdf.codes import read_codes
from notesbuild.run.table import csv_safe

A4 = (595.28, 841.89)
NAMES = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?", fullmatch=True)
EXAMS = st.from_regex(
    r"[a-z0-9]{1,12}(-[a-z0-9]{1,9})?/[a-z0-9]{1,12}(-[a-z0-9]{1,9})?", fullmatch=True
)


def pdf_of(contents: list[bytes]) -> bytes:
    document = pikepdf.new()
    for content in contents:
        page = document.add_blank_page(page_size=A4)
        page.Contents = document.make_stream(content)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@given(EXAMS, NAMES, st.integers(1, 9999))
def test_a_code_is_parsed_to_what_was_written(exam, copy, page):
    text = page_code(exam, copy, page)
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert parse_code(text) == PageCode(exam, copy, page)


@given(EXAMS, NAMES, st.integers(1, 9999), st.data())
def test_a_change_is_noticed(exam, copy, page, data):
    text = page_code(exam, copy, page)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in "0123456789ABCXYZ" if c != text[at]]))
    assert parse_code(text[:at] + other + text[at + 1 :]) is None


@pytest.mark.parametrize(
    "text", ["", "https://example.org", "NB1:A/B:C:0:00000", "NB1:A/B:C:1:00000"]
)
def test_other_codes_are_not_ours(text):
    assert parse_code(text) is None


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=1, max_size=90))
def test_the_modules_are_those_of_segno(text):
    symbol = segno.make(
        text, error="m", mode="alphanumeric", mask=3, micro=False, boost_error=False
    )
    side = symbol.symbol_size(border=4)[0]
    dark = [[False] * side for _ in range(side)]
    numbers = code_operators(text, 0, 0, side).split(b" 0 g ")[1].split(b" re")[:-1]
    for rectangle in numbers:
        x, y, width, _ = (int(n) for n in rectangle.split())
        for column in range(x, x + width):
            dark[side - 1 - y][column] = True
    assert dark == [[bool(m) for m in row] for row in symbol.matrix_iter(border=4)]


def test_every_page_is_read_back():
    wanted = [page_code("ml-4/final-2024", f"S{n:07d}", n % 8 + 1) for n in range(60)]
    wanted += [page_code("a" * 30 + "/" + "b" * 30, "Zoe_K.2", 1234)]
    pdf = pdf_of([corner_operators(text, A4) for text in wanted])
    expected = tuple(enumerate(wanted))
    assert read_codes(pdf, corner_box(A4)) == expected
    assert read_codes(pdf) == expected


def test_pages_without_codes_are_left_out_and_codes_elsewhere_found(tmp_path):
    text = page_code("c/e", "s1", 2)
    path = tmp_path / "exam.pdf"
    path.write_bytes(pdf_of([b"", code_operators(text, 40, 50, 45), b"0 0 100 100 re f"]))
    assert read_codes(path, corner_box(A4)) == ((1, text),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("＝1", "'＝1"),
        ("Ann-Marie", "Ann-Marie"),
        ("", ""),
    ],
)
def test_a_name_is_no_formula(text, expected):
    assert csv_safe(text) == expected
