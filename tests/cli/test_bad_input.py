"""Every other bad input ends with exit code 1 and its file, line, column, code and hint."""

from __future__ import annotations

import pytest

from tests.cli.bad_input import PROOF_FILE, VARIANCE, Case, assert_found, run
from tests.small import SMALL, broken

MANIFEST = "notes/courses/small.yaml"
QUIZ = "exams/small/quiz.yaml"
CHAPTER = "notes/chapters/basics/means.md"


def without(*paths: str) -> dict[str, str]:
    return {path: text for path, text in SMALL.items() if path not in paths}


def test_the_small_project_is_right(make_project):
    result = run(make_project(SMALL), "check")
    assert result.output.strip() == (
        "Nothing to complain about: 1 course, 1 chapter, 3 problems, 1 exam."
    )
    assert result.exit_code == 0


CASES: dict[str, Case] = {
    "missing chapter": (
        broken(MANIFEST, "- basics/means", "- basics/mens"),
        "notes/courses/small.yaml:9:5",
        "unknown-chapter",
        "did you mean 'basics/means'?",
    ),
    "unknown key": (
        broken(MANIFEST, "term:", "trem:"),
        "notes/courses/small.yaml:3:1",
        "unknown-key",
        "did you mean 'term'?",
    ),
    "text where a list stands": (
        {**SMALL, MANIFEST: SMALL[MANIFEST].replace("chapters:\n  - ", "chapters: ")},
        "notes/courses/small.yaml:8:1",
        "wrong-value",
        "a list is expected, such as [a, b]",
    ),
    "a year that is no text": (
        broken(MANIFEST, "term: Spring 2030", "term: 2030"),
        "notes/courses/small.yaml:3:1",
        "wrong-value",
        'put it in quotes: "2030"',
    ),
    "more versions than letters": (
        broken(QUIZ, "versions: 2", "versions: 30"),
        "exams/small/quiz.yaml:6:1",
        "wrong-value",
        "versions: 30 is more than 26",
    ),
    "versions in a word that is nearly known": (
        broken(QUIZ, "versions: 2", "versions: per-studnet"),
        "exams/small/quiz.yaml:6:1",
        "wrong-value",
        "did you mean 'per-student'?",
    ),
    "unknown tag in where": (
        broken(QUIZ, "'multiple-choice'", "'multiple-choices'"),
        "exams/small/quiz.yaml:11:5",
        "where-unknown",
        "did you mean 'multiple-choice'?",
    ),
    "unknown topic in where": (
        broken(QUIZ, "kind == 'multiple-choice'", "'meens' in topics"),
        "exams/small/quiz.yaml:11:5",
        "where-unknown",
        "did you mean 'means'?",
    ),
    "where that is no expression": (
        broken(QUIZ, "kind == 'multiple-choice'", "kind = 'proof'"),
        "exams/small/quiz.yaml:11:5",
        "where-syntax",
        "Write it like",
    ),
    "file that is not UTF-8": (
        {**SMALL, MANIFEST: b"title: caf\xe9\n"},
        "notes/courses/small.yaml:1:11",
        "not-utf8",
        "Save the file again as UTF-8",
    ),
    "empty bank": (
        without(PROOF_FILE, VARIANCE, "problem_bank/primes/prime-choice.tex"),
        "problem_bank",
        "empty-bank",
        "bank new",
    ),
    "reference to nothing": (
        broken(CHAPTER, "{prf:ref}`thm-mean`", "{prf:ref}`thm-men`"),
        "notes/chapters/basics/means.md:22:11",
        "unknown-reference",
        "did you mean 'thm-mean'?",
    ),
    "weights that do not add up": (
        broken(MANIFEST, "weight: 100", "weight: 90"),
        "notes/courses/small.yaml:12:1",
        "manifest-wrong",
        "",
    ),
    "schedule that covers nothing known": (
        broken(MANIFEST, "covers: [basics/means]", "covers: [basics/modes]"),
        "notes/courses/small.yaml:11:47",
        "manifest-wrong",
        "did you mean 'basics/means'?",
    ),
    "macro that is no macro": (
        {**SMALL, "notes/macros.tex": "\\newcommand{\\R}{\\mathbb{R}}\n\\def\\x{1}\n"},
        "notes/macros.tex:2:1",
        "macro-wrong",
        "",
    ),
    "exam of no course": (
        {**SMALL, "exams/smal/test.yaml": SMALL[QUIZ]},
        "exams/smal/test.yaml:1:1",
        "unknown-course",
        "did you mean 'small'?",
    ),
    "exams of a course that is not there": (
        broken(QUIZ, "taught", "not_used_since: 2030-01-01\n  not_used_in: [smal]\n  taught"),
        "exams/small/quiz.yaml:18:17",
        "unknown-course",
        "did you mean 'small'?",
    ),
    "courses without a day from which their exams count": (
        broken(QUIZ, "taught", "not_used_in: [small]\n  taught"),
        "exams/small/quiz.yaml:15:1",
        "wrong-value",
        "",
    ),
    "required problem that is not there": (
        broken(QUIZ, "seed: 7", "seed: 7\nrequire: [prime-choise]"),
        "exams/small/quiz.yaml:8:11",
        "unknown-problem",
        "did you mean 'prime-choice'?",
    ),
    "problem required and excluded": (
        broken(QUIZ, "seed: 7", "seed: 7\nrequire: [prime-choice]\nexclude: [prime-choice]"),
        "exams/small/quiz.yaml:8:11",
        "blueprint-wrong",
        "keep one of the two",
    ),
    "constraint on an unknown topic": (
        broken(QUIZ, "points: 17", "points: 17\n  topics: {primmes: {points: 3}}"),
        "exams/small/quiz.yaml:17:12",
        "where-unknown",
        "did you mean 'primes'?",
    ),
    "schedule with an unknown exam": (
        broken(MANIFEST, "topic: Means,", "topic: Means, exam: quizz,"),
        "notes/courses/small.yaml:11:38",
        "unknown-exam",
        "did you mean 'quiz'?",
    ),
    "chapter named twice": (
        broken(MANIFEST, "- basics/means", "- basics/means\n  - basics/means"),
        "notes/courses/small.yaml:10:5",
        "manifest-wrong",
        "name each chapter once",
    ),
    "label in two chapters": (
        {**SMALL, "notes/chapters/basics/more.md": "# More\n\n(eq-mean)=\n## Again\n"},
        "notes/chapters/basics/more.md:3:2",
        "duplicate-label",
        "",
    ),
    "chapter in two forms": (
        {**SMALL, "notes/chapters/basics/means.rst": "Means\n=====\n"},
        "notes/chapters/basics/means.rst",
        "manifest-wrong",
        "",
    ),
    "lock of an exam that is not there": (
        {
            **SMALL,
            "exams/small/quizz.lock.yaml": (
                "exam: small/quizz\nseed: 1\nversions:\n  - version: A\n    items:\n"
                "      - {section: 1, problem: prime-choice, points: 3, digest: 0123456789abcdef}\n"
            ),
        },
        "exams/small/quizz.lock.yaml:1:1",
        "unknown-exam",
        "did you mean 'small/quiz'?",
    ),
    "text with a zero byte": (
        {**SMALL, CHAPTER: b"# Means\n\n\0\n"},
        "notes/chapters/basics/means.md:3:1",
        "not-utf8",
        "",
    ),
    "settings that are no TOML": (
        {**SMALL, "notesbuild.toml": "notes = \n"},
        "notesbuild.toml:1:",
        "wrong-value",
        "",
    ),
    "settings with an unknown key": (
        {**SMALL, "notesbuild.toml": 'bnk = "problems"\n'},
        "notesbuild.toml:1:1",
        "unknown-key",
        "did you mean 'bank'?",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_check_finds_it(make_project, case):
    files, *expected = CASES[case]
    assert_found(make_project(files), *expected)


def test_a_blueprint_that_cannot_be_met_names_what_clashes(make_project):
    result = run(make_project(broken(QUIZ, "pick: 2", "pick: 5")), "exam", "draw", "small/quiz")
    assert result.exit_code == 1
    assert "blueprint-impossible" in result.output
    assert "exams/small/quiz.yaml:" in result.output
    assert "2 ready problems meet its where" in result.output


def test_constraints_that_clash_are_named_with_their_lines(make_project):
    files = broken(QUIZ, "points: 17", "points: 17\n  minutes: {max: 20}")
    result = run(make_project(files), "exam", "draw", "small/quiz")
    assert result.exit_code == 1
    assert "blueprint-impossible" in result.output
    assert "minutes" in result.output


def test_no_project_is_said_plainly(tmp_path):
    result = run(tmp_path, "check")
    assert result.exit_code == 1
    assert "project-missing" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("notes", "html", "smal"),
        ("build", "smal"),
        ("exam", "draw", "small/quizz"),
        ("exam", "build", "small/quizz"),
        ("bank", "show", "mean-minimises"),
        ("bank", "list", "--where", "knd == 'proof'"),
    ],
)
def test_a_misspelt_name_is_recognized(make_project, arguments):
    result = run(make_project(SMALL), *arguments)
    assert result.exit_code == 1
    assert "did you mean" in result.output


@pytest.mark.parametrize("arguments", [("check",), ("exam", "draw", "small/quiz")], ids=str)
def test_a_blueprint_with_an_error_is_there_all_the_same(make_project, arguments):
    files = broken(MANIFEST, "topic: Means,", "topic: Means, exam: quiz,")
    root = make_project(files)
    assert run(root, "exam", "draw", "small/quiz").exit_code == 0
    path = root / QUIZ
    path.write_text(path.read_text("utf-8").replace("versions: 2", "versions: 30"), "utf-8")
    result = run(root, *arguments)
    assert result.exit_code == 1
    assert "unknown-exam" not in result.output
    assert "versions: 30 is more than 26" in result.output
    assert "1 error" in result.output


def test_an_exam_that_was_not_drawn(make_project):
    result = run(make_project(SMALL), "exam", "build", "small/quiz")
    assert result.exit_code == 1
    assert "lock-missing" in result.output
    assert "notesbuild exam draw small/quiz" in result.output


def test_wrong_usage_ends_with_2(make_project):
    assert run(make_project(SMALL), "exam", "draw").exit_code == 2
    assert run(make_project(SMALL), "nonsense").exit_code == 2
