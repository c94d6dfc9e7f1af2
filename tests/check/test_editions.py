"""What an edition leaves out, and what would close the gap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from notesbuild.model.course import Course
from notesbuild.model.project import Chapter
from notesbuild.source.editions import edition
from tests.check.projects import found_in, shown, with_chapter

MORE = """
# More

A remark on {prf:ref}`lem-left` and {eq}`eq-left`.

:::{prf:theorem}
:label: thm-more
A.
:::

:::{prf:proof}
By {prf:ref}`lem-left`.
:::
"""
LEFT = """
# Left out

By {prf:ref}`def-deep`.

:::{prf:lemma} Massart's lemma
:label: lem-left
$$
a
$$ (eq-left)
:::

:::{prf:proof}
Clear.
:::
"""
DEEP = "# Deep\n\n:::{prf:definition}\n:label: def-deep\nA.\n:::\n"


def test_a_result_to_be_stated_again_is_a_citation_like_others(tmp_path):
    files = with_chapter("# More\n\n:::{prf:restate} lem-left\n:::\n")
    files |= {"notes/chapters/left.md": LEFT, "notes/chapters/deep.md": DEEP}
    found = found_in(tmp_path, files)
    assert [one for one in shown(found) if "[left-out-cited]" in one] == [
        "notes/chapters/basics/more.md:3:18 note[left-out-cited] the text mentions lem-left, "
        "which small leaves out with left",
        "notes/courses/small.yaml:8:1 note[left-out-cited] small cites 1 label of 1 chapter left "
        "out",
    ]


def test_what_is_left_out_is_told_with_what_would_close_the_gap(tmp_path):
    files = with_chapter(MORE)
    files |= {"notes/chapters/left.md": LEFT, "notes/chapters/deep.md": DEEP}
    found = found_in(tmp_path, files)
    more, manifest = "notes/chapters/basics/more.md", "notes/courses/small.yaml"
    assert shown(found) == [
        f"{more}:3:42 note[left-out-cited] the text mentions eq-left, "
        "which small leaves out with left",
        f"{more}:11:14 warning[left-out-cited] a proof depends on lem-left, "
        "which small leaves out with left",
        f"{manifest}:8:1 note[left-out-cited] small cites 2 labels of 1 chapter left out",
    ]
    assert found[1].notes == ("also cited at more:3",)
    assert found[2].notes == (
        "left would resolve 3 citations, 1 in proofs",
        "for all proofs, it needs left",
        "for all citations, it needs deep, left",
    )
    complete = files[manifest].replace("schedule:", "  - left\n  - deep\nschedule:", 1)
    closed = shown(found_in(tmp_path / "closed", {**files, manifest: complete}))
    assert not [line for line in closed if "left-out" in line]


NAMES = tuple("abcdef")
CITES = st.fixed_dictionaries({name: st.sets(st.sampled_from(NAMES)) for name in NAMES})


@given(CITES, st.sets(st.sampled_from(NAMES), min_size=1))
def test_the_chapters_that_are_missing_are_enough_and_none_is_too_many(cites, own):
    pool = tuple(
        Chapter(
            name,
            f"{name}.md",
            f"(l-{name})=\n# Title\n\n"
            + " ".join(f"{{ref}}`l-{to}`" for to in sorted(cites[name])),
        )
        for name in NAMES
    )

    def missing(chapters):
        course = Course(title="T", chapters=tuple(sorted(chapters)))
        return edition(course, pool)

    found = missing(own)
    added = set(found.missing)
    assert not added & own
    assert not missing(own | added).citations
    for needless in added:
        assert missing(own | added - {needless}).citations
