"""Divergences and steps of EM, for tests of what is said of them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Array = np.ndarray


def divergence(q: Array, p: Array) -> float:
    return float(np.sum(q * np.log(q / p)))


def average(f: Callable[[Array], Array]) -> float:
    """The mean of f(eps) for a standard normal eps, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    return float(np.sum(weights * f(nodes)) / math.sqrt(2 * math.pi))


def em_step(theta: float, x: Array, noise: float = 1.0) -> float:
    """One step of EM for the variance of a hidden signal, by integrating over z on a grid."""
    z = np.linspace(-40, 40, 8001)
    moments = []
    for xi in x:
        w = np.exp(-(z**2) / (2 * theta) - (xi - z) ** 2 / (2 * noise))
        moments.append(np.sum(w * z**2) / np.sum(w))
    return float(np.mean(moments))


def likelihood(w: Array, v: float, s: Array) -> float:
    c = w @ w.T + v * np.eye(len(s))
    return -float(np.linalg.slogdet(c)[1] + np.trace(np.linalg.solve(c, s))) / 2
