"""Runs of the heavy ball and of Adam for the tests of the chapter on adaptive methods."""

from __future__ import annotations

import math

import numpy as np


def heavy_ball(spectrum: np.ndarray, start: np.ndarray, a: float, b: float, n: int) -> np.ndarray:
    """The norms of the errors of the heavy ball on a diagonal quadratic."""
    before = now = start
    norms = [np.linalg.norm(now)]
    for _ in range(n):
        before, now = now, now - a * spectrum * now + b * (now - before)
        norms.append(np.linalg.norm(now))
    return np.array(norms)


def tuned(low: float, high: float) -> tuple[float, float]:
    """The step size of eq-am-optimal, and the root q of the momentum."""
    root = math.sqrt(high / low)
    return 4 / (math.sqrt(high) + math.sqrt(low)) ** 2, (root - 1) / (root + 1)


def adam(g: np.ndarray, b1: float, b2: float) -> list[float]:
    """The quotients of the corrected averages for the gradients of one coordinate."""
    m = v = 0.0
    found = []
    for k, now in enumerate(g, 1):
        m, v = b1 * m + (1 - b1) * now, b2 * v + (1 - b2) * now * now
        found.append(m / (1 - b1**k) / math.sqrt(v / (1 - b2**k)))
    return found
