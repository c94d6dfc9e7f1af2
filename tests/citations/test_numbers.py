"""Numbers of results, taken from the notes without building them."""

from dataclasses import replace
from pathlib import Path

import pytest

from notesbuild.model.problem import Bank
from notesbuild.model.results import NumberedResult, ResultNumbers
from notesbuild.notes import numbering
from notesbuild.notes import numbers as kept
from notesbuild.notes.numbers import numbers_at_hand, numbers_file
from notesbuild.pipeline import build_notes, course_numbers
from tests.citations.project import FILES, changed, read
from tests.notes.built import third_party

pytestmark = third_party


def numbers(root: Path, course: str = "small") -> ResultNumbers:
    project = read(root)
    found = course_numbers(project, project.course(course))
    assert found.value is not None
    assert found.diagnostics == ()
    return found.value


def heading(root: Path, label: str, course: str = "small") -> str:
    return numbers(root, course).find(label).heading


@pytest.fixture
def no_sphinx(monkeypatch):
    """From here on nobody may ask Sphinx."""

    def refuse(project, course):
        raise AssertionError("Sphinx was asked")

    return lambda: monkeypatch.setattr(numbering, "number_results", refuse)


def test_the_same_result_has_its_number_in_each_course(make_project):
    root = make_project(FILES)
    assert heading(root, "lem-massart") == "Lemma 2.2"
    assert heading(root, "lem-massart", "other") == "Lemma 1.2"
    assert heading(root, "thm-finite", "other") == "Satz 1.3"
    assert numbers(root).find("lem-massart") == NumberedResult(
        label="lem-massart",
        kind="lemma",
        name="Lemma",
        number="2.2",
        title="Massart’s lemma",
        chapter="learning/finite",
        href="chapters/learning/finite.html#lem-massart",
    )
    assert numbers(root).find("thm-later") is None
    assert numbers(root).other("thm-later").chapter == "learning/later"


def test_nothing_is_published(make_project):
    root = make_project(FILES)
    numbers(root)
    assert sorted(path.name for path in (root / "build").iterdir()) == [".work"]


def test_numbers_are_kept_while_the_notes_are_the_same(make_project, no_sphinx):
    root = make_project(FILES)
    first = numbers(root)
    no_sphinx()
    manifest = root / "notes/courses/small.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "description: About means.\n", "utf-8")
    assert numbers(root) == first


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("notes/chapters/learning/finite.md", "prf:definition", "prf:remark", "Lemma 2.2"),
        ("notes/chapters/learning/finite.md", ":label: def-growth", ":nonumber:", "Lemma 2.1"),
        ("notes/courses/small.yaml", "language: en", "language: fr", "Lemme 2.2"),
        (
            "notes/courses/small.yaml",
            "[basics/means, learning/finite]",
            "[learning/finite, basics/means]",
            "Lemma 1.2",
        ),
    ],
)
def test_a_change_of_the_notes_is_seen(make_project, path, old, new, expected):
    root = make_project(FILES)
    numbers(root)
    make_project(changed(path, old, new))
    project = read(root)
    assert numbers_at_hand(project, project.course("small")) is None
    assert heading(root, "lem-massart") == expected


def test_a_build_of_the_notes_leaves_the_numbers(make_project, no_sphinx):
    root = make_project(FILES)
    project = read(root)
    built = build_notes(project, ["small"], pdf=False, say=lambda _: None)
    assert built.value != ()
    no_sphinx()
    assert heading(root, "thm-finite") == "Theorem 2.3"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"sources": 1}', b"\xff", b'{"results": [{}], "others": 3}']
)
def test_a_spoilt_file_of_numbers_is_made_again(make_project, content):
    root = make_project(FILES)
    before = numbers(root)
    project = read(root)
    numbers_file(project, project.course("small")).write_bytes(content)
    assert numbers(root) == before


def test_notes_with_errors_have_no_numbers(make_project):
    root = make_project(changed("notes/chapters/learning/finite.md", "{prf:lemma}", "{prf:lemna}"))
    project = read(root)
    for _ in range(2):  # and they are told again
        found = course_numbers(project, project.course("small"))
        assert found.value is None
        assert [str(d.span) for d in found.diagnostics] == ["notes/chapters/learning/finite.md:8:5"]
        assert "prf:lemna" in found.diagnostics[0].message


def test_a_course_whose_chapter_is_missing_has_no_numbers(make_project):
    root = make_project(changed("notes/courses/small.yaml", "learning/finite]", "learning/fin]"))
    project = read(root)
    found = course_numbers(project, project.course("small"))
    assert found.value is None
    assert [d.code.slug for d in found.diagnostics] == ["unknown-chapter"]


SHOWN = "notes/chapters/learning/finite.md"


def asking(make_project) -> Path:
    """The project with a chapter that shows problems, and its numbers known."""
    files = {
        **FILES,
        SHOWN: FILES[SHOWN] + "\n```{problems}\n:where: \"kind == 'multiple-choice'\"\n```\n",
    }
    files = {
        path: text.replace("% status: ready", "% status: ready\n% visibility: public")
        if path.startswith("problem_bank")
        else text
        for path, text in files.items()
    }
    root = make_project(files)
    numbers(root)
    return root


def without_bank(root: Path) -> ResultNumbers | None:
    """The numbers for an exam, of whose project no problem was read."""
    project = replace(read(root), bank=Bank())
    return course_numbers(project, project.course("small")).value


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), "utf-8")


def test_numbers_hold_while_a_query_finds_the_same(make_project, no_sphinx, monkeypatch):
    root = asking(make_project)
    before = numbers(root)
    no_sphinx()
    monkeypatch.setattr(kept, "with_whole_bank", lambda *a: pytest.fail("the bank was read"))
    assert without_bank(root) == before
    edit(root, "problem_bank/primes/prime-choice.tex", "prime?", "a prime?")
    assert without_bank(root) == before
    edit(root, "problem_bank/means/finite.tex", "\\begin{solution}", "\\begin{solution} Indeed, ")
    assert without_bank(root) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("visibility: public", "visibility: exam"), ("kind: multiple-choice", "kind: short")],
)
def test_what_a_query_finds_is_looked_at_again(make_project, monkeypatch, old, new):
    root = asking(make_project)
    asked = []
    whole = kept.with_whole_bank
    monkeypatch.setattr(kept, "with_whole_bank", lambda *a: asked.append(1) or whole(*a))
    edit(root, "problem_bank/primes/prime-choice.tex", old, new)
    without_bank(root)
    assert asked


def test_a_new_problem_is_seen(make_project, monkeypatch):
    root = asking(make_project)
    asked = []
    whole = kept.with_whole_bank
    monkeypatch.setattr(kept, "with_whole_bank", lambda *a: asked.append(1) or whole(*a))
    text = (root / "problem_bank/primes/prime-choice.tex").read_text("utf-8")
    (root / "problem_bank/primes/another.tex").write_text(text, "utf-8")
    without_bank(root)
    assert asked
    asked.clear()
    assert without_bank(root) is not None
    assert not asked
