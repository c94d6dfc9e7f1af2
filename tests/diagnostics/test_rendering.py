"""Diagnostics for people, programs and GitHub."""

from __future__ import annotations

import json

import pytest

from notesbuild.diagnostics import (
    Code,
    Format,
    Origin,
    Severity,
    Span,
    error,
    exit_code,
    has_errors,
    in_order,
    note,
    render,
    warning,
)

WRONG = error(
    Code.UNKNOWN_KEY,
    "unknown key 'trem'",
    Span("a/b.yaml", 3, 5),
    "did you mean 'term'?",
    ["see c"],
)


def test_text_shows_the_line_with_a_caret():
    assert render([WRONG], source_line=lambda span: "    trem: Spring").splitlines() == [
        "a/b.yaml:3:5: error[unknown-key]: unknown key 'trem'",
        "    3 |     trem: Spring",
        "      |     ^",
        "    see c",
        "    hint: did you mean 'term'?",
    ]


def test_a_long_line_is_cut_around_the_place():
    line = "x" * 300 + "HERE" + "y" * 300
    shown = render([error(Code.LATEX_SYNTAX, "m", Span("a", 1, 301))], source_line=lambda s: line)
    excerpt, caret = shown.splitlines()[1:3]
    assert len(excerpt) < 100
    assert excerpt[caret.index("^")] == "H"


def test_without_a_place_and_a_hint_the_remedy_is_said():
    assert render([error(Code.EMPTY_BANK, "no problem")]) == (
        "error[empty-bank]: no problem\n    hint: " + Code.EMPTY_BANK.remedy
    )


def unused(line: int, path: str = "a.md", **others: object):
    return warning(Code.LABEL_UNUSED, f"nothing refers to {line}", Span(path, line, 5), **others)


def test_many_alike_in_a_file_are_told_together():
    many = [unused(line) for line in (2, 4, 6, 8)]
    mistake = error(Code.LATEX_SYNTAX, "wrong", Span("a.md", 5, 1), "mend it")
    shown = render([*many[:2], mistake, *many[2:]], source_line=lambda span: "text")
    assert shown.splitlines() == [
        *(f"a.md:{n}:5: warning[label-unused]: nothing refers to {n}" for n in (2, 4, 6, 8)),
        f"    hint: {Code.LABEL_UNUSED.remedy}",
        "a.md:5:1: error[latex-syntax]: wrong",
        "    5 | text",
        "      | ^",
        "    hint: mend it",
    ]


def test_what_is_not_alike_is_told_alone():
    few = [unused(line) for line in (2, 4, 6)]
    others = [unused(8, "b.md"), unused(9, hint="another"), unused(10, notes=["see there"])]
    errors = [error(Code.LATEX_SYNTAX, "wrong", Span("a.md", n, 1)) for n in range(20, 25)]
    found = [*few, *others, *errors]
    shown = render(found, source_line=lambda span: "text")
    assert shown.count("hint: ") == shown.count("| text") == len(found)


def test_programs_are_told_each_one():
    many = [unused(line) for line in range(1, 9)]
    assert len(json.loads(render(many, Format.JSON))) == 8
    assert render(many, Format.GITHUB).count("::warning ") == 8


def test_json_has_all_fields():
    (entry,) = json.loads(render([WRONG], Format.JSON))
    assert entry == {
        "code": "unknown-key",
        "severity": "error",
        "message": "unknown key 'trem'",
        "path": "a/b.yaml",
        "line": 3,
        "column": 5,
        "hint": "did you mean 'term'?",
        "notes": ["see c"],
    }


def test_github_annotations_escape_what_they_must():
    found = warning(Code.TEX_OVERFULL, "50% too wide\nreally", Span("a,b:c.tex", 1, 2), "h")
    assert render([found], Format.GITHUB) == (
        "::warning file=a%2Cb%3Ac.tex,line=1,col=2,title=tex-overfull::50%25 too wide%0Areally%0Ah"
    )


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ([], 0),
        ([warning(Code.LOCK_STALE, "m")], 0),
        ([note(Code.LOCK_STALE, "m")], 0),
        ([WRONG], 1),
        ([error(Code.PROGRAM_MISSING, "m")], 3),
        ([error(Code.PROGRAM_MISSING, "m"), WRONG], 1),
    ],
)
def test_exit_codes(found, status):
    assert exit_code(found) == status
    assert has_errors(found) == (status != 0)


def test_order_is_that_of_the_files_and_each_comes_once():
    later = error(Code.WRONG_VALUE, "m", Span("b", 1, 1))
    assert in_order([later, WRONG, later]) == (WRONG, later)


def test_an_origin_finds_the_nearest_known_place():
    origin = Origin("f", (((), (1, 1)), (("a",), (2, 3)), (("a", 0), (3, 5))))
    assert str(origin.span("a", 0, "x")) == "f:3:5"
    assert str(origin.span("b")) == "f:1:1"
    assert str(Span("f")) == "f"


def test_slugs_are_unique_and_every_code_has_words():
    assert len({code.slug for code in Code}) == len(list(Code))
    for code in Code:
        assert code.summary.endswith(".") and code.remedy
        assert code.status in (1, 3)
    assert {s.value for s in Severity} == {"error", "warning", "note"}
