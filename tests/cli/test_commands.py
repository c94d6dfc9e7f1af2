"""The commands as a person runs them, on a small course, with real Sphinx and real TeX."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from notesbuild.cli import main as entry
from notesbuild.cli.main import cli
from tests.small import SMALL


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--project", str(root), *arguments])


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("course with a space")
    for path, text in {"notesbuild.toml": "", **SMALL}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.lstrip("\n"), "utf-8")
    drawn = run(root, "exam", "draw", "small/quiz")
    assert drawn.exit_code == 0, drawn.output
    result = run(root, "build")
    assert result.exit_code == 0, result.output
    return root


@pytest.mark.parametrize(
    "path",
    [
        "html/index.html",
        "html/chapters/basics/means.html",
        "pdf/notes.pdf",
        "pdf/syllabus.pdf",
        "pdf/chapters/means.pdf",
        "calendar.ics",
        "results.json",
        "exams/quiz/quiz-A.pdf",
        "exams/quiz/quiz-A-solutions.pdf",
        "exams/quiz/quiz-B-rubric.pdf",
        "exams/quiz/key.csv",
        "exams/quiz/regions.json",
        "exams/quiz/report.html",
        "exams/quiz/record.json",
    ],
)
def test_build_makes_every_output(built, path):
    assert (built / "build" / "small" / path).stat().st_size > 0


def test_regions_know_every_question_and_part(built):
    regions = json.loads((built / "build/small/exams/quiz/regions.json").read_text())
    for version in ("A", "B"):
        entries = regions["versions"][version]["regions"]
        places = [(r["question"], r["part"]) for r in entries]
        assert {question for question, _ in places} == {1, 2, 3}
        assert {part for _, part in places} == {None, "a", "b"}
        for region in entries:
            left, bottom, right, top = region["box"]
            assert 0 < left < right < 596 and 0 < bottom < top < 842


def test_the_theorem_has_one_number_everywhere(built):
    (theorem,) = (
        entry
        for entry in json.loads((built / "build/small/results.json").read_text())
        if entry["label"] == "thm-mean"
    )
    assert theorem["number"] == "1.1"
    page = (built / "build/small/html/chapters/basics/means.html").read_text()
    assert "Theorem 1.1" in page
    compared = run(built, "notes", "parity", "small")
    assert compared.exit_code == 0, compared.output
    assert "numbers are the same" in compared.output


def test_a_second_build_changes_nothing(built):
    def contents() -> dict[str, bytes]:
        files = (built / "build" / "small").rglob("*")
        return {str(p): p.read_bytes() for p in files if p.is_file()}

    before = contents()
    again = run(built, "build")
    assert again.exit_code == 0, again.output
    assert "Setting" not in again.output
    assert contents() == before


def test_verify_repeats_every_byte(built):
    result = run(built, "exam", "verify", "small/quiz")
    assert result.exit_code == 0, result.output
    assert "byte for byte" in result.output


def test_verify_finds_a_changed_file(built):
    key = built / "build/small/exams/quiz/key.csv"
    before = key.read_bytes()
    key.write_bytes(before + b"\n")
    result = run(built, "exam", "verify", "small/quiz")
    key.write_bytes(before)
    assert result.exit_code == 1
    assert "not-reproduced" in result.output and "key.csv" in result.output


def test_draw_shows_what_it_reached(make_project):
    root = make_project(SMALL)
    shown = run(root, "exam", "draw", "small/quiz")
    assert "points in means" in shown.stdout
    assert "Balance: points equal" in shown.stdout
    assert "Wrote exams/small/quiz.lock.yaml" in shown.stdout
    first = (root / "exams/small/quiz.lock.yaml").read_text()
    run(root, "exam", "draw", "small/quiz")
    assert (root / "exams/small/quiz.lock.yaml").read_text() == first
    as_json = json.loads(
        run(root, "exam", "draw", "small/quiz", "--json", "--versions", "3").stdout
    )
    assert [v["version"] for v in as_json["lock"]["versions"]] == ["A", "B", "C"]


def test_clean_removes_the_outputs_only(make_project):
    root = make_project({**SMALL, "build/small/html/index.html": "x"})
    assert run(root, "clean").stdout == "Removed build/\n"
    assert not (root / "build").exists()
    assert (root / "notes").is_dir()
    assert run(root, "clean").stdout == ""


def test_doctor_names_tools_and_their_purpose(tmp_path):
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 0, result.output
    assert "pdflatex" in result.output


def test_doctor_says_how_to_get_what_is_missing(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 3
    assert "texlive" in result.output


def test_without_tex_an_exam_says_how_to_get_it(built, monkeypatch):
    (built / "notes/macros.tex").write_text("\\newcommand{\\R}{\\mathbf{R}}\n")
    monkeypatch.setenv("PATH", "/nowhere")
    before = (built / "build/small/exams/quiz/quiz-A.pdf").read_bytes()
    result = run(built, "exam", "build", "small/quiz")
    assert result.exit_code == 3
    assert "program-missing" in result.output
    assert (built / "build/small/exams/quiz/quiz-A.pdf").read_bytes() == before
    (built / "notes/macros.tex").write_text(SMALL["notes/macros.tex"])


def test_init_writes_a_course_that_passes_its_check(tmp_path):
    folder = tmp_path / "my course"
    made = CliRunner().invoke(cli, ["init", str(folder)])
    assert made.exit_code == 0, made.output
    assert run(folder, "check").exit_code == 0
    again = CliRunner().invoke(cli, ["init", str(folder)])
    assert again.exit_code == 1


def test_a_bug_is_one_line_and_never_a_traceback(monkeypatch, capsys):
    def fail(**_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(entry, "cli", fail)
    monkeypatch.delenv("NOTESBUILD_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 3
    assert "internal error: RuntimeError: planted" in capsys.readouterr().err
    monkeypatch.setenv("NOTESBUILD_DEBUG", "1")
    with pytest.raises(RuntimeError, match="planted"):
        entry.main()


def test_a_reader_that_goes_away_is_no_error(make_project):
    root = make_project(SMALL)
    command = f"{sys.executable} -m notesbuild --project '{root}' bank list --json | head -c 1"
    finished = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert b"Traceback" not in finished.stderr and b"rror" not in finished.stderr


def test_nothing_is_tidied_up_when_the_process_ends():
    seen = "atexit.register(lambda: print('left', gc.get_freeze_count() > 1000))"
    command = f"import atexit, gc; {seen}; from notesbuild.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", command], check=False, capture_output=True, text=True
    )
    assert ended.stdout.endswith("left True\n")


def test_help_loads_no_heavy_module():
    code = (
        "import sys; from notesbuild.cli import main; "
        "heavy = {'sphinx', 'sympy', 'ortools', 'pydantic', 'pikepdf', 'jinja2', 'rich', 'yaml'}; "
        "print(*sorted(heavy & set(sys.modules)))"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (finished.stdout, finished.stderr) == (b"\n", b"")
