"""Random directions, and the norm of a normal vector, for the tests of their contents."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import quad


def sphere(rng: np.random.Generator, size: int, d: int) -> np.ndarray:
    z = rng.standard_normal((size, d))
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def mean_norm(d: int) -> float:
    """The mean norm of a standard normal vector, by simulation-free quadrature."""
    norm = 2 ** (d / 2 - 1) * math.gamma(d / 2)
    return quad(lambda r: r**d * math.exp(-(r**2) / 2) / norm, 0, 60)[0]
