"""Trajectories of differential equations, for tests of what is said of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import integrate


def solve(field: Callable, start, times: np.ndarray, begin: float = 0.0) -> np.ndarray:
    """The solution of a differential equation at the given increasing times, one row for each."""
    found = integrate.solve_ivp(
        field, (begin, times[-1]), np.atleast_1d(start), t_eval=times, rtol=1e-9, atol=1e-11
    )
    return found.y.T


def flow(gradient: Callable, start, times: np.ndarray) -> np.ndarray:
    return solve(lambda _, x: -gradient(x), start, times)
