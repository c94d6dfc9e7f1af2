"""docs/courses.md says where each item of the five public pages is found; it is found there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from notesbuild.model.course import Course, ScheduleRow
from notesbuild.model.dates import long_date
from notesbuild.model.project import Project
from notesbuild.notes.downloads import Downloads
from notesbuild.notes.home import home_page
from notesbuild.source.chapters import outline_of
from notesbuild.source.project import read_project

TOP = Path(__file__).resolve().parents[2]
PAGE = TOP / "docs/courses.md"
TOP_OF_PAGE = {"Title", "Description", "Announcements"}
SHEETS = {"Homework and practice"}
DAYS = re.compile(r"\d+(?:[–, ]+(?:and |to )?\d+)* [A-Z][a-z]+(?: (?:to|and) \d+ [A-Z][a-z]+)?")


@dataclass(frozen=True)
class Item:
    """A row of a table: what a public page names, and where it is on the site and in the book."""

    course: str
    named: str
    site: str
    book: str

    @property
    def headings(self) -> list[str]:
        """The headings of the home page that are named."""
        return re.findall(r"\*([^*]+)\*", self.site.replace("the words *", "the words "))

    @property
    def labels(self) -> list[str]:
        """The chapters, sections and results that are named."""
        return re.findall(r"`((?:ch|sec|thm)-[a-z-]+)`", self.book)


def items() -> Iterator[Item]:
    """All rows of all tables."""
    course = ""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            course = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] != "On the public page" and set(line) - set("|-"):
            yield Item(course, *cells)


@cache
def project() -> Project:
    """The repository's own."""
    read = read_project(TOP).value
    assert read is not None
    return read


@cache
def chapter_of() -> dict[str, str]:
    """The chapter in which a label stands."""
    pool = project().chapters
    return {mark.name: one.name for one in pool for mark in outline_of(one).marks}


def course_of(item: Item) -> Course:
    return next(course for course in project().courses if course.name == item.course)


def days(course: Course, text: str) -> list[ScheduleRow]:
    """The rows of a schedule from the first to the last day of ``2–9 April``."""
    months = re.findall(r"[A-Z][a-z]+", text)
    numbers = re.findall(r"\d+", text)
    year = course.schedule[0].date.year
    first, last = (
        datetime.datetime.strptime(f"{number} {month} {year}", "%d %B %Y").date()
        for number, month in ((numbers[0], months[0]), (numbers[-1], months[-1]))
    )
    rows = {row.date: row for row in course.schedule}
    for day in (first, last):
        assert day in rows, f"{long_date(day, 'en')} is not in the schedule of {course.name}"
    return [row for day, row in rows.items() if first <= day <= last]


ALL = tuple(items())


def test_all_five_editions_have_their_table():
    assert {item.course for item in ALL} == {course.name for course in project().courses}
    assert len(ALL) > 80


@pytest.mark.parametrize("name", sorted({item.course for item in ALL}))
def test_the_headings_are_on_the_home_page(name):
    rows = [item for item in ALL if item.course == name]
    home = home_page(course_of(rows[0]), (), project().blueprints, Downloads(), reference=())
    headings = set(re.findall(r"^#+ (.*)$", home.text, re.M)) | TOP_OF_PAGE | SHEETS
    for item in rows:
        assert set(item.headings) <= headings, item.named


@pytest.mark.parametrize("item", ALL, ids=lambda item: f"{item.course}: {item.named}")
def test_the_labels_are_in_the_book_and_the_days_teach_them(item):
    course = course_of(item)
    chapters = {chapter_of()[label] for label in item.labels}
    assert chapters <= set(course.chapters)
    if "*Schedule*," not in item.site:
        return
    _, _, when = item.site.partition("*Schedule*,")
    rows = [row for text in DAYS.findall(when.partition(";")[0]) for row in days(course, text)]
    taught = {chapter_of().get(cover, cover) for row in rows for cover in row.covers}
    if rows and not item.named.startswith("the story"):
        assert chapters <= taught


def test_each_edition_says_that_it_is_independent():
    for course in project().courses:
        assert course.follows is not None, course.name
        home = home_page(course, (), (), Downloads(), reference=())
        assert "is independent of it" in home.text
