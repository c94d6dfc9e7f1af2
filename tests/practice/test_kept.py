"""Problems that are ready for pages are read once, and read again where anything changed."""

import pytest

from notesbuild.check.rules import check
from notesbuild.practice import ready
from notesbuild.practice.kept import Kept
from notesbuild.practice.plan import plan_of_course
from notesbuild.practice.ready import make_ready
from notesbuild.source.project import read_project
from tests.practice.test_plan import CHAPTER, PROBLEM, directive, opened
from tests.small import SMALL

CACHE = "build/.work/cache/shown"


@pytest.fixture
def project(tmp_path):
    """The small project with two problems in its chapter, and nothing kept."""
    files = {"notesbuild.toml": "", **opened(SMALL)}
    files[CHAPTER] += directive("{problem} prime-choice") + directive("{problem} mean-minimizes")
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text.lstrip("\n"), "utf-8")
    return tmp_path


@pytest.fixture
def made(monkeypatch):
    """The ids of the problems whose LaTeX is read."""
    seen: list[str] = []

    def counted(placed, course):
        seen.append(placed.problem.id)
        return make_ready(placed, course)

    monkeypatch.setattr(ready, "make_ready", counted)
    return seen


def checked(root):
    return check(read_project(root).value)


def test_what_was_read_is_not_read_again(project, made):
    assert checked(project) == ()
    assert sorted(made) == ["mean-minimizes", "prime-choice"]
    made.clear()
    assert checked(project) == ()
    assert made == []


def test_a_mended_problem_is_read_again_and_no_other(project, made):
    checked(project)
    made.clear()
    path = project / PROBLEM
    path.write_text(path.read_text("utf-8").replace("smallest", "least"), "utf-8")
    checked(project)
    assert made == ["mean-minimizes"]


def test_what_is_kept_is_what_was_made(project):
    checked(project)
    read = read_project(project).value
    course = read.courses[0]
    kept = Kept.opened(read)
    placed = plan_of_course(read, course).value.placed
    assert len(kept.cache.lines) == len(placed) == 2
    for one in placed:
        assert kept.ready(one, course.name) == make_ready(one, course.name)


def test_another_course_has_another_order_of_its_own(project):
    checked(project)
    read = read_project(project).value
    kept = Kept.opened(read)
    (one, _) = plan_of_course(read, read.courses[0]).value.placed
    kept.ready(one, "other")
    kept.save(all_courses=False)
    assert len(Kept.opened(read).cache.lines) == 3
    checked(project)
    assert len(Kept.opened(read).cache.lines) == 2


@pytest.mark.parametrize("damage", [b"", b"nothing of ours", None])
def test_a_damaged_file_is_as_good_as_none(project, made, damage):
    checked(project)
    whole = (project / CACHE).read_bytes()
    (project / CACHE).write_bytes(whole[:-20] if damage is None else damage)
    made.clear()
    assert checked(project) == ()
    assert sorted(made) == ["mean-minimizes", "prime-choice"]


def test_a_fault_is_told_each_time(project):
    path = project / PROBLEM
    path.write_text(path.read_text("utf-8").replace("smallest", r"\fbox{smallest}"), "utf-8")
    first, second = checked(project), checked(project)
    assert [one.code.slug for one in first] == ["latex-not-shown"]
    assert first == second
