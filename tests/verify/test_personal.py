"""An exam of which every student has a version of their own."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil

import pytest

from notesbuild.exam import render
from notesbuild.exam.body import for_view
from notesbuild.render.traced import Traced
from tests.small import SMALL

from .sitting import EXAM, FOLDER, MIDTERM, ROSTER, run, write

# The solution has words enough to be recognized.
LONG = SMALL["problem_bank/means/variance-uniform.tex"].replace(
    "  The variance is", "  Write down the second moment and subtract the square of the mean: it is"
)
PERSONAL = MIDTERM.replace("versions: 2", "versions: per-student")


@pytest.fixture(scope="module")
def personal(tmp_path_factory):
    root = tmp_path_factory.mktemp("personal")
    write(
        root,
        {
            **SMALL,
            "exams/small/quiz.yaml": PERSONAL,
            "problem_bank/means/variance-uniform.tex": LONG,
            "roster.csv": ROSTER,
        },
    )
    drawn = run(root, "exam", "draw", EXAM, "--roster", str(root / "roster.csv"))
    assert drawn.exit_code == 0, drawn.output
    return root


def build(root, *more):
    return run(root, "exam", "build", EXAM, "--roster", str(root / "roster.csv"), *more)


def test_everybody_has_a_paper_and_a_row(personal):
    result = build(personal)
    assert result.exit_code == 0, result.output
    names = sorted(p.name for p in (personal / FOLDER).rglob("*.pdf"))
    assert names == ["print.pdf", "s1.pdf", "s2.pdf", "s3.pdf"]
    text = (personal / FOLDER / "marks.csv").read_text("utf-8-sig")
    header, *students = csv.reader(io.StringIO(text))
    assert header[-1] == "total (17)"
    assert [row[0] for row in students] == [row[4] for row in students] == ["s1", "s2", "s3"]
    key = (personal / FOLDER / "key.csv").read_text("utf-8").splitlines()
    assert len(key) == 1 + 3 * 3
    assert all(line.split(",")[8].isdigit() for line in key[1:])


@pytest.mark.parametrize("more", [(), ("--solutions",)])
def test_it_is_verified(personal, more):
    assert build(personal, *more).exit_code == 0
    assert json.loads((personal / FOLDER / "regions.json").read_text("utf-8"))["regions"]
    roster = ("--roster", str(personal / "roster.csv"), "--jobs", "1")
    result = run(personal, "exam", "verify", EXAM, *roster, *more)
    assert result.exit_code == 0, result.output
    if more:
        assert (personal / FOLDER / "quiz-s2-solutions.pdf").is_file()


def test_without_a_roster_students_are_known_by_their_ids(personal, tmp_path):
    root = shutil.copytree(personal, tmp_path / "course")
    assert run(root, "exam", "build", EXAM).exit_code == 0
    header, first, *_ = (root / FOLDER / "marks.csv").read_text("utf-8-sig").splitlines()
    assert header.startswith("id,name,section,seat,version,1")
    assert first.startswith("s1,s1,,,s1,")


def test_a_student_who_was_not_drawn_is_an_error(personal, tmp_path):
    root = shutil.copytree(personal, tmp_path / "course")
    (root / "roster.csv").write_text(ROSTER + "s4,Late Comer,,,,\n", "utf-8")
    result = build(root)
    assert result.exit_code == 1
    assert "roster.csv:5:1: error[roster-wrong]" in result.output
    assert "has no version for 's4'" in result.output


def test_a_leak_stops_the_build_although_versions_have_no_papers(personal, tmp_path, monkeypatch):
    root = shutil.copytree(personal, tmp_path / "course")
    shutil.rmtree(root / "build", ignore_errors=True)

    def leaky(text, view):
        """A renderer that forgets to take solutions out, and TeX that would print them."""
        bare = re.sub(r"\\(begin|end)\{solution\}(\[4cm\])?", "", text.text)
        return for_view(Traced.stands_for(bare, 0), view)

    monkeypatch.setattr(render, "for_view", leaky)
    result = build(root)
    assert result.exit_code == 1
    assert "error[leak]: the students' papers hold words of the solution of" in result.output
    assert not (root / FOLDER).exists()
