"""Chapters that want more than they may: nothing outside is read, and the place is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from notesbuild.cli.main import cli
from tests.small import SMALL

CHAPTER = "notes/chapters/basics/means.md"
BEGIN = """# Means

:::{prf:theorem}
:label: thm-mean
It is so.
:::

"""
SECRET = "the-secret-of-somebody-else"


@pytest.fixture
def build(tmp_path):
    """Build the site of the small course with this chapter, beside a file that is not its own."""
    (tmp_path / "secret.txt").write_text(SECRET)
    root = tmp_path / "project"

    def run(chapter: str, *command: str, files: dict[str, str] | None = None) -> Result:
        everything = {**SMALL, "notesbuild.toml": "", **(files or {}), CHAPTER: chapter}
        for path, text in everything.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text.lstrip("\n"), "utf-8")
        arguments = ["--project", str(root), *(command or ("notes", "html"))]
        return CliRunner().invoke(cli, arguments)

    return run


UP = "../../../../../../../secret.txt"
LEAVING = {
    "include": f"```{{include}} {UP}\n```\n",
    "literalinclude": f"```{{literalinclude}} {UP}\n```\n",
    "the other file of a diff": f"```{{literalinclude}} means.md\n:diff: {UP}\n```\n",
    "raw file": f"```{{raw}} html\n:file: {UP}\n```\n",
    "raw address": "```{raw} html\n:url: file://SECRET\n```\n",
    "table": f"```{{csv-table}}\n:file: {UP}\n```\n",
    "table with an address": "```{csv-table}\n:url: file://SECRET\n```\n",
    "download": f"{{download}}`it <{UP}>`\n",
    "picture": f"![it]({UP})\n",
    "picture from another host": "![it](http://127.0.0.1:9/x.png)\n",
    "reStructuredText": f"```{{eval-rst}}\n.. include:: {UP}\n```\n",
}


@pytest.mark.parametrize("case", LEAVING, ids=str)
def test_a_chapter_reads_no_file_of_others(build, tmp_path, case):
    wanted = LEAVING[case].replace("SECRET", str(tmp_path / "secret.txt"))
    result = build(BEGIN + wanted)
    assert result.exit_code == 1, result.output
    found = [line for line in result.output.splitlines() if "error[" in line]
    assert len(found) == 1, result.output
    assert "error[file-outside]" in found[0]
    path, line, column = found[0].split(": error")[0].rsplit(":", 2)
    assert path == CHAPTER
    assert int(line) >= 8
    assert int(column) >= 1
    left = [p for p in (tmp_path / "project/build").rglob("*") if p.is_file()]
    assert left
    assert not [p for p in left if SECRET.encode() in p.read_bytes()]
    assert not (tmp_path / "project/build/small").exists()


LATEX = {
    "raw": "```{raw} latex\n\\directlua{io.open('x', 'w')}\n```\n",
    "formula": "$\\input{/etc/hostname}$\n",
    "display": "$$\nx \\openin5=x\n$$\n",
    "end of the document": "```{raw} latex\n\\end{document}\n```\n",
    "hidden letters": "```{raw} latex\n\\^^69nput x\n```\n",
}


@pytest.mark.parametrize("case", LATEX, ids=str)
def test_latex_of_a_chapter_may_do_no_more_than_a_problem(build, case):
    result = build(BEGIN + LATEX[case], "notes", "pdf")
    assert result.exit_code == 1
    assert f"{CHAPTER}:" in result.output
    assert "error[forbidden-latex]" in result.output
    assert "TeX" not in result.output.replace("LaTeX", "").replace("KaTeX", "")


def test_macros_reach_every_document_and_so_are_read_before(build):
    macros = "\\newcommand{\\R}{\\mathbb{R}}\n\\newcommand{\\x}{\\directlua{1}}\n"
    for command in (("notes", "pdf"), ("check", "--compile"), ("check",)):
        result = build(BEGIN, *command, files={"notes/macros.tex": macros})
        assert result.exit_code == 1
        assert "notes/macros.tex:2:17: error[forbidden-latex]: \\directlua" in result.output


def test_a_formula_of_a_manifest_is_looked_at(build):
    manifest = SMALL["notes/courses/small.yaml"].replace("About means.", r"About $\input{x}$.")
    result = build(BEGIN, files={"notes/courses/small.yaml": manifest})
    assert "notes/courses/small.yaml:5:1: error[forbidden-latex]" in result.output


@pytest.mark.parametrize("text", ["", "Only text.\n", "(a-label)=\n"])
@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_chapter_without_a_title_is_an_error_of_the_chapter(build, text, form):
    exam = SMALL["exams/small/quiz.yaml"].replace("taught: true", "taught: false")
    result = build(text, "notes", form, files={"exams/small/quiz.yaml": exam})
    assert result.exit_code == 1
    assert f"{CHAPTER}:1:1: error[notes-warning]: the chapter does not begin" in result.output


def test_a_missing_picture_is_an_error(build):
    result = build(BEGIN + "![it](nowhere.png)\n")
    assert result.exit_code == 1
    assert f"{CHAPTER}:8:1: error[file-missing]" in result.output


@pytest.mark.parametrize(
    "text",
    [
        "".join(":" * (200 - depth) + "{note}\n" for depth in range(190)) + "x\n",
        "```{toctree}\n:glob:\n../../*\n```\n",
    ],
    ids=["boxes in boxes", "pages in pages"],
)
def test_what_nests_without_end_is_told_of_its_chapter(build, text):
    result = build(BEGIN + text)
    assert result.exit_code == 1
    assert f"{CHAPTER}:1:1: error[notes-warning]" in result.output
    assert "nested" in result.output
    assert "Recursion" not in result.output


def test_the_same_equation_twice_is_told_once_and_with_its_place(build):
    result = build(BEGIN + "$$a$$ (eq-a)\n\n$$b$$ (eq-a)\n")
    found = [line for line in result.output.splitlines() if "error[" in line]
    assert len(found) == 1
    assert found[0].startswith(f"{CHAPTER}:10:1: error[duplicate-label]")


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("notes/conf.py", "x = 1\ny = (\n", "notes/conf.py:2:1: "),
        ("notes/conf.py", "extensions.append('no.such')\n", "notes/conf.py:1:1: "),
        ("notes/references.bib", "\n@book{a, title={x\n", "notes/references.bib:"),
    ],
    ids=["syntax", "extension", "bibliography"],
)
def test_what_sphinx_cannot_begin_with_has_a_place(build, name, text, place):
    result = build(BEGIN, files={name: text})
    assert result.exit_code == 1
    assert any(line.startswith(place) for line in result.output.splitlines()), result.output


def test_macros_that_nest_too_deeply(build):
    result = build(BEGIN, "check", files={"notes/macros.tex": "{" * 5000})
    assert "notes/macros.tex:1:1: error[macro-wrong]" in result.output


def test_a_very_long_line_is_no_reason_to_wait(build):
    result = build(BEGIN + " " * 300_000 + "x\n" + "\n" * 100_000 + "$$" * 50_000, "check")
    assert result.exit_code == 1
    assert "Can't use function '$' in math mode" in result.output
    assert "\n1 error, 1 warning\n" in result.output


def test_a_terminal_is_not_commanded(build):
    result = build(BEGIN + "{prf:ref}`\x1b[31mno\u202e`\n", "check")
    assert "unknown-reference" in result.output
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


def test_links_that_lead_to_each_other(build, tmp_path):
    build(BEGIN, "check")
    Path(tmp_path, "project/notes/chapters/loop.md").symlink_to("loop.md")
    result = build(BEGIN, "check")
    assert result.exit_code == 1
    assert "notes/chapters/loop.md: error[file-outside]" in result.output
