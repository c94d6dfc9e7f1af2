"""Real TeX, and mistakes of authors: each is told at its place, and nothing leaks."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest

from notesbuild.diagnostics import Code, Severity, exit_code
from notesbuild.exam import render
from notesbuild.exam.compile import compile_problems
from notesbuild.exam.leak import leaks
from notesbuild.exam.memory import Memory
from notesbuild.exam.rendering import copies_of
from notesbuild.render.traced import Traced

from .building import FOLDER, build
from .conftest import BLUEPRINT, problem

BROKEN = {
    "unknown": problem("First line.\n\nThen \\wrong{x}\nand $y_1$ more."),
    "group": problem("a \\endgroup b"),
    "open": problem("a \\begingroup b"),
    "fi": problem("a \\iffalse b"),
    "outside": problem("\\includegraphics{/usr/share/texmf/x.png}"),
    "jinja": problem("Let \\VAR{''.__class__}."),
}
PRIME = "problem: prime, points: 4"


def test_every_broken_problem_is_told_and_the_rest_is_built(make_exam):
    items = [f"problem: {name}, points: 4" for name in BROKEN]
    good = {f"good{number}": problem("Good.") for number in range(len(BROKEN))}
    versions = {"A": items, "B": [f"problem: {name}, points: 4" for name in good]}
    project = make_exam({**BROKEN, **good}, versions)
    outcome = build(project)
    assert exit_code(outcome.diagnostics) == 1
    places = {d.span.path.rsplit("/", 1)[-1].removesuffix(".tex"): d for d in outcome.diagnostics}
    assert set(places) == set(BROKEN)
    expected = {
        "unknown": (Code.TEX_ERROR, (12, 6), r"an unknown command \wrong"),
        "group": (Code.TEX_ERROR, (10, 13), ""),
        "open": (Code.TEX_ERROR, (10, 15), ""),
        "fi": (Code.TEX_ERROR, (10, 1), "a condition that is not closed"),
        "outside": (Code.TEX_ERROR, (10, 1), "no file"),
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
    assert "in version B, question 1 (with n = 3)" in found.notes
    assert "quiz-A.pdf" in outcome.value.files


def test_a_loop_without_end_is_stopped(make_exam):
    endless = problem("Text.\n\\def\\x{\\x}\\x")
    versions = {"A": ["problem: endless, points: 4"], "B": [PRIME]}
    project = make_exam({"endless": endless}, versions, {"notesbuild.toml": "tex_timeout = 20\n"})
    outcome = build(project)
    (found,) = outcome.diagnostics
    assert found.code is Code.TEX_TIMEOUT
    assert str(found.span) == "problem_bank/small/endless.tex:11:11"
    assert "in version A, question 1" in found.notes
    assert "quiz-B.pdf" in outcome.value.files


def test_an_error_that_versions_share_names_them(make_exam):
    bad = ["problem: bad, points: 4", PRIME]
    project = make_exam({"bad": problem("\\wrong")}, {"A": bad, "B": bad[::-1], "C": bad})
    (found,) = build(project).diagnostics
    shown = "in version A, question 1; version B, question 2; version C, question 1"
    assert shown in found.notes


def test_a_text_that_no_page_of_a_pdf_can_hold_is_told(make_exam):
    high = problem("Read.\n\n\\rule{1pt}{15000pt}\\rule{1pt}{15000pt}")
    project = make_exam({"high": high}, {"A": ["problem: high, points: 4"], "B": [PRIME]})
    outcome = build(project)
    assert {d.code for d in outcome.diagnostics} == {Code.TEXT_TOO_LONG}
    assert "quiz-B.pdf" in outcome.value.files


def test_a_text_that_is_too_long_is_told_although_its_version_is_broken_anyway(make_exam):
    long = problem("Read. \n\n" + "\\vspace*{12cm} Go on.\n\n" * 3)
    items = ["problem: long, points: 4", "problem: name, points: 4"]
    broken = {"long": long, "name": problem("$\\VAR{m}$")}
    found = build(make_exam(broken, {"A": items, "B": [PRIME, PRIME]})).diagnostics
    assert {d.code for d in found} == {Code.TEXT_TOO_LONG, Code.JINJA_UNDEFINED}
    (too_long,) = (d for d in found if d.code is Code.TEXT_TOO_LONG)
    assert re.search(r"long does not fit on a page: 1\d\d mm too much", too_long.message)


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
    assert "an unknown command \\nowhere" in found.message


def test_instructions_may_not_read_files(make_exam):
    blueprint = BLUEPRINT.replace("Answer in", "\\input{/etc/passwd} in")
    (found,) = build(make_exam(blueprint=blueprint)).diagnostics
    assert found.code is Code.FORBIDDEN_LATEX
    assert found.span.path == "exams/course/quiz.yaml"


def test_a_problem_that_is_gone_is_told_at_the_lock(make_exam):
    versions = {"A": ["problem: gone, points: 4"], "B": [PRIME]}
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
    (copy,), _ = copies_of(project, project.lock("course/quiz"), None, Memory(None))
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


def test_the_whole_bank_is_compiled(make_exam):
    project = make_exam(
        BROKEN | {"never": problem("x", "params: {n: {choose: [1]}}\nrequire: [n > 1]")}
    )
    steps = []
    found = compile_problems(project, jobs=2, say=steps.append)
    names = {d.span.path.rsplit("/", 1)[-1].removesuffix(".tex") for d in found}
    assert names == set(BROKEN)
    assert steps[0].startswith("Compiling problems 1 to")


@pytest.mark.parametrize("line", ["\\newcommand{\\open}{", "\\def\\other{x}"])
def test_macros_that_cannot_be_read_are_told_and_no_paper_goes_without_them(make_exam, line):
    macros = "\\newcommand{\\R}{\\mathbb{R}}\n\\renewcommand{\\phi}{\\varphi}\n" + line
    project = make_exam(files={"notes/macros.tex": macros})
    outcome = build(project)
    (found,) = outcome.diagnostics
    assert found.code is Code.MACRO_WRONG
    assert (found.span.path, found.span.line) == ("notes/macros.tex", 3)
    assert outcome.value is None and not (project.root / FOLDER).exists()
