"""Separable data, their margins and gradient flows, for the tests on implicit bias."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import minimize


def flow(field: Callable[[np.ndarray], np.ndarray], start: list[float], end: float) -> np.ndarray:
    """The solution of w' = field(w) at the time ``end``."""
    found = solve_ivp(lambda _, w: field(w), (0, end), start, method="LSODA", rtol=1e-9, atol=1e-12)
    assert found.success
    return found.y[:, -1]


def softmin(z: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    """psi and p of eq-ib-softmax."""
    m = z @ w
    weights = np.exp(m.min() - m)
    return math.log(weights.sum()) - m.min(), z.T @ weights / weights.sum()


def max_margin(z: np.ndarray) -> tuple[float, np.ndarray]:
    """The margin and its direction from the problem with the constraints <w, z_i> >= 1."""
    found = minimize(
        lambda w: w @ w / 2,
        np.ones(z.shape[1]),
        jac=lambda w: w,
        constraints={"type": "ineq", "fun": lambda w: z @ w - 1, "jac": lambda w: z},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert np.min(z @ found.x) > 1 - 1e-7
    return 1 / np.linalg.norm(found.x), found.x / np.linalg.norm(found.x)


def separable(seed: int, n: int = 12, d: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)) + np.array([2.5, 1, 0])[:d]
