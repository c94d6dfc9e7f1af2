"""Courses in other languages: every word of ours is in the language of the course."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from notesbuild.model.words import LANGUAGES, MESSAGES, around, has_words, say
from notesbuild.pdf.text import page_texts
from tests.notes.built import Built, build, third_party
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
"""

# Each heading of a page or of the syllabus is one of these, or an author's.
SAME = {
    "de": {"Lemma", "Definition", "Notation", "Proposition"},
    "fr": {
        *("Proposition", "Conjecture", "Notation", "Observation", "Section {}", "Notes (PDF)"),
        *("Date", "Notes"),
    },
    "ko": set(),
}


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
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    language = str(request.param)
    return language, make(tmp_path_factory.mktemp(language), language)
