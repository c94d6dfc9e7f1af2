"""Real TeX: from a lock to published papers."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pikepdf
import pytest

from notesbuild.diagnostics import Code
from notesbuild.pdf.inspect import hidden_things, metadata, page_count, strings
from notesbuild.pdf.text import page_texts

from .building import FOLDER, build, check_again, squeezed, texts
from .conftest import BLUEPRINT, MANIFEST, problem


@pytest.fixture(scope="module")
def shared():
    """One built project for all tests that only look at it."""
    return {}


@pytest.fixture
def built(make_exam, shared, tmp_path_factory):
    if "project" not in shared:
        steps = []
        project = make_exam()
        outcome = build(project, say=steps.append)
        shared.update(project=project, outcome=outcome, steps=steps)
    return shared["project"]


def test_everything_is_published(built, shared):
    assert shared["outcome"].diagnostics == ()
    names = [f"quiz-{v}{s}.pdf" for v in "AB" for s in ("-rubric", "-solutions", "")]
    expected = sorted([*names, "key.csv", "record.json", "regions.json", "report.html"])
    assert shared["outcome"].value.folder == FOLDER
    assert list(shared["outcome"].value.files) == expected
    assert sorted(path.name for path in (built.root / FOLDER).iterdir()) == expected
    assert shared["steps"][0] == "Rendering course/quiz"


def test_a_cover_says_what_a_student_needs(built):
    cover = squeezed(page_texts((built.root / FOLDER / "quiz-A.pdf").read_bytes())[0])
    for words in (
        *("A UNIVERSITY", "Small Analysis", "MATH 1", "Spring 2024", "Small quiz", "Version", "A"),
        *("Thursday, 11 April 2024", "17:00–18:30", "1 hour 30 minutes", "Room 1"),
        *("Name", "Student ID", "Signature", "Answer in the space below", "4, 21 points in total"),
        *("pens", "snakes_or_ladders", "Do not turn this page", "Question", "Points", "Score"),
    ):
        assert squeezed(words).lower() in cover.lower()


def test_papers_have_pages_and_versions(built):
    text = texts(built, "quiz-B.pdf")
    pages = page_count((built.root / FOLDER / "quiz-B.pdf").read_bytes())
    assert f"Page {pages} of {pages}" in text
    assert text.count("Version B") >= pages
    assert "(2 points)" in text


def test_solutions_are_where_they_belong(built):
    phrase = squeezed("Every square of a real number is at least zero")
    assert phrase not in squeezed(texts(built, "quiz-A.pdf"))
    assert phrase in squeezed(texts(built, "quiz-A-solutions.pdf"))
    mark = squeezed("squares of real numbers are nonnegative")
    assert mark not in squeezed(texts(built, "quiz-A-solutions.pdf"))
    assert mark in squeezed(texts(built, "quiz-A-rubric.pdf"))


def test_choices_are_printed_in_the_drawn_order(built):
    text = squeezed(texts(built, "quiz-A.pdf"))
    positions = [text.index(item) for item in ("A.99", "B.91", "C.97", "D.None")]
    assert positions == sorted(positions)


def test_the_key_tells_the_answers(built):
    content = (built.root / FOLDER / "key.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(content)))
    found = [(r["version"], r["question"], r["problem"], r["answer"], r["decimal"]) for r in rows]
    assert found == [
        ("A", "1", "squares", "", ""),
        ("A", "2", "prime", "C", ""),
        ("A", "3", "root", "sqrt(2)/2", "0.707107"),
        ("A", "4", "bounded", "False", ""),
        ("B", "1", "squares", "", ""),
        ("B", "2", "bounded", "False", ""),
        ("B", "3", "root", "sqrt(3)/2", "0.866025"),
        ("B", "4", "prime", "B", ""),
    ]
    assert rows[0]["parts"] == "a:6 b:4"


def test_regions_lie_on_their_pages(built):
    content = json.loads((built.root / FOLDER / "regions.json").read_text("utf-8"))
    version = content["versions"]["A"]
    found = [(r["question"], r["part"], r["page"]) for r in version["regions"]]
    shown = [(1, None, 2), (1, "a", 2), (1, "b", 2), (2, None, 2), (3, None, 2), (4, None, 3)]
    assert found == shown
    assert content["versions"]["B"]["regions"] == version["regions"]
    boxes = {(r["question"], r["part"]): r["box"] for r in version["regions"]}
    width, height = version["pages"][1]
    for left, bottom, right, top in boxes.values():
        assert 0 < left < right < width
        assert 0 < bottom < top < height
    question, first, second = boxes[1, None], boxes[1, "a"], boxes[1, "b"]
    assert question[3] > first[3] > first[1] > second[3] > second[1] == question[1]
    assert first[3] - first[1] > 4 * 72 / 2.54  # the text, and four centimetres to write on
    assert boxes[2, None][3] < question[1]


def test_a_region_holds_the_text_of_its_question(built):
    content = json.loads((built.root / FOLDER / "regions.json").read_text("utf-8"))
    import pypdfium2

    with pypdfium2.PdfDocument(built.root / FOLDER / "quiz-A.pdf") as document:
        regions = content["versions"]["A"]["regions"]
        assert len(regions) == 6
        for region in regions:
            page = document[region["page"] - 1]
            words = page.get_textpage().get_text_bounded(*region["box"])
            shown = {1: "numbers", 2: "prime", 3: "positive root", 4: "Every bounded"}
            expected = shown[region["question"]]
            expected = {"a": "Prove", "b": "equality"}.get(region["part"], expected)
            assert expected in words


def test_the_record_leads_back_to_the_sources(built):
    text = (built.root / FOLDER / "record.json").read_text("utf-8")
    record = json.loads(text)
    assert record["problems"]["root"] == built.bank.get("root").digest
    assert set(record["sources"]) == {
        *("exams/course/quiz.yaml", "exams/course/quiz.lock.yaml"),
        *("notes/courses/course.yaml", "notes/macros.tex"),
    }
    for name, digest in record["outputs"].items():
        content = (built.root / FOLDER / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
    assert str(built.root) not in text
    assert "pdfTeX" in record["tool"]["tex"]


def test_the_report_shows_what_was_built(built):
    report = (built.root / FOLDER / "report.html").read_text("utf-8")
    assert "A sum of squares" in report
    assert "also in B" in report
    for version in "AB":
        pages = page_count((built.root / FOLDER / f"quiz-{version}.pdf").read_bytes())
        assert report.count(f'of version {version}"') == pages
        assert f'href="quiz-{version}.pdf#page={pages}"' in report
    for foreign in ("http:", "https:", "<script", "url("):
        assert foreign not in report


def test_a_student_s_file_holds_nothing_else(built):
    content = (built.root / FOLDER / "quiz-A.pdf").read_bytes()
    assert hidden_things(content) == ()
    information = metadata(content)
    assert information["/Title"] == "Small quiz, version A"
    assert information["/Subject"] == "MATH 1, Small Analysis"
    assert "/Author" not in information
    assert not any("squares" in text or "problem_bank" in text for text in strings(content))


def test_the_same_lock_gives_the_same_bytes_elsewhere(make_exam, built, monkeypatch, tmp_path):
    first = {p.name: p.read_bytes() for p in (built.root / FOLDER).iterdir()}
    monkeypatch.setenv("TEXINPUTS", "/nowhere:")
    monkeypatch.setenv("TZ", "Asia/Seoul")
    other = make_exam()
    assert other.root != built.root
    assert build(other, jobs=1).value is not None
    assert {p.name: p.read_bytes() for p in (other.root / FOLDER).iterdir()} == first
    assert check_again(other).value == len(first)

    changed = other.root / FOLDER / "quiz-A.pdf"
    changed.write_bytes(changed.read_bytes() + b"x")
    (other.root / FOLDER / "key.csv").unlink()
    (other.root / FOLDER / "stray").write_text("x")
    found = check_again(other).diagnostics
    assert {d.code for d in found} == {Code.NOT_REPRODUCED}
    assert [Path(d.span.path).name for d in found] == ["key.csv", "quiz-A.pdf", "stray"]


def test_what_was_never_built_cannot_be_verified(make_exam):
    (found,) = check_again(make_exam()).diagnostics
    assert found.code is Code.NOT_REPRODUCED
    assert "has not been built" in found.message


def test_pictures_stand_beside_their_problem(make_exam):
    picture = pikepdf.new()
    picture.add_blank_page(page_size=(80, 60))
    stream = io.BytesIO()
    picture.save(stream)
    body = "\\includegraphics[width=2cm]{plot.pdf}"
    project = make_exam(
        {"drawn": problem(body)},
        {"A": ["problem: drawn, points: 4"]},
        {"problem_bank/small/drawn/plot.pdf": stream.getvalue()},
    )
    outcome = build(project)
    assert outcome.diagnostics == ()
    assert not any(
        "plot" in text for text in strings((project.root / FOLDER / "quiz-A.pdf").read_bytes())
    )


def test_other_scripts_are_set_by_lualatex(make_exam):
    korean = problem("Let 이재호 be a name, and α a letter.")
    manifest = MANIFEST.replace("Small Analysis", "Analysis 해석학")
    project = make_exam(
        {"korean": korean},
        {"A": ["problem: korean, points: 4"]},
        {"notes/courses/course.yaml": manifest},
    )
    outcome = build(project)
    assert [d.message for d in outcome.diagnostics] == []
    assert "이재호" in squeezed(texts(project, "quiz-A.pdf"))
    assert "해석학" in squeezed(texts(project, "quiz-A.pdf"))
    record = json.loads((project.root / FOLDER / "record.json").read_text("utf-8"))
    assert "Lua" in record["tool"]["tex"]
    assert check_again(project).value == 7


def test_tikz_is_there_for_those_who_use_it(make_exam):
    body = "\\begin{tikzpicture} \\draw (0,0) -- (1,1); \\end{tikzpicture}"
    outcome = build(make_exam({"drawn": problem(body)}, {"A": ["problem: drawn, points: 4"]}))
    assert outcome.diagnostics == ()


def test_more_space_than_a_page_has_is_a_page(make_exam):
    long = problem(
        "Long. \\begin{solution}[40cm] A long way round. \\begin{rubric}\\item[4] x\\end{rubric}"
        "\\end{solution}"
    )
    solved = problem(
        "Solve. \\begin{solution}[1cm]"
        + "A line of a very long solution.\n\n" * 90
        + "\\begin{rubric}\\item[4] x\\end{rubric}\\end{solution}"
    )
    versions = {"A": ["problem: long, points: 4", "problem: solved, points: 4"]}
    project = make_exam({"long": long, "solved": solved}, versions)
    outcome = build(project)
    assert outcome.diagnostics == ()
    content = json.loads((project.root / FOLDER / "regions.json").read_text("utf-8"))
    regions = [r for r in content["versions"]["A"]["regions"] if r["question"] == 1]
    assert [r["page"] for r in regions] == [2]
    _, bottom, _, top = regions[0]["box"]
    assert top - bottom > 23 * 72 / 2.54  # all that the heading leaves of the page
    solutions = page_texts((project.root / FOLDER / "quiz-A-solutions.pdf").read_bytes())
    assert sum(page.count("very long solution") for page in solutions) == 90


@pytest.mark.parametrize("kind", ["quiz", "homework"])
def test_small_exams_have_a_compact_head(make_exam, kind):
    blueprint = BLUEPRINT.replace("kind: midterm", f"kind: {kind}")
    project = make_exam(versions={"A": ["problem: prime, points: 4"]}, blueprint=blueprint)
    assert build(project).diagnostics == ()
    (page,) = page_texts((project.root / FOLDER / "quiz-A.pdf").read_bytes())
    assert ("Student ID" in page) is (kind == "quiz")
    assert "prime" in page
    assert "Version" not in page  # there is only one
