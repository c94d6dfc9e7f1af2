"""The stationary covariance of a linear recursion with noise, for the tests of noisy dynamics."""

from __future__ import annotations

import numpy as np


def stationary(a: np.ndarray, sigma: np.ndarray, step: float) -> np.ndarray:
    """The covariance by iterating C -> Q C Q + step^2 Sigma."""
    q = np.eye(len(a)) - step * a
    c = np.zeros_like(a)
    for _ in range(700):
        c = q @ c @ q + step**2 * sigma
    return c
