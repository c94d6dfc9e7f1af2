"""What batch normalization does to a batch, and slopes by differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def normalize(z: np.ndarray, eps: float = 0.0) -> np.ndarray:
    return (z - z.mean()) / np.sqrt(z.var() + eps)


def gradient(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Central differences."""
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


def quotient(A: np.ndarray) -> tuple[Callable, Callable]:
    """A Rayleigh quotient and its gradient."""

    def f(w):
        return w @ A @ w / (w @ w)

    def g(w):
        return 2 * (A @ w - f(w) * w) / (w @ w)

    return f, g
