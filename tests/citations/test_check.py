"""What `check` and `exam draw` say of exams and the notes behind them."""

from pathlib import Path

from notesbuild.diagnostics import Diagnostic
from notesbuild.pipeline import build_notes, check_project, draw_exam
from tests.citations.project import FILES, changed, draw_by_hand, read
from tests.notes.built import third_party

pytestmark = third_party

TAUGHT = FILES["exams/small/quiz.yaml"] + "constraints: {taught: true}\n"
LOCK = "exams/small/quiz.lock.yaml"
TEX = "problem_bank/means/finite.tex"


def shown(found: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{d.span} {d.severity.value}: {d.message}" for d in found]


def checked(root: Path) -> list[str]:
    return shown(check_project(draw_by_hand(root)))


def test_a_sound_exam_is_not_complained_about(make_project):
    assert checked(make_project(FILES)) == []


def test_a_result_that_comes_too_late_is_named_with_its_day(make_project):
    root = make_project({**FILES, "exams/small/quiz.yaml": TAUGHT})
    found = check_project(draw_by_hand(root))
    assert shown(found) == [
        f"{LOCK}:7:22 error: problem finite (version A, question 1; version B, question 1) needs "
        "thm-finite, taught on 12 May 2030, after this exam"
    ]
    assert found[0].notes == (f"{TEX}:8:10: `uses` names thm-finite",)
    assert found[0].code.slug == "taught-later"


def test_the_number_is_told_where_the_notes_have_been_built(make_project):
    root = make_project({**FILES, "exams/small/quiz.yaml": TAUGHT})
    build_notes(read(root), ["small"], pdf=False, say=lambda _: None)
    (found,) = checked(root)
    assert "needs Theorem 2.3 (thm-finite), taught on 12 May 2030" in found


def test_what_is_only_cited_must_be_taught_too(make_project):
    same = TAUGHT.replace("2030-04-01", "2030-03-04")
    bank = (
        FILES[TEX].replace("uses: [thm-finite]", "uses: []").replace("{thm-finite}", "{thm-mean}")
    )
    found = check_project(
        draw_by_hand(make_project({**FILES, TEX: bank, "exams/small/quiz.yaml": same}))
    )
    assert [d.message.split("needs ")[1] for d in found] == [
        "lem-massart, taught on the very day of this exam",
        "thm-mean, taught on the very day of this exam",
    ]
    assert found[0].notes == (f"{TEX}:13:13: lem-massart is cited",)


def test_what_the_schedule_leaves_out_is_never_taught(make_project):
    files = changed("notes/courses/small.yaml", "covers: [basics/means, ", "covers: [")
    bank = FILES[TEX].replace("[thm-finite]", "[thm-mean]").replace("\\result", "\\textbf")
    files |= {TEX: bank, "exams/small/quiz.yaml": TAUGHT}
    (found,) = checked(make_project(files))
    assert found.endswith("needs thm-mean, which the schedule does not cover")


def test_a_required_problem_is_looked_at_before_the_draw(make_project):
    quiz = TAUGHT + "require: [finite]\n"
    found = shown(check_project(read(make_project({**FILES, "exams/small/quiz.yaml": quiz}))))
    assert found == [
        "exams/small/quiz.yaml:8:11 error: the required problem finite needs thm-finite, "
        "taught on 12 May 2030, after this exam"
    ]


def test_the_draw_says_from_which_day_problems_can_be_used(make_project):
    project = read(make_project({**FILES, "exams/small/quiz.yaml": TAUGHT}))
    (found,) = draw_exam(project, "small/quiz").diagnostics
    assert found.code.slug == "blueprint-impossible"
    assert found.notes[1] == (
        "exams/small/quiz.yaml:7:15: taught: true leaves 0 of these 1 (finite from 13 May 2030)"
    )


def test_the_draw_takes_what_is_taught(make_project):
    late = TAUGHT.replace("2030-04-01", "2030-05-13")
    project = read(make_project({**FILES, "exams/small/quiz.yaml": late}))
    assert draw_exam(project, "small/quiz").value is not None


def test_a_result_that_the_course_leaves_out_is_a_warning_for_uses(make_project):
    files = changed(TEX, "[thm-finite]", "[thm-finite, thm-later]")
    found = check_project(draw_by_hand(make_project(files)))
    assert shown(found) == [
        f"{LOCK}:7:22 warning: problem finite (version A, question 1; version B, question 1) needs "
        "thm-later, which is not part of the notes of small: learning/later has it"
    ]
    assert found[0].notes == (f"{TEX}:8:22: `uses` names thm-later",)


def test_a_result_that_the_course_leaves_out_cannot_be_cited(make_project):
    found = check_project(draw_by_hand(make_project(changed(TEX, "{lem-massart}", "{thm-later}"))))
    assert shown(found) == [
        f"{TEX}:13:13 error: thm-later is not part of the notes of small: learning/later has it"
    ]
    assert found[0].notes == (
        f"{LOCK}:7:22: small/quiz has problem finite "
        "(version A, question 1; version B, question 1)",
    )


def test_with_taught_the_result_that_is_left_out_is_an_error(make_project):
    files = changed(TEX, "[thm-finite]", "[thm-mean, thm-later]")
    files[TEX] = files[TEX].replace("\\result", "\\textbf")
    files["exams/small/quiz.yaml"] = TAUGHT
    (found,) = checked(make_project(files))
    assert " error: " in found
    assert found.endswith(
        "thm-later, which is not part of the notes of small: learning/later has it"
    )


def test_many_versions_are_not_all_listed(make_project):
    root = make_project({**FILES, "exams/small/quiz.yaml": TAUGHT})
    draw_by_hand(root)
    path = root / LOCK
    text = path.read_text("utf-8")
    item = text[text.index("  - version: B") :]
    path.write_text(text + "".join(item.replace(" B\n", f" {v}\n") for v in "CDEF"), "utf-8")
    (found,) = shown(check_project(read(root)))
    assert "question 1; version C, question 1; 3 more) needs" in found


def test_labels_that_no_chapter_defines_are_found_without_a_build(make_project):
    files = changed(TEX, "{lem-massart} for", "{lem-masart} for")
    quiz = FILES["exams/small/quiz.yaml"].replace(
        "pick: 1,", r"pick: 1, instructions: '\result{x}',"
    )
    quiz += "instructions: See \\result{thm-later} and \\result.\n"
    files["exams/small/quiz.yaml"] = quiz
    found = check_project(read(make_project(files)))
    assert shown(found) == [
        "exams/small/quiz.yaml:6:28 error: no chapter defines the label 'x'",
        "exams/small/quiz.yaml:7:1 error: thm-later is not part of the notes of small: "
        "learning/later has it",
        r"exams/small/quiz.yaml:7:1 error: \result needs a label in braces",
        f"{TEX}:13:13 error: no chapter defines the label 'lem-masart'",
    ]
    assert found[-1].hint == "did you mean 'lem-massart'?"


def test_a_label_that_jinja_makes_is_left_to_the_build(make_project):
    files = changed(TEX, r"\result{lem-massart} for", r"\result{\VAR{name}} and \result{} for")
    files[TEX] = files[TEX].replace("% params:", "% params:\n%   name: {choose: [lem-massart]}")
    found = check_project(read(make_project(files)))
    assert shown(found) == [f"{TEX}:14:29 error: \\result needs a label in braces"]
