"""Where the results stand in the graph: chapter below chapter, and in each what uses below what
is used.

The order in which results are read decides what is above: a reference from an earlier result to a
later one is drawn, but moves nothing. So there are no circles, and the same project always gives
the same picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NODE_WIDTH = 114
NODE_HEIGHT = 30
PER_ROW = 7
SLOT = NODE_WIDTH + 10
WIDTH = PER_ROW * SLOT

_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """The middle of a node: how far from the left, and in which row of its chapter."""

    x: float
    row: int


def place_chapter(count: int, edges: Sequence[tuple[int, int]]) -> tuple[Spot, ...]:
    """Spots for the results 0, ..., count - 1 of a chapter; an edge leads from used to user."""
    forward = sorted({(used, user) for used, user in edges if used < user})
    connected = {node for edge in forward for node in edge}
    layers = _layers(sorted(connected), forward)
    neighbours: dict[int, list[int]] = {node: [] for node in connected}
    for used, user in forward:
        neighbours[used].append(user)
        neighbours[user].append(used)
    rows = [row for layer in _untangled(layers, neighbours) for row in _wrapped(layer)]
    x = _spread(rows, neighbours)
    alone = [node for node in range(count) if node not in connected]
    for row in _wrapped(alone):
        x |= {node: SLOT * (position + 0.5) for position, node in enumerate(row)}
        rows.append(row)
    spots = {node: Spot(round(x[node], 1), i) for i, row in enumerate(rows) for node in row}
    return tuple(spots[node] for node in range(count))


def _layers(nodes: Sequence[int], edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Nodes by the length of the longest way that leads to them."""
    depth = dict.fromkeys(nodes, 0)
    for node in nodes:
        above = [depth[used] for used, user in edges if user == node]
        depth[node] = max(above, default=-1) + 1
    # What nothing leads to stands directly above the first that uses it.
    for node in nodes:
        below = [depth[user] for used, user in edges if used == node]
        if below and not any(user == node for _, user in edges):
            depth[node] = min(below) - 1
    layers: list[list[int]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        layers[depth[node]].append(node)
    return [layer for layer in layers if layer]


def _untangled(layers: list[list[int]], neighbours: Mapping[int, list[int]]) -> list[list[int]]:
    """Each layer in an order with few crossings: by the middle of the neighbours, to and fro."""
    place = {node: i / len(layer) for layer in layers for i, node in enumerate(layer)}
    level = {node: i for i, layer in enumerate(layers) for node in layer}
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else layers[::-1]:
            middle = {node: _middle(node, place, level, neighbours, down=down) for node in layer}
            layer.sort(key=lambda node: (middle[node], place[node], node))
            place |= {node: (i + 0.5) / len(layer) for i, node in enumerate(layer)}
    return layers


def _middle(
    node: int,
    place: Mapping[int, float],
    level: Mapping[int, int],
    neighbours: Mapping[int, list[int]],
    *,
    down: bool,
) -> float:
    side = [n for n in neighbours[node] if (level[n] < level[node]) == down]
    return sum(place[n] for n in side) / len(side) if side else place[node]


def _wrapped(layer: Sequence[int]) -> list[list[int]]:
    """As few rows as hold a layer, about equally long; neighbours stay above one another."""
    count = -(-len(layer) // PER_ROW)
    return [list(layer[start::count]) for start in range(count)]


def _spread(rows: list[list[int]], neighbours: Mapping[int, list[int]]) -> dict[int, float]:
    """Distances from the left: near the neighbours, in the order of the row, never too close."""
    x = {
        node: WIDTH * (position + 0.5) / len(row)
        for row in rows
        for position, node in enumerate(row)
    }
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = [sum(x[n] for n in neighbours[m]) / len(neighbours[m]) for m in row]
            x |= dict(zip(row, _apart(wanted), strict=True))
    return x


def _apart(wanted: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones that keep their order and their distance.

    Pool adjacent violators: less the distance that each must have from the first, the places
    only have to ascend, and the nearest ascending numbers are means of blocks.
    """
    blocks: list[tuple[float, int]] = []
    for position, want in enumerate(wanted):
        mean, size = want - position * SLOT, 1
        while blocks and blocks[-1][0] > mean:
            before, others = blocks.pop()
            mean = (before * others + mean * size) / (size + others)
            size += others
        blocks.append((mean, size))
    low, high = SLOT / 2, WIDTH - SLOT / 2 - (len(wanted) - 1) * SLOT
    ascending = [min(max(mean, low), high) for mean, size in blocks for _ in range(size)]
    return [place + position * SLOT for position, place in enumerate(ascending)]
