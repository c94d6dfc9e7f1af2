"""Courses in other languages: every word of ours is in the language of the course."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pikepdf
import pytest

from notesbuild.model.words import LANGUAGES, MESSAGES, say
from notesbuild.notes.parity import parity
from notesbuild.pdf.text import page_texts
from tests.notes.built import Built, build, project, third_party
from tests.small import SMALL

pytestmark = third_party

# What the author writes are signs, so that every other word is ours or Sphinx's.
CHAPTER = r"""
# zz1

## zz2

:::{prf:theorem} zz3
:label: thm-mean
For $x \in \R^n$

$$ x = x . $$ (eq-mean)

:::

:::{prf:proof}
:defer:
{eq}`eq-mean`, {cite:p}`euler1748introductio`
:::

:::{prf:exercise}
zz4
:::

:::{prf:claim}
:label: cl-own
zz5
:::

:::{tikz} zz8
:label: fig-line
:alt: zz9

\draw (0,0) -- (3,1);
:::

```{table} zz10
:name: tab-one

| 1 | 2 |
|---|---|
| 3 | 4 |
```

```{code-block} text
:caption: zz11
:name: code-one

5
```

{numref}`fig-line`, {numref}`tab-one`, {numref}`code-one`

## zz6

:::{prf:proof}
:of: cl-own
zz7
:::

:::{prf:restate} thm-mean
:::
"""

MANIFEST = """
title: zzT
language: {language}
timezone: Europe/Berlin
kinds:
  - name: claim
    title: {{en: Claim, de: Behauptung, fr: Affirmation, ko: 주장}}
follows: {{title: zzF, instructor: zzI, url: "https://example.org/"}}
description: zzD
information: zzP
announcements:
  - {{date: 2030-03-01, text: zzA}}
staff:
  - {{name: zzN, role: zzR, office: "zzO", office_hours: zzH, email: n@example.org}}
meetings:
  - {{days: [Mon, Wed], start: "10:00", end: "12:00", place: zzL}}
chapters:
  - basics/means
schedule:
  - {{date: 2030-03-04, topic: zzM, covers: [basics/means], homework: zzW}}
  - {{date: 2030-03-06, no_class: zzC}}
  - {{date: 2030-03-11, exam: quiz}}
grading:
  - {{what: zzG, weight: 100}}
exam_policy: zzQ
prerequisites: {{required: [zzS], helpful: [zzU]}}
textbooks:
  - {{title: zzB, authors: zzX}}
honour_code: zzV
pdf: {{variants: [no-proofs]}}
"""


def make(root: Path, language: str) -> Built:
    files = {
        "notesbuild.toml": "",
        **SMALL,
        "notes/chapters/basics/means.md": CHAPTER,
        "notes/courses/small.yaml": MANIFEST.format(language=language),
        "notes/macros.tex": r"\newcommand{\R}{\mathbb{R}}" + "\n",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    return build(root, html=True, pdf=True)


@pytest.fixture(scope="module", params=LANGUAGES)
def course(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Built]:
    language = str(request.param)
    return language, make(tmp_path_factory.mktemp(language), language)


def foreign(text: str, language: str) -> list[str]:
    """The English words of ours in a text, but for those that the language has as well."""
    known = " ".join(say(message, language) for message in MESSAGES)
    pieces = {piece.strip(" .,:()") for message in MESSAGES for piece in message.split("{}")}
    return [
        piece
        for piece in sorted(pieces)
        if len(piece) > 2
        and not re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", known)
        and re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text)
    ]


def shown(page: str) -> str:
    """What a page shows and says: its text, and the attributes that hold words."""
    body = re.sub(r"<(script|style|math|svg|noscript)\b.*?</\1>|<!--.*?-->", "", page, flags=re.S)
    said = re.findall(r'\s(?:title|aria-label|placeholder|alt)="([^"]*)"', body)
    said = [words for words in said if words not in ("next page", "previous page")]  # the theme's
    return html.unescape(" ".join([re.sub(r"<[^>]+>", "|", body), *said]))


def test_every_page_speaks_the_language(course: tuple[str, Built]) -> None:
    language, built = course
    assert built.found == ()
    for path in ("index.html", "chapters/basics/means.html", "references.html"):
        assert foreign(shown(built.text(f"html/{path}")), language) == [], path
    home = shown(built.text("html/index.html"))
    for message in ("Schedule", "Grading", "Staff", "Prerequisites", "Share", "Lectures"):
        assert say(message, language) in home
    chapter = built.text("html/chapters/basics/means.html")
    for message in ("Hide all proofs", "Show all proofs", "End of proof", "This chapter as PDF"):
        assert html.escape(say(message, language)) in chapter
    assert f"{say('Theorem', language)} 1.1" in shown(chapter)


def test_every_pdf_speaks_the_language(course: tuple[str, Built]) -> None:
    language, built = course
    for name in ("notes", "syllabus"):
        texts = page_texts(built.path(f"pdf/{name}.pdf").read_bytes())
        text = " ".join(" ".join(texts).split())
        assert foreign(text, language) == [], name
    notes = " ".join(" ".join(page_texts(built.path("pdf/notes.pdf").read_bytes())).split())
    assert say("Chapter {}", language, "1") in notes
    assert f"{say('Exercise', language)} 1.2" in notes


def test_captions_have_the_words_of_the_language(course: tuple[str, Built]) -> None:
    language, built = course
    chapter = built.text("html/chapters/basics/means.html")
    captions = re.findall(r'class="caption-number">([^<]+?)\s*</span>', chapter)
    figure = {"de": "Abb. 1.1", "fr": "Fig. 1.1", "ko": "그림 1.1"}[language]
    assert captions[0] == figure
    assert len(captions) == 3  # and a table and a listing
    notes = " ".join(" ".join(page_texts(built.path("pdf/notes.pdf").read_bytes())).split())
    for words in captions:
        assert f"{words}: zz" in notes


def test_a_form_without_proofs_has_no_place_for_deferred_ones(course: tuple[str, Built]) -> None:
    language, built = course
    pages = page_texts(built.path("pdf/notes-no-proofs.pdf").read_bytes())
    words = " ".join(" ".join(pages).split())
    assert "zz3" in words
    for message in ("Deferred proofs", "Proof: see {}"):
        assert say(message, language).partition("{")[0] not in words


def test_korean_headings_are_bold(course: tuple[str, Built]) -> None:
    language, built = course
    with pikepdf.open(built.path("pdf/notes.pdf")) as pdf:
        fonts = {str(font.get("/BaseFont", "")) for page in pdf.pages for font in fonts_of(page)}
    faces = {name.rpartition("-")[2] for name in fonts if "NotoSerifCJK" in name}
    assert faces == ({"Regular", "Bold"} if language == "ko" else set())


def fonts_of(page: pikepdf.Page) -> list[pikepdf.Object]:
    """The fonts of a page."""
    return list(page.resources.get("/Font", pikepdf.Dictionary()).values())


def test_dates_are_those_of_the_language(course: tuple[str, Built]) -> None:
    language, built = course
    day = {"de": "Mo., 4. März", "fr": "lun. 4 mars", "ko": "3월 4일 (월)"}[language]
    long = {
        "de": "Freitag, 1. März 2030",
        "fr": "vendredi 1 mars 2030",
        "ko": "2030년 3월 1일 금요일",
    }[language]
    home = shown(built.text("html/index.html"))
    assert day in home and long in home
    assert day in " ".join(page_texts(built.path("pdf/syllabus.pdf").read_bytes()))


def test_numbers_agree_in_every_language(course: tuple[str, Built]) -> None:
    _, built = course
    read = project(built.root)
    assert parity(read, read.courses[0]).value == 12


def test_english_would_be_found() -> None:
    assert foreign("| Schedule | 4 March", "ko") == ["Schedule"]
    assert foreign("Notation", "fr") == []


@pytest.mark.parametrize("message", MESSAGES)
def test_values_have_their_places_in_every_language(message: str) -> None:
    for language in LANGUAGES:
        assert say(message, language).count("{}") == message.count("{}")
        # What is put behind other words begins with its own space, or without one.
        assert say(message, language).removeprefix(" " if message[0] == " " else "").strip() != ""
        assert say(message, language)[-1] != " "


def test_other_languages_fall_back_to_english() -> None:
    assert say("Schedule", "fi") == "Schedule"
    assert say("Schedule", "de_AT") == "Zeitplan"
