"""Networks as lists of matrices, and their pieces, for the tests on the benefits of depth."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

Layers = list[tuple[np.ndarray, np.ndarray]]


def relu(t: np.ndarray) -> np.ndarray:
    return np.maximum(t, 0)


def run(layers: Layers, x: np.ndarray) -> np.ndarray:
    """The outputs of a network at the rows of x."""
    for matrix, bias in layers[:-1]:
        x = relu(x @ matrix.T + bias)
    return x @ layers[-1][0].T + layers[-1][1]


def patterns(layers: Layers, x: np.ndarray) -> list[bytes]:
    """The activation pattern at each row of x."""
    found = []
    for matrix, bias in layers[:-1]:
        x = x @ matrix.T + bias
        found.append(x > 0)
        x = relu(x)
    return [row.tobytes() for row in np.hstack(found)]


def size(layers: Layers) -> int:
    return sum(matrix.size + bias.size for matrix, bias in layers)


def random_network(rng: np.random.Generator, widths: list[int]) -> Layers:
    return [
        (rng.standard_normal((b, a)), rng.standard_normal(b)) for a, b in itertools.pairwise(widths)
    ]


def pieces(f: Callable[[np.ndarray], np.ndarray], knots: int) -> int:
    """Pieces on [0, 1] of a function whose breakpoints are multiples of 1 / knots."""
    values = f(np.arange(knots + 1) / knots)
    return 1 + int(np.sum(np.abs(np.diff(values, 2)) > 1e-9))


def zigzag(x: np.ndarray, q: int) -> np.ndarray:
    """def-ds-zigzag."""
    return np.abs(q * x - 2 * np.round(q * x / 2))


def zigzag_layers(q: int, k: int) -> Layers:
    """The network of prop-ds-sawtooth with k hidden layers of width q."""
    first = (np.ones((q, 1)), -np.arange(q) / q)
    last = np.array([[q] + [2 * q * (-1) ** i for i in range(1, q)]], dtype=float)
    middle = (np.ones((q, 1)) @ last, -np.arange(q) / q)
    return [first] + [middle] * (k - 1) + [(last, np.zeros(1))]


def phi(d: int, m: int) -> int:
    return sum(math.comb(m, i) for i in range(d + 1))
