"""Where results stand in the graph: never on one another, and what uses below what is used."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from notesbuild.sphinxext.graph_layout import PER_ROW, SLOT, WIDTH, place_chapter
from notesbuild.sphinxext.graph_svg import Band, Node, edge_path, graph_svg

COUNTS = st.integers(0, 40)


@st.composite
def chapters(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(COUNTS)
    nodes = st.integers(0, max(count - 1, 0))
    edges = draw(st.lists(st.tuples(nodes, nodes), max_size=80)) if count else []
    return count, edges


@given(chapters())
def test_nodes_are_apart_and_inside(chapter: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = chapter
    spots = place_chapter(count, edges)
    assert len(spots) == count
    for spot in spots:
        assert SLOT / 2 - 0.1 <= spot.x <= WIDTH - SLOT / 2 + 0.1
    for one, other in combinations(spots, 2):
        assert one.row != other.row or abs(one.x - other.x) >= SLOT - 0.2


@given(chapters())
def test_what_uses_stands_below(chapter: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = chapter
    spots = place_chapter(count, edges)
    assert all(spots[used].row < spots[user].row for used, user in edges if used < user)


@given(chapters())
def test_the_order_of_edges_does_not_matter(chapter: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = chapter
    assert place_chapter(count, edges) == place_chapter(count, edges[::-1])


@given(chapters())
def test_rows_are_without_gaps(chapter: tuple[int, list[tuple[int, int]]]) -> None:
    rows = {spot.row for spot in place_chapter(*chapter)}
    assert rows == set(range(len(rows)))


def test_a_tree_has_no_crossings() -> None:
    spots = place_chapter(7, [(0, 1), (0, 2), (1, 4), (1, 3), (2, 6), (2, 5)])
    assert [spot.row for spot in spots] == [0, 1, 1, 2, 2, 2, 2]
    left, right = (spots[1], spots[2]) if spots[1].x < spots[2].x else (spots[2], spots[1])
    own = {1: (3, 4), 2: (5, 6)}
    under = [spots[n].x for n in own[spots.index(left)]]
    assert max(under) < min(spots[n].x for n in own[spots.index(right)])


def test_what_stands_alone_is_below() -> None:
    spots = place_chapter(PER_ROW + 3, [(0, PER_ROW + 2)])
    assert spots[0].row == 0 and spots[PER_ROW + 2].row == 1
    assert {spot.row for spot in spots[1 : PER_ROW + 2]} == {2, 3}


def test_nothing_is_drawn_of_nothing() -> None:
    assert place_chapter(0, []) == ()
    assert "nb-node" not in graph_svg((), "Empty")


def test_names_are_escaped() -> None:
    node = Node("A <b>", 'T "&"', "a.html#x&y", "theorem", "plain", ())
    svg = graph_svg((Band("One & two", "a.html", (node,)),), "<All>")
    assert "A &lt;b&gt;" in svg and "T &quot;&amp;&quot;" in svg and "One &amp; two" in svg
    assert 'href="a.html#x&amp;y"' in svg


def test_curves_go_down_up_and_along() -> None:
    assert edge_path(0, 0, 10, 100) == "M0 15C0 50 10 50 10 85"
    assert edge_path(0, 100, 10, 0).startswith("M0 85C0 50")
    assert edge_path(0, 0, 10, 0) == "M0 15C0 37 10 37 10 15"
