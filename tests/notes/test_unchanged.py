"""A build with nothing to do does nothing, and finds everything that there is to do."""

import shutil

import pytest

from tests.notes.built import build, third_party
from tests.small import SMALL

pytestmark = third_party

CHAPTER = "notes/chapters/basics/means.md"
MANIFEST = "notes/courses/small.yaml"


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The small course, built."""
    root = tmp_path_factory.mktemp("once")
    for path, text in {"notesbuild.toml": "", **SMALL}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"), "utf-8")
    return build(root, html=True, pdf=True)


@pytest.fixture
def built(once, tmp_path):
    """A copy of it with the times of all files."""
    root = tmp_path / "copy"
    shutil.copytree(once.root, root)
    return type(once)(root, once.outputs, once.found, once.steps)


def worked(steps):
    return [step.partition(": ")[2] for step in steps]


def edit(root, path, old, new):
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), "utf-8")


def test_nothing_is_made_again(built):
    before = built.files()
    times = {path: path.stat().st_mtime_ns for path in built.path("html").rglob("*")}
    again = build(built.root, html=True, pdf=True)
    assert worked(again.steps) == ["assembling"]
    assert again.outputs == built.outputs
    assert again.found == ()
    assert built.files() == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (CHAPTER, "mean", "average"),
        (MANIFEST, "title:", "subtitle: Anew\ntitle:"),
        ("notes/macros.tex", "\\mathbb{R}", "\\mathbf{R}"),
        ("exams/small/quiz.yaml", "date: 2030-04-01", "date: 2030-04-02"),
        ("notesbuild.toml", "", 'paper = "letterpaper"\n'),
    ],
)
def test_a_change_of_any_source_is_seen(built, path, old, new):
    before = built.files()
    edit(built.root, path, old, new)
    again = build(built.root, html=True, pdf=True)
    assert "publishing" in worked(again.steps)
    assert built.files() != before


@pytest.mark.parametrize(
    "path", ["html/index.html", "pdf/notes.pdf", "results.json", "calendar.ics"]
)
@pytest.mark.parametrize("damage", ["gone", "altered"])
def test_what_is_damaged_is_mended(built, path, damage):
    before = built.files()
    if damage == "gone":
        built.path(path).unlink()
    else:
        built.path(path).write_bytes(b"x" * built.path(path).stat().st_size)
    again = build(built.root, html=True, pdf=True)
    assert "publishing" in worked(again.steps)
    assert again.found == ()
    assert built.files() == before


def test_a_warning_is_told_each_time(built):
    edit(built.root, CHAPTER, "# ", "{unknown}`role`\n\n# ")
    first = build(built.root, html=True, pdf=True)
    second = build(built.root, html=True, pdf=True)
    assert first.found != ()
    assert [d.code for d in second.found] == [d.code for d in first.found]


def test_a_page_that_leads_to_an_edited_one_is_written_again_when_it_shows_a_change(built):
    home = built.root / "build/.work/small/html/index.html"
    edit(built.root, CHAPTER, "The mean is old", "The mean is very old")
    build(built.root)  # from now on the site offers no PDFs
    search = home.with_name("search.html")
    written = home.stat().st_mtime_ns, search.stat().st_mtime_ns
    edit(built.root, CHAPTER, "The mean is very old", "The xylophone is old")
    build(built.root)
    assert "The xylophone is old" in built.text("html/chapters/basics/means.html")
    assert (home.stat().st_mtime_ns, search.stat().st_mtime_ns) == written
    edit(built.root, CHAPTER, "# Means", "# Averages")
    build(built.root)
    assert "Averages" in home.read_text("utf-8")
    assert "Averages" in search.read_text("utf-8")
    after = built.files()
    shutil.rmtree(built.root / "build/.work")
    build(built.root)
    assert built.files() == after


def test_a_calendar_is_made_again_when_a_day_changes(built, monkeypatch):
    before = built.text("calendar.ics")
    edit(built.root, CHAPTER, "The mean is old", "The mean is very old")
    with monkeypatch.context() as patched:
        patched.setattr("notesbuild.notes.build.calendar", None)  # nobody may ask for it
        build(built.root)
    assert built.text("calendar.ics") == before
    edit(built.root, MANIFEST, "date: 2030-03-04", "date: 2030-03-05")
    build(built.root)
    assert "20300305" in built.text("calendar.ics")
    assert built.text("html/calendar.ics") == built.text("calendar.ics") != before


def test_an_edit_that_is_taken_back_leaves_no_trace(built):
    before = built.files()
    edit(built.root, CHAPTER, "The mean is old", "The xylophone is old")
    build(built.root, html=True, pdf=True)
    assert built.files() != before
    edit(built.root, CHAPTER, "The xylophone is old", "The mean is old")
    build(built.root, html=True, pdf=True)
    assert built.files() == before
