"""What `check` says of the problems that chapters ask for."""

import pytest

from notesbuild.check.rules import check
from notesbuild.source.project import read_project
from tests.small import SMALL

CHAPTER = "notes/chapters/basics/means.md"
PROBLEM = "problem_bank/means/mean-minimizes.tex"


def opened(files):
    """The small project with all of its problems open to all."""
    status, both = "% status: ready", "% visibility: practice\n% status: ready"
    return {
        path: text.replace(status, both) if path.startswith("problem_bank") else text
        for path, text in files.items()
        if not path.startswith("exams")
    }


def found(root, chapter, files=None, more=""):
    everything = {"notesbuild.toml": "", **(opened(SMALL) if files is None else files)}
    everything[CHAPTER] += chapter
    everything["notes/courses/small.yaml"] += more
    for path, text in everything.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    read = read_project(root)
    assert read.diagnostics == ()
    return check(read.value)


def directive(text):
    return f"\n```{text}\n```\n"


def test_a_sound_chapter(tmp_path):
    chapter = directive("{problem} prime-choice\n:points:\n:solution: always\n:title: A prime")
    chapter += directive("{problems}\n:where: kind == 'proof'\n:sort: -points, id\n:limit: 2")
    chapter += "\n{prf:ref}`prime-choice` and {prf:ref}`mean-minimizes`\n"
    assert found(tmp_path, chapter, more="\nsolutions: {after: 7, release: 2030-05-01}\n") == ()


@pytest.mark.parametrize(
    ("text", "code", "column", "words"),
    [
        ("{problem} prime-choise", "unknown-problem", 14, "did you mean 'prime-choice'?"),
        ("{problems}\n:where: kind == 'short'", "not-showable", 9, ""),
        ("{problems}\n:where: kin == 'short'", "where-unknown", 9, "did you mean 'kind'?"),
        ("{problems}\n:where: kind ==", "where-syntax", 9, ""),
        ("{problems}\n:limits: 3", "directive-wrong", 10, "did you mean 'limit'?"),
        ("{problems}\n:limit: many", "directive-wrong", 9, ""),
        ("{problems}\n:sort: colour", "directive-wrong", 8, ""),
        ("{problem} prime-choice\n:solution: soon", "directive-wrong", 12, ""),
        ("{problem} prime-choice\n:points: 3", "directive-wrong", 10, ""),
        ("{problem} variance-uniform\n:version: 9", "directive-wrong", 11, ""),
    ],
)
def test_what_is_wrong_is_found_at_its_place(tmp_path, text, code, column, words):
    (one,) = found(tmp_path, directive(text))
    assert one.code.slug == code
    assert (one.span.path, one.span.column) == (CHAPTER, column)
    assert words in (one.hint or "")


def test_a_problem_for_exams_is_never_shown(tmp_path):
    files = {**opened(SMALL), PROBLEM: SMALL[PROBLEM]}
    (one,) = found(tmp_path, directive("{problem} mean-minimizes"), files)
    assert one.code.slug == "not-showable"
    assert str(one.span).startswith(CHAPTER)
    assert one.notes == (f"{PROBLEM}:2:3: a problem without `visibility` is for exams",)


def test_a_query_never_finds_problems_for_exams(tmp_path):
    files = {**opened(SMALL), PROBLEM: SMALL[PROBLEM]}
    (one,) = found(tmp_path, directive("{problems}\n:where: kind == 'proof'"), files)
    assert one.code.slug == "not-showable"


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_only_what_is_ready_is_shown(tmp_path, status):
    files = opened(SMALL)
    files[PROBLEM] = files[PROBLEM].replace("status: ready", f"status: {status}")
    (one,) = found(tmp_path, directive("{problem} mean-minimizes"), files)
    assert one.code.slug == "not-showable"
    assert f"status: {status}" in one.notes[0]


def test_a_problem_stands_in_a_course_once(tmp_path):
    chapter = directive("{problem} prime-choice") + directive("{problem} prime-choice")
    (one,) = found(tmp_path, chapter)
    assert one.code.slug == "duplicate-label"
    assert f"{CHAPTER}:" in one.message


def test_a_query_leaves_out_what_stands_alone(tmp_path):
    chapter = directive("{problems}") + directive("{problem} prime-choice")
    assert found(tmp_path, chapter) == ()


def test_latex_without_a_form_is_an_error_in_the_problem(tmp_path):
    files = opened(SMALL)
    files[PROBLEM] = files[PROBLEM].replace("be real numbers.", "be \\underbar{real} numbers.")
    (one,) = found(tmp_path, directive("{problem} mean-minimizes"), files)
    assert one.code.slug == "latex-not-shown"
    line = (
        files[PROBLEM]
        .lstrip("\n")
        .split("\n")
        .index("Let $x_1, \\dots, x_n$ be \\underbar{real} numbers.")
    )
    assert (one.span.path, one.span.line, one.span.column) == (PROBLEM, line + 1, 26)


def test_a_chapter_of_no_course_is_checked_too(tmp_path):
    files = {**opened(SMALL), "notes/chapters/other.md": "# Other\n\n```{problem} gone\n```\n"}
    (one,) = found(tmp_path, "", files)
    assert str(one.span) == "notes/chapters/other.md:3:14"


def test_a_release_for_a_chapter_that_is_not_there(tmp_path):
    more = "\nsolutions: {chapters: {basics/mean: 2030-05-01}}\n"
    (one,) = found(tmp_path, "", more=more)
    assert one.code.slug == "unknown-chapter"
    assert "did you mean 'basics/means'?" in one.hint


def test_an_exam_that_drew_a_shown_problem(tmp_path):
    lock = """
format: 1
exam: small/quiz
seed: 7
versions:
- version: A
  items:
  - {section: 1, problem: prime-choice, points: 3, digest: 0123456789abcdef}
"""
    files = opened(SMALL)
    files["exams/small/quiz.yaml"] = """
title: Quiz
kind: quiz
seed: 7
sections: [{title: All, pick: 1}]
"""
    files["exams/small/quiz.lock.yaml"] = lock
    chapter = directive("{problem} prime-choice")
    told = [one for one in found(tmp_path, chapter, files) if one.code.slug == "problem-public"]
    assert [str(one.span) for one in told] == ["exams/small/quiz.lock.yaml:7:18"]
    blueprint = files["exams/small/quiz.yaml"]
    files["exams/small/quiz.yaml"] = blueprint + "visibility: [exam, practice]\n"
    codes = [one.code.slug for one in found(tmp_path, chapter, files)]
    assert "problem-public" not in codes


def test_a_solution_that_comes_before_homework_is_due(tmp_path):
    files = opened(SMALL)
    files["exams/small/sheet.yaml"] = """
title: Sheet
kind: homework
date: 2030-03-20
seed: 7
visibility: [practice]
sections: [{title: All, pick: 1}]
"""
    files["exams/small/sheet.lock.yaml"] = """
format: 1
exam: small/sheet
seed: 7
versions:
- version: A
  items:
  - {section: 1, problem: prime-choice, points: 3, digest: 0123456789abcdef}
"""

    def told(option):
        chapter = directive(f"{{problem}} prime-choice\n:solution: {option}")
        return [d for d in found(tmp_path, chapter, dict(files)) if d.code.slug == "problem-public"]

    (one,) = told("2030-03-20")
    assert str(one.span) == "exams/small/sheet.lock.yaml:7:18"
    assert "small/sheet is due on 20 March 2030" in one.message
    assert one.hint == "give the directive a later day: `:solution: 2030-03-21`"
    assert len(told("always")) == 1
    assert told("2030-03-21") == told("never") == []


def test_a_query_that_finds_only_what_is_named_says_so(tmp_path):
    chapter = directive("{problem} prime-choice") + directive(
        "{problems}\n:where: kind == 'multiple-choice'"
    )
    (one,) = found(tmp_path, chapter)
    assert one.code.slug == "not-showable"
    assert one.message == "a directive of its own shows each problem that meets the query"
