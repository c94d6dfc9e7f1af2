"""Every command, option, key and code has words, and its words are on a page."""

from __future__ import annotations

import html
import re
from enum import Enum

import click
import pytest

from notesbuild.diagnostics import Code
from notesbuild.model.base import Range, Record

PAGES = {
    "settings": "settings",
    "course": "course",
    "problem": "problem",
    "blueprint": "blueprint",
    "lock": "lock",
}


def words_on(page) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8")))


def test_every_command_and_option_is_explained(reference):
    for name, command in reference.commands():
        assert command.help, f"{name} has no help"
        for option in reference.options_of(command):
            assert option.help, f"{name} {option.opts[0]} has no help"


def test_an_option_without_help_would_be_found(reference):
    command = click.Command("planted", params=[click.Option(["--planted"])], help="Planted.")
    assert [option.help for option in reference.options_of(command)] == [None]


def test_every_command_and_option_is_on_its_page(reference, documentation):
    words = words_on(documentation / "reference/commands.html")
    for name, command in reference.commands():
        assert f"\n{name} " in words or f"{name}#" in words, name
        for option in reference.options_of(command):
            assert option.opts[0] in words


def records(reference):
    return {r for record in reference.FILES.values() for r in reference.records_in(record)}


def test_every_key_has_a_sentence(reference):
    for record in records(reference):
        words = reference.words_of(record)
        for key, _ in reference.keys_of(record):
            assert words.get(key, "").endswith("."), f"{record.__name__}.{key}"


class Planted(Record):
    """A record of which one key has no words."""

    told: int = 1
    """A number."""
    untold: int = 2


def test_a_key_without_words_would_be_found(reference):
    assert reference.words_of(Planted) == {"told": "A number."}


@pytest.mark.parametrize("name", PAGES)
def test_every_key_is_on_its_page(reference, documentation, name):
    words = words_on(documentation / f"reference/{PAGES[name]}.html")
    for record in reference.records_in(reference.FILES[name]):
        if record is not Range:
            for key, _ in reference.keys_of(record):
                assert re.search(rf"^{key}$", words, re.M), f"{record.__name__}.{key}"


def test_values_are_described_in_words(reference):
    text = reference.TEXTS["blueprint"]()
    assert "- `duration`\n  - duration\n" in text
    assert "- list of [section](#keys-section)\n  - **required**" in text
    assert "- [range](#ranges)" in text
    assert "whole number or `per-student`" in text


def test_every_code_is_on_its_page(documentation):
    page = documentation / "reference/diagnostics.html"
    text, words = page.read_text("utf-8"), words_on(page).replace("’", "'")
    for code in Code:
        assert f'id="code-{code.slug}"' in text
        assert code.summary.replace("`", "") in words


def test_codes_are_words_of_their_own_and_say_what_to_do():
    assert len({code.slug for code in Code}) == len(Code)
    for code in Code:
        assert code.slug == code.name.lower().replace("_", "-")
        assert code.summary.endswith(".") and code.remedy.endswith(".")


def test_words_of_an_enum(reference):
    class Planted(Enum):
        ONE = 1
        """The first."""

    words = {"ONE": "The first."}
    assert reference.words_of(Planted) == words


def test_the_documentation_asks_no_other_host(documentation):
    for page in documentation.rglob("*.html"):
        loads = re.findall(r'(?:src|<link[^>]+href)="(https?://[^"]+)"', page.read_text("utf-8"))
        assert loads == [], page.name


def test_every_page_is_in_the_table_of_contents(documentation):
    contents = (documentation / "index.html").read_text("utf-8")
    for page in documentation.rglob("*.html"):
        name = page.relative_to(documentation).as_posix()
        if not name.startswith(("_", "genindex", "search", "index", "prf-")):
            assert name in contents, name
