"""An exam full of broken problems: each is told at its own line, and the rest is built.

Every file of ``broken/`` ends with what is expected of it: ``% expected LINE:COLUMN CODE WORDS``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notesbuild import pipeline
from notesbuild.diagnostics import Severity, exit_code, in_order

from .building import FOLDER, build
from .conftest import BLUEPRINT

BROKEN = Path(__file__).parent / "broken"
SIZE = 8
GOOD = [
    "problem: squares, points: 10, params: {n: 3}",
    "problem: prime, points: 4, choices: [[2, 0, 1, 3]]",
    "problem: root, points: 5, params: {a: 2}",
    "problem: bounded, points: 2, choices: [[0, 1]]",
] * 2


def expectations():
    for path in sorted(BROKEN.glob("*.tex")):
        for line in re.findall(r"^% expected (.*)$", path.read_text("utf-8"), re.M):
            place, code, *words = line.split(" ", 2)
            yield path.stem, place, code, "".join(words)


EXPECTED = tuple(expectations())
NAMES = tuple(dict.fromkeys(name for name, *_ in EXPECTED))


def item(name):
    text = (BROKEN / f"{name}.tex").read_text("utf-8")
    params = ", params: {n: 2}" if "params: {n:" in text else ""
    orders = ", choices: [[0, 1, 2, 3]]" if name == "order" else ""
    return f"problem: {name}, points: 4{params}{orders}"


def versions():
    """The broken problems, so many in each version, and two versions without any."""
    shares = [NAMES[start : start + SIZE] for start in range(0, len(NAMES), SIZE)]
    made = {
        chr(ord("A") + number): [*map(item, share), *GOOD][:SIZE]
        for number, share in enumerate(shares)
    }
    return made | {"Y": GOOD, "Z": GOOD[::-1]}


@pytest.fixture(scope="module")
def shared():
    return {}


@pytest.fixture
def told(make_exam, shared):
    """All diagnostics of one build, once for all tests."""
    if not shared:
        files = {
            f"problem_bank/{path.relative_to(BROKEN.parent).as_posix()}": path.read_text("utf-8")
            for path in BROKEN.rglob("*.tex")
        }
        files["notesbuild.toml"] = "tex_timeout = 30\n"
        blueprint = BLUEPRINT.replace("pick: 4", f"pick: {SIZE}")
        project = make_exam(versions=versions(), files=files, blueprint=blueprint)
        outcome = build(project)
        read = pipeline.read(project.root).diagnostics
        shared["found"] = in_order((*read, *outcome.diagnostics))
        shared["outcome"], shared["project"] = outcome, project
    return shared


def test_there_are_many_ways_to_break_a_problem():
    assert len(NAMES) >= 40


@pytest.mark.parametrize(("name", "place", "code", "words"), EXPECTED)
def test_a_broken_problem_is_told_at_its_line(told, name, place, code, words):
    if place == "lock":
        found = [d for d in told["found"] if d.span.path == "exams/course/quiz.lock.yaml"]
    else:
        path = f"problem_bank/broken/{place}" if ":" in place.partition("/")[2] else ""
        shown = path or f"problem_bank/broken/{name}.tex:{place}"
        found = [d for d in told["found"] if str(d.span) == shown]
    here = [d.message for d in found if d.code.slug == code]
    instead = [
        f"{d.span} {d.code.slug} {d.message}" for d in told["found"] if f"/{name}." in str(d.span)
    ]
    assert len(here) == 1, instead
    assert words in here[0]


def test_nothing_else_is_told(told):
    """What TeX stumbles over after an error is no error of its own."""
    lines = [f"{d.span} {d.code.slug} {d.message}" for d in told["found"]]
    assert len(lines) == len(EXPECTED), "\n".join(lines)


def test_tex_s_own_words_stand_with_it(told):
    (found,) = (d for d in told["found"] if d.span.path.endswith("/loop.tex"))
    context, number = found.notes[-1], NAMES.index("loop")
    version = chr(ord("A") + number // SIZE)
    assert context == f"in version {version}, question {number % SIZE + 1} (with n = 2)"
    assert found.notes[0] == "TeX says: Undefined control sequence."
    assert found.notes[1] == r"l.13 $x_0$ and \nowhere"
    (found,) = (d for d in told["found"] if "included/steps.tex" in d.span.path)
    assert r"l.2 Then one \stepp" in found.notes


def test_the_versions_without_broken_problems_are_built(told):
    pdfs = [n for n in told["outcome"].value.files if n.endswith(".pdf")]
    wide = chr(ord("A") + NAMES.index("wide") // SIZE)  # only a warning
    assert {name.split("-")[1][0] for name in pdfs} == {"Y", "Z"} - {wide}
    assert (told["project"].root / FOLDER / "quiz-Z-solutions.pdf").is_file()
    assert exit_code(told["found"]) == 1
    warnings = [d for d in told["found"] if d.severity is Severity.WARNING]
    assert {d.code.slug for d in warnings} == {"tex-overfull"}
