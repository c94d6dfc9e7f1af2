"""What is taught before an exam, from the schedule."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from notesbuild.model.course import Course
from notesbuild.model.problem import Body, Metadata, Problem
from notesbuild.model.project import Chapter
from notesbuild.source.taught import Lesson, teaching
from tests.notes.test_home import course

TEXT = """
(ch-one)=
# One
:::{prf:definition}
:label: def-intro
A.
:::

(sec-a)=
## A
:::{prf:definition}
:label: thm-a
A.
:::

(sec-b)=
## B
:::{prf:definition}
:label: thm-b
A.
:::
"""
ONE = Chapter("part/one", "notes/chapters/part/one.md", TEXT)
DEFINITION = ":::{prf:definition}\n:label: %s\nA.\n:::\n"
TWO = Chapter("part/two", "notes/chapters/part/two.md", DEFINITION % "thm-two")
OTHER = Chapter("part/other", "notes/chapters/part/other.md", DEFINITION % "thm-other")
ALL = {"ch-one", "def-intro", "sec-a", "thm-a", "sec-b", "thm-b", "thm-two"}


def taught(schedule: str, day: int) -> frozenset[str]:
    made = course(f"title: T\nchapters: [part/one, part/two]\nschedule:\n{schedule}")
    return taught_before(made, datetime.date(2030, 3, day))


def taught_before(made: Course, date: datetime.date) -> frozenset[str]:
    lessons = teaching(made, (ONE, TWO, OTHER))
    return frozenset(one.label for one in lessons.lessons if not lessons.late(needs(one), date))


def needs(lesson: Lesson) -> Problem:
    """A problem that needs one result."""
    data = Metadata(
        title="P", kind="proof", topics=("t",), difficulty=1, minutes=1, uses=(lesson.label,)
    )
    return Problem(id="p", metadata=data, body=Body("", 1, ()), digest="")


def test_a_chapter_is_taught_after_the_last_row_that_covers_it():
    rows = """
  - {date: 2030-03-04, covers: [part/one]}
  - {date: 2030-03-06, covers: [part/one, part/two]}
"""
    assert taught(rows, 6) == set()
    assert taught(rows, 7) == ALL


def test_a_section_is_taught_up_to_the_next_one_named():
    rows = """
  - {date: 2030-03-04, covers: [sec-a]}
  - {date: 2030-03-06, covers: [sec-b]}
"""
    assert taught(rows, 5) == {"ch-one", "def-intro", "sec-a", "thm-a"}
    assert taught(rows, 7) == ALL - {"thm-two"}


def test_a_section_that_comes_late_holds_only_itself_back():
    rows = """
  - {date: 2030-03-04, covers: [part/one]}
  - {date: 2030-03-20, covers: [sec-b]}
"""
    assert taught(rows, 10) == {"ch-one", "def-intro", "sec-a", "thm-a"}


def test_what_the_schedule_leaves_out_is_not_taught():
    assert taught("  - {date: 2030-03-04, covers: [part/two]}\n", 28) == {"thm-two"}


def test_without_a_schedule_everything_is_taught():
    made = course("title: T\nchapters: [part/one, part/two]\n")
    assert taught_before(made, datetime.date(1900, 1, 1)) == ALL


@given(
    st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["part/one", "sec-a", "sec-b"]))),
    st.integers(1, 28),
    st.integers(1, 28),
)
def test_what_is_taught_stays_taught(rows, day, later):
    lines = "".join(f"  - {{date: 2030-03-{d:02}, covers: [{c}]}}\n" for d, c in sorted(rows))
    lines += "  - {date: 2030-03-28, no_class: the end}\n"
    first, last = sorted((day, later))
    assert taught(lines, first) <= taught(lines, last) <= ALL


@given(
    st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["part/one", "sec-a", "sec-b"]))),
    st.sampled_from(sorted({*ALL, "thm-other"})),
)
def test_a_problem_is_usable_from_the_first_day_on_which_nothing_is_late(rows, label):
    lines = "".join(f"  - {{date: 2030-03-{d:02}, covers: [{c}]}}\n" for d, c in sorted(rows))
    lines += "  - {date: 2030-03-28, no_class: the end}\n"
    lessons = teaching(
        course(f"title: T\nchapters: [part/one, part/two]\nschedule:\n{lines}"), (ONE, TWO, OTHER)
    )
    problem = needs(Lesson(label, "", True, None))
    days = [datetime.date(2030, 3, 1) + datetime.timedelta(days=n) for n in range(40)]
    free = [day for day in days if not lessons.late(problem, day)]
    assert lessons.usable_from(problem) == (free[0] if free else None)


def test_a_result_that_no_chapter_has_is_never_taught():
    made = course("title: T\nchapters: [part/one]\n")
    lessons = teaching(made, (ONE, TWO, OTHER))
    assert lessons.usable_from(needs(Lesson("thm-nowhere", "", True, None))) is None
    assert lessons.usable_from(needs(Lesson("thm-other", "", True, None))) is None
    assert lessons.usable_from(needs(Lesson("thm-a", "", True, None))) == datetime.date.min
