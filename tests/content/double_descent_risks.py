"""Risks of interpolating estimates: exact formulas, the limit of the trace, one draw."""

from __future__ import annotations

import math

import numpy as np


def exact(n: int, p: int, alpha: float, beta: float, noise: float) -> float:
    """The formulas of thm-dd-exact; alpha and beta are the signals used and left out."""
    v = noise + beta
    if p <= n - 2:
        return beta + v * p / (n - p - 1)
    if p >= n + 2:
        return beta + alpha * (1 - n / p) + v * n / (p - n - 1)
    return math.inf if v > 0 else alpha * max(1 - n / p, 0)


def limit(lam: float, gamma: float) -> float:
    """The solution of eq-dd-self-consistent by bisection."""
    low, high = 0.0, gamma / lam
    for _ in range(200):
        middle = (low + high) / 2
        if lam * middle + middle / (1 + middle) < gamma:
            low = middle
        else:
            high = middle
    return low


def interpolant(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.linalg.lstsq(x, y, rcond=None)[0]


def variance(mu: np.ndarray, n: int, rng: np.random.Generator) -> float:
    """V / sigma^2 for one draw of independent features with variances mu."""
    x = rng.standard_normal((n, len(mu))) * np.sqrt(mu)
    return float(np.sum(np.linalg.solve(x @ x.T, x) ** 2 * mu))
