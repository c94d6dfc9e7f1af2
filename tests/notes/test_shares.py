"""Work is handed over in parts that keep all processes busy, and each document once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sphinx import builders

from notesbuild.notes.shares import even, few
from tests.notes.built import build, third_party

SIZES = st.dictionaries(st.text("abc/", min_size=1, max_size=5), st.integers(0, 1000), max_size=30)


@given(SIZES, st.integers(1, 5))
def test_no_part_is_much_larger_than_another(sizes: dict[str, int], parts: int) -> None:
    shares = even(sorted(sizes), parts, sizes.__getitem__)
    assert sorted(name for share in shares for name in share) == sorted(sizes)
    assert all(share and list(share) == sorted(share) for share in shares)
    totals = [sum(sizes[name] for name in share) for share in shares]
    if len(shares) == parts:
        assert max(totals) - min(totals) <= max(sizes.values())


@given(st.lists(st.text(max_size=3)))
def test_small_parts_keep_the_order(names: list[str]) -> None:
    parts = few(names)
    assert [name for part in parts for name in part] == names
    assert all(0 < len(part) <= 8 for part in parts)


@third_party
def test_a_site_made_by_many_processes_is_that_of_one(tmp_path, monkeypatch) -> None:
    names = [f"chapter{number}" for number in range(9)]
    files = {
        "notesbuild.toml": "",
        "notes/courses/small.yaml": f"title: Small\nchapters: [{', '.join(names)}]\n",
        **{
            f"notes/chapters/{name}.md": f"# About {name}\n\nWith $x_{number}$.\n\n"
            f":::{{prf:lemma}}\n:label: lem-{number}\n{'Words. ' * 4**number}\n:::\n\n"
            f"See {{prf:ref}}`lem-{4 - number}`.\n"
            for number, name in enumerate(names[:5])
        },
        **{f"notes/chapters/{name}.md": f"# About {name}\n\nWords.\n" for name in names[5:]},
    }
    for path, text in files.items():
        for top in ("one", "many"):
            (tmp_path / top / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / top / path).write_text(text, "utf-8")
    usual = vars(builders)["make_chunks"]
    monkeypatch.setattr("notesbuild.notes.build.cores", lambda: 1)
    one = build(tmp_path / "one")
    monkeypatch.setattr("notesbuild.notes.build.cores", lambda: 3)
    many = build(tmp_path / "many")
    assert one.files() == many.files()
    assert vars(builders)["make_chunks"] is usual
