"""Problems of the bank in a course's notes, and when their solutions appear."""

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from notesbuild.notes.build import build_course
from notesbuild.notes.parity import parity
from notesbuild.pdf.text import page_texts
from notesbuild.pipeline import course_numbers
from notesbuild.practice.leak import Secrets
from notesbuild.practice.ready import Ready
from notesbuild.source.project import folders_of, read_project
from tests.notes.built import Built, project, third_party
from tests.practice.test_plan import opened
from tests.small import SMALL

pytestmark = third_party

CHAPTER = "notes/chapters/basics/means.md"
PAGE = "html/chapters/basics/means.html"
PROOF = "problem_bank/means/mean-minimizes.tex"
BEFORE, AFTER = datetime.date(2030, 3, 10), datetime.date(2030, 3, 11)
SECRET = "the derivative is"
MARKS = "strict convexity"

FILES = {
    **opened(SMALL),
    "notesbuild.toml": "",
    CHAPTER: SMALL[CHAPTER]
    + """
## Exercises

```{problem} prime-choice
:points:
```

```{problems}
:where: kind in ["proof", "computation"]
```

{prf:ref}`mean-minimizes` goes on.
""",
    "notes/chapters/basics/medians.md": "# Medians\n\nNothing is asked here.\n",
    "notes/courses/small.yaml": SMALL["notes/courses/small.yaml"].replace(
        "  - basics/means\n", "  - basics/means\n  - basics/medians\n", 1
    )
    + "\nsolutions: {after: 7}\n",
}
FILES[PROOF] = FILES[PROOF].replace(
    "Differentiate with respect to $a$: the derivative is",
    "By differentiation with respect to the variable: the derivative is",
)


def write(root: Path, files=FILES):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")


def build(root: Path, day, *, html=True, pdf=False) -> Built:
    read = project(root)
    steps: list[str] = []
    built = build_course(read, read.courses[0], html=html, pdf=pdf, progress=steps.append, day=day)
    return Built(root, built.value, built.diagnostics, tuple(steps))


def everything(built: Built) -> str:
    """All that is published, as text, and what Sphinx keeps of it."""
    texts = []
    work = built.root / "build" / ".work" / "small"
    kept = [
        *built.path("html").rglob("*"),
        *(work / "doctrees").rglob("*"),
        built.path("results.json"),
    ]
    for path in kept:
        if path.is_file():
            texts.append(path.read_bytes().decode("utf-8", "replace"))
    texts += page_texts(built.path("pdf/notes.pdf")) if built.path("pdf/notes.pdf").exists() else ()
    return " ".join(" ".join(texts).split())


@pytest.fixture(scope="module")
def early(tmp_path_factory):
    root = tmp_path_factory.mktemp("problems")
    write(root)
    return build(root, BEFORE, pdf=True)


def test_problems_are_exercises_with_one_number_everywhere(early):
    assert early.found == ()
    records = json.loads(early.text("results.json"))
    assert [(r["label"], r["kind"], r["number"]) for r in records[1:]] == [
        ("prime-choice", "exercise", "1.2"),
        ("mean-minimizes", "exercise", "1.3"),
        ("variance-uniform", "exercise", "1.4"),
    ]
    assert all(record["page"] for record in records)
    page = early.text(PAGE)
    assert ">Exercise 1.3</span></a> goes on" in page
    pdf = " ".join("\n".join(page_texts(early.path("pdf/notes.pdf"))).split())
    assert "Exercise 1.3. Let" in pdf
    assert "Exercise 1.3 goes on" in pdf
    checked = parity(project(early.root), project(early.root).courses[0])
    assert checked.diagnostics == ()


def test_before_its_day_a_solution_is_nowhere(early):
    told = everything(early)
    assert "Which number is prime" in told
    for words in (SECRET, "has no divisor", "problem_solution", 'problem-solution"', MARKS):
        assert words not in told, words


def test_an_exam_reads_the_numbers_with_a_part_of_the_bank(early):
    partial = project(early.root)
    whole = course_numbers(partial, partial.courses[0]).value
    few = replace(partial, bank=replace(partial.bank, problems=partial.bank.problems[:1]))
    assert course_numbers(few, few.courses[0]).value == whole
    assert whole.find("variance-uniform").heading == "Exercise 1.4"


def test_on_its_day_the_solution_appears_and_other_pages_stay(tmp_path):
    write(tmp_path)
    first = build(tmp_path, BEFORE)
    stamps = {p: p.stat().st_mtime_ns for p in work_pages(first)}
    same = build(tmp_path, BEFORE)
    assert {p: p.stat().st_mtime_ns for p in work_pages(same)} == stamps
    later = build(tmp_path, AFTER)
    assert later.found == ()
    changed = {p.name for p in work_pages(later) if p.stat().st_mtime_ns != stamps[p]}
    assert changed == {"means.html"}
    page = " ".join(later.text(PAGE).split())
    assert page.count('<details class="problem-solution"') == 3
    assert SECRET in page
    assert "Answer: (" in page
    assert MARKS not in everything(later)
    # Paper first, then the site: what was read for one is written for the other, too.
    back = build(tmp_path, BEFORE, html=False, pdf=True)
    assert back.found == ()
    assert SECRET not in " ".join(page_texts(back.path("pdf/notes.pdf")))
    again = build(tmp_path, BEFORE)
    assert again.found == ()
    assert SECRET not in " ".join(again.text(PAGE).split())


def work_pages(built):
    folder = built.root / "build" / ".work" / "small" / "html" / "chapters"
    return sorted(folder.rglob("*.html"))


def test_on_paper_solutions_stand_at_the_chapters_end(tmp_path):
    write(tmp_path)
    built = build(tmp_path, AFTER, html=False, pdf=True)
    assert built.found == ()
    words = " ".join("\n".join(page_texts(built.path("pdf/notes.pdf"))).split())
    assert re.search(r"Exercise 1\.3 goes on\. Solutions Exercise 1\.2\. Answer: \([ABC]\)", words)
    assert "(b) Yes: the second derivative" in words
    assert MARKS not in words


@pytest.mark.parametrize(
    ("option", "there"), [("always", True), ("never", False), ("2030-03-12", False)]
)
def test_a_directive_has_the_last_word(tmp_path, option, there):
    files = dict(FILES)
    files[CHAPTER] = files[CHAPTER].replace(":where:", f":solution: {option}\n:where:")
    write(tmp_path, files)
    page = " ".join(build(tmp_path, AFTER).text(PAGE).split())
    assert (SECRET in page) is there
    assert 'id="solution-prime-choice"' in page


def test_a_planted_leak_is_found_and_nothing_is_published(tmp_path, monkeypatch):
    """The builder is made to hand out solutions; what reads the finished files must see it."""
    write(tmp_path)
    good = build(tmp_path, BEFORE, pdf=True)
    before = good.files()

    monkeypatch.setattr(Ready, "before_release", lambda ready: ready)
    bad = build(tmp_path, BEFORE, pdf=True)
    assert bad.outputs == ()
    told = [one.message for one in bad.found if one.code.slug == "leak"]
    assert any("means.html" in one and "the place of the solution" in one for one in told)
    assert any("means.html" in one and "words of the solution" in one for one in told)
    assert any("notes.pdf" in one for one in told)
    assert good.files() == before


def test_a_secret_in_a_title_or_a_script_is_seen():
    secrets = Secrets({"a" * 28: "p"}, {})
    page = "<script>var x = '" + "a" * 14 + " <b>" + "a" * 14 + "</b>'</script>"
    assert list(secrets.told_on_page(page)) != []
    assert list(secrets.told_on_page("a" * 27)) == []


def test_a_changed_problem_changes_its_page(tmp_path):
    write(tmp_path)
    build(tmp_path, BEFORE)
    changed = FILES[PROOF].replace("real numbers", "rational numbers")
    write(tmp_path, {PROOF: changed})
    assert "rational numbers" in build(tmp_path, BEFORE).text(PAGE)


def test_a_wrong_formula_is_told_at_the_problems_own_line(tmp_path):
    write(tmp_path, {**FILES, PROOF: FILES[PROOF].replace("$x_1", "$\\nosuch x_1")})
    built = build(tmp_path, BEFORE)
    (line,) = [
        number
        for number, text in enumerate(FILES[PROOF].lstrip("\n").split("\n"), start=1)
        if text.startswith("Let $x_1")
    ]
    assert built.codes() == [f"{PROOF}:{line}:1: math-wrong"]
    assert build(tmp_path, BEFORE).codes() == built.codes()


def test_an_unreadable_problem_stops_the_build(tmp_path):
    write(tmp_path, {**FILES, PROOF: FILES[PROOF].replace("be real", "be \\pstricks real")})
    built = build(tmp_path, BEFORE)
    assert [one.code.slug for one in built.found] == ["latex-not-shown"]
    assert built.outputs == ()


def test_the_bank_is_watched(tmp_path):
    write(tmp_path)
    project = read_project(tmp_path).value
    assert tmp_path / "problem_bank" in folders_of(tmp_path, project.settings)
