"""`exam build` and `exam verify` for a roster, as a person runs them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace

import pikepdf
import pytest

from notesbuild.exam.verify import _points

from .sitting import EXAM, FOLDER, PASSWORDS, request, run, write_exam


@pytest.fixture
def own(sat, tmp_path):
    """The built course, for this test alone."""
    return shutil.copytree(sat.root, tmp_path / "course")


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def for_roster(root, command, *more):
    return run(root, "exam", command, EXAM, "--roster", str(root / "roster.csv"), *more)


def test_marks_have_a_row_for_each_student_in_the_order_of_the_roster(sat):
    header, *students = rows((sat.folder / "marks.csv").read_bytes())
    known = ["id", "name", "section", "seat", "version", "email"]
    assert header[:6] == known
    assert header[6:] == ["1 (3)", "2 (8)", "3 (6)", "total (17)"] or "2a (5)" in header
    assert [row[:4] for row in students] == [
        ["s1", "Ana García", "1", "A1"],
        ["s2", "이재호", "1", "A2"],
        ["s3", "'=Sum O'Hara", "2", "A3"],
    ]
    assert {row[4] for row in students} == {"A", "B"}
    assert students[0][5] == "ana@example.org"
    assert all(cell == "" for row in students for cell in row[6:])


def test_marks_open_in_a_spreadsheet_as_unicode(sat):
    assert (sat.folder / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_key_tells_the_page_of_every_question(sat):
    header, *questions = rows((sat.folder / "key.csv").read_bytes())
    assert header[-2:] == ["page", "part_answers"]
    regions = json.loads((sat.folder / "regions.json").read_text("utf-8"))["regions"]
    first = {str(r["question"]): str(r["page"]) for r in reversed(regions)}
    assert {row[1]: row[header.index("page")] for row in questions} == first


def test_verify_repeats_every_byte_and_reads_every_paper(sat):
    result = for_roster(sat.root, "verify", "--jobs", "1")
    assert result.exit_code == 0, result.output
    count = sum(path.is_file() for path in sat.folder.rglob("*"))
    assert f"{EXAM}: {count} files are the same, byte for byte; no leak" in result.output


def test_verify_needs_the_roster(sat):
    result = run(sat.root, "exam", "verify", EXAM)
    assert result.exit_code == 1
    assert "error[not-reproduced]: small/quiz was built for a roster" in result.output
    assert "--roster" in result.output


def test_verify_finds_what_was_changed_later(own):
    folder = own / FOLDER
    with pikepdf.open(folder / "students/s2.pdf", allow_overwriting_input=True) as document:
        document.docinfo["/Author"] = "A. Instructor"
        document.save(folder / "students/s2.pdf")
    (folder / "print.pdf").write_bytes(b"no PDF at all")
    (folder / "regions.json").unlink()
    result = for_roster(own, "verify", "--jobs", "1")
    assert result.exit_code == 1
    assert (
        f"{FOLDER}/students/s2.pdf: error[leak]: the file holds the entry /Author" in result.output
    )
    assert f"{FOLDER}/students/s2.pdf: error[not-reproduced]" in result.output
    assert f"{FOLDER}/print.pdf: error[not-reproduced]" in result.output
    assert f"{FOLDER}/regions.json: error[layout-differs]" in result.output


def test_versions_with_different_points_are_found(sat):
    asked = request(sat.root)
    first, second = sat.made.copies
    assert list(_points(asked, sat.made)) == []
    poorer = replace(second, questions=second.questions[:-1])
    (found,) = _points(asked, replace(sat.made, copies=(first, poorer)))
    assert found.code.slug == "points-unequal"
    assert found.span.path == "exams/small/quiz.lock.yaml"


# --- passwords ---


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """The course, built with passwords."""
    root = write_exam(tmp_path_factory.mktemp("locked"))
    built = for_roster(root, "build", "--password-file", str(root / "passwords.csv"))
    assert built.exit_code == 0, built.output
    return root


def test_copies_open_with_their_passwords_only(locked):
    for name, password in (("s1", "apple pie"), ("s2", "with,comma"), ("s3", "pear")):
        path = locked / FOLDER / f"students/{name}.pdf"
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(path)
        with pikepdf.open(path, password=password) as document:
            assert document.encryption.R == 6
    with pikepdf.open(locked / FOLDER / "print.pdf") as document:
        assert not document.is_encrypted


def test_no_password_is_written_anywhere(locked):
    for path in (locked / "build").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"apple pie" not in content, path
            assert b"with,comma" not in content, path


def test_the_record_names_encrypted_files_without_digest(locked):
    record = json.loads((locked / FOLDER / "record.json").read_text("utf-8"))
    assert record["encrypted"] == ["students/s1.pdf", "students/s2.pdf", "students/s3.pdf"]
    assert not any(name.startswith("students/") for name in record["outputs"])


def test_encrypted_copies_are_compared_and_read_behind_their_passwords(locked):
    passwords = ("--password-file", str(locked / "passwords.csv"))
    result = for_roster(locked, "verify", *passwords, "--jobs", "1")
    assert result.exit_code == 0, result.output
    without = for_roster(locked, "verify", "--jobs", "1")
    assert without.exit_code == 1
    assert "the students' copies open with passwords only" in without.output
    assert "--password-file" in without.output


def test_another_paper_behind_the_password_is_found(locked, tmp_path):
    root = shutil.copytree(locked, tmp_path / "course")
    path = root / FOLDER / "students/s1.pdf"
    with pikepdf.open(path, password="apple pie", allow_overwriting_input=True) as document:
        document.docinfo["/Author"] = "A. Instructor"
        document.save(path, encryption=pikepdf.Encryption(user="apple pie", owner="x", R=6))
    result = for_roster(root, "verify", "--password-file", str(root / "passwords.csv"))
    assert f"{FOLDER}/students/s1.pdf: error[not-reproduced]" in result.output
    assert "the file holds the entry /Author" in result.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: error[passwords-wrong]: the first row does not name the columns"),
        ("id,pass\ns1,a\n", "1:1: error[passwords-wrong]: the first row does not name"),
        ("id,password\ns1,a\ns2,b\n", "error[passwords-wrong]: student 's3' has no password"),
        (PASSWORDS + "s1,again\n", "5:1: error[passwords-wrong]: 's1' is in line 2 already"),
        (
            PASSWORDS.replace("pear", " "),
            "4:4: error[passwords-wrong]: the password of 's3' is empty",
        ),
        (
            PASSWORDS.replace("pear", "Bärin"),
            "4:4: error[passwords-wrong]: the password of 's3' has",
        ),
        (
            PASSWORDS.replace("pear", "x" * 128),
            "4:4: error[passwords-wrong]: the password of 's3' is",
        ),
        (PASSWORDS.replace(",pear", ""), "4:1: error[passwords-wrong]: the row does not have two"),
        (PASSWORDS.replace("pear", '"pear'), "4:4: error[passwords-wrong]: a quote that is not"),
    ],
)
def test_every_mistake_in_the_passwords_is_told_at_its_line(locked, tmp_path, text, expected):
    path = tmp_path / "p.csv"
    path.write_text(text, "utf-8")
    result = for_roster(locked, "build", "--password-file", str(path))
    assert result.exit_code == 1
    assert f"{path}:{expected}" in result.output or f"{path}: {expected}" in result.output
    assert "apple pie" not in result.output.replace("s1,apple pie", "")


def test_a_password_of_a_stranger_is_a_warning(locked, tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(PASSWORDS + "s33,plum\n", "utf-8")
    result = for_roster(locked, "build", "--password-file", str(path))
    assert result.exit_code == 0, result.output
    assert f"{path}:5:1: warning[passwords-wrong]: no student has the id 's33'" in result.output


def test_passwords_need_students(locked):
    result = run(locked, "exam", "build", EXAM, "--password-file", str(locked / "passwords.csv"))
    assert result.exit_code == 1
    assert "error[passwords-wrong]" in result.output
    assert "--roster" in result.output
