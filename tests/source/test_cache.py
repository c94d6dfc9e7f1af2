"""What is kept of a bank between two runs, and what is not believed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import notesbuild
from notesbuild import pipeline
from notesbuild.check import reader
from notesbuild.cli.main import cli
from notesbuild.diagnostics import Code, Origin, warning
from notesbuild.model.problem import Metadata, Problem
from notesbuild.run import seal
from notesbuild.source import cache
from notesbuild.source.files import Files
from notesbuild.source.latex import parse_body
from notesbuild.source.project import read_project
from tests.small import SMALL, broken

CHOICE = "problem_bank/primes/prime-choice.tex"
PROOF = "problem_bank/means/mean-minimizes.tex"
KEPT = "build/.work/cache/problems"
OWN = Path(__file__).resolve().parents[2]
BROKEN = {
    "problem_bank/means/no-yaml.tex": "% ---\n% title: [\n% ---\nx",
    "problem_bank/means/no-head.tex": "x",
    "problem_bank/means/latin-1.tex": "% ---\n% caf\xe9\n% ---\n".encode("latin-1"),
    "problem_bank/means/Bad Name.tex": "x",
    "problem_bank/means/forbidden.tex": SMALL[PROOF].replace("Let $x_1", "\\input{x} Let $x_1"),
    "problem_bank/means/unbalanced.tex": SMALL[PROOF].replace("Let $x_1", "{ Let $x_1"),
    "problem_bank/means/no-points.tex": SMALL[PROOF].replace("part[5]", "part[4]"),
    "problem_bank/means/windows.tex": SMALL[PROOF].replace("\n", "\r\n"),
    "problem_bank/means/empty-body.tex": SMALL[PROOF].partition("Let $")[0],
    "problem_bank/means/mean-minimizes/picture.txt": "an asset",
    "problem_bank/means/with-steps.tex": SMALL[PROOF].replace(
        "\\begin{parts}", '\\BLOCK{include "steps.txt"}\n\\begin{parts}'
    ),
    "problem_bank/means/with-steps/steps.txt": (
        "\\begin{choices}\n\\choice[fixed] a\n\\end{choices}\n\\input{x}\n"
    ),
    "problem_bank/means/decimals.tex": SMALL["problem_bank/means/variance-uniform.tex"].replace(
        "[2, 3, 4, 5, 6]", "[1.0, 2, 0.10, true, 'a b', 1e999, 한]"
    ),
}
PIECES = [
    *(
        "\\begin{parts}",
        "\\end{parts}",
        "\\part[3]",
        "\\part",
        "x",
        "é\t",
        "\n",
        "{",
        "}",
        "\\input{x}",
    ),
    *("\\begin{solution}[2cm]", "\\end{solution}", "\\begin{rubric}\\item[2] a\\end{rubric}"),
    *("\\begin{choices}", "\\choice", "\\CorrectChoice", "[fixed]", "\\end{choices}"),
]


@pytest.fixture(autouse=True)
def own_key(monkeypatch, tmp_path_factory):
    """A key for this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def counted(monkeypatch):
    """The paths of the problems that were really read."""
    paths: list[str] = []
    really = reader.read_files

    def read(files, problem):
        paths.append(problem.path)
        return really(files, problem)

    monkeypatch.setattr(reader, "read_files", read)
    return paths


def state(root: Path) -> object:
    """Everything that reading and checking a project finds."""
    read = pipeline.read(root)
    return (
        read.value.bank,
        [(p.origin, p.body, p.metadata) for p in read.value.bank.problems],
        read.value.checked,
        read.diagnostics,
    )


@pytest.mark.parametrize("files", [SMALL, {**SMALL, **BROKEN}], ids=["sound", "broken"])
def test_what_is_kept_equals_what_is_read(make_project, counted, files):
    root = make_project(files)
    first = state(root)
    assert len(counted) == sum(path.endswith(".tex") for path in files if "notes" not in path)
    counted.clear()
    assert state(root) == first
    assert counted == []
    shutil.rmtree(root / "build")
    assert state(root) == first


def test_the_projects_own_bank(tmp_path):
    """With parameters, choices, parts and pictures of all sorts."""
    root = tmp_path / "p"
    shutil.copytree(OWN / "problem_bank", root / "problem_bank")
    (root / "notesbuild.toml").touch()
    first, again = state(root), state(root)
    assert (root / KEPT).exists()
    assert again == first
    fresh = read_project(root).value.bank.problems  # which takes what is kept, too
    assert [hash(p.body) for p in fresh] == [hash(p.body) for p in fresh]


def test_only_what_changed_is_read_again(make_project, counted):
    root = make_project(SMALL)
    state(root)
    counted.clear()
    (root / CHOICE).write_text(SMALL[CHOICE].replace("points: 3", "points: 2"), "utf-8")
    assert [p.points for p in pipeline.read(root).value.bank.problems] == [8, 2, 6]
    assert counted == [CHOICE]
    counted.clear()
    (root / "problem_bank/means/mean-minimizes").mkdir()
    (root / "problem_bank/means/mean-minimizes/picture.txt").touch()
    (root / CHOICE).unlink()
    problems = pipeline.read(root).value.bank.problems
    assert [p.assets for p in problems] == [(f"{PROOF[:-4]}/picture.txt",), ()]
    assert counted == [PROOF]
    assert len((root / KEPT).read_bytes().splitlines()) == 3


def test_findings_of_problems_are_kept(make_project, counted):
    root = make_project(broken(CHOICE, "\\CorrectChoice", "\\choice"))
    runner = CliRunner()
    first = runner.invoke(cli, ["--project", str(root), "check"])
    assert "choices-wrong" in first.output
    counted.clear()
    assert runner.invoke(cli, ["--project", str(root), "check"]).output == first.output
    assert counted == []


def test_other_code_reads_again(make_project, counted, monkeypatch):
    root = make_project(SMALL)
    state(root)
    counted.clear()
    monkeypatch.setattr(cache, "_head", lambda: "another version")
    state(root)
    assert len(counted) == 3


def forged(content: bytes) -> bytes:
    """The same readings, with the forbidden command not found, sealed with a key of their own."""
    lines = content[64:].replace(b"FORBIDDEN_LATEX", b"NOTES_WARNING")
    return seal._seal(b"k" * 32, lines, "problems") + lines


DAMAGE = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[:-100],
    "cut off in the seal": lambda content: content[:30],
    "one letter changed": lambda content: content.replace(b'"means"', b'"modes"', 1),
    "without a seal": lambda content: content[64:],
    "with another seal": forged,
    "not text": lambda content: b"\x00\xff" * 5000,
    "a pickle": lambda content: b"\x80\x04\x95cos\nsystem\n(S'touch /tmp/x'\ntR.",
    "huge nesting": lambda content: content[:64] + b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGE, ids=str)
def test_a_damaged_or_foreign_file_is_ignored_and_written_anew(make_project, counted, damage):
    root = make_project({**SMALL, **BROKEN})
    first = state(root)
    good = (root / KEPT).read_bytes()
    (root / KEPT).write_bytes(DAMAGE[damage](good))
    assert (root / KEPT).read_bytes() != good
    counted.clear()
    assert state(root) == first
    assert counted
    assert (root / KEPT).read_bytes() == good


def test_a_cache_from_elsewhere_is_not_believed(make_project, counted, monkeypatch, tmp_path):
    """A repository brings along what its author's notesbuild wrote."""
    root = make_project(SMALL)
    state(root)
    counted.clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another-home"))
    state(root)
    assert len(counted) == 3


def test_a_line_that_bears_our_seal_and_is_wrong(make_project, counted):
    root = make_project(SMALL)
    first = state(root)
    content = (root / KEPT).read_bytes()[64:]
    (root / KEPT).write_bytes(seal.sealed(content.replace(b"[[],[],[", b"[[],{},["), "problems"))
    state(root)
    (root / KEPT).write_bytes(seal.sealed(content.replace(b'"kind":"', b'"kind":"x'), "problems"))
    counted.clear()
    assert state(root) == first
    assert len(counted) == 3


@pytest.mark.parametrize("obstacle", ["file", "link", "folder", "home"])
def test_where_nothing_can_be_kept_all_is_read(make_project, tmp_path, monkeypatch, obstacle):
    root = make_project(SMALL)
    outside = tmp_path.with_name(f"{tmp_path.name}-outside")
    outside.mkdir()
    if obstacle == "file":
        (root / "build").touch()
    elif obstacle == "link":
        (root / "build").mkdir()
        (root / "build/.work").symlink_to(outside)
    elif obstacle == "folder":
        (root / KEPT).mkdir(parents=True)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/no")
    assert state(root) == state(root)
    assert CliRunner().invoke(cli, ["--project", str(root), "check"]).exit_code == 0
    assert list(outside.iterdir()) == []


def test_clean_removes_it(make_project):
    root = make_project(SMALL)
    state(root)
    assert CliRunner().invoke(cli, ["--project", str(root), "clean"]).exit_code == 0
    assert not (root / "build").exists()


def test_two_at_once(make_project):
    root = make_project(SMALL)
    environment = {**os.environ, "PYTHONPATH": str(Path(notesbuild.__file__).parents[1])}
    command = [sys.executable, "-m", "notesbuild", "--project", str(root), "check"]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    for process in both:
        assert b"Nothing to complain about" in process.communicate(timeout=60)[0]
    files = Files(root)
    assert len(cache.Cache.opened(files, "build").lines) == 3
    assert sorted(p.name for p in (root / KEPT).parent.iterdir()) == [
        "chapters",
        "formulas",
        "problems",
    ]


def test_a_key_that_is_damaged_is_made_again(tmp_path):
    content = seal.sealed(b"x", "p")
    assert seal.unsealed(content, "p") == b"x"
    assert seal.unsealed(content, "q") is None
    key = Path(os.environ["XDG_CACHE_HOME"], "notesbuild/seal.key")
    assert key.stat().st_mode & 0o077 == 0
    key.write_bytes(b"short")
    assert seal.unsealed(content, "p") is None
    assert seal.unsealed(seal.sealed(b"x", "p"), "p") == b"x"


def test_nothing_heavy_is_loaded_when_nothing_changed(make_project):
    root = make_project(SMALL)
    state(root)
    code = (
        "import sys\nfrom pathlib import Path\nfrom notesbuild import pipeline\n"
        "project = pipeline.read(Path(sys.argv[1])).value\n"
        "assert pipeline.check_project(project) == ()\n"
        "print(sorted({'sympy', 'jinja2', 'sphinx', 'ortools', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.dictionaries(st.sampled_from("abn"), st.floats() | st.integers() | st.text(max_size=5)),
)
def test_any_problem_comes_back_as_it_was(text, drawn):
    path = "bank/t/p.tex"
    body = parse_body(text, path, 9)
    head = {"title": "x", "kind": "short", "topics": ["a"], "difficulty": 1, "minutes": 3}
    params = {name: {"choose": [scalar]} for name, scalar in drawn.items()}
    metadata = Metadata.model_validate({**head, "params": params})
    origin = Origin(path, ((("title",), (2, 3)), (("params", "n", 0), (7, 1))))
    problem = Problem("p", metadata, body.value, "0" * 16, ("bank/t/p/ä.png",), origin)
    reading = cache.Reading(problem, body.diagnostics, (warning(Code.LEAK, "x", None, "h", ["n"]),))
    again = cache.decode(cache.encode(reading, path), path, f"% head\n{text}")
    assert repr(again.problem.metadata) == repr(metadata)  # nan is not equal to itself
    assert again.problem.body == body.value
    assert body.value == again.problem.body
    changed = {"text": "other", "choices": ()}
    assert replace(again.problem.body, **changed) == replace(body.value, **changed)
    assert (again.problem.origin, again.problem.assets) == (origin, problem.assets)
    assert origin == again.problem.origin
    assert again.problem.origin.span("params", "n", 0, "x") == origin.span("params", "n", 0, "x")
    assert (again.found, again.checked) == (reading.found, reading.checked)
