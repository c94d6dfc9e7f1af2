"""A small mean-field problem, and the flow of its neurons."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

Array = np.ndarray

# A small problem with regular neurons sin(theta_1 + theta_2 x): five inputs, |Y| <= 1.
INPUTS = np.linspace(-1, 1, 5)
LABELS = np.array([0.9, -0.3, 0.2, 1.0, -0.7])


def flow(theta: Array, time: float, field: Callable[[Array], Array]) -> Array:
    def right(t: float, y: Array) -> Array:
        return field(y.reshape(theta.shape)).ravel()

    found = solve_ivp(right, (0, time), theta.ravel(), rtol=1e-9, atol=1e-11)
    return found.y[:, -1].reshape(theta.shape)


def circle_limit(kappa: float, time: float) -> float:
    def right(t: float, z: Array) -> Array:
        return (kappa - z) * (1 - z**2) / 4

    return float(solve_ivp(right, (0, time), [0.0], rtol=1e-10, atol=1e-12).y[0, -1])


def phases(theta: Array) -> Array:
    return theta[:, :1] + theta[:, 1:] * INPUTS


def output(theta: Array, weights: Array | None = None) -> Array:
    return np.average(np.sin(phases(theta)), axis=0, weights=weights)


def risk(theta: Array, weights: Array | None = None) -> float:
    return float(np.mean((output(theta, weights) - LABELS) ** 2) / 2)
