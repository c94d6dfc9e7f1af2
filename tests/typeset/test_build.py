"""Real TeX: from a lock to published papers."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import stat
from pathlib import Path

import pikepdf
import pytest

from notesbuild.diagnostics import Code, Severity, exit_code
from notesbuild.exam import build as build_module
from notesbuild.exam import render
from notesbuild.exam.build import build_exam
from notesbuild.exam.compile import compile_problems
from notesbuild.exam.leak import leaks
from notesbuild.exam.verify import verify
from notesbuild.pdf.inspect import hidden_things, metadata, page_count, strings
from notesbuild.pdf.text import page_texts
from notesbuild.render.traced import Traced
from notesbuild.run.publish import build_lock

from .conftest import BLUEPRINT, MANIFEST, problem

FOLDER = "build/course/exams/quiz"


def build(project, jobs=2, say=lambda step: None):
    arguments = (project, project.course("course"), project.blueprint("course/quiz"))
    return build_exam(*arguments, project.lock("course/quiz"), jobs=jobs, progress=say)


def check_again(project):
    arguments = (project, project.course("course"), project.blueprint("course/quiz"))
    return verify(*arguments, project.lock("course/quiz"), jobs=1, progress=lambda step: None)


def texts(project, name):
    return "\n".join(page_texts((project.root / FOLDER / name).read_bytes()))


def squeezed(text):
    return "".join(text.split())


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
        *("Name", "Student ID", "Signature", "Answer in the space below", "3, 19 points in total"),
        *("pens", "snakes_or_ladders", "Do not turn this page", "Question", "Points", "Score"),
    ):
        assert squeezed(words).lower() in cover.lower()


def test_papers_have_pages_and_versions(built):
    text = texts(built, "quiz-B.pdf")
    pages = page_count((built.root / FOLDER / "quiz-B.pdf").read_bytes())
    assert f"Page {pages} of {pages}" in text
    assert text.count("Version B") >= pages
    assert "(a)" not in text
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
        ("B", "1", "root", "sqrt(3)/2", "0.866025"),
        ("B", "2", "bounded", "False", ""),
    ]
    assert rows[0]["parts"] == "a:6 b:4"


def test_regions_lie_on_their_pages(built):
    content = json.loads((built.root / FOLDER / "regions.json").read_text("utf-8"))
    version = content["versions"]["A"]
    found = [(r["question"], r["part"], r["page"]) for r in version["regions"]]
    assert found == [(1, None, 2), (1, "a", 2), (1, "b", 2), (2, None, 2), (3, None, 2)]
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
        assert len(regions) == 5
        for region in regions:
            page = document[region["page"] - 1]
            words = page.get_textpage().get_text_bounded(*region["box"])
            expected = {1: "numbers", 2: "prime", 3: "positive root"}[region["question"]]
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


def test_the_report_stands_alone(built):
    report = (built.root / FOLDER / "report.html").read_text("utf-8")
    assert "A sum of squares" in report
    assert "largest gap" in report
    assert "root: A, B" in report
    for foreign in ("http:", "https:", "//", "<script", "src=", "url("):
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


BROKEN = {
    "unknown": problem("First line.\n\nThen \\wrong{x}\nand $y_1$ more."),
    "dollar": problem("Let a_1 be a number."),
    "environment": problem("\\begin{nosuch} a \\end{nosuch}"),
    "group": problem("a \\endgroup b"),
    "stop": problem("a \\stop b"),
    "grows": problem("Text.\n\\def\\x{a\\x}\\x"),
    "picture": problem("\\includegraphics{nosuch.pdf}"),
    "outside": problem("\\includegraphics{/usr/share/texmf/x.png}"),
    "sign": problem("Let x ≤ y be."),
    "brace": problem("Let {x be."),
    "name": problem("Let $\\VAR{m}$."),
    "jinja": problem("Let \\VAR{''.__class__}."),
}


def test_every_broken_problem_is_told_and_the_rest_is_built(make_exam):
    items = [f"problem: {name}, points: 4" for name in BROKEN]
    versions = {"A": items, "B": ["problem: prime, points: 4"]}
    project = make_exam(BROKEN, versions)
    outcome = build(project)
    assert exit_code(outcome.diagnostics) == 1
    places = {d.span.path.rsplit("/", 1)[-1].removesuffix(".tex"): d for d in outcome.diagnostics}
    assert set(places) == set(BROKEN)
    expected = {
        "unknown": (Code.TEX_ERROR, (12, 6), r"an unknown command \wrong"),
        "dollar": (Code.TEX_ERROR, (10, 6), "mathematics outside"),
        "environment": (Code.TEX_ERROR, (10, 14), "no environment 'nosuch'"),
        "group": (Code.TEX_ERROR, (10, 1), ""),
        "stop": (Code.TEX_ERROR, (10, 1), "stopped in the middle"),
        "grows": (Code.TEX_ERROR, (11, 12), "grows without end"),
        "picture": (Code.TEX_ERROR, (10, 28), "no file 'nosuch.pdf'"),
        "outside": (Code.TEX_ERROR, (10, 40), "no file"),
        "sign": (Code.TEX_ERROR, (10, 7), "a character that this TeX cannot set"),
        "brace": (Code.LATEX_SYNTAX, (10, 5), ""),
        "name": (Code.JINJA_UNDEFINED, (10, 11), "'m'"),
        "jinja": (Code.JINJA_FORBIDDEN, (10, 5), ".__class__"),
    }
    for name, (code, place, words) in expected.items():
        found = places[name]
        assert (name, found.code, found.span.line, found.span.column) == (name, code, *place)
        assert words in found.message
    pdfs = ["quiz-B-rubric.pdf", "quiz-B-solutions.pdf", "quiz-B.pdf"]
    assert sorted(outcome.value.files) == [
        *("key.csv", *pdfs, "record.json", "regions.json", "report.html")
    ]


def test_version_and_parameters_stand_with_an_error(make_exam):
    bad = problem(
        "Let $n=\\VAR{n}$.\n\\BLOCK{if n == 3}\n\\wrong\n\\BLOCK{endif}",
        "params: {n: {choose: [2, 3]}}",
    )
    versions = {
        v: [f"problem: bad, points: 4, params: {{n: {n}}}"] for v, n in (("A", 2), ("B", 3))
    }
    outcome = build(make_exam({"bad": bad}, versions))
    (found,) = outcome.diagnostics
    assert (found.span.line, found.span.column) == (13, 1)
    assert "TeX says: Undefined control sequence." in found.notes
    assert "in version B, rubric (with n = 3)" in found.notes
    assert "quiz-A.pdf" in outcome.value.files


def test_a_loop_without_end_is_stopped(make_exam):
    endless = problem("Text.\n\\def\\x{\\x}\\x")
    versions = {"A": ["problem: endless, points: 4"], "B": ["problem: prime, points: 4"]}
    project = make_exam({"endless": endless}, versions, {"notesbuild.toml": "tex_timeout = 4\n"})
    outcome = build(project)
    (found,) = outcome.diagnostics
    assert found.code is Code.TEX_TIMEOUT
    assert found.span.path.endswith("endless.tex")
    assert "quiz-B.pdf" in outcome.value.files


def test_without_any_version_nothing_is_touched(make_exam):
    project = make_exam({"bad": problem("\\wrong")}, {"A": ["problem: bad, points: 4"]})
    old = project.root / FOLDER / "old.pdf"
    old.parent.mkdir(parents=True)
    old.write_text("good")
    assert build(project).value is None
    assert [path.name for path in old.parent.iterdir()] == ["old.pdf"]


def test_wide_lines_are_warnings(make_exam):
    wide = problem(f"$x={'x' * 200}$\n")
    outcome = build(make_exam({"wide": wide}, {"A": ["problem: wide, points: 4"]}))
    assert {(d.code, d.severity) for d in outcome.diagnostics} == {
        (Code.TEX_OVERFULL, Severity.WARNING)
    }
    assert outcome.diagnostics[0].span.line == 10
    assert outcome.value is not None


def test_errors_in_macros_and_instructions_are_told_there(make_exam):
    blueprint = BLUEPRINT.replace("Answer in the space", "Answer \\nowhere in the space")
    macros = "% ours\n\\newcommand{\\R}{\\mathbb{R}}\n\n\\newcommand{\\section}{x}\n"
    project = make_exam(
        {}, {"A": ["problem: prime, points: 4"]}, {"notes/macros.tex": macros}, blueprint
    )
    (found,) = build(project).diagnostics
    assert str(found.span) == "notes/macros.tex:4:1"
    project = make_exam({}, {"A": ["problem: prime, points: 4"]}, blueprint=blueprint)
    (found,) = build(project).diagnostics
    assert str(found.span).startswith("exams/course/quiz.yaml:9:")


def test_instructions_may_not_read_files(make_exam):
    blueprint = BLUEPRINT.replace("Answer in", "\\input{/etc/passwd} in")
    (found,) = build(make_exam(blueprint=blueprint)).diagnostics
    assert found.code is Code.FORBIDDEN_LATEX
    assert found.span.path == "exams/course/quiz.yaml"


def test_a_problem_that_is_gone_is_told_at_the_lock(make_exam):
    versions = {"A": ["problem: gone, points: 4"], "B": ["problem: prime, points: 4"]}
    outcome = build(make_exam(versions=versions))
    (found,) = outcome.diagnostics
    assert found.code is Code.UNKNOWN_PROBLEM
    assert found.span.path == "exams/course/quiz.lock.yaml"
    assert "quiz-B.pdf" in outcome.value.files


def test_a_leak_stops_everything(make_exam, monkeypatch):
    """A renderer that forgets to take solutions out, and TeX that would print them."""

    def leaky(text, view):
        bare = re.sub(r"\\(begin|end)\{solution\}(\[4cm\])?", "", text.text)
        return original(Traced.stands_for(bare, 0), view)

    original = render.for_view
    monkeypatch.setattr(render, "for_view", leaky)
    project = make_exam(versions={"A": ["problem: squares, points: 10, params: {n: 3}"]})
    outcome = build(project)
    assert outcome.value is None
    assert {d.code for d in outcome.diagnostics} == {Code.LEAK}
    assert "the solution of squares" in outcome.diagnostics[0].message
    assert not (project.root / FOLDER).exists()


def test_the_name_of_a_problem_is_a_leak(make_exam):
    named = problem("This is it.")
    project = make_exam({"named-one": named}, {"A": ["problem: named-one, points: 4"]})
    (copy,), _ = build_module._copies(project, project.lock("course/quiz"))
    content = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Author"] = "somebody"
        document.docinfo["/Subject"] = "problem_bank/small/named-one.tex"
        document.attachments["x"] = b"data"
        document.save(content)
    found = list(leaks(content.getvalue(), copy))
    assert "an attachment" in found
    assert "the entry /Author" in found
    assert found[-1] == "the name of the problem named-one"


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


def test_a_question_longer_than_a_page_goes_on(make_exam):
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
    assert [r["page"] for r in regions] == [2, 3]
    heights = [r["box"][3] - r["box"][1] for r in regions]
    assert sum(heights) > 40 * 72 / 2.54
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


def test_two_builds_at_once_do_not_mix(make_exam):
    project = make_exam()
    with build_lock(project.root / FOLDER) as free:
        assert free
        (found,) = build(project).diagnostics
    assert found.code is Code.BUILD_BUSY
    assert exit_code([found]) == 3


def test_a_missing_engine_is_named(make_exam, monkeypatch, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    (found,) = build(make_exam()).diagnostics
    assert found.code is Code.PROGRAM_MISSING
    assert "apt install" in found.hint
    assert exit_code([found]) == 3


def stand_in(folder, monkeypatch, script):
    """A program named pdflatex that behaves as the script says."""
    folder.mkdir()
    program = folder / "pdflatex"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 0", Code.TEX_ERROR),
        ("kill -SEGV $$", Code.TEX_ERROR),
        ("yes polluted | head -c 300000; echo broken >&2; exit 1", Code.TEX_ERROR),
    ],
)
def test_an_engine_that_misbehaves(make_exam, monkeypatch, tmp_path, script, code):
    stand_in(tmp_path / "bin", monkeypatch, script)
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    outcome = build(project)
    assert outcome.value is None
    assert {d.code for d in outcome.diagnostics} == {code}


def test_the_whole_bank_is_compiled(make_exam):
    project = make_exam(
        BROKEN | {"never": problem("x", "params: {n: {choose: [1]}}\nrequire: [n > 1]")}
    )
    steps = []
    found = compile_problems(project, jobs=2, say=steps.append)
    names = {d.span.path.rsplit("/", 1)[-1].removesuffix(".tex") for d in found}
    assert names == set(BROKEN)
    assert steps[0].startswith("Compiling problems 1 to")


def test_a_full_disk_leaves_the_last_good_outputs(make_exam, monkeypatch):
    project = make_exam(versions={"A": ["problem: prime, points: 4"]})
    assert build(project).value is not None
    before = {p.name: p.read_bytes() for p in (project.root / FOLDER).iterdir()}
    shutil.rmtree(project.build / ".work")  # so that the next build does not find all fresh

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build_module, "publish_folder", lambda *a: pytest.fail("published"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", _only_below(project.root, full))
        (found,) = build(project).diagnostics
    assert found.code is Code.WRITE_FAILED
    assert exit_code([found]) == 3
    assert {p.name: p.read_bytes() for p in (project.root / FOLDER).iterdir()} == before
    assert [p.name for p in (project.root / FOLDER).parent.iterdir() if ".new-" in p.name] == []


def _only_below(root, replacement):
    original = Path.write_bytes

    def write(self, content):
        if self.is_relative_to(root):
            return replacement(self, content)
        return original(self, content)

    return write
