"""Names in any script, set by TeX and read back from the page."""

from __future__ import annotations

import unicodedata
from importlib.resources import files

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from notesbuild.diagnostics import Code, Outcome, Span
from notesbuild.exam import names
from notesbuild.exam.names import (
    MARGIN,
    Label,
    LabelSheets,
    engine_for,
    labels_document,
    set_labels,
)
from notesbuild.tex.engine import run_tex

SCALE = 8

SCRIPTS = {
    "Latin": "Łukasz Ødegård-Núñez",
    "Romanian": "Ștefan Țurcanu",
    "Vietnamese": "Nguyễn Thị Ánh",
    "Korean": "이재호",
    "Chinese": "李小龍",
    "Japanese": "山田 あかり",
    "Arabic": "محمد",
    "Hebrew": "שלום",
    "Devanagari": "क्षत्रिय",
    "Bengali": "প্রিয়া",
    "Tamil": "செல்வி",
    "Cyrillic": "Фёдор",
    "Greek": "Γεώργιος",
    "Thai": "ญี่ปุ่น",
    "Georgian": "სოფიო",
    "Armenian": "Հայկ",
    "Ethiopic": "ዮሐንስ",
}
MORE = {
    "right to left in Latin": "Ali (שדה) Smith",
    "Latin in right to left": "שדה (Ali) דוד",
    "brackets": "(שדה)",
    "commands": r"a\b{c}%d#e$f_g^h~i&j<k>l|m",
    "commands and Hangul": r"김\b{c}%d#e$f_g^h~i&j<k>l|m",
    "apart": "م\u200cح\u200cم\u200cد",
    "halant apart": "क्\u200cष",
    "conjunct": "क्ष",
}
ALL = {**SCRIPTS, **MORE}


@pytest.fixture(scope="module")
def sheets() -> LabelSheets:
    found = set_labels([Label(text) for text in ALL.values()], timeout=120)
    assert found.diagnostics == ()
    assert found.value is not None
    return found.value


class Page:
    """What stands on the page of a label, and where."""

    def __init__(self, sheets: LabelSheets, key: str) -> None:
        self.box = sheets.boxes[list(ALL).index(key)]
        document = pypdfium2.PdfDocument(sheets.sheets[self.box.sheet])
        page = document[self.box.page]
        self.size = page.get_size()
        text_page = page.get_textpage()
        self.text = unicodedata.normalize("NFC", text_page.get_text_bounded())
        boxes = [text_page.get_charbox(n, loose=True) for n in range(text_page.count_chars())]
        self.lefts = {text_page.get_text_range(n, 1): b[0] for n, b in enumerate(boxes)}
        self.image = page.render(scale=SCALE, grayscale=True).to_pil()
        self.ink = _ink(self.image)
        text_page.close()
        page.close()
        document.close()


def _ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The rectangle of everything black, in pixels from the upper left corner."""
    found = image.point(lambda value: 255 if value < 200 else 0).getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize("key", ALL)
def test_a_page_is_as_large_as_its_box_and_nothing_is_cut_off(sheets, key):
    page = Page(sheets, key)
    width, height = page.size
    assert width == pytest.approx(page.box.width + 2 * MARGIN, abs=0.1)
    assert height == pytest.approx(page.box.height + page.box.depth + 2 * MARGIN, abs=0.1)
    left, top, right, bottom = page.ink
    assert left > 0
    assert right < width * SCALE
    assert top > 0
    assert bottom < height * SCALE
    assert right - left > 0.6 * page.box.width * SCALE


@pytest.mark.parametrize("key", ["Latin", "Vietnamese", "Korean", "Chinese", "Cyrillic", "Greek"])
def test_the_text_of_a_label_can_be_read(sheets, key):
    assert Page(sheets, key).text.strip() == ALL[key]


def test_latin_names_have_a_sheet_of_their_own(sheets):
    boxes = dict(zip(ALL, sheets.boxes, strict=True))
    assert {key for key in ALL if boxes[key].sheet == 0} == {"Latin", "commands"}


def test_letters_that_are_commands_are_only_letters(sheets):
    assert Page(sheets, "commands").text.strip() == MORE["commands"]
    assert Page(sheets, "commands and Hangul").text.strip() == MORE["commands and Hangul"]


def test_hebrew_runs_from_right_to_left(sheets):
    lefts = Page(sheets, "Hebrew").lefts
    assert lefts["ש"] > lefts["ל"] > lefts["ו"] > lefts["ם"]


def test_a_hebrew_word_among_latin_ones(sheets):
    page = Page(sheets, "right to left in Latin")
    assert page.lefts["A"] < page.lefts["ה"] < page.lefts["ד"] < page.lefts["ש"] < page.lefts["S"]


def test_brackets_around_hebrew_open_to_the_right(sheets):
    page = Page(sheets, "brackets")
    left, top, _, bottom = page.ink
    column = [page.image.getpixel((left + 1, y)) < 128 for y in range(top, bottom)]
    third = len(column) // 3
    assert any(column[third:-third])
    assert not any(column[: third // 2])


def test_a_latin_word_among_hebrew_ones(sheets):
    lefts = Page(sheets, "Latin in right to left").lefts
    assert lefts["ו"] < lefts["A"] < lefts["l"] < lefts["i"] < lefts["ש"]


def test_arabic_letters_join(sheets):
    # Only letters that stand alone have the long strokes below the line.
    joined, apart = Page(sheets, "Arabic").box, Page(sheets, "apart").box
    assert joined.depth < apart.depth - 2


def test_devanagari_consonants_join(sheets):
    assert Page(sheets, "conjunct").box.width < 0.8 * Page(sheets, "halant apart").box.width


def test_the_same_names_give_the_same_bytes(sheets):
    again = set_labels([Label(text) for text in ALL.values()], timeout=120).value
    assert again == sheets


def test_equal_labels_share_a_page():
    found = set_labels([Label("Ann"), Label("Bob"), Label("Ann")], timeout=60).value
    assert found is not None
    assert found.boxes[0] == found.boxes[2] != found.boxes[1]
    assert len(pypdfium2.PdfDocument(found.sheets[0])) == 2


def test_every_letter_that_is_left_to_pdflatex_is_in_its_fonts():
    letters = sorted(names._PDFLATEX - {" ", "\u00a0"})
    found = set_labels([Label(f"{letter}x") for letter in letters], timeout=120)
    assert found.diagnostics == ()
    assert found.value is not None
    assert len(found.value.sheets) == 1
    document = pypdfium2.PdfDocument(found.value.sheets[0])
    for letter, box in zip(letters, found.value.boxes, strict=True):
        text_page = document[box.page].get_textpage()
        text = unicodedata.normalize("NFC", text_page.get_text_bounded())
        assert text == f"{letter}x".replace("'", "’").replace("`", "‘")
        text_page.close()


def missing(found: Outcome[LabelSheets | None]) -> list[tuple[str, str | None]]:
    assert found.value is None
    assert {d.code for d in found.diagnostics} == {Code.LETTER_MISSING}
    return [(d.message, d.hint) for d in found.diagnostics]


def test_a_letter_that_no_font_has_is_told_with_its_student():
    labels = [Label("Ann"), Label("김 🦄", "s7", Span("roster.csv", 3, 4))]
    found = set_labels(labels, timeout=60)
    assert missing(found) == [
        (
            "no font has the letter '🦄' (U+1F984, UNICORN FACE) of student s7",
            "write the name without it",
        )
    ]
    assert str(found.diagnostics[0].span) == "roster.csv:3:4"


def test_without_its_font_a_name_is_an_error_and_no_empty_box(monkeypatch):
    monkeypatch.setenv("OPENTYPEFONTS", "{/usr/share/texmf,/usr/share/texlive/texmf-dist}/fonts//")
    monkeypatch.setenv("TTFONTS", "{/usr/share/texmf,/usr/share/texlive/texmf-dist}/fonts//")
    labels = [Label("नर", "s1"), Label("김", "s2"), Label("Ștefan", "s3")]
    assert missing(set_labels(labels, timeout=60)) == [
        (
            f"no font has the letter {letter!r} (U+{ord(letter):04X}, {unicodedata.name(letter)}) "
            f"of student {student}",
            f"install {font} (Debian and Ubuntu: apt install {package}); see `notesbuild doctor`",
        )
        for letter, student, font, package in (
            ("न", "s1", "NotoSerifDevanagari-Regular.ttf", "fonts-noto-core"),
            ("र", "s1", "NotoSerifDevanagari-Regular.ttf", "fonts-noto-core"),
            ("김", "s2", "NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"),
        )
    ]


def test_an_engine_that_is_missing_or_too_slow_is_told(monkeypatch):
    (slow,) = set_labels([Label("Ann")], timeout=0.01).diagnostics
    assert slow.message == "pdflatex did not set the names within 0.01 s"
    monkeypatch.setenv("PATH", "/nowhere")
    (absent,) = set_labels([Label("Ann")], timeout=60).diagnostics
    assert absent.code is Code.PROGRAM_MISSING


def test_no_labels_need_no_sheet():
    assert set_labels([], timeout=1).value == LabelSheets((), ())


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1))
def test_a_label_is_one_command_whatever_it_holds(text):
    before, _, rest = labels_document([text]).rpartition("\\nblabel{")
    argument = rest.removesuffix("\n\\end{document}\n")[len("TLT}") :]
    assert before == labels_document([]).removesuffix("\\end{document}\n")
    depth, escaped = 0, False
    for number, character in enumerate(argument):
        if escaped or character == "\\":
            escaped = not escaped
            continue
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert character not in "%#"
        assert depth > 0 or number == len(argument) - 1
    assert depth == 0
    assert engine_for(text) in ("pdflatex", "lualatex")


PARAGRAPH = r"""
\documentclass{article}
\usepackage[no-math]{fontspec}
\usepackage{nbfonts}
\usepackage[paperwidth=9cm,paperheight=6cm,margin=1cm]{geometry}
\tracinglostchars=3
\begin{document}
Notes of דבוגר (1886--1973) with $x^2$ and 이재호, long enough for a second line,
\emph{and} क्षत्रिय; אבגד.
\end{document}
"""


def test_other_scripts_within_a_paragraph(tmp_path):
    (tmp_path / "notes.tex").write_text(PARAGRAPH, "utf-8")
    styles = files("notesbuild") / "sphinxext" / "latex_style"
    for style in ("nbfonts.sty", "nbfonts.lua"):
        (tmp_path / style).write_bytes((styles / style).read_bytes())
    run = run_tex(tmp_path, "notes", engine="lualatex", timeout=60, settle=())
    assert run.errors == ()
    assert run.pdf is not None
    text_page = pypdfium2.PdfDocument(run.pdf)[0].get_textpage()
    lefts: dict[str, float] = {}
    for number in range(text_page.count_chars()):
        letter = text_page.get_text_range(number, 1)
        lefts.setdefault(letter, text_page.get_charbox(number)[0])
    assert lefts["N"] < lefts["ר"] < lefts["ו"] < lefts["ד"] < lefts["w"]
    assert lefts["3"] < lefts["–"] < lefts["8"] < lefts["ר"]
