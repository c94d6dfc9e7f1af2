"""Problems that include files of their own folder."""

from __future__ import annotations

import pytest

from notesbuild.diagnostics import Code
from notesbuild.exam.body import View
from notesbuild.exam.render import render, render_problem
from notesbuild.source.cache import Reading, decode, encode
from notesbuild.source.files import Files
from notesbuild.source.includes import MAX_DEPTH, with_includes
from notesbuild.source.problem import read_problem

HEAD = """\
% ---
% title: T
% kind: short
% topics: [t]
% difficulty: 1
% points: 4
% minutes: 3
% status: ready
% params: {n: {choose: [2, 3]}}
% ---
"""
PATH = "problem_bank/t/p.tex"


@pytest.fixture
def read(make_project):
    def read(body, **beside):
        files = {PATH: HEAD + body}
        files |= {f"problem_bank/t/p/{name}": text for name, text in beside.items()}
        root = make_project(files)
        return read_problem(Files(root), PATH)

    return read


def test_an_included_text_is_part_of_the_problem(read):
    steps = "First take $\\VAR{n}$.\n\\BLOCK{if n == 3}\nIt is odd.\n\\BLOCK{endif}\n"
    solution = "\\begin{solution}[2cm] s \\begin{rubric} \\item[4] r \\end{rubric}\\end{solution}\n"
    body = "Look.\n\\BLOCK{include \"steps.tex\"}\nThen stop.\n%% include 'end.tex'\n"
    problem = read(body, **{"steps.tex": steps, "end.tex": solution}).value
    text = render_problem(problem, (("n", 3),), View.RUBRIC).value
    assert text.startswith("Look.\nFirst take $3$.\nIt is odd.\nThen stop.\n\\begin{solution}")
    (part,) = problem.body.parts
    assert part.solution.rubric.items == (4,)
    assert str(part.solution.span) == "problem_bank/t/p/end.tex:1:1"


def test_every_character_knows_its_file(read):
    steps = 'one\n  \\BLOCK{include "inner/deep.tex"}\nthree \\BLOCK{include "tail.tex"} end\n'
    body = 'A \\BLOCK{include "steps.tex"}\nB\n'
    beside = {"steps.tex": steps, "inner/deep.tex": "two", "tail.tex": "tail"}
    problem = read(body, **beside).value
    text = problem.body.text
    assert text == "A one\ntwo\nthree tail end\nB\n"
    where = {
        "A": "p.tex:11:1",
        "one": "p/steps.tex:1:1",
        "two": "p/inner/deep.tex:1:1",
        "wo": "p/inner/deep.tex:1:2",
        "three": "p/steps.tex:3:1",
        "tail": "p/tail.tex:1:1",
        " end": "p/steps.tex:3:33",
        "B": "p.tex:12:1",
    }
    for word, place in where.items():
        assert str(problem.at(text.index(word))) == f"problem_bank/t/{place}"
    rendered = render(problem, (("n", 2),)).value
    assert str(rendered.span(rendered.text.place(text.index("tail")))).endswith("p/tail.tex:1:1")


def test_it_is_kept_like_any_other_problem(read):
    body = 'Look.\n\\BLOCK{include "s.tex"}\n'
    outcome = read(body, **{"s.tex": "\\begin{solution}[1cm] x \\end{solution}\n\\wrong"})
    reading = Reading(outcome.value, outcome.diagnostics, ())
    again = decode(encode(reading, PATH), PATH, HEAD + body)
    assert again == reading
    assert again.problem.body.stretches == outcome.value.body.stretches
    assert again.problem.body.parts == outcome.value.body.parts


@pytest.mark.parametrize(
    ("tag", "code", "words"),
    [
        ('\\BLOCK{include "absent.tex"}', Code.FILE_MISSING, "no such file"),
        ('\\BLOCK{include "../other.tex"}', Code.FILE_OUTSIDE, "own folder"),
        ('\\BLOCK{include "/etc/passwd"}', Code.FILE_OUTSIDE, "own folder"),
        ('\\BLOCK{include "x/../../p.tex"}', Code.FILE_OUTSIDE, "own folder"),
        ('\\BLOCK{include "self.tex"}', Code.JINJA_FORBIDDEN, "includes itself"),
        ('\\BLOCK{include "binary.dat"}', Code.JINJA_FORBIDDEN, "no text"),
        ("\\BLOCK{include n}", Code.JINJA_FORBIDDEN, "anything but a file name"),
    ],
)
def test_what_cannot_be_included_is_told_at_its_tag(read, tag, code, words):
    beside = {"self.tex": '\\BLOCK{include "self.tex"}\n', "binary.dat": b"\xff\xfe"}
    problem = read(f"Text.\n{tag}\n", **beside).value
    outcome = render(problem, (("n", 2),))
    assert outcome.value is None
    (found,) = outcome.diagnostics
    assert (found.code, words in found.message) == (code, True)
    file, line = ("p/self.tex", 1) if "self" in tag else ("p.tex", 12)
    assert (found.span.path, found.span.line) == (f"problem_bank/t/{file}", line)


def test_mistakes_in_an_included_file_are_told_there(read):
    body = 'Text.\n\\BLOCK{include "s.tex"}\n'
    found = read(body, **{"s.tex": "a\nb \\input{x}\n"}).diagnostics
    assert [(d.code, str(d.span)) for d in found] == [
        (Code.FORBIDDEN_LATEX, "problem_bank/t/p/s.tex:2:3")
    ]
    problem = read(body, **{"s.tex": "a\nb $\\VAR{m}$\n"}).value
    (undefined,) = render(problem, (("n", 2),)).diagnostics
    assert (undefined.code, undefined.span.line) == (Code.JINJA_UNDEFINED, 2)
    assert undefined.span.path == "problem_bank/t/p/s.tex"
    problem = read(
        body, **{"s.tex": "\\BLOCK{for i in range(3)}\n\\VAR{1 // (i - 1)}\n\\BLOCK{endfor}"}
    )
    (failed,) = render(problem.value, (("n", 2),)).diagnostics
    assert (failed.code, str(failed.span)) == (Code.JINJA_FAILED, "problem_bank/t/p/s.tex:2:1")


def test_the_digest_covers_included_files(read):
    body = '\\BLOCK{include "s.tex"}\n'
    one, two = (read(body, **{"s.tex": text}).value for text in ("a", "b"))
    assert one.digest != two.digest


def test_comments_include_nothing_and_bombs_stay_small():
    asked = []
    text = '\\#{ \\BLOCK{include "a.tex"} }'
    assert with_includes(text, PATH, 1, asked.append).text == text
    assert asked == []
    many = '\\BLOCK{include "%d.tex"}' * 10
    bomb = with_includes(many % tuple(range(10)), PATH, 1, lambda name: many % tuple(range(10)))
    assert len(bomb.text) < 3_000_000
    chain = {f"{n}.tex": f'\\BLOCK{{include "{n + 1}.tex"}}' for n in range(MAX_DEPTH + 5)}
    deep = with_includes(chain["0.tex"], PATH, 1, chain.get)
    assert deep.text == f'\\BLOCK{{include "{MAX_DEPTH + 1}.tex"}}'
