"""The graph of results as an SVG that needs no script: every node is a link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from notesbuild.sphinxext.graph_layout import NODE_HEIGHT, NODE_WIDTH, WIDTH, Spot, place_chapter

HEAD = 38
ROW = 62
MARGIN = 14
BETWEEN = 16
SIDE = 84
"""Room at the right, for the arcs between folded chapters."""


@dataclass(frozen=True, slots=True)
class Node:
    """A result; ``uses`` are positions of others in the whole graph."""

    text: str
    title: str
    href: str
    kind: str
    style: str
    uses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A chapter and its results."""

    title: str
    href: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a chapter begins and ends, and where its first node is in the whole graph."""

    top: float
    height: float
    first: int
    spots: tuple[Spot, ...]

    def middle(self, number: int) -> tuple[float, float]:
        spot = self.spots[number - self.first]
        return MARGIN + spot.x, self.top + HEAD + ROW * spot.row + NODE_HEIGHT / 2


def graph_svg(bands: tuple[Band, ...], label: str) -> str:
    """The picture; ``label`` is what a screen reader calls it."""
    boxes = tuple(_boxes(bands))
    chapter = {box.first + i: box for box in boxes for i in range(len(box.spots))}
    width = WIDTH + 2 * MARGIN
    height = boxes[-1].top + boxes[-1].height if boxes else 0
    lines = [
        f'<svg class="nb-graph-svg" role="group" aria-label="{escape(label)}"'
        f' width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}"'
        f' data-head="{HEAD}" data-row="{ROW}" data-margin="{MARGIN}" data-between="{BETWEEN}"'
        f' data-node="{NODE_WIDTH} {NODE_HEIGHT}" data-width="{width}" data-side="{SIDE}">',
        '<defs><marker id="nb-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path d="M0 0.8 7.5 4 0 7.2z"/></marker></defs>',
    ]
    lines += [_frame(band, box, width) for band, box in zip(bands, boxes, strict=True)]
    lines += ['<g class="nb-edges">', *_edges(bands, boxes, chapter), "</g>"]
    for band, box in zip(bands, boxes, strict=True):
        numbered = enumerate(band.nodes, box.first)
        lines += [_node(node, number, box, boxes.index(box)) for number, node in numbered]
    return "\n".join([*lines, "</svg>"])


def _boxes(bands: tuple[Band, ...]) -> Iterator[_Box]:
    top, first = 0.0, 0
    for band in bands:
        inside = [
            (used - first, position)
            for position, node in enumerate(band.nodes)
            for used in node.uses
            if first <= used < first + len(band.nodes)
        ]
        spots = place_chapter(len(band.nodes), inside)
        rows = 1 + max((spot.row for spot in spots), default=-1)
        height = HEAD + ROW * rows
        yield _Box(top, height, first, spots)
        top += height + BETWEEN
        first += len(band.nodes)


def _frame(band: Band, box: _Box, width: float) -> str:
    return (
        f'<g class="nb-band" data-first="{box.first}" data-count="{len(band.nodes)}"'
        f' transform="translate(0 {box.top:g})">'
        f'<rect class="nb-frame" width="{width}" height="{box.height:g}" rx="6"/>'
        f'<a class="nb-chapter" href="{escape(band.href)}">'
        f'<text x="{MARGIN}" y="25">{escape(band.title)}</text></a></g>'
    )


def _edges(
    bands: tuple[Band, ...], boxes: tuple[_Box, ...], chapter: Mapping[int, _Box]
) -> Iterator[str]:
    for band, box in zip(bands, boxes, strict=True):
        for number, node in enumerate(band.nodes, box.first):
            for used in node.uses:
                far = "" if chapter[used] is box else " is-far"
                path = edge_path(*chapter[used].middle(used), *box.middle(number))
                yield (
                    f'<path class="nb-edge{far}" data-from="{used}" data-to="{number}"'
                    f' marker-end="url(#nb-arrow)" d="{path}"/>'
                )


def edge_path(x1: float, y1: float, x2: float, y2: float) -> str:
    """A curve from the lower side of what is used to the upper side of what uses it.

    The script draws the same curves when chapters are folded.
    """
    half = NODE_HEIGHT / 2
    if y2 > y1:
        a, b = y1 + half, y2 - half
        bend = min(70, max(14, 0.5 * (b - a)))
    elif y2 < y1:
        a, b = y1 - half, y2 + half
        bend = -min(70, max(14, 0.5 * (a - b)))
    else:
        a = b = y1 + half
        return f"M{x1:g} {a:g}C{x1:g} {a + 22:g} {x2:g} {b + 22:g} {x2:g} {b:g}"
    return f"M{x1:g} {a:g}C{x1:g} {a + bend:g} {x2:g} {b - bend:g} {x2:g} {b:g}"


def _node(node: Node, number: int, box: _Box, band: int) -> str:
    x, y = box.middle(number)
    spot = box.spots[number - box.first]
    return (
        f'<a class="nb-node kind-{node.kind} is-{node.style}" href="{escape(node.href)}"'
        f' data-number="{number}" data-kind="{node.kind}" data-band="{band}" data-x="{spot.x:g}"'
        f' data-row="{spot.row}" transform="translate({x:g} {y:g})">'
        f"<title>{escape(node.title)}</title>"
        f'<rect x="{-NODE_WIDTH / 2:g}" y="{-NODE_HEIGHT / 2:g}" width="{NODE_WIDTH}"'
        f' height="{NODE_HEIGHT}"/><text y="4.5">{escape(node.text)}</text></a>'
    )
