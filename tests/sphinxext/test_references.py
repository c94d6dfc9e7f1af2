"""References that lead nowhere, labels given twice, and builds that go on from earlier ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sphinxext.built import build, make, numbered, third_party, write

pytestmark = third_party

THEOREM = "\n.. prf:theorem:: {0}\n   :label: thm-{0}\n\n   Text.\n"


def chapter(title: str, *labels: str, more: str = "") -> str:
    return f"{title}\n======\n" + "".join(THEOREM.format(label) for label in labels) + more


def test_missing_reference_names_place_and_likely_label(tmp_path: Path) -> None:
    built = make(
        tmp_path,
        {
            "one.rst": chapter("One", "bound"),
            "two.md": "# Two\n\nText,\n\nsee {prf:ref}`thm-bond`.\n",
        },
    )
    assert built.warnings == (
        "two.md:5: WARNING: no result has the label “thm-bond”; did you mean “thm-bound”?"
        " [notesbuild.ref]",
    )
    assert "see thm-bond." in built.words("two.html")


def test_warnings_can_be_suppressed(tmp_path: Path) -> None:
    files = {"one.rst": "One\n===\n\n:prf:ref:`nothing`\n"}
    conf = 'suppress_warnings = ["notesbuild.ref"]'
    assert make(tmp_path, files, conf=conf).warnings == ()


@pytest.mark.parametrize("jobs", [1, 2])
def test_duplicate_label_names_both_places(tmp_path: Path, jobs: int) -> None:
    names = [f"c{n}.rst" for n in range(8)]
    files = {name: chapter(name, f"own{n}") for n, name in enumerate(names)}
    files["c1.rst"] = chapter("C1", "same")
    files["c6.rst"] = chapter("C6", "first", "same")
    write(tmp_path, files)
    built = build(tmp_path, jobs=jobs)
    expected = (
        f"c6.rst:9: WARNING: duplicate label “thm-same”; the other is in {tmp_path}/c1.rst:4"
        " [notesbuild.label]"
    )
    assert built.warnings == (expected.replace(f"{tmp_path}/", ""),)


def test_duplicate_label_on_one_page(tmp_path: Path) -> None:
    built = make(tmp_path, {"one.rst": chapter("One", "same", "same")})
    (warning,) = built.warnings
    assert warning.startswith("one.rst:9: WARNING: duplicate label “thm-same”")


def test_parallel_reading_numbers_as_serial_does(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(9)]
    files = {
        f"{name}.rst": chapter(name, f"a{name}", f"b{name}", more=f"\n:prf:ref:`thm-b{other}`\n")
        for name, other in zip(names, reversed(names), strict=True)
    }
    write(tmp_path, files)
    serial = build(tmp_path)
    pages = {name: serial.text(f"{name}.html") for name in names}
    parallel = build(tmp_path, jobs=2, fresh=True)
    assert {name: parallel.text(f"{name}.html") for name in names} == pages
    assert parallel.warnings == ()


def test_reference_follows_a_number_that_changes(tmp_path: Path) -> None:
    equation = "\n.. math:: x\n   :label: eq-x\n"
    reader = "Two\n===\n\nSee :prf:ref:`thm-b` and :eq:`eq-x`.\n"
    files = {
        "one.rst": chapter("One", "b", more=equation),
        "two.rst": reader,
        "three.rst": "Three\n=====\n",
    }
    write(tmp_path, files)
    assert "See Theorem 1.1 and (1.1)." in build(tmp_path).words("two.html")
    more = "\n.. math:: y\n   :label: eq-y\n"
    write(tmp_path, {**files, "one.rst": chapter("One", "a", "b", more=more + equation)})
    again = build(tmp_path)
    assert "See Theorem 1.2 and (1.2)." in again.words("two.html")
    assert "three" not in again.written


def test_reference_follows_a_result_that_moves_or_goes(tmp_path: Path) -> None:
    reader = "Three\n=====\n\nSee :prf:ref:`thm-b`.\n"
    files = {"one.rst": chapter("One", "b"), "two.rst": chapter("Two"), "three.rst": reader}
    write(tmp_path, files)
    build(tmp_path)
    write(tmp_path, {**files, "one.rst": chapter("One"), "two.rst": chapter("Two", "b")})
    moved = build(tmp_path)
    assert "See Theorem 2.1." in moved.words("three.html")
    assert 'href="two.html#thm-b"' in moved.text("three.html")
    write(tmp_path, {**files, "one.rst": chapter("One"), "two.rst": chapter("Two")})
    assert any("no result has the label “thm-b”" in line for line in build(tmp_path).warnings)


def parts(*trees: str) -> str:
    start = "Notes\n=====\n"
    return start + "".join(
        f"\n.. toctree::\n   :numbered:\n   :caption: Part\n\n   {tree}\n" for tree in trees
    )


def test_chapters_count_on_through_parts(tmp_path: Path) -> None:
    files = {
        "index.rst": parts("one", "two", "three"),
        "one.rst": chapter("One", "a", more="\n.. math:: x\n   :label: eq-x\n\nSec\n---\n"),
        "two.rst": chapter("Two", "b", more="\n.. math:: y\n   :label: eq-y\n\nSec\n---\n"),
        "three.rst": chapter("Three", "c", more="\n:prf:ref:`thm-b` :eq:`eq-y`\n"),
    }
    write(tmp_path, files)
    built = build(tmp_path)
    assert numbered(built.words("two.html"), "Theorem") == ["2.1"]
    assert "2. Two" in built.words("two.html") and "2.1. Sec" in built.words("two.html")
    assert "Theorem 2.1 (2.1)" in built.words("three.html")
    assert "3. Three" in built.words("index.html")
    write(tmp_path, {**files, "two.rst": files["two.rst"].replace("Text.", "Other words.")})
    assert build(tmp_path).written <= {"two", "index"}
    write(tmp_path, {**files, "index.rst": parts("two", "one", "three")})
    swapped = build(tmp_path)
    assert numbered(swapped.words("one.html"), "Theorem") == ["2.1"]
    assert "Theorem 1.1 (1.1)" in swapped.words("three.html")
