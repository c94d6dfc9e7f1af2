"""Noisy data on the line: densities, scores and integrals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GRID = np.linspace(-16.0, 16.0, 6401)
WIDTH = float(GRID[1] - GRID[0])


def gauss(x: Array, variance: float) -> Array:
    return np.exp(-(x**2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def total(values: Array) -> float:
    return float(np.sum(values) * WIDTH)


class Points:
    """Data on finitely many points of the line: densities and scores of the noisy data."""

    def __init__(self, points: list[float], weights: list[float]) -> None:
        self.points, self.weights = np.array(points), np.array(weights)

    def joint(self, t: float, x: Array) -> Array:
        difference = x[:, None] - math.exp(-t) * self.points
        return self.weights * gauss(difference, 1 - math.exp(-2 * t))

    def density(self, t: float, x: Array) -> Array:
        result: Array = self.joint(t, x).sum(axis=1)
        return result

    def mean(self, t: float, x: Array) -> Array:
        result: Array = self.joint(t, x) @ self.points / (self.density(t, x) + 1e-300)
        return result

    def score(self, t: float, x: Array) -> Array:
        return (math.exp(-t) * self.mean(t, x) - x) / (1 - math.exp(-2 * t))

    def fisher(self, t: float) -> float:
        return total(self.score(t, GRID) ** 2 * self.density(t, GRID))

    def entropy(self, t: float) -> float:
        p = self.density(t, GRID)
        return -total(p * np.log(p + 1e-300))
