"""Layers with symmetries as plain functions: convolutions, receptive fields, attention."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np

from tests.content.bank import TOP

CHAPTER = (TOP / "notes/chapters/architectures/network-architectures.md").read_text(
    encoding="utf-8"
)


def circulant(w: np.ndarray) -> np.ndarray:
    """The matrix of the circular convolution with w, by its definition."""
    n = len(w)
    return np.array([[w[(i - j) % n] for j in range(n)] for i in range(n)])


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row by row."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def diameter(X: np.ndarray) -> float:
    """The largest distance of two rows."""
    return np.linalg.norm(X[:, None] - X[None], axis=2).max()


def reach(layers: list[tuple[int, int]], at: int) -> set[int]:
    """The inputs that entry ``at`` depends on, for layers of (length, stride)."""
    places = {at}
    for length, stride in reversed(layers):
        places = {stride * i + a for i in places for a in range(length)}
    return places


def commutant(group: list[np.ndarray]) -> int:
    """The dimension of the space of matrices that commute with all in the group."""
    n = len(group[0])
    rows = [np.kron(np.eye(n), P) - np.kron(P.T, np.eye(n)) for P in group]
    return n * n - int(np.linalg.matrix_rank(np.vstack(rows)))


def invariants(group: list[np.ndarray]) -> int:
    """The dimension of the space of vectors that all in the group fix: the mean of the traces."""
    return round(float(np.mean([np.trace(P) for P in group])))


def printed(label: str) -> str:
    """The text of the block with this label, without the spaces in formulas."""
    return CHAPTER.split(f":label: {label}\n")[1].split("\n:::")[0].replace(r"\,", "")


def symmetrize(f: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """The Reynolds average over cyclic shifts, which act on inputs and outputs."""

    def average(x: np.ndarray) -> np.ndarray:
        n = len(x)
        return np.mean([np.roll(f(np.roll(x, g)), -g) for g in range(n)], axis=0)

    return average


def refine(edges: list[tuple[int, int]], n: int, rounds: int) -> Counter[object]:
    """The multiset of the colours after some rounds."""
    colours: list[object] = [0] * n
    near = [[w for e in edges for v, w in (e, e[::-1]) if v == u] for u in range(n)]
    for _ in range(rounds):
        colours = [
            (colours[v], tuple(sorted(map(repr, (colours[w] for w in near[v]))))) for v in range(n)
        ]
    return Counter(map(repr, colours))


def cycle(vertices: list[int]) -> list[tuple[int, int]]:
    """The edges of a cycle."""
    return list(itertools.pairwise([*vertices, vertices[0]]))
